import { LvaError } from '../../kernel/index.ts'
import { placeFilter } from '../place-filter.ts'
import type { ResidentChunk, ResidentChunks } from '../resident-chunks.ts'
import { rankedByScore } from './scored-places.ts'
import { REACH, scoresAmongSurroundings } from './surroundings.ts'
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
    return this.#ranked(terms, this.#chunks.index.search(terms, limit, placeFilter(filters)))
  }

  #ranked(terms: readonly string[], found: readonly { item: ResidentChunk; score: number }[]): LexicalMatch[] {
    const { index } = this.#chunks
    const surrounded = found.flatMap(({ item, score }) => {
      const own = this.#chunks.get(item.id)?.counted
      return own ? [{ item, score, own, around: this.#chunks.around(item, REACH) }] : []
    })
    const scores = scoresAmongSurroundings(surrounded, index.weightsOf(terms), index.meanLength)
    return rankedByScore(
      surrounded.map(({ item: { id, captureId } }, place) => ({
        chunkId: id,
        captureId,
        score: scores[place] as number,
      })),
    )
  }

  repair(): Promise<void> {
    return this.#stored.repair()
  }
}
