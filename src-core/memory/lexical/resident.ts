import { LvaError } from '../../kernel/index.ts'
import { placeFilter } from '../place-filter.ts'
import type { ResidentChunks } from '../resident-chunks.ts'
import { isScored, scoresBetween } from './scored-places.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './types.ts'

/**
 * The lexical index of Postgres, answered from memory by the same measure where the chunks are there, so that a search costs no statement
 * (docs/decisions/0008-words-in-memory.md). Postgres keeps the index, and answers until then, for phrases, and for vaults that are too large.
 */
export class ResidentLexicalIndex implements LexicalIndex {
  readonly #stored: LexicalIndex
  readonly #chunks: ResidentChunks

  constructor(stored: LexicalIndex, chunks: ResidentChunks) {
    this.#stored = stored
    this.#chunks = chunks
  }

  prepare(): Promise<void> {
    return this.#stored.prepare()
  }

  async search(terms: readonly string[], options: LexicalSearch): Promise<LexicalMatch[]> {
    const { filters, limit, signal } = options
    if ((filters?.phrases?.length ?? 0) > 0) return this.#stored.search(terms, options)
    await this.#chunks.settled()
    if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.')
    if (!this.#chunks.isReady()) return this.#stored.search(terms, options)
    const found = this.#chunks.index.search(terms, limit, placeFilter(filters))
    const scores = scoresBetween(found.map(({ score }, index) => (isScored(index, found.length) ? score : undefined)))
    return found.map(({ item }, place) => ({
      chunkId: item.id,
      captureId: item.captureId,
      score: scores[place] as number,
    }))
  }

  repair(): Promise<void> {
    return this.#stored.repair()
  }
}
