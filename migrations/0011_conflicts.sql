CREATE TABLE "conflicts" (
	"vault_id" text NOT NULL,
	"doc" text NOT NULL,
	"id" text NOT NULL,
	"noticed_at" timestamp (3) with time zone NOT NULL,
	"conflict" jsonb NOT NULL,
	CONSTRAINT "conflicts_vault_id_doc_id_pk" PRIMARY KEY("vault_id","doc","id")
);
--> statement-breakpoint
CREATE TABLE "sync_clients" (
	"vault_id" text NOT NULL,
	"client" bigint NOT NULL,
	"device" text NOT NULL,
	CONSTRAINT "sync_clients_vault_id_client_pk" PRIMARY KEY("vault_id","client")
);
