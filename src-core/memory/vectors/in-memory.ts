import { hasPhrase } from '../phrases.ts'
import { type FilteredPlace, placeFilter } from '../place-filter.ts'
import type { SearchFilters } from '../types.ts'
import type { ChunkVector, VectorIndex, VectorMatch } from './types.ts'
import { type Named, VectorMatrix } from './vector-matrix.ts'

type Row = Named & FilteredPlace & { text: string }

/**
 * Vectors in the memory of this process, for tests and for a server without pgvector: there they are made anew after each start, in the
 * background.
 */
export class InMemoryVectorIndex implements VectorIndex {
  #matrix = new VectorMatrix<Row>()

  async prepare(): Promise<void> {}

  async add(vectors: readonly ChunkVector[]): Promise<void> {
    for (const { chunkId, vector, place } of vectors) {
      const { createdAt, ...rest } = place
      this.#matrix.set({ chunkId, ...rest, at: createdAt.getTime() }, vector)
    }
  }

  async known(chunkIds: readonly string[]): Promise<Set<string>> {
    return new Set(chunkIds.filter((id) => this.#matrix.has(id)))
  }

  async prune(captureIds: readonly string[], keptChunkIds: readonly string[]): Promise<void> {
    this.#matrix.prune(new Set(captureIds), new Set(keptChunkIds))
  }

  async search(
    vector: Float32Array,
    {
      filters,
      limit,
      signal,
    }: { filters?: SearchFilters | undefined; limit: number; signal?: AbortSignal | undefined },
  ): Promise<VectorMatch[]> {
    signal?.throwIfAborted()
    const isThere = placeFilter(filters)
    const phrases = filters?.phrases ?? []
    return this.#matrix.nearest(
      vector,
      limit,
      (row) => (!isThere || isThere(row)) && phrases.every((phrase) => hasPhrase(row.text, phrase)),
    )
  }

  async compare(
    chunkIds: readonly string[],
    to: { vector: Float32Array; middleOf: readonly string[] },
  ): Promise<Map<string, { cosine: number; likeness: number }>> {
    return this.#matrix.compare(chunkIds, to)
  }

  async count(): Promise<number> {
    return this.#matrix.size
  }

  async owners(): Promise<string[]> {
    return [...new Set(this.#matrix.rows().map(({ captureId }) => captureId))]
  }

  async dropOtherModels(): Promise<void> {}

  async clear(): Promise<void> {
    this.#matrix = new VectorMatrix()
  }
}
