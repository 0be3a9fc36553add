import { z } from 'zod'
import { wireError } from './schemas.ts'

/** What crosses about backups; the meaning stands beside the types of `src-core/backup`. */

const instant = z.iso.datetime({ offset: true })
const whole = z.number().int().nonnegative()

export const backupProgress = z.object({
  phase: z.enum(['writing', 'documents', 'recordings', 'tables']),
  place: z.string(),
  done: whole,
  total: whole,
})

export const backupEntry = z.object({
  place: z.string(),
  name: z.string(),
  createdAt: instant.nullable(),
  bytes: whole,
  standing: z.enum(['good', 'unproven', 'failed', 'locked', 'foreign']),
  content: z
    .object({ captures: whole, notes: whole, sessions: whole, recordings: whole, missing: whole, full: z.boolean() })
    .nullable(),
})

const s3Address = z.object({
  endpoint: z.url({ protocol: /^https?$/ }),
  region: z.string().min(1).max(100),
  bucket: z.string().min(1).max(255),
  prefix: z.string().max(500),
  accessKeyId: z.string().min(1).max(200),
})

/** How much a vault holds, to compare one with another. */
export const copyContent = z.object({ captures: whole, notes: whole, sessions: whole, recordings: whole })

export const backupStatus = z.object({
  setUp: z.boolean(),
  keyKnown: z.boolean(),
  keyStorage: z.enum(['safe-storage', 'keyring', 'session']),
  automatic: z.boolean(),
  folder: z.string(),
  s3: s3Address.extend({ endpoint: z.string(), hasSecret: z.boolean() }).nullable(),
  places: z.array(
    z.object({
      kind: z.enum(['folder', 's3']),
      label: z.string(),
      lastGoodAt: instant.nullable(),
      lastGoodName: z.string().nullable(),
      failure: wireError.nullable(),
      failingSince: instant.nullable(),
      stale: z.boolean(),
    }),
  ),
  keep: z.object({ daily: whole, weekly: whole, monthly: whole }),
  running: z.object({ what: z.enum(['backup', 'verify', 'restore']), progress: backupProgress.nullable() }).nullable(),
  problem: z.enum(['failing', 'key-unknown', 'stale']).nullable(),
  copies: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['restored', 'before']),
      at: z.string(),
      backup: z.string().nullable(),
      undoes: z.boolean(),
      content: copyContent,
    }),
  ),
})

export const backupSettings = z.object({
  automatic: z.boolean().optional(),
  folder: z.string().max(4_000).optional(),
  s3: s3Address.extend({ secretAccessKey: z.string().min(1).max(500).optional() }).nullish(),
})

export const newPhrase = z.object({ words: z.array(z.string()), positions: z.array(z.number().int()) })

export const backupName = z.object({
  place: z.string().max(4_000),
  name: z
    .string()
    .max(200)
    .regex(/^[^/\\]+$/),
})

/** Progress, and at the end what came of it. */
const progressEvent = z.object({ type: z.literal('progress'), progress: backupProgress })
export const backupEvent = z.discriminatedUnion('type', [
  progressEvent,
  z.object({ type: z.literal('done'), backups: z.array(backupEntry) }),
])
export const restoreEvent = z.discriminatedUnion('type', [
  progressEvent,
  z.object({ type: z.literal('done'), copy: z.string() }),
])

/** What "delete everything" could not reach. */
export const erasure = z.object({
  /** Places whose backups could not be removed. */
  unreachedPlaces: z.array(z.string()),
  /** Whether there are backups that were to stay. */
  keptBackups: z.boolean(),
  /** Names in the data folder that are not of this program. */
  strangers: z.array(z.string()),
})
/** What must be typed, in every language. */
export const ERASE_WORD = 'DELETE'
