import type { Chunk } from '../types.ts'
import type { VectorMatch } from './types.ts'

/** A vector of unit length and what is known of its chunk. */
export interface MatrixRow {
  chunkId: string
  captureId: string
  field: Chunk['field']
  vector: Float32Array
}

export interface MatrixFilter {
  fields?: readonly string[] | undefined
  /** Captures that are left out. */
  exclude?: readonly string[] | undefined
  /** Captures of which only these are looked at. */
  within?: readonly string[] | undefined
}

const FIRST_ROWS = 1_024

/** Vectors side by side in one array, compared one after the other. */
export class VectorMatrix {
  readonly #rowOf = new Map<string, number>()
  readonly #rows: Omit<MatrixRow, 'vector'>[] = []
  /** Those of the first vector. */
  #dimensions = 0
  #values = new Float32Array(0)

  get size(): number {
    return this.#rows.length
  }

  /** Keeps a vector; one that is there for the same chunk is replaced. @throws RangeError for one of other dimensions than the first */
  set({ vector, ...row }: MatrixRow): void {
    if (this.#rows.length === 0) this.#dimensions = vector.length
    if (vector.length !== this.#dimensions) throw new RangeError(`a vector of ${vector.length} dimensions`)
    const at = this.#rowOf.get(row.chunkId) ?? this.#rows.length
    this.#makeRoom(at + 1)
    this.#rowOf.set(row.chunkId, at)
    this.#rows[at] = row
    this.#values.set(vector, at * this.#dimensions)
  }

  /** Of these captures, drops all but some chunks. */
  prune(captureIds: ReadonlySet<string>, keptChunkIds: ReadonlySet<string>): void {
    for (let at = this.#rows.length - 1; at >= 0; at -= 1) {
      const row = this.#rows[at]
      if (row && captureIds.has(row.captureId) && !keptChunkIds.has(row.chunkId)) this.#remove(at)
    }
  }

  /** The nearest to a vector of unit length, nearest first; equal ones by their ids. */
  nearest(vector: Float32Array, limit: number, { fields, exclude, within }: MatrixFilter = {}): VectorMatch[] {
    const rows = this.#rows
    const left = exclude && exclude.length > 0 ? new Set(exclude) : undefined
    const wanted = within && new Set(within)
    const best = new Best(limit)
    for (let at = 0; at < rows.length; at += 1) {
      if (fields || left || wanted) {
        const { field, captureId } = rows[at] as MatrixRow
        if (fields && !fields.includes(field)) continue
        if (left?.has(captureId) || (wanted && !wanted.has(captureId))) continue
      }
      const score = this.#dot(at, vector)
      if (score > best.least) best.offer(at, score)
    }
    return best
      .all()
      .map(({ at, score }) => {
        const { chunkId, captureId } = this.#rows[at] as Omit<MatrixRow, 'vector'>
        return { chunkId, captureId, cosine: score }
      })
      .sort((a, b) => b.cosine - a.cosine || (a.chunkId < b.chunkId ? -1 : 1))
  }

  /** Cosines to a vector, and to the middle of some chunks; where none of these is known, `likeness` is 0. */
  compare(
    chunkIds: readonly string[],
    { vector, middleOf }: { vector: Float32Array; middleOf: readonly string[] },
  ): Map<string, { cosine: number; likeness: number }> {
    const middle = new Float32Array(this.#dimensions)
    for (const id of middleOf) {
      const row = this.#rowOf.get(id)
      if (row === undefined) continue
      const from = row * this.#dimensions
      for (let index = 0; index < middle.length; index += 1) {
        middle[index] = (middle[index] as number) + (this.#values[from + index] as number)
      }
    }
    const length = Math.hypot(...middle) || 1
    const compared = new Map<string, { cosine: number; likeness: number }>()
    for (const id of chunkIds) {
      const row = this.#rowOf.get(id)
      if (row === undefined) continue
      compared.set(id, { cosine: this.#dot(row, vector), likeness: this.#dot(row, middle) / length })
    }
    return compared
  }

  #remove(at: number): void {
    const last = this.#rows.length - 1
    const [gone, moved] = [this.#rows[at], this.#rows[last]]
    if (!gone || !moved) return
    if (at !== last) {
      this.#rows[at] = moved
      this.#rowOf.set(moved.chunkId, at)
      this.#values.copyWithin(at * this.#dimensions, last * this.#dimensions, (last + 1) * this.#dimensions)
    }
    this.#rows.pop()
    this.#rowOf.delete(gone.chunkId)
  }

  #makeRoom(rows: number): void {
    if (rows * this.#dimensions <= this.#values.length) return
    const larger = new Float32Array(Math.max(FIRST_ROWS, 2 * this.#rows.length) * this.#dimensions)
    larger.set(this.#values)
    this.#values = larger
  }

  /** Four sums side by side, which the processor adds at the same time. */
  #dot(row: number, vector: Float32Array): number {
    const values = this.#values
    const end = this.#dimensions - 3
    const from = row * this.#dimensions
    let [a, b, c, d] = [0, 0, 0, 0]
    let index = 0
    for (; index < end; index += 4) {
      a += (values[from + index] as number) * (vector[index] as number)
      b += (values[from + index + 1] as number) * (vector[index + 1] as number)
      c += (values[from + index + 2] as number) * (vector[index + 2] as number)
      d += (values[from + index + 3] as number) * (vector[index + 3] as number)
    }
    for (; index < this.#dimensions; index += 1) a += (values[from + index] as number) * (vector[index] as number)
    return a + b + c + d
  }
}

/** The largest of many scores: a heap whose root is the smallest of them. */
class Best {
  readonly #limit: number
  readonly #heap: { at: number; score: number }[] = []
  /** What a score must be above to be among the largest. */
  least = Number.NEGATIVE_INFINITY

  constructor(limit: number) {
    this.#limit = limit
  }

  offer(at: number, score: number): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push({ at, score })
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1
        if (!this.#swapIfLess(child, parent)) break
        child = parent
      }
      if (heap.length === this.#limit) this.least = heap[0]?.score ?? this.least
      return
    }
    const root = heap[0]
    if (!root || score <= root.score) return
    heap[0] = { at, score }
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1
      const smaller = (heap[left + 1]?.score ?? Number.POSITIVE_INFINITY) < (heap[left]?.score ?? 0) ? left + 1 : left
      if (smaller >= heap.length || !this.#swapIfLess(smaller, parent)) break
      parent = smaller
    }
    this.least = heap[0]?.score ?? this.least
  }

  all(): readonly { at: number; score: number }[] {
    return this.#heap
  }

  #swapIfLess(child: number, parent: number): boolean {
    const [lower, upper] = [this.#heap[child], this.#heap[parent]]
    if (!lower || !upper || lower.score >= upper.score) return false
    this.#heap[child] = upper
    this.#heap[parent] = lower
    return true
  }
}
