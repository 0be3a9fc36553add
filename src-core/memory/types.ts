import type { DocumentPlace } from '../vault/index.ts'

/** A stretch of a capture, note or document, as it is indexed. */
export interface Chunk {
  id: string
  captureId: string
  /** Which field of it holds the stretch. */
  field: 'userText' | 'agentText' | 'noteText' | 'documentText'
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
}

export type ChunkSource = 'text' | 'voice' | 'note' | 'import' | 'cli' | 'document'

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
  /** Of documents: where in it the chunk begins; null elsewhere. */
  place: DocumentPlace | null
  /** Fused relevance in [0, 1]; comparable within one result only. */
  score: number
  /** Why it was found. Ranks count from 1; absent where that side did not find it. */
  why: { lexicalRank?: number; semanticRank?: number; cosine?: number; words: string[] }
}

export interface SearchRequest {
  query: string
  filters?: SearchFilters
  /** 1 to 100; default 20. */
  limit?: number
  /** `lexical` and `semantic` are for benches and for the debug view. */
  mode?: 'hybrid' | 'lexical' | 'semantic'
  signal?: AbortSignal
}

export interface SearchResult {
  hits: SearchHit[]
  /** False while the models process is down: then only the lexical side answered. */
  semantic: boolean
  /** Milliseconds of each part. */
  timings: { embedMs: number; lexicalMs: number; semanticMs: number; fuseMs: number }
}

export interface IndexProgress {
  /** Captures and notes that wait. */
  pending: number
  /** Chunks with a vector of the present model. */
  indexed: number
  failed: number
  running: boolean
}
