ALTER TABLE "chunks" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "terms" text;