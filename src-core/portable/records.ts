import { z } from 'zod'
import { ERROR_CODES } from '../kernel/index.ts'
import {
  type Capture,
  type Card,
  type Collection,
  type ConceptCorrections,
  DIFFICULTIES,
  ENTITY_KINDS,
  INTENTS,
  LINK_KINDS,
  type LibraryDocument,
  type Memory,
  type Note,
  PICTURE_TYPES,
  SENTIMENTS,
  type Session,
  type Settings,
  TALK_MODES,
  TALK_STEPS,
} from '../vault/index.ts'

/** One line of the JSON Lines export (docs/export.md §2). */

export const FORMAT = 'learning-voice-agent'
export const VERSION = 1

const id = z.string().min(1).max(128)
const instant = z.iso.datetime({ offset: true })
const count = z.number().int().nonnegative()

const part = z.number().min(0).max(1)
const box = z.tuple([part, part, part, part])

const citation = z.object({
  number: count,
  captureId: id,
  kind: z.enum(['capture', 'note', 'document']),
  field: z.enum(['userText', 'agentText', 'noteText', 'documentText', 'pictureText']),
  /** UTF-16 code units within the field; `end` exclusive. */
  start: count,
  end: count,
  text: z.string(),
  when: instant,
  /** Of pictures: which, and left, top, width, height as parts of it. */
  place: z.object({ picture: count, box: box.optional() }).optional(),
})

/** An agent that ran: its milliseconds, and, since there are several, how it ended and what it used. */
const agentRun = z.object({
  agent: z.string(),
  ms: z.number(),
  startedMs: z.number().optional(),
  outcome: z.enum(['done', 'late', 'failed', 'refused', 'stopped']).optional(),
  model: z.string().nullable().optional(),
  inputTokens: count.optional(),
  outputTokens: count.optional(),
  costUsd: z.number().nullable().optional(),
  tools: z.array(z.string()).optional(),
  toolUses: z.array(z.object({ name: z.string(), outcome: z.enum(['done', 'failed']), about: z.string() })).optional(),
  asked: z
    .array(
      z.object({
        to: z.string(),
        sends: z.string(),
        outcome: z.enum(['answered', 'kept', 'refused', 'late', 'failed']),
        error: z.enum(ERROR_CODES).optional(),
      }),
    )
    .optional(),
  error: z.enum(ERROR_CODES).optional(),
})

const source = z.object({
  number: count,
  kind: z.enum(['web', 'wikipedia', 'arxiv', 'address', 'mcp']),
  title: z.string(),
  url: z.string().nullable(),
  quote: z.string(),
  at: instant,
})

const addition = z.object({
  agent: z.enum(['conversation', 'analysis', 'research', 'vision', 'synthesis']),
  text: z.string(),
  createdAt: instant,
})

/** What was read in what was said. */
const analysis = z.object({
  by: z.enum(['device', 'model']),
  intent: z.enum(INTENTS),
  sentiment: z.enum(SENTIMENTS),
  difficulty: z.enum(DIFFICULTIES).nullable(),
  concepts: z.array(z.string()),
  entities: z.array(z.object({ kind: z.enum(ENTITY_KINDS), text: z.string() })),
  keywords: z.array(z.string()),
  openQuestions: z.array(z.string()),
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
  agentsUsed: z.array(agentRun),
  ending: z.enum(['complete', 'stopped', 'length']),
  createdAt: instant,
  kind: z.enum(['simple', 'complex', 'visual', 'insight']).optional(),
  sources: z.array(source).optional(),
  additions: z.array(addition).optional(),
  followUps: z.array(z.string()).optional(),
  made: z.array(z.object({ kind: z.enum(['note', 'memory', 'card', 'forgotten']), id, text: z.string() })).optional(),
  mode: z.enum(TALK_MODES).optional(),
  step: z.enum(TALK_STEPS).optional(),
  hint: count.optional(),
  memories: z.array(z.string()).optional(),
  analysis: analysis.optional(),
})

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A picture of a capture, what was read in it, and what a model said of it; its bytes are the attachment `sha256`. */
const picture = z.object({
  sha256,
  mediaType: z.enum(PICTURE_TYPES),
  width: count,
  height: count,
  reading: z
    .object({
      text: z.string(),
      blocks: z.array(
        z.object({
          kind: z.enum(['heading', 'paragraph', 'list', 'table', 'code']),
          level: count.optional(),
          start: count,
          end: count,
          place: z.object({ page: count.optional(), box: box.optional() }).nullable(),
          lines: z.array(z.tuple([count, count, count, part, part, part, part])).optional(),
        }),
      ),
      language: z.string(),
      at: instant,
    })
    .optional(),
  description: z.object({ text: z.string(), model: z.string(), at: instant }).optional(),
})

export const captureRecord = z.object({
  type: z.literal('capture'),
  id,
  sessionId: z.string().min(1).max(512),
  createdAt: instant,
  editedAt: instant.nullable(),
  source: z.enum(['text', 'voice', 'import', 'cli', 'screen']),
  userText: z.string(),
  answer: answerRecord.nullable(),
  audioSha256: sha256.nullable(),
  metadata: z.record(z.string(), z.json()),
  pictures: z.array(picture).max(100).optional(),
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

/** A file that the learner gave; its bytes are the attachment `sha256`. */
export const documentRecord = z.object({
  type: z.literal('document'),
  id,
  title: z.string().max(500),
  sha256,
  format: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** Bytes. */
  size: count,
  origins: z.array(
    z.object({
      kind: z.enum(['file', 'folder', 'address', 'text']),
      name: z.string(),
      address: z.string().nullable(),
      at: instant,
    }),
  ),
  tags: z.array(z.string()),
  collections: z.array(z.object({ id, name: z.string().max(500), createdAt: instant })),
  createdAt: instant,
  updatedAt: instant,
  /** Of the transcript of a recording whose sound went. */
  sound: z.object({ sha256, size: count, at: instant, days: count }).optional(),
  /** The sound of this recording is kept, whatever Settings say. */
  keepsSound: z.boolean().optional(),
})

/** A statement about the learner (docs/agents.md §4). */
export const memoryRecord = z.object({
  type: z.literal('memory'),
  id,
  text: z.string().min(1).max(500),
  kind: z.enum(['fact', 'preference', 'goal']),
  state: z.enum(['proposed', 'accepted']),
  about: z.string().nullable(),
  receipt: z.object({ captureId: id, quote: z.string(), start: count, end: count, holds: z.boolean() }).nullable(),
  validFrom: instant,
  validTo: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
})

export const cardRecord = z.object({
  type: z.literal('card'),
  id,
  front: z.string().min(1).max(10_000),
  back: z.string().min(1).max(10_000),
  state: z.enum(['candidate', 'kept']),
  source: z
    .object({
      captureId: id,
      kind: z.enum(['capture', 'note', 'document', 'memory']),
      field: z.enum(['userText', 'agentText', 'noteText', 'documentText', 'pictureText', 'memoryText']),
      start: count,
      end: count,
      text: z.string(),
      when: instant,
      holds: z.boolean(),
    })
    .nullable(),
  createdAt: instant,
  updatedAt: instant,
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
  z.object({
    type: z.literal('concepts'),
    /** Names by concept, and concepts by term, where the learner gave them another. */
    names: z.record(z.string(), z.string()),
    terms: z.record(z.string(), z.string()),
    hidden: z.array(z.string()),
    links: z.array(z.object({ fromId: z.string(), toId: z.string(), kind: z.enum(LINK_KINDS), linked: z.boolean() })),
  }),
  z.object({ type: z.literal('settings'), settings: z.record(z.string(), z.json()) }),
  sessionRecord,
  captureRecord,
  noteRecord,
  documentRecord,
  memoryRecord,
  cardRecord,
  z.object({
    type: z.literal('end'),
    sessions: count,
    captures: count,
    notes: count,
    documents: count.optional(),
  }),
])

export type PortableRecord = z.output<typeof record>

/** What the vault has, in the order in which every format writes it: settings and corrections of concepts, then each session with its captures, then notes, then documents, then what is known of the learner. */
export type VaultItem =
  | { type: 'settings'; settings: Settings }
  | { type: 'concepts'; corrections: ConceptCorrections }
  | { type: 'session'; session: Session }
  | { type: 'capture'; capture: Capture; session: Session }
  | { type: 'note'; note: Note }
  | { type: 'document'; document: LibraryDocument; collections: Omit<Collection, 'documents'>[] }
  /** All that is known of the learner, and all cards: few and short beside what was said. */
  | { type: 'learner'; memories: Memory[]; cards: Card[] }
