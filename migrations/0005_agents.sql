CREATE TABLE "cards" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"front" text NOT NULL,
	"back" text NOT NULL,
	"state" text NOT NULL,
	"source" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cards_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "mcp_servers" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"connection" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mcp_servers_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "memories" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"text" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"capture_id" text,
	"start" integer,
	"end" integer,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"valid_to" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memories_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "research_cache" (
	"vault_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "research_cache_vault_id_key_pk" PRIMARY KEY("vault_id","key")
);
--> statement-breakpoint
CREATE TABLE "turn_checkpoints" (
	"vault_id" text NOT NULL,
	"thread_id" text NOT NULL,
	"namespace" text NOT NULL,
	"checkpoint_id" text NOT NULL,
	"parent_id" text,
	"checkpoint" "bytea" NOT NULL,
	"metadata" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "turn_checkpoints_vault_id_thread_id_namespace_checkpoint_id_pk" PRIMARY KEY("vault_id","thread_id","namespace","checkpoint_id")
);
--> statement-breakpoint
CREATE TABLE "turn_writes" (
	"vault_id" text NOT NULL,
	"thread_id" text NOT NULL,
	"namespace" text NOT NULL,
	"checkpoint_id" text NOT NULL,
	"task_id" text NOT NULL,
	"position" integer NOT NULL,
	"channel" text NOT NULL,
	"value" "bytea" NOT NULL,
	CONSTRAINT "turn_writes_vault_id_thread_id_namespace_checkpoint_id_task_id_position_pk" PRIMARY KEY("vault_id","thread_id","namespace","checkpoint_id","task_id","position")
);
