CREATE TABLE "doc_records" (
	"vault_id" text NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"doc" text NOT NULL,
	"live" boolean NOT NULL,
	"created_at" timestamp (3) with time zone,
	"title" text,
	"titled_at" timestamp (3) with time zone,
	CONSTRAINT "doc_records_vault_id_kind_id_doc_pk" PRIMARY KEY("vault_id","kind","id","doc")
);
