CREATE TABLE "sync_outbox" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "sync_outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"vault_id" text NOT NULL,
	"doc" text NOT NULL,
	"kind" text NOT NULL,
	"content" "bytea",
	"covers" bigint,
	"sequence" bigint,
	CONSTRAINT "sync_outbox_vault_id_id_pk" PRIMARY KEY("vault_id","id")
);
--> statement-breakpoint
CREATE TABLE "sync_refused" (
	"vault_id" text NOT NULL,
	"room" text NOT NULL,
	"position" bigint NOT NULL,
	"device" text NOT NULL,
	"sequence" bigint NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sync_refused_vault_id_room_position_pk" PRIMARY KEY("vault_id","room","position")
);
--> statement-breakpoint
CREATE TABLE "sync_rooms" (
	"vault_id" text NOT NULL,
	"room" text NOT NULL,
	"doc" text,
	"cursor" bigint NOT NULL,
	"head" bigint NOT NULL,
	"covered" bigint NOT NULL,
	"passed" bigint NOT NULL,
	"owes_digest" boolean NOT NULL,
	"mended_with" "bytea",
	CONSTRAINT "sync_rooms_vault_id_room_pk" PRIMARY KEY("vault_id","room")
);
--> statement-breakpoint
CREATE TABLE "sync_state" (
	"vault_id" text PRIMARY KEY NOT NULL,
	"device" text NOT NULL,
	"sequence" bigint NOT NULL,
	"acknowledged" bigint NOT NULL,
	"strange_up_to" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_taken" (
	"vault_id" text NOT NULL,
	"room" text NOT NULL,
	"device" text NOT NULL,
	"sequence" bigint NOT NULL,
	"position" bigint NOT NULL,
	"keeps" bigint NOT NULL,
	"agrees" boolean,
	CONSTRAINT "sync_taken_vault_id_room_device_pk" PRIMARY KEY("vault_id","room","device")
);
--> statement-breakpoint
CREATE INDEX "sync_outbox_doc" ON "sync_outbox" USING btree ("vault_id","doc");--> statement-breakpoint
CREATE INDEX "sync_outbox_sequence" ON "sync_outbox" USING btree ("vault_id","sequence");--> statement-breakpoint
CREATE INDEX "sync_rooms_doc" ON "sync_rooms" USING btree ("vault_id","doc");