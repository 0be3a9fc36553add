import type { Log } from '../../kernel/index.ts'
import type { SearchFilters } from '../types.ts'
import type { PgvectorIndex, StoredVector } from './pgvector.ts'
import type { ChunkVector, VectorIndex, VectorMatch } from './types.ts'
import { VectorMatrix } from './vector-matrix.ts'

/**
 * Vectors beyond which memory is too dear (1.5 KB each at 384 dimensions), and comparing them holds this thread up for too long (4 ms for
 * every 5,000): from there on Postgres compares them, one after the other as well. 60,000 chunks are some thirty books.
 */
const MOST_RESIDENT = 60_000
/** Vectors that are read at once: Postgres answers others between two pages. */
const PAGE = 500

/**
 * The vectors of Postgres, held in the memory of this process as well and compared there, so that no
 * look-up costs a statement. They are read in the background at the first search; until then, for filters that look at the chunks' rows, and for vaults that are too
 * large, Postgres answers. Nothing here is the only copy of anything.
 */
export class ResidentVectors implements VectorIndex {
  readonly #stored: PgvectorIndex
  readonly #log: Log
  readonly #mostResident: number
  #matrix = new VectorMatrix()
  #state: 'empty' | 'reading' | 'ready' | 'too-many' = 'empty'
  #reading: Promise<void> = Promise.resolve()

  constructor(stored: PgvectorIndex, log: Log, mostResident = MOST_RESIDENT) {
    this.#stored = stored
    this.#log = log
    this.#mostResident = mostResident
  }

  prepare(): Promise<void> {
    return this.#stored.prepare()
  }

  async add(vectors: readonly ChunkVector[]): Promise<void> {
    await this.#stored.add(vectors)
    this.#keep(
      vectors.map(({ chunkId, vector, place }) => ({
        chunkId,
        vector,
        captureId: place.captureId,
        field: place.field,
      })),
    )
  }

  known(chunkIds: readonly string[]): Promise<Set<string>> {
    return this.#stored.known(chunkIds)
  }

  async prune(captureIds: readonly string[], keptChunkIds: readonly string[]): Promise<void> {
    await this.#stored.prune(captureIds, keptChunkIds)
    this.#matrix.prune(new Set(captureIds), new Set(keptChunkIds))
  }

  async search(
    vector: Float32Array,
    options: { filters?: SearchFilters | undefined; limit: number; signal?: AbortSignal | undefined },
  ): Promise<VectorMatch[]> {
    options.signal?.throwIfAborted()
    const { fields, exclude, within, ...others } = options.filters ?? {}
    const looksAtRows = Object.values(others).some((value) => value !== undefined)
    if (!this.#isReady() || looksAtRows) return this.#stored.search(vector, options)
    return this.#matrix.nearest(vector, options.limit, { fields, exclude, within })
  }

  async compare(
    chunkIds: readonly string[],
    to: { vector: Float32Array; middleOf: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Map<string, { cosine: number; likeness: number }>> {
    signal?.throwIfAborted()
    return this.#isReady() ? this.#matrix.compare(chunkIds, to) : this.#stored.compare(chunkIds, to, signal)
  }

  count(): Promise<number> {
    return this.#stored.count()
  }

  owners(): Promise<string[]> {
    return this.#stored.owners()
  }

  dropOtherModels(): Promise<void> {
    return this.#stored.dropOtherModels()
  }

  async clear(): Promise<void> {
    await this.#stored.clear()
    this.#matrix = new VectorMatrix()
    if (this.#state === 'too-many') this.#state = 'empty'
  }

  /** Resolves when the vectors have been read, or are found to be too many. */
  whenResident(): Promise<void> {
    this.#isReady()
    return this.#reading
  }

  #isReady(): boolean {
    if (this.#state === 'empty') {
      this.#state = 'reading'
      this.#reading = this.#read()
    }
    return this.#state === 'ready'
  }

  /** What is added or pruned meanwhile is done here in the same order as in Postgres, which answers one statement after the other. */
  async #read(): Promise<void> {
    try {
      let after = ''
      for (;;) {
        const page = await this.#stored.page(after, PAGE)
        this.#keep(page)
        const last = page.at(-1)
        if (!last || this.#state === 'too-many') break
        after = last.chunkId
      }
      if (this.#state === 'reading') this.#state = 'ready'
    } catch (error) {
      // Such as a database that is closing. Postgres goes on to answer, and the next search reads again.
      this.#log.warn({ error }, 'vectors could not be read into memory')
      this.#state = 'empty'
      this.#matrix = new VectorMatrix()
    }
  }

  #keep(vectors: readonly StoredVector[]): void {
    if (this.#state !== 'reading' && this.#state !== 'ready') return
    for (const vector of vectors) this.#matrix.set(vector)
    if (this.#matrix.size <= this.#mostResident) return
    this.#state = 'too-many'
    this.#matrix = new VectorMatrix()
  }
}
