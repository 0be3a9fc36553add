import {
  bigint,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

/**
 * The tables of the relay (docs/protocol.md). None of them holds anything that opens a frame. Rooms, devices and blobs are named by 32 hex digits;
 * positions and sequences are below 2^53.
 */

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
const number = (name: string) => bigint(name, { mode: 'number' })

export const relayAccounts = pgTable('relay_accounts', {
  id: text('id').primaryKey(),
  /** In small letters. */
  email: text('email').notNull().unique(),
  /** argon2id, in PHC form. */
  password: text('password').notNull(),
  epoch: integer('epoch').notNull(),
  /** Bytes of frames and blobs. */
  usedBytes: number('used_bytes').notNull(),
  createdAt: instant('created_at').notNull(),
})

export const relayDevices = pgTable(
  'relay_devices',
  {
    accountId: text('account_id').notNull(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    /** Highest sequence that was taken. */
    taken: number('taken').notNull(),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.id] })],
)

export const relayTokens = pgTable(
  'relay_tokens',
  {
    /** SHA-256 of the refresh token, hex. */
    hash: text('hash').primaryKey(),
    /** All tokens that came of one signing in. */
    family: text('family').notNull(),
    accountId: text('account_id').notNull(),
    deviceId: text('device_id').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** When it was changed for the next one. */
    usedAt: instant('used_at'),
  },
  (table) => [
    index('relay_tokens_family').on(table.family),
    index('relay_tokens_device').on(table.accountId, table.deviceId),
  ],
)

export const relayRooms = pgTable(
  'relay_rooms',
  {
    accountId: text('account_id').notNull(),
    room: text('room').notNull(),
    /** Position of the newest frame. */
    head: number('head').notNull(),
    /** Frames up to here are gone; a snapshot covers them. */
    floor: number('floor').notNull(),
    bytes: number('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.room] })],
)

export const relayFrames = pgTable(
  'relay_frames',
  {
    accountId: text('account_id').notNull(),
    room: text('room').notNull(),
    position: number('position').notNull(),
    deviceId: text('device_id').notNull(),
    sequence: number('sequence').notNull(),
    /** 0 unless a snapshot. */
    covers: number('covers').notNull(),
    sealed: bytea('sealed').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.room, table.position] }),
    uniqueIndex('relay_frames_sequence').on(table.accountId, table.deviceId, table.sequence),
  ],
)

/** Up to where a device keeps a room. */
export const relayPassed = pgTable(
  'relay_passed',
  {
    accountId: text('account_id').notNull(),
    room: text('room').notNull(),
    deviceId: text('device_id').notNull(),
    position: number('position').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.room, table.deviceId] })],
)

export const relayBlobs = pgTable(
  'relay_blobs',
  {
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    /** The whole, as its first piece said. */
    length: number('length').notNull(),
    /** Bytes that are there. */
    offset: number('offset').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.name] })],
)

/** Pieces of blobs, each a file of its own, so that an upload goes on where it was cut. */
export const relayBlobPieces = pgTable(
  'relay_blob_pieces',
  {
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    start: number('start').notNull(),
    length: number('length').notNull(),
    /** Name of the file; two devices that send the same piece at once have two. */
    file: text('file').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.name, table.start] })],
)

/** Messages that two devices leave for each other while one of them joins. */
export const relayPairings = pgTable(
  'relay_pairings',
  {
    id: text('id').notNull(),
    number: integer('number').notNull(),
    message: bytea('message').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.number] })],
)

/** What all nodes must agree on: the key that signs access tokens. */
export const relaySettings = pgTable('relay_settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})
