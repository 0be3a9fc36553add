CREATE TABLE "relay_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"password" text NOT NULL,
	"epoch" integer NOT NULL,
	"used_bytes" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "relay_accounts_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "relay_blob_pieces" (
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"start" bigint NOT NULL,
	"length" bigint NOT NULL,
	"file" text NOT NULL,
	CONSTRAINT "relay_blob_pieces_account_id_name_start_pk" PRIMARY KEY("account_id","name","start")
);
--> statement-breakpoint
CREATE TABLE "relay_blobs" (
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"length" bigint NOT NULL,
	"offset" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "relay_blobs_account_id_name_pk" PRIMARY KEY("account_id","name")
);
--> statement-breakpoint
CREATE TABLE "relay_devices" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"taken" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "relay_devices_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "relay_frames" (
	"account_id" text NOT NULL,
	"room" text NOT NULL,
	"position" bigint NOT NULL,
	"device_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"covers" bigint NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "relay_frames_account_id_room_position_pk" PRIMARY KEY("account_id","room","position")
);
--> statement-breakpoint
CREATE TABLE "relay_pairings" (
	"id" text NOT NULL,
	"number" integer NOT NULL,
	"message" "bytea" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "relay_pairings_id_number_pk" PRIMARY KEY("id","number")
);
--> statement-breakpoint
CREATE TABLE "relay_passed" (
	"account_id" text NOT NULL,
	"room" text NOT NULL,
	"device_id" text NOT NULL,
	"position" bigint NOT NULL,
	CONSTRAINT "relay_passed_account_id_room_device_id_pk" PRIMARY KEY("account_id","room","device_id")
);
--> statement-breakpoint
CREATE TABLE "relay_rooms" (
	"account_id" text NOT NULL,
	"room" text NOT NULL,
	"head" bigint NOT NULL,
	"floor" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	CONSTRAINT "relay_rooms_account_id_room_pk" PRIMARY KEY("account_id","room")
);
--> statement-breakpoint
CREATE TABLE "relay_settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "relay_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"family" text NOT NULL,
	"account_id" text NOT NULL,
	"device_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "relay_frames_sequence" ON "relay_frames" USING btree ("account_id","device_id","sequence");--> statement-breakpoint
CREATE INDEX "relay_tokens_family" ON "relay_tokens" USING btree ("family");--> statement-breakpoint
CREATE INDEX "relay_tokens_device" ON "relay_tokens" USING btree ("account_id","device_id");