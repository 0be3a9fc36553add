CREATE TABLE "sync_attachments" (
	"vault_id" text NOT NULL,
	"sha256" text NOT NULL,
	"kind" text,
	"bytes" bigint,
	"is_named" boolean DEFAULT false NOT NULL,
	"named_at" timestamp (3) with time zone,
	"unnamed_at" timestamp (3) with time zone,
	"is_here" boolean DEFAULT false NOT NULL,
	"is_fetched" boolean DEFAULT false NOT NULL,
	"at_relay" boolean DEFAULT false NOT NULL,
	"is_asked" boolean DEFAULT false NOT NULL,
	"is_wanted" boolean DEFAULT false NOT NULL,
	"problem" text,
	"try_at" timestamp (3) with time zone,
	CONSTRAINT "sync_attachments_vault_id_sha256_pk" PRIMARY KEY("vault_id","sha256")
);
