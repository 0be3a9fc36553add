CREATE TABLE "earlier_transcripts" (
	"vault_id" text NOT NULL,
	"document_id" text NOT NULL,
	"sha256" text NOT NULL,
	"heard_by" text,
	"text" text NOT NULL,
	"blocks" jsonb NOT NULL,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "earlier_transcripts_vault_id_document_id_pk" PRIMARY KEY("vault_id","document_id")
);
--> statement-breakpoint
ALTER TABLE "document_texts" ADD COLUMN "text_sha256" text;--> statement-breakpoint
ALTER TABLE "document_texts" ADD COLUMN "recogniser" text;--> statement-breakpoint
ALTER TABLE "document_texts" ADD COLUMN "heard_by" text;--> statement-breakpoint
UPDATE "document_texts" SET "text_sha256" = "sha256" WHERE "state" = 'ready';
