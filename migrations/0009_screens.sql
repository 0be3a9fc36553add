CREATE TABLE "screen_gaps" (
	"vault_id" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "screen_gaps_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"why" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"to_at" timestamp (3) with time zone NOT NULL,
	"frames" integer NOT NULL,
	CONSTRAINT "screen_gaps_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE INDEX "screen_gaps_from" ON "screen_gaps" USING btree ("vault_id","from_at");