import type { SearchFilters } from '../types.ts'

/** A chunk that has words of the query. */
export interface LexicalMatch {
  chunkId: string
  captureId: string
  /** Above 0, larger is better; comparable within one result only. */
  score: number
}

export interface LexicalSearch {
  filters?: SearchFilters | undefined
  /** Most matches that come back. */
  limit: number
  signal?: AbortSignal | undefined
}

/**
 * Finds rows of `chunks` by their words. Postgres keeps the index itself as rows come and go; here it is made, asked and repaired. The
 * acceptance suite (`test/suites/lexical-index-suite.ts`) says what each must do.
 */
export interface LexicalIndex {
  /** Makes the index where it is missing. */
  prepare(): Promise<void>
  /**
   * Chunks that have at least one of the terms (`language/terms.ts`), best first; a term that is named twice counts twice. Filters are
   * applied before the limit.
   */
  search(terms: readonly string[], options: LexicalSearch): Promise<LexicalMatch[]>
  /** Makes the index anew from the rows, as after an error inside it. */
  repair(): Promise<void>
}
