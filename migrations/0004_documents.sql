CREATE TABLE "collections" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "collections_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "document_texts" (
	"vault_id" text NOT NULL,
	"document_id" text NOT NULL,
	"sha256" text NOT NULL,
	"state" text NOT NULL,
	"error_code" text,
	"error_params" jsonb,
	"pages" integer,
	"own_title" text DEFAULT '' NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"blocks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "document_texts_vault_id_document_id_pk" PRIMARY KEY("vault_id","document_id")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"title" text NOT NULL,
	"sha256" text NOT NULL,
	"format" text NOT NULL,
	"size" bigint NOT NULL,
	"origins" jsonb NOT NULL,
	"collections" jsonb NOT NULL,
	"tags" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"missing_at" timestamp (3) with time zone,
	CONSTRAINT "documents_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "watched_files" (
	"vault_id" text NOT NULL,
	"folder_id" text NOT NULL,
	"path" text NOT NULL,
	"size" bigint NOT NULL,
	"modified_ms" bigint NOT NULL,
	"document_id" text,
	"error_code" text,
	"missing" boolean DEFAULT false NOT NULL,
	CONSTRAINT "watched_files_vault_id_folder_id_path_pk" PRIMARY KEY("vault_id","folder_id","path")
);
--> statement-breakpoint
CREATE TABLE "watched_folders" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"path" text NOT NULL,
	"collection_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "watched_folders_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "heading" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "place" jsonb;--> statement-breakpoint
CREATE INDEX "documents_created" ON "documents" USING btree ("vault_id","created_at","id");--> statement-breakpoint
CREATE INDEX "documents_sha256" ON "documents" USING btree ("vault_id","sha256");--> statement-breakpoint
CREATE INDEX "watched_files_document" ON "watched_files" USING btree ("vault_id","document_id");