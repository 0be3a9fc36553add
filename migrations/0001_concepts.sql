CREATE TABLE "capture_concepts" (
	"vault_id" text NOT NULL,
	"kind" text NOT NULL,
	"capture_id" text NOT NULL,
	"term_id" text NOT NULL,
	"concept_id" text NOT NULL,
	"normal" text NOT NULL,
	"surface" text NOT NULL,
	"type" text NOT NULL,
	"field" text NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	"count" integer NOT NULL,
	"weight" real NOT NULL,
	"definition" text,
	"session_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "capture_concepts_vault_id_kind_capture_id_term_id_pk" PRIMARY KEY("vault_id","kind","capture_id","term_id")
);
--> statement-breakpoint
CREATE TABLE "capture_relations" (
	"vault_id" text NOT NULL,
	"kind" text NOT NULL,
	"capture_id" text NOT NULL,
	"from_term" text NOT NULL,
	"to_term" text NOT NULL,
	"relation" text NOT NULL,
	"field" text NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "capture_relations_vault_id_kind_capture_id_from_term_to_term_relation_pk" PRIMARY KEY("vault_id","kind","capture_id","from_term","to_term","relation")
);
--> statement-breakpoint
CREATE TABLE "concept_corrections" (
	"vault_id" text NOT NULL,
	"part" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "concept_corrections_vault_id_part_key_pk" PRIMARY KEY("vault_id","part","key")
);
--> statement-breakpoint
CREATE TABLE "concept_folds" (
	"vault_id" text PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "concept_relations" (
	"vault_id" text NOT NULL,
	"from_id" text NOT NULL,
	"to_id" text NOT NULL,
	"kind" text NOT NULL,
	"weight" real NOT NULL,
	"evidence" integer NOT NULL,
	"by_learner" boolean NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "concept_relations_vault_id_from_id_to_id_kind_pk" PRIMARY KEY("vault_id","from_id","to_id","kind")
);
--> statement-breakpoint
CREATE TABLE "concept_sources" (
	"vault_id" text NOT NULL,
	"kind" text NOT NULL,
	"capture_id" text NOT NULL,
	"extractor" text NOT NULL,
	CONSTRAINT "concept_sources_vault_id_kind_capture_id_pk" PRIMARY KEY("vault_id","kind","capture_id")
);
--> statement-breakpoint
CREATE TABLE "concepts" (
	"vault_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"hidden" boolean NOT NULL,
	"definition" text,
	"variants" jsonb NOT NULL,
	"mentions" integer NOT NULL,
	"captures" integer NOT NULL,
	"links" integer NOT NULL,
	"weight" real NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "concepts_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE INDEX "capture_concepts_concept" ON "capture_concepts" USING btree ("vault_id","concept_id","created_at");--> statement-breakpoint
CREATE INDEX "capture_concepts_term" ON "capture_concepts" USING btree ("vault_id","term_id");--> statement-breakpoint
CREATE INDEX "concept_relations_to" ON "concept_relations" USING btree ("vault_id","to_id");--> statement-breakpoint
CREATE INDEX "concepts_weight" ON "concepts" USING btree ("vault_id","weight");