import type { Chunk, ChunkSource, SearchFilters } from '../types.ts'

/** A vector of unit length and the chunk that it stands for. */
export interface ChunkVector {
  chunkId: string
  vector: Float32Array
  /** What filters look at. */
  place: ChunkPlace
}

export interface ChunkPlace {
  captureId: string
  field: Chunk['field']
  sessionId: string | null
  source: ChunkSource
  createdAt: Date
  language: string | null
  text: string
}

export interface VectorMatch {
  chunkId: string
  captureId: string
  /** Cosine of the angle between the two vectors, -1 to 1. */
  cosine: number
}

/**
 * Vectors of chunks by one model, nearest first. What other models made is kept apart until `dropOtherModels`. The acceptance suite
 * (`test/suites/vector-index-suite.ts`) says what each implementation must do.
 */
export interface VectorIndex {
  /** Makes what it needs where it is missing. */
  prepare(): Promise<void>
  /** Keeps vectors; one that is there for the same chunk is replaced. */
  add(vectors: readonly ChunkVector[]): Promise<void>
  /** Which of these chunks have a vector. */
  known(chunkIds: readonly string[]): Promise<Set<string>>
  /** Of these captures and notes, drops the vectors of all chunks, by any model, but the ones to keep. */
  prune(captureIds: readonly string[], keptChunkIds: readonly string[]): Promise<void>
  /** The chunks nearest to a vector of unit length, nearest first. Filters are applied before the limit. */
  search(
    vector: Float32Array,
    options: { filters?: SearchFilters | undefined; limit: number; signal?: AbortSignal | undefined },
  ): Promise<VectorMatch[]>
  /**
   * Cosines of chunks to a query's vector, and to the middle of some other chunks. Chunks without a vector are missing.
   * @param middleOf ids of chunks; where none of them has a vector, `likeness` is 0
   */
  compare(
    chunkIds: readonly string[],
    to: { vector: Float32Array; middleOf: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Map<string, { cosine: number; likeness: number }>>
  /** How many chunks have a vector. */
  count(): Promise<number>
  /** Captures and notes that have a vector by any model. */
  owners(): Promise<string[]>
  /** Drops the vectors of all other models. */
  dropOtherModels(): Promise<void>
  /** Drops everything. */
  clear(): Promise<void>
}
