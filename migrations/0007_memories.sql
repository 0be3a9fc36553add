ALTER TABLE "memories" ADD COLUMN "quote" text;--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "about" text;