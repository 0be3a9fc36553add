CREATE TABLE "captures" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"session_id" text NOT NULL,
	"doc" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"source" text NOT NULL,
	"user_text" text NOT NULL,
	"agent_text" text,
	"answer" jsonb,
	"audio_sha256" text,
	"metadata" jsonb NOT NULL,
	CONSTRAINT "captures_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "chunks" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"capture_id" text NOT NULL,
	"kind" text NOT NULL,
	"field" text NOT NULL,
	"ordinal" integer NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	"text" text NOT NULL,
	"session_id" text,
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "chunks_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
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
--> statement-breakpoint
CREATE TABLE "doc_updates" (
	"vault_id" text NOT NULL,
	"doc" text NOT NULL,
	"seq" bigint NOT NULL,
	"update" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "doc_updates_vault_id_doc_seq_pk" PRIMARY KEY("vault_id","doc","seq")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"vault_id" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"again" boolean DEFAULT false NOT NULL,
	"error_code" text,
	"not_before" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "jobs_vault_id_kind_subject_pk" PRIMARY KEY("vault_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "notes_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"doc" text NOT NULL,
	"title" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sessions_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"vault_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "settings_vault_id_key_pk" PRIMARY KEY("vault_id","key")
);
--> statement-breakpoint
CREATE TABLE "spending" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cost_micro_usd" bigint NOT NULL,
	CONSTRAINT "spending_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE INDEX "captures_created" ON "captures" USING btree ("vault_id","created_at","id");--> statement-breakpoint
CREATE INDEX "captures_session" ON "captures" USING btree ("vault_id","session_id","created_at","id");--> statement-breakpoint
CREATE INDEX "chunks_capture" ON "chunks" USING btree ("vault_id","capture_id");--> statement-breakpoint
CREATE INDEX "chunks_created" ON "chunks" USING btree ("vault_id","created_at");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("vault_id","kind","state","id");--> statement-breakpoint
CREATE INDEX "notes_updated" ON "notes" USING btree ("vault_id","updated_at");--> statement-breakpoint
CREATE INDEX "sessions_created" ON "sessions" USING btree ("vault_id","created_at");--> statement-breakpoint
CREATE INDEX "spending_at" ON "spending" USING btree ("vault_id","at");