import { hasPhrase } from '../phrases.ts'
import type { SearchFilters } from '../types.ts'
import type { ChunkPlace, ChunkVector, VectorIndex, VectorMatch } from './types.ts'

/**
 * Vectors in the memory of this process, for tests and for a server without pgvector: there they are made anew after each start, in the
 * background.
 */
export class InMemoryVectorIndex implements VectorIndex {
  readonly #vectors = new Map<string, ChunkVector>()

  async prepare(): Promise<void> {}

  async add(vectors: readonly ChunkVector[]): Promise<void> {
    for (const vector of vectors) this.#vectors.set(vector.chunkId, vector)
  }

  async known(chunkIds: readonly string[]): Promise<Set<string>> {
    return new Set(chunkIds.filter((id) => this.#vectors.has(id)))
  }

  async prune(captureIds: readonly string[], keptChunkIds: readonly string[]): Promise<void> {
    const owners = new Set(captureIds)
    const kept = new Set(keptChunkIds)
    for (const { chunkId, place } of this.#vectors.values()) {
      if (owners.has(place.captureId) && !kept.has(chunkId)) this.#vectors.delete(chunkId)
    }
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
    const accepts = placeFilter(filters)
    const matches: VectorMatch[] = []
    for (const { chunkId, place, vector: other } of this.#vectors.values()) {
      if (accepts(place)) matches.push({ chunkId, captureId: place.captureId, cosine: dot(vector, other) })
    }
    return matches.sort((a, b) => b.cosine - a.cosine || (a.chunkId < b.chunkId ? -1 : 1)).slice(0, limit)
  }

  async compare(
    chunkIds: readonly string[],
    { vector, middleOf }: { vector: Float32Array; middleOf: readonly string[] },
  ): Promise<Map<string, { cosine: number; likeness: number }>> {
    const middle = new Float32Array(vector.length)
    for (const id of middleOf) {
      const other = this.#vectors.get(id)?.vector
      for (let index = 0; other && index < middle.length; index += 1) {
        middle[index] = (middle[index] as number) + (other[index] as number)
      }
    }
    const length = Math.sqrt(dot(middle, middle)) || 1
    const known = chunkIds.flatMap((id) => this.#vectors.get(id) ?? [])
    return new Map(
      known.map(({ chunkId, vector: own }) => [
        chunkId,
        { cosine: dot(own, vector), likeness: dot(own, middle) / length },
      ]),
    )
  }

  async count(): Promise<number> {
    return this.#vectors.size
  }

  async owners(): Promise<string[]> {
    return [...new Set(Array.from(this.#vectors.values(), ({ place }) => place.captureId))]
  }

  async dropOtherModels(): Promise<void> {}

  async clear(): Promise<void> {
    this.#vectors.clear()
  }
}

/** The filters as a test of one place; the same rules as `chunkCondition` in SQL. */
function placeFilter(filters: SearchFilters | undefined): (place: ChunkPlace) => boolean {
  const { from, to, sessionId, sources, fields, exclude, languages, phrases, within } = filters ?? {}
  const wanted = within && new Set(within)
  const earliest = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from)
  const end = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to)
  return ({ captureId, field, sessionId: session, source, createdAt, language, text }) =>
    createdAt.getTime() >= earliest &&
    createdAt.getTime() < end &&
    (sessionId === undefined || session === sessionId) &&
    (sources === undefined || sources.includes(source)) &&
    (fields === undefined || fields.includes(field)) &&
    !exclude?.includes(captureId) &&
    (languages === undefined || (language !== null && languages.includes(language))) &&
    (phrases ?? []).every((phrase) => hasPhrase(text, phrase)) &&
    (wanted === undefined || wanted.has(captureId))
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number)
  return sum
}
