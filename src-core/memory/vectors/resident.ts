import type { Clock, Log } from '../../kernel/index.ts'
import { type FilteredPlace, placeFilter } from '../place-filter.ts'
import { Residence } from '../residence.ts'
import type { SearchFilters } from '../types.ts'
import { leavesMost, type PgvectorIndex, type StoredVector, WIDER } from './pgvector.ts'
import type { ChunkVector, VectorIndex, VectorMatch } from './types.ts'
import { type Named, VectorMatrix } from './vector-matrix.ts'

/** Vectors beyond which whole numbers are too dear (1.5 KB each at 384 dimensions): 60,000 chunks are some thirty books. */
const MOST_WHOLE = 60_000
/** Vectors beyond which also a quarter of that is. */
const MOST_RESIDENT = 240_000
/** Vectors that are read at once: Postgres answers others between two pages. */
const PAGE = 500

export interface ResidentVectorsOptions {
  clock: Clock
  log: Log
  mostWhole?: number
  mostResident?: number
  /** What filters look at, of chunks that are in memory as well; undefined for one that is not. Left out, filters on it ask Postgres. */
  chunks?: { isReady(): boolean; placeOf(chunkId: string): FilteredPlace | undefined }
}

/**
 * The vectors of Postgres, held in the memory of this process as well and compared there, so that no look-up costs a statement. They are
 * read in the background at the first search; until then, for what cannot be told here, and for vaults that are too large, Postgres
 * answers. In a large vault they are rounded to bytes: they find the nearest, and Postgres compares these exactly. Nothing here is the
 * only copy of anything.
 */
export class ResidentVectors implements VectorIndex {
  readonly #stored: PgvectorIndex
  readonly #options: ResidentVectorsOptions
  readonly #residence: Residence
  #matrix = new VectorMatrix<Named>()
  #isRounded = false

  constructor(stored: PgvectorIndex, options: ResidentVectorsOptions) {
    this.#stored = stored
    this.#options = options
    this.#residence = new Residence({
      read: () => this.#read(),
      forget: () => {
        this.#matrix = new VectorMatrix()
        this.#isRounded = false
      },
      ...options,
    })
  }

  get #mostResident(): number {
    return this.#options.mostResident ?? MOST_RESIDENT
  }

  prepare(): Promise<void> {
    return this.#stored.prepare()
  }

  async add(vectors: readonly ChunkVector[]): Promise<void> {
    await this.#stored.add(vectors)
    this.#keep(vectors.map(({ chunkId, vector, place }) => ({ chunkId, vector, captureId: place.captureId })))
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
    const hasPhrases = (options.filters?.phrases?.length ?? 0) > 0
    if (!this.#residence.isReady() || hasPhrases) return this.#stored.search(vector, options)
    const isThere = placeFilter(options.filters)
    if (!isThere) return this.#matrix.nearest(vector, options.limit)
    const { chunks } = this.#options
    if (!chunks?.isReady()) return this.#acceptedByTable(vector, options)
    return this.#matrix.nearest(vector, options.limit, ({ chunkId }) => {
      const place = chunks.placeOf(chunkId)
      return place !== undefined && isThere(place)
    })
  }

  /** The nearest of those that the filters let through, where only Postgres knows what these look at. */
  async #acceptedByTable(vector: Float32Array, options: Parameters<VectorIndex['search']>[1]): Promise<VectorMatch[]> {
    const { filters, limit, signal } = options
    if (!filters || !leavesMost(filters)) return this.#stored.search(vector, options)
    const near = this.#matrix.nearest(vector, WIDER * limit)
    const ids = near.map(({ chunkId }) => chunkId)
    const accepted = await this.#stored.accepted(ids, filters, signal)
    const matches = near.filter(({ chunkId }) => accepted.has(chunkId)).slice(0, limit)
    return matches.length === limit ? matches : this.#stored.search(vector, options)
  }

  async compare(
    chunkIds: readonly string[],
    to: { vector: Float32Array; middleOf: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Map<string, { cosine: number; likeness: number }>> {
    signal?.throwIfAborted()
    const isExact = this.#residence.isReady() && !this.#isRounded
    return isExact ? this.#matrix.compare(chunkIds, to) : this.#stored.compare(chunkIds, to, signal)
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
    this.#residence.clear()
  }

  /** Resolves when the vectors have been read, or are found to be too many. */
  whenResident(): Promise<void> {
    return this.#residence.whenOver()
  }

  /** What is added or pruned meanwhile is done here in the same order as in Postgres, which answers one statement after the other. */
  async #read(): Promise<void> {
    if ((await this.#stored.count()) > this.#mostResident) return this.#residence.tooMuch()
    for (let after = ''; this.#residence.takesMore(); ) {
      const page = await this.#stored.page(after, PAGE)
      this.#keep(page)
      const last = page.at(-1)
      if (!last) break
      after = last.chunkId
    }
  }

  #keep(vectors: readonly StoredVector[]): void {
    if (!this.#residence.takesMore()) return
    for (const { vector, ...row } of vectors) this.#matrix.set(row, vector)
    if (!this.#isRounded && this.#matrix.size > (this.#options.mostWhole ?? MOST_WHOLE)) {
      this.#matrix = this.#matrix.as('int8')
      this.#isRounded = true
    }
    if (this.#matrix.size > this.#mostResident) this.#residence.tooMuch()
  }
}
