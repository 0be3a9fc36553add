import { z } from 'zod'
import { ERROR_CODES, PICTURE_LANGUAGES, SECRET_KINDS } from '../kernel/index.ts'
import { documentBlock, documentPlace } from './document-schemas.ts'

/** The shapes that cross between a client and the core. Their meaning stands beside the types of the floor that makes them. */

const id = z.string().min(1).max(512)
const instant = z.iso.datetime({ offset: true })
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const page = z.object({ cursor: z.string().nullish(), limit: z.number().int().min(1).max(200).default(50) })

export const wireError = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  advice: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const captureSource = z.enum(['text', 'voice', 'import', 'cli', 'screen'])
export const chunkSource = z.enum(['text', 'voice', 'note', 'import', 'cli', 'document', 'screen'])
export const chunkField = z.enum(['userText', 'agentText', 'noteText', 'documentText', 'pictureText'])
export const memoryKind = z.enum(['capture', 'note', 'document'])
export const providerName = z.enum(['anthropic', 'openai', 'compatible', 'offline'])
export const keyedProvider = z.enum(['anthropic', 'openai', 'compatible'])

export const citation = z.object({
  number: z.number().int(),
  captureId: id,
  kind: memoryKind,
  field: chunkField,
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  when: instant,
  /** Of pictures: which, and where in it. */
  place: documentPlace.optional(),
})

export const agentName = z.enum(['conversation', 'analysis', 'research', 'vision', 'synthesis'])
export const turnKind = z.enum(['simple', 'complex', 'visual', 'insight'])
export const talkMode = z.enum(['answer', 'ask-first', 'socratic'])

const AGENT_OUTCOMES = ['done', 'late', 'failed', 'refused', 'stopped'] as const

export const agentRun = z.object({
  agent: z.string(),
  ms: z.number(),
  startedMs: z.number().optional(),
  outcome: z.enum(AGENT_OUTCOMES).optional(),
  model: z.string().nullable().optional(),
  inputTokens: z.number().int().optional(),
  outputTokens: z.number().int().optional(),
  costUsd: z.number().nullable().optional(),
  tools: z.array(z.string()).optional(),
  /** What came of each tool, in the same order. */
  toolUses: z.array(z.object({ name: z.string(), outcome: z.enum(['done', 'failed']), about: z.string() })).optional(),
  /** Whom it asked beyond this device, and with which words. */
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

export const source = z.object({
  number: z.number().int(),
  kind: z.enum(['web', 'wikipedia', 'arxiv', 'address', 'mcp']),
  title: z.string(),
  url: z.string().nullable(),
  quote: z.string(),
  at: instant,
})

export const addition = z.object({ agent: agentName, text: z.string(), createdAt: instant })

/** What the analysis agent read in what was said. */
export const analysis = z.object({
  by: z.enum(['device', 'model']),
  intent: z.enum([
    'question',
    'statement',
    'reflection',
    'listing',
    'end_conversation',
    'calculation',
    'datetime_query',
    'store_memory',
  ]),
  sentiment: z.enum(['negative', 'neutral', 'positive']),
  difficulty: z.enum(['easy', 'medium', 'hard']).nullable(),
  concepts: z.array(z.string()),
  entities: z.array(
    z.object({
      kind: z.enum(['person', 'place', 'organisation', 'name', 'date', 'number', 'money', 'link']),
      text: z.string(),
    }),
  ),
  keywords: z.array(z.string()),
  openQuestions: z.array(z.string()),
})

export const answer = z.object({
  text: z.string(),
  provider: z.string(),
  model: z.string(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: z.number().nullable(),
  citations: z.array(citation),
  agentsUsed: z.array(agentRun),
  ending: z.enum(['complete', 'stopped', 'length']),
  createdAt: instant,
  kind: turnKind.optional(),
  sources: z.array(source).optional(),
  additions: z.array(addition).optional(),
  followUps: z.array(z.string()).optional(),
  made: z.array(z.object({ kind: z.enum(['note', 'memory', 'card', 'forgotten']), id, text: z.string() })).optional(),
  mode: talkMode.optional(),
  step: z.enum(['attempt', 'hint', 'answer']).optional(),
  /** Of a hint: which one, from 1. */
  hint: z.number().int().optional(),
  memories: z.array(z.string()).optional(),
  analysis: analysis.optional(),
})

export const pictureLanguage = z.enum(PICTURE_LANGUAGES)
export const pictureType = z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])

/** A picture as it was given. */
export const picture = z.object({
  sha256,
  mediaType: pictureType,
  /** Pixels, turned as the file says that it is looked at. */
  width: z.number().int(),
  height: z.number().int(),
})

/** Left, top, width and height, as parts of the picture. */
export const pictureBox = z.tuple([z.number(), z.number(), z.number(), z.number()])
export const secretKind = z.enum(SECRET_KINDS)
export const foundPlace = z.object({ kind: secretKind, box: pictureBox })

export const capturePicture = picture.extend({
  /** What was read in it on the device; absent until then. Places of blocks have the page 1. */
  reading: z
    .object({
      text: z.string(),
      blocks: z.array(documentBlock.omit({ text: true })),
      language: z.string(),
      at: instant,
    })
    .optional(),
  /** What a language model said of it. */
  description: z.object({ text: z.string(), model: z.string(), at: instant }).optional(),
})

export const capture = z.object({
  id,
  sessionId: z.string(),
  createdAt: instant,
  editedAt: instant.nullable(),
  source: captureSource,
  userText: z.string(),
  answer: answer.nullable(),
  audioSha256: sha256.nullable(),
  metadata: z.record(z.string(), z.unknown()),
  /** Absent where there are none. */
  pictures: z.array(capturePicture).optional(),
})

export const session = z.object({
  id: z.string(),
  title: z.string().nullable(),
  createdAt: instant,
  lastAt: instant,
  captureCount: z.number().int(),
  preview: z.string(),
})

export const note = z.object({ id, title: z.string(), body: z.string(), createdAt: instant, updatedAt: instant })

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'de', 'es']),
  welcomed: z.boolean(),
  speakAnswers: z.boolean(),
  voice: z.string().max(200),
  voiceRate: z.number().min(0.5).max(2),
  voiceLanguage: z.string().max(20),
  keepRecordings: z.boolean(),
  turnPause: z.number().min(0.3).max(3),
  recogniser: z.string().max(100),
  spokenLanguage: z.string().max(8),
  conceptsByModel: z.boolean(),
  pictureLanguage: z.enum(['configured', ...PICTURE_LANGUAGES]),
  talkMode,
  askAboutGoals: z.boolean(),
  provider: z.enum(['auto', 'anthropic', 'openai', 'compatible', 'offline']),
  anthropicModel: z.string().max(200),
  openaiModel: z.string().max(200),
  compatibleUrl: z.string().max(2_000),
  compatibleModel: z.string().max(200),
  monthlyBudgetUsd: z.number().nonnegative().nullable(),
  research: z.enum(['off', 'ask', 'on']),
  researchWikipedia: z.boolean(),
  researchArxiv: z.boolean(),
  researchAddresses: z.boolean(),
  researchWeb: z.enum(['none', 'searxng', 'json', 'tavily', 'brave']),
  researchWebUrl: z.string().max(2_000),
  researchWebResults: z.string().max(200),
  timelineDays: z.number().int().min(1).max(3_650).nullable(),
  timelineMb: z.number().int().min(10).max(100_000).nullable(),
  timelineExcluded: z.array(z.string().max(200)).max(200),
  recordingDays: z.number().int().min(1).max(3_650).nullable(),
  longRecordingDays: z.number().int().min(1).max(3_650).nullable(),
  pictureDays: z.number().int().min(1).max(3_650).nullable(),
  researchAllowed: z.array(z.string().max(2_000)).max(100),
})

export const captureFilter = z.object({
  sessionId: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  source: captureSource.optional(),
  order: z.enum(['newest', 'oldest']).optional(),
})

export const searchFilters = z.object({
  from: instant.optional(),
  to: instant.optional(),
  sessionId: z.string().optional(),
  sources: z.array(chunkSource).optional(),
  /** ISO 639-1 codes. */
  languages: z.array(z.string().max(20)).max(50).optional(),
  /** Only this document; only documents of this collection; only documents with this tag. Several narrow each other. */
  documentId: id.optional(),
  collectionId: id.optional(),
  tag: z.string().min(1).max(100).optional(),
  /** Only what mentions this concept: its id, or any spelling of it. Unknown ones are an error. */
  concept: z.string().min(1).max(500).optional(),
})

export const searchRequest = z.object({
  query: z.string(),
  filters: searchFilters.optional(),
  limit: z.number().int().min(1).max(100).optional(),
  mode: z.enum(['hybrid', 'lexical', 'semantic']).optional(),
  /** Asks for both rankings as well. */
  explain: z.boolean().optional(),
  /** Leaves words of time ('last week') to be words; else only what is from then is found. */
  ignorePeriod: z.boolean().optional(),
  /** Takes words as they were typed, also those that no text has. */
  ignoreCorrections: z.boolean().optional(),
})

/** What each part put into a score; together, with what neighbouring turns lent, the score. */
export const scoreParts = z.object({ words: z.number(), meaning: z.number(), likeness: z.number(), echo: z.number() })

/** A place that can be opened. */
const place = {
  captureId: id,
  kind: memoryKind,
  field: chunkField,
  start: z.number().int(),
  end: z.number().int(),
}

const rankedChunk = z.object({
  ...place,
  chunkId: z.string(),
  /** BM25 on the side of words, cosine on that of meaning. */
  score: z.number(),
  /** Its beginning, to know it by. */
  text: z.string(),
})

const alikePlace = z.object({ ...place, when: instant, text: z.string() })

export const searchHit = z.object({
  captureId: id,
  kind: memoryKind,
  sessionId: z.string().nullable(),
  chunkId: z.string(),
  field: chunkField,
  start: z.number().int(),
  end: z.number().int(),
  snippet: z.array(z.object({ text: z.string(), marked: z.boolean() })),
  text: z.string(),
  when: instant,
  source: chunkSource,
  /** Of documents: titles of the sections around it, the document's own first. */
  heading: z.array(z.string()),
  /** Of documents: where in it the chunk begins; null elsewhere. */
  place: documentPlace.nullable(),
  score: z.number(),
  /** How likely it is that this holds what was asked, 0 to 1; from 0.5 on it is taken to. Comparable between results. */
  relevance: z.number(),
  why: z.object({
    lexicalRank: z.number().int().optional(),
    semanticRank: z.number().int().optional(),
    cosine: z.number().optional(),
    words: z.array(z.string()),
    parts: scoreParts,
  }),
  /** ISO 639-1, `und` for a language that is not known here, null where the text does not say. */
  language: z.string().nullable(),
  /** Captures, notes and documents that say the same in nearly the same words, left out for it. */
  alike: z.array(alikePlace),
})

const understoodPeriod = z.object({
  text: z.string(),
  /** Null where that side is open. */
  from: instant.nullable(),
  to: instant.nullable(),
  /** Of a time that was named by an event: its day, and the place that tells it. */
  event: z.object({ name: z.string(), day: instant, ...place }).nullable(),
})

export const searchResult = z.object({
  hits: z.array(searchHit),
  /** Whether any hit is relevant; where none is, the memory does not hold it. */
  known: z.boolean(),
  semantic: z.boolean(),
  timings: z.object({ embedMs: z.number(), lexicalMs: z.number(), semanticMs: z.number(), fuseMs: z.number() }),
  /** What was made of the query. */
  understood: z.object({
    text: z.string(),
    language: z.string().nullable(),
    terms: z.array(z.string()),
    phrases: z.array(z.string()),
    corrections: z.array(z.object({ typed: z.string(), read: z.array(z.string()) })),
    /** Only what is from then was found; `ignorePeriod` asks without it. */
    period: understoodPeriod.nullable(),
    /** A time of the query that nothing which fits is from: what was found is from other times. */
    emptyPeriod: understoodPeriod.nullable(),
    /** An event that the query names a time by, and of which nothing says when it is or was. */
    undated: z.string().nullable(),
    /** `newest` where the query asks for the latest, or for a time and nothing else. */
    order: z.enum(['relevance', 'newest']),
  }),
  /** Both rankings before they were joined (BM25 and cosine), and by which shares they were; where it was asked for. */
  explanation: z
    .object({ lexical: z.array(rankedChunk), semantic: z.array(rankedChunk), shares: scoreParts })
    .optional(),
})

export const conceptProgress = z.object({ pending: z.number().int(), failed: z.number().int() })

export const indexProgress = z.object({
  pending: z.number().int(),
  indexed: z.number().int(),
  failed: z.number().int(),
  running: z.boolean(),
  /** Texts that wait to be read for concepts, which search does not wait for, and those that could not be read. */
  concepts: conceptProgress,
})

export const modelsStatus = z.object({
  state: z.enum(['stopped', 'starting', 'ready', 'restarting', 'failed']),
  crashes: z.number().int(),
  recycles: z.number().int(),
  residentMb: z.number(),
  pid: z.number().int().optional(),
})

export const turnRequest = z.object({
  /** Null begins a new session. */
  sessionId: z.string().max(512).nullable(),
  text: z.string(),
  source: captureSource,
  audioSha256: sha256.nullish(),
  /** ISO 639-1 of what was spoken, as its transcript says. */
  spokenLanguage: z.string().max(8).optional(),
  /** SHA-256 of pictures that `pictures.add` took. Beside them the text may be empty. */
  pictures: z.array(sha256).max(20).optional(),
  /** How to answer, chosen by hand; left out, as its session or Settings say, or first asked back where it touches a goal. */
  mode: talkMode.optional(),
})

/** What the learner says to something that is about to leave the device. */
export const consentDecision = z.enum(['once', 'always', 'no'])

/**
 * In this order: `started` once what the learner said is durable, `kind`, `memory`, any number of `delta`, `answered` where others are still
 * at work, any number of `addition`, `done`; `agent` whenever one begins or ends. An error ends the stream.
 */
export const turnEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), capture }),
  z.object({ type: z.literal('kind'), kind: turnKind, by: z.enum(['device', 'model']) }),
  z.object({
    type: z.literal('agent'),
    agent: agentName,
    state: z.enum(['running', ...AGENT_OUTCOMES]),
    /** How it ended. */
    run: agentRun.optional(),
  }),
  z.object({ type: z.literal('memory'), citations: z.array(citation), provider: providerName, model: z.string() }),
  /** Asks before something leaves the device; `turns.consent` answers while it is open. */
  z.object({
    type: z.literal('consent'),
    id,
    agent: agentName,
    to: z.string(),
    sends: z.string(),
    state: z.enum(['open', 'late', ...consentDecision.options]),
  }),
  /** A tool runs, or has run; `about` is a short line that the tool gave, or ''. */
  z.object({
    type: z.literal('tool'),
    agent: agentName,
    name: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    about: z.string(),
  }),
  z.object({ type: z.literal('delta'), text: z.string() }),
  /** The words so far do not count: another agent answers in place of the one that spoke. */
  z.object({ type: z.literal('withdrawn') }),
  /** The answer is whole and stored; what others add may follow. */
  z.object({ type: z.literal('answered'), capture }),
  /** What one agent adds, whole and checked; with all places that answer and additions name so far. */
  z.object({
    type: z.literal('addition'),
    agent: agentName,
    text: z.string(),
    citations: z.array(citation),
    sources: z.array(source),
  }),
  z.object({ type: z.literal('done'), capture }),
])

export const summaryRequest = z.object({
  /** A day is a local date of the core's machine, such as `2026-11-26`. */
  of: z.union([z.strictObject({ session: id }), z.strictObject({ day: z.iso.date() })]),
  provider: providerName.optional(),
})

/** In this order: `memory`, any number of `delta`, `done`. An error ends the stream. */
export const summaryEvent = z.discriminatedUnion('type', [
  /** What it is made of, and who writes it. */
  z.object({ type: z.literal('memory'), citations: z.array(citation), provider: providerName, model: z.string() }),
  z.object({ type: z.literal('delta'), text: z.string() }),
  z.object({
    type: z.literal('done'),
    summary: answer
      .pick({
        text: true,
        citations: true,
        provider: true,
        model: true,
        inputTokens: true,
        outputTokens: true,
        costUsd: true,
        ending: true,
      })
      .extend({
        followUps: z.array(z.string()),
        /** Ids of the cards that come from it. */
        cards: z.array(id),
      }),
  }),
])

export const transcript = z.object({
  text: z.string(),
  seconds: z.number(),
  segments: z.array(z.object({ start: z.number(), end: z.number(), text: z.string() })),
  model: z.string(),
  /** ISO 639-1 of what was spoken; null where nobody can say. */
  language: z.string().nullable(),
  /** Why it was not heard by what Settings choose. */
  instead: z.object({ chosen: z.string(), error: wireError }).optional(),
  /** Where the recording is kept; null when the learner keeps none. */
  audioSha256: sha256.nullable(),
})

export const appInfo = z.object({
  version: z.string(),
  /** What shows the screens: Electron's window, a browser on this machine, or the command line. */
  host: z.enum(['electron', 'browser', 'cli']),
  dataDir: z.string(),
  vaultId: z.string(),
  /** Where keys typed into Settings are kept. `session`: only in memory, gone with the program. */
  keyStorage: z.enum(['safe-storage', 'keyring', 'session']),
  embedder: z.string(),
  transcriber: z.string(),
})

export const appEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('vault'),
    captures: z.array(z.string()),
    sessions: z.array(z.string()),
    notes: z.array(z.string()),
    documents: z.array(z.string()),
    /** Collections were made, renamed or deleted. */
    collections: z.boolean(),
    settings: z.boolean(),
    memories: z.array(z.string()).optional(),
    cards: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal('index'), progress: indexProgress }),
  z.object({ type: z.literal('concepts'), progress: conceptProgress }),
  z.object({ type: z.literal('models'), status: modelsStatus }),
  /** Something about recognisers has changed: ask `recognisers.list`. */
  z.object({ type: z.literal('recognisers') }),
  /** Something about backups has changed: ask `backup.status`. */
  z.object({ type: z.literal('backup') }),
  /** Something about sync has changed: ask `sync.status`, and `sync.devices` where that may have changed too. */
  z.object({ type: z.literal('sync'), devices: z.boolean() }),
  /** The bytes of an attachment have come from another device. */
  z.object({ type: z.literal('attachment'), sha256 }),
  /** Concepts or how they are connected may have changed: ask `graph` again. */
  z.object({ type: z.literal('graph') }),
  /** Somebody asks for this link to be shown (docs/desktop.md §2). */
  z.object({ type: z.literal('link'), link: z.string() }),
])

export const dataSize = z.object({
  /** Bytes. */
  database: z.number(),
  recordings: z.number(),
  dumps: z.number(),
  total: z.number(),
  free: z.number(),
})

export const rebuildEvent = z.object({
  phase: z.enum(['tables', 'index', 'concepts']),
  done: z.number().int(),
  total: z.number().int(),
})

export const providerStatus = z.object({
  provider: providerName,
  /** Ready to be asked: has what it needs. */
  configured: z.boolean(),
  /** Whether it answers the next turn. */
  active: z.boolean(),
  keySource: z.enum(['environment', 'stored', 'none']),
  model: z.string(),
  baseUrl: z.string(),
})

export const providerCheck = z.object({
  ok: z.boolean(),
  ms: z.number(),
  model: z.string(),
  error: wireError.nullable(),
})

export const monthUsage = z.object({
  spentUsd: z.number(),
  budgetUsd: z.number(),
  byModel: z.array(
    z.object({
      model: z.string(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      costUsd: z.number(),
      calls: z.number().int(),
    }),
  ),
  /** Of the answers that are kept; what was asked again, deleted or needed by no answer is not in it. */
  byAgent: z.array(
    z.object({
      agent: z.string(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      costUsd: z.number(),
      runs: z.number().int(),
    }),
  ),
})

export const check = z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), advice: z.string() })

export const ids = { id, sha256 }
