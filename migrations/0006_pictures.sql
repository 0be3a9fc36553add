CREATE TABLE "picture_blobs" (
	"vault_id" text NOT NULL,
	"sha256" text NOT NULL,
	"kept_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "picture_blobs_vault_id_sha256_pk" PRIMARY KEY("vault_id","sha256")
);
--> statement-breakpoint
ALTER TABLE "captures" ADD COLUMN "pictures" jsonb;