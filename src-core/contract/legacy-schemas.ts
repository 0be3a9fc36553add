import { z } from 'zod'

/** The shapes of the import from v1. Their meaning stands beside the types of src-core/legacy. */

export const v1Place = z.object({
  /** Absolute path on the machine of the core, or `upload:` and the id of an upload. */
  path: z.string().min(1).max(4_096),
  redis: z.string().min(1).max(4_096).nullish(),
})

const whole = z.number().int()
const progress = z.object({
  type: z.literal('progress'),
  phase: z.enum(['reading', 'dumping', 'writing', 'waiting-for-index', 'comparing', 'searching', 'removing']),
  done: whole,
  /** 0 while nobody knows. */
  total: whole,
})

/** Progress, any number of times, then the report. An error ends the stream. */
const eventsThen = <T extends z.ZodType>(report: T) =>
  z.discriminatedUnion('type', [progress, z.object({ type: z.literal('done'), report })])

export const v1Flag = z.enum([
  'apology-rate-limit',
  'apology-api-error',
  'apology-error',
  'blank-user',
  'blank-answer',
  'timestamp-missing',
  'timestamp-numeric',
  'timestamp-unreadable',
  'metadata-unreadable',
  'text-malformed',
  'session-renamed',
])

const redisReport = z.object({
  sessions: whole,
  exchanges: whole,
  missing: whole,
  phoneNumbers: whole,
  unreadable: whole,
})

const inspection = z.object({
  name: z.string(),
  variant: z.enum(['v1', 'v1-with-embeddings', 'v1-with-sessions', 'postgres']),
  sha256: z.string(),
  bytes: z.number(),
  importId: z.string(),
  rows: whole,
  sessions: whole,
  from: z.string().nullable(),
  to: z.string().nullable(),
  known: whole,
  fresh: whole,
  flags: z.array(z.object({ flag: v1Flag, rows: whole, examples: z.array(z.string()) })),
  duplicates: whole,
  changed: whole,
  refused: z.array(z.object({ id: z.string(), reason: z.enum(['text-too-long']) })),
  others: z.array(z.string()),
  redis: redisReport.nullable(),
  needs: z.object({ bytes: z.number(), seconds: z.number(), indexSeconds: z.number() }),
  free: z.number(),
})

const importReport = z.object({ inspection, added: whole, known: whole, dump: z.string().nullable() })

export const v1Difference = z.enum([
  'document-missing',
  'document-differs',
  'table-missing',
  'table-differs',
  'chunks-missing',
  'chunks-superfluous',
  'vectors-missing',
  'concepts-missing',
  'not-in-source',
  'not-found-by-search',
])

const verifyReport = z.object({
  ok: z.boolean(),
  name: z.string(),
  sha256: z.string(),
  importId: z.string(),
  rows: whole,
  refused: whole,
  checked: z.object({
    documents: whole,
    tables: whole,
    chunks: whole,
    vectors: whole,
    concepts: whole,
    captures: whole,
  }),
  changedSince: z.object({ edited: whole, deleted: whole, answered: whole }),
  counts: z.partialRecord(v1Difference, whole),
  differences: z.array(z.object({ kind: v1Difference, id: z.string(), detail: z.string() })),
  search: z.object({ queries: whole, found: whole, expected: whole }),
  indexComplete: z.boolean(),
})

const rollbackReport = z.object({
  importId: z.string(),
  removed: whole,
  kept: z.object({
    edited: z.array(z.string()),
    answered: z.array(z.string()),
    added: z.array(z.string()),
    named: z.array(z.string()),
  }),
})

export const v1Inspecting = eventsThen(inspection)
export const v1Importing = eventsThen(importReport)
export const v1Verifying = eventsThen(verifyReport)
export const v1RollingBack = eventsThen(rollbackReport)

export const importRecord = z.object({
  id: z.string(),
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  rows: whole,
  startedAt: z.string(),
  state: z.enum(['running', 'paused', 'complete', 'rolled-back', 'partly-rolled-back']),
  at: z.string(),
  captures: whole,
})
