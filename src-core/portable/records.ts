import { z } from 'zod'
import type { Capture, Note, Session, Settings } from '../vault/index.ts'

/** One line of the JSON Lines export (docs/export.md §2). */

export const FORMAT = 'learning-voice-agent'
export const VERSION = 1

const id = z.string().min(1).max(128)
const instant = z.iso.datetime({ offset: true })
const count = z.number().int().nonnegative()

const citation = z.object({
  number: count,
  captureId: id,
  kind: z.enum(['capture', 'note']),
  field: z.enum(['userText', 'agentText', 'noteText']),
  /** UTF-16 code units within the field; `end` exclusive. */
  start: count,
  end: count,
  text: z.string(),
  when: instant,
})

export const answerRecord = z.object({
  text: z.string(),
  provider: z.string(),
  model: z.string(),
  inputTokens: count,
  outputTokens: count,
  /** US dollars; null where the price is not known. */
  costUsd: z.number().nullable(),
  citations: z.array(citation),
  /** Agents that ran, with their milliseconds. */
  agentsUsed: z.array(z.object({ agent: z.string(), ms: z.number() })),
  ending: z.enum(['complete', 'stopped', 'length']),
  createdAt: instant,
})

export const captureRecord = z.object({
  type: z.literal('capture'),
  id,
  sessionId: z.string().min(1).max(512),
  createdAt: instant,
  editedAt: instant.nullable(),
  source: z.enum(['text', 'voice', 'import', 'cli']),
  userText: z.string(),
  answer: answerRecord.nullable(),
  audioSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  metadata: z.record(z.string(), z.json()),
})

export const noteRecord = z.object({
  type: z.literal('note'),
  id,
  title: z.string().max(500),
  body: z.string(),
  createdAt: instant,
  updatedAt: instant,
  metadata: z.record(z.string(), z.json()).optional(),
})

export const sessionRecord = z.object({
  type: z.literal('session'),
  id: z.string().min(1).max(512),
  title: z.string().max(500).nullable(),
  createdAt: instant,
})

export const record = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('header'),
    format: z.literal(FORMAT),
    version: z.number().int(),
    exportedAt: instant,
    filter: z.record(z.string(), z.json()),
  }),
  z.object({ type: z.literal('settings'), settings: z.record(z.string(), z.json()) }),
  sessionRecord,
  captureRecord,
  noteRecord,
  z.object({ type: z.literal('end'), sessions: count, captures: count, notes: count }),
])

export type PortableRecord = z.output<typeof record>

/** What the vault has, in the order in which every format writes it: settings, then each session with its captures, then notes. */
export type VaultItem =
  | { type: 'settings'; settings: Settings }
  | { type: 'session'; session: Session }
  | { type: 'capture'; capture: Capture; session: Session }
  | { type: 'note'; note: Note }
