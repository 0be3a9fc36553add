import { Best } from '../best.ts'
import { ByteRoom, FloatRoom, type Room } from './rooms.ts'
import type { NumberKind } from './simd-dots.ts'

/** Whose vector it is. */
export interface Named {
  chunkId: string
  captureId: string
}

const FIRST_ROWS = 1_024

/**
 * Vectors of unit length side by side in one memory, all compared at once (`simd-dots.ts`). As `int8` they take a quarter of the memory, and
 * cosines of 384 dimensions are off by some 0.0006.
 * @typeParam T what is known of a vector's chunk
 */
export class VectorMatrix<T extends Named> {
  readonly #rowOf = new Map<string, number>()
  readonly #rows: T[] = []
  /** Those of the first vector. */
  #dimensions = 0
  #room: Room
  readonly #kind: NumberKind

  constructor(kind: NumberKind = 'float32') {
    this.#kind = kind
    this.#room = roomOf(kind, 0, 0)
  }

  get size(): number {
    return this.#rows.length
  }

  /** Keeps a vector; one that is there for the same chunk is replaced. @throws RangeError for one of other dimensions than the first */
  set(row: T, vector: Float32Array): void {
    if (this.#rows.length === 0) this.#dimensions = vector.length
    if (vector.length !== this.#dimensions) throw new RangeError(`a vector of ${vector.length} dimensions`)
    const at = this.#rowOf.get(row.chunkId) ?? this.#rows.length
    if (at >= this.#room.rows || this.#rows.length === 0) this.#makeRoom(at)
    this.#rowOf.set(row.chunkId, at)
    this.#rows[at] = row
    this.#room.write(at, vector)
  }

  has(chunkId: string): boolean {
    return this.#rowOf.has(chunkId)
  }

  rows(): readonly T[] {
    return this.#rows
  }

  /** The same vectors as numbers of another kind. */
  as(kind: NumberKind): VectorMatrix<T> {
    const other = new VectorMatrix<T>(kind)
    for (const [at, row] of this.#rows.entries()) other.set(row, this.#room.row(at))
    return other
  }

  /** Of these captures, drops all but some chunks. */
  prune(captureIds: ReadonlySet<string>, keptChunkIds: ReadonlySet<string>): void {
    for (let at = this.#rows.length - 1; at >= 0; at -= 1) {
      const row = this.#rows[at]
      if (row && captureIds.has(row.captureId) && !keptChunkIds.has(row.chunkId)) this.#remove(at)
    }
  }

  /** The nearest to a vector of unit length, nearest first; equal ones by their ids. */
  nearest(
    vector: Float32Array,
    limit: number,
    accepts?: (row: T) => boolean,
  ): { chunkId: string; captureId: string; cosine: number }[] {
    const products = this.#products(vector)
    const best = new Best(limit)
    let least = Number.NEGATIVE_INFINITY
    for (let at = 0; at < products.length; at += 1) {
      const score = products[at] as number
      if (score > least && (!accepts || accepts(this.#rows[at] as T))) least = best.offer(at, score)
    }
    const row = (at: number) => this.#rows[at] as T
    const cosine = (at: number) => products[at] as number
    return best
      .places()
      .sort((a, b) => cosine(b) - cosine(a) || (row(a).chunkId < row(b).chunkId ? -1 : 1))
      .map((at) => ({ chunkId: row(at).chunkId, captureId: row(at).captureId, cosine: cosine(at) }))
  }

  /** Cosines to a vector, and to the middle of some chunks; where none of these is known, `likeness` is 0. */
  compare(
    chunkIds: readonly string[],
    { vector, middleOf }: { vector: Float32Array; middleOf: readonly string[] },
  ): Map<string, { cosine: number; likeness: number }> {
    const middle = new Float32Array(this.#dimensions)
    for (const id of middleOf) {
      const at = this.#rowOf.get(id)
      if (at === undefined) continue
      const own = this.#room.row(at)
      for (let index = 0; index < middle.length; index += 1)
        middle[index] = (middle[index] as number) + (own[index] as number)
    }
    const length = Math.hypot(...middle) || 1
    const rows: number[] = []
    for (const chunkId of chunkIds) {
      const at = this.#rowOf.get(chunkId)
      if (at !== undefined) rows.push(at)
    }
    const compared = new Map<string, { cosine: number; likeness: number }>()
    if (rows.length === 0) return compared
    const cosines = this.#room.productsOf(vector, rows)
    const likenesses = this.#room.productsOf(middle, rows)
    for (let place = 0; place < rows.length; place += 1) {
      const { chunkId } = this.#rows[rows[place] as number] as T
      compared.set(chunkId, { cosine: cosines[place] as number, likeness: (likenesses[place] as number) / length })
    }
    return compared
  }

  #products(vector: Float32Array): Float32Array {
    if (this.#rows.length === 0) return new Float32Array(0)
    return this.#room.products(vector, this.#rows.length)
  }

  #remove(at: number): void {
    const last = this.#rows.length - 1
    const [gone, moved] = [this.#rows[at], this.#rows[last]]
    if (!gone || !moved) return
    if (at !== last) {
      this.#rows[at] = moved
      this.#rowOf.set(moved.chunkId, at)
      this.#room.move(last, at)
    }
    this.#rows.pop()
    this.#rowOf.delete(gone.chunkId)
  }

  #makeRoom(at: number): void {
    const larger = roomOf(this.#kind, Math.max(FIRST_ROWS, 2 * at), this.#dimensions)
    if (this.#rows.length > 0) larger.copy(this.#room, this.#rows.length)
    this.#room = larger
  }
}

function roomOf(kind: NumberKind, rows: number, dimensions: number): Room {
  return kind === 'int8' ? new ByteRoom(rows, dimensions) : new FloatRoom(rows, dimensions)
}
