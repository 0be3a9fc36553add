import { z } from 'zod'
import { ids, wireError } from './schemas.ts'

/** What crosses about the synced vault; the meaning stands beside the types of `src-core/sync`. */

const instant = z.iso.datetime({ offset: true })
const whole = z.number().int().nonnegative()

export const syncAccount = z.object({
  relay: z.string().min(1).max(500),
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1_024),
})

export const deviceName = z.string().max(60)

export const syncState = z.object({
  /** `held`: until the network does not cost. */
  phase: z.enum(['off', 'offline', 'connecting', 'catching-up', 'live', 'paused', 'held', 'problem']),
  /** Its code, with what its sentence needs. */
  problem: wireError.pick({ code: true, params: true }).nullable(),
  /** Everything of this device is committed at the relay, and everything that the relay has told of is here, files that travel by themselves too. */
  synced: z.boolean(),
  /** Recordings, pictures and files that are still to be sent or fetched. */
  files: z.object({ items: whole, bytes: whole }),
  /** Changes that wait to be sent or acknowledged. */
  waiting: whole,
  /** Documents of which something is still to come. */
  behind: whole,
  sentBytes: whole,
  receivedBytes: whole,
  retryAt: instant.nullable(),
})

export const syncStatus = z.object({
  standing: z.enum(['out', 'signed-in', 'member', 'signed-out', 'revoked']),
  relay: z.string().nullable(),
  email: z.string().nullable(),
  /** Id of this device. */
  device: z.string().nullable(),
  /** Its name. */
  name: z.string(),
  keyStorage: z.enum(['safe-storage', 'keyring', 'session']),
  /** Whether there is a recovery phrase already, of backups: a vault that begins here takes the same. */
  phraseKnown: z.boolean(),
  /** What devices overwrote that had not seen it, and nobody has looked at. */
  conflicts: whole,
  /** Null where this device belongs to no vault. */
  state: syncState.nullable(),
})

export const syncDevice = z.object({
  id: ids.id,
  name: z.string().nullable(),
  kind: z.string(),
  isThis: z.boolean(),
  state: z.enum(['active', 'signed-in', 'half-revoked', 'revoked']),
  since: instant,
  lastSeenAt: instant.nullable(),
})

const conflictSide = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  /** The device that wrote it, by its name; null where that is not known. */
  device: z.object({ name: z.string().nullable(), isThis: z.boolean() }).nullable(),
  at: instant.nullable(),
})

/** Two devices changed one thing without knowing of each other (docs/vault.md §6). */
export const conflict = z.object({
  doc: z.string(),
  id: z.string(),
  what: z.enum([
    ...(['captureText', 'captureAnswer', 'sessionTitle', 'noteTitle', 'documentTitle', 'collectionName'] as const),
    ...(['concept', 'setting', 'memory', 'card'] as const),
    ...(['captureDeleted', 'noteDeleted', 'documentDeleted', 'collectionDeleted'] as const),
  ]),
  subject: z.string(),
  field: z.string(),
  lost: conflictSide,
  kept: conflictSide,
  noticedAt: instant,
})

export const settledConflict = z.object({
  doc: z.string().min(1).max(200),
  id: z.string().min(1).max(128),
  choice: z.enum(['restore', 'keep']),
})

const shownItem = z.object({ kind: z.enum(['capture', 'note']), id: ids.id })

export const shownItems = z.object({ items: z.array(shownItem).max(200) })

/** Where each has come; null where this device syncs nothing. */
export const itemPlaces = z.object({
  places: z
    .array(
      shownItem.extend({
        /** `here`: the newest change of it is on this device only. `sent`: the relay has acknowledged it. */
        state: z.enum(['here', 'sent']),
        /** How many devices have said that they hold it, this one included. */
        devices: whole,
        /** Names of other devices on which the note is open at the moment. */
        openOn: z.array(z.string()),
      }),
    )
    .nullable(),
})

/** What is seen on the new device while it joins by a code. */
export const joinEvent = z.discriminatedUnion('state', [
  z.object({ state: z.literal('code'), code: z.string(), qr: z.string() }),
  z.object({ state: z.literal('compare'), number: z.string() }),
  z.object({ state: z.literal('joined') }),
])

/** What is seen on the device that adds it. `id` is that of the answer it waits for. */
export const admitEvent = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('compare'),
    id: z.string(),
    number: z.string(),
    name: z.string(),
    kind: z.string(),
  }),
  z.object({ state: z.literal('added'), device: ids.id }),
])

export const typedPhrase = z.object({ phrase: z.string().min(1).max(2_000) })
