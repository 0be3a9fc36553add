ALTER TABLE "documents" ADD COLUMN "sound" jsonb;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "keeps_sound" boolean DEFAULT false NOT NULL;