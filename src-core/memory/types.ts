import type { DocumentPlace } from '../vault/index.ts'

/** A stretch of a capture, note or document, as it is indexed. */
export interface Chunk {
  id: string
  captureId: string
  /** Which field of it holds the stretch. */
  field: 'userText' | 'agentText' | 'noteText' | 'documentText' | 'pictureText'
  /** Order within the field, from 0. */
  ordinal: number
  /** Place in the field's text: UTF-16 code units, end exclusive. `text` is exactly that slice. */
  start: number
  end: number
  text: string
}

export interface SearchFilters {
  /** ISO 8601 instants; `from` inclusive, `to` exclusive. */
  from?: string
  to?: string
  sessionId?: string
  sources?: ChunkSource[]
  /** Only these fields; an answer is grounded in what the learner said alone. */
  fields?: Chunk['field'][]
  /** Captures and notes to leave out, such as those that the asker already sees. */
  exclude?: string[]
  /** ISO 639-1 codes. */
  languages?: string[]
  /** Phrases of which the text has all, word for word. */
  phrases?: string[]
  /** Only these captures, notes and documents. */
  within?: string[]
}

export type ChunkSource = 'text' | 'voice' | 'note' | 'import' | 'cli' | 'document' | 'screen'

export interface SearchHit {
  /** Capture, note or document that holds it. */
  captureId: string
  kind: 'capture' | 'note' | 'document'
  sessionId: string | null
  chunkId: string
  field: Chunk['field']
  /** Place of the chunk in that field. */
  start: number
  end: number
  /** Snippet in pieces: plain text, `marked` where a query word stands. Never HTML. */
  snippet: { text: string; marked: boolean }[]
  /** The whole chunk. */
  text: string
  when: string
  source: ChunkSource
  /** Of documents: titles of the sections around it, the document's own first. */
  heading: string[]
  /** Of documents and pictures: where in it the chunk begins; null elsewhere. */
  place: DocumentPlace | null
  /** Fused relevance in [0, 1]; comparable within one result only. */
  score: number
  /** How likely it is that this holds what was asked, 0 to 1; from 0.5 on it is taken to. Comparable between results. */
  relevance: number
  /** Why it was found. Ranks count from 1; absent where that side did not find it. */
  why: { lexicalRank?: number; semanticRank?: number; cosine?: number; words: string[]; parts: ScoreParts }
  /** Language of the chunk: ISO 639-1, `und` for one that is not known here, null where the text does not say. */
  language: string | null
  /** Captures, notes and documents that say the same in nearly the same words, left out for it. */
  alike: AlikePlace[]
}

/** A place that can be opened. */
export type Place = Pick<SearchHit, 'captureId' | 'kind' | 'field' | 'start' | 'end'>

export interface AlikePlace extends Place {
  /** ISO 8601. */
  when: string
  /** Its beginning. */
  text: string
}

/** What each part put into the score of a hit (docs/decisions/0004-fusion.md). */
export interface ScoreParts {
  words: number
  meaning: number
  likeness: number
  echo: number
}

export interface SearchRequest {
  query: string
  filters?: SearchFilters
  /** 1 to 100; default 20. */
  limit?: number
  /** `lexical` and `semantic` are for benches and for the debug view. */
  mode?: 'hybrid' | 'lexical' | 'semantic'
  /** Asks for both rankings as well, for the screen that judges them. */
  explain?: boolean
  /** Leaves words of time ('last week') to be words. */
  ignorePeriod?: boolean
  /** Takes words as they were typed, also those that no text has. */
  ignoreCorrections?: boolean
  signal?: AbortSignal
}

export interface SearchResult {
  hits: SearchHit[]
  /** Whether any hit is relevant; where none is, the answer is that the memory does not hold it. */
  known: boolean
  /** False while the models process is down: then only the lexical side answered. */
  semantic: boolean
  /** Milliseconds of each part. */
  timings: { embedMs: number; lexicalMs: number; semanticMs: number; fuseMs: number }
  understood: Understood
  /** Where it was asked for. */
  explanation?: Explanation
}

/** What a search made of its query. */
export interface Understood {
  /** What of the query was looked at. */
  text: string
  /** ISO 639-1 code, or null where the query is too short to say. */
  language: string | null
  /** Forms that the words were looked for in. */
  terms: string[]
  /** What had to stand word for word. */
  phrases: string[]
  /** Words that the memory does not have, and those near to them that were looked for. */
  corrections: { typed: string; read: string[] }[]
  /** Time that the query speaks of; only what is from then was found. */
  period: UnderstoodPeriod | null
  /** Time that the query speaks of, and that nothing which fits is from: it is no filter, and what was found is from other times. */
  emptyPeriod: UnderstoodPeriod | null
  /** An event that the query names a time by, and of which no capture says when it is or was. */
  undated: string | null
  /** `newest` where the query asks for the latest, or for a time and nothing else. */
  order: 'relevance' | 'newest'
}

export interface UnderstoodPeriod {
  /** The words of the query. */
  text: string
  /** ISO 8601 instants; null where that side is open. `from` inclusive, `to` exclusive. */
  from: string | null
  to: string | null
  /** Of a time that was named by an event: its day, and the place that tells it. */
  event: ({ name: string; day: string } & Place) | null
}

/** Both rankings as they were before they were joined, and by which shares they were. */
export interface Explanation {
  lexical: RankedChunk[]
  semantic: RankedChunk[]
  shares: ScoreParts
}

export interface RankedChunk {
  chunkId: string
  captureId: string
  /** BM25 on the lexical side, cosine on the semantic one. */
  score: number
  /** Its beginning, to know it by. */
  text: string
  kind: SearchHit['kind']
  field: Chunk['field']
  start: number
  end: number
}

export interface IndexProgress {
  /** Captures and notes that wait. */
  pending: number
  /** Chunks with a vector of the present model. */
  indexed: number
  failed: number
  running: boolean
}
