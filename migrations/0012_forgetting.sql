CREATE TABLE "forgetting_documents" (
	"vault_id" text NOT NULL,
	"doc" text NOT NULL,
	"empty_at" bigint NOT NULL,
	"erased" boolean NOT NULL,
	CONSTRAINT "forgetting_documents_vault_id_doc_pk" PRIMARY KEY("vault_id","doc")
);
--> statement-breakpoint
CREATE TABLE "forgetting_waits" (
	"vault_id" text NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"deleted_at" timestamp (3) with time zone NOT NULL,
	"waited_ms" bigint NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "forgetting_waits_vault_id_kind_id_pk" PRIMARY KEY("vault_id","kind","id")
);
