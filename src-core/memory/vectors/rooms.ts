import { dotsOver, STRIDE_BYTES } from './simd-dots.ts'

const PAGE_BYTES = 65_536

/** Memory for so many vectors, one row each. */
export interface Room {
  readonly rows: number
  row(at: number): Float32Array
  write(at: number, vector: Float32Array): void
  move(from: number, to: number): void
  /** Takes the first rows of another room of the same kind. */
  copy(other: Room, rows: number): void
  /** Scalar products of a vector with the first rows; good until the next call. */
  products(vector: Float32Array, rows: number): Float32Array
  /** The same with some rows, in their order. */
  productsOf(vector: Float32Array, rows: readonly number[]): number[]
}

/**
 * One memory for what is compared and what comes of it. Rows are filled up with zeros to a whole number of strides.
 *
 *     query | one product for each row | row 0 | row 1 | ...
 */
class Layout {
  readonly width: number
  readonly query = 0
  readonly values: number
  readonly products: Float32Array
  readonly buffer: ArrayBuffer
  readonly #dots: ReturnType<typeof dotsOver>

  /** @param numberBytes of one number of a row */
  constructor(rows: number, dimensions: number, numberBytes: 1 | 4) {
    const rowBytes = Math.max(STRIDE_BYTES, Math.ceil((dimensions * numberBytes) / STRIDE_BYTES) * STRIDE_BYTES)
    const productBytes = Math.ceil((4 * rows) / STRIDE_BYTES) * STRIDE_BYTES
    const memory = new WebAssembly.Memory({
      initial: Math.ceil((rowBytes + productBytes + rows * rowBytes) / PAGE_BYTES),
    })
    this.buffer = memory.buffer as ArrayBuffer
    this.width = rowBytes
    this.values = rowBytes + productBytes
    this.products = new Float32Array(this.buffer, rowBytes, rows)
    this.#dots = dotsOver(memory, numberBytes === 1 ? 'int8' : 'float32')
  }

  /** Multiplies so many rows: `products` are theirs then, from the first place on. */
  multiply(from: number, rows: number): void {
    this.#dots(this.values + from * this.width, rows, this.width, this.query, this.products.byteOffset)
  }

  /** The product of one row, at the first place of `products`. */
  productOf(row: number): number {
    this.multiply(row, 1)
    return this.products[0] as number
  }
}

/** Vectors as they are. */
export class FloatRoom implements Room {
  readonly rows: number
  readonly #dimensions: number
  readonly #layout: Layout
  readonly #width: number
  readonly #query: Float32Array
  readonly #values: Float32Array

  constructor(rows: number, dimensions: number) {
    this.rows = rows
    this.#dimensions = dimensions
    this.#layout = new Layout(rows, dimensions, 4)
    const { buffer, query, values, width } = this.#layout
    this.#width = width / 4
    this.#query = new Float32Array(buffer, query, this.#width)
    this.#values = new Float32Array(buffer, values, rows * this.#width)
  }

  row(at: number): Float32Array {
    return this.#values.subarray(at * this.#width, at * this.#width + this.#dimensions)
  }

  write(at: number, vector: Float32Array): void {
    this.#values.set(vector, at * this.#width)
  }

  move(from: number, to: number): void {
    this.write(to, this.row(from))
  }

  copy(other: FloatRoom, rows: number): void {
    this.#values.set(other.#values.subarray(0, rows * this.#width))
  }

  products(vector: Float32Array, rows: number): Float32Array {
    this.#query.set(vector)
    this.#layout.multiply(0, rows)
    return this.#layout.products.subarray(0, rows)
  }

  productsOf(vector: Float32Array, rows: readonly number[]): number[] {
    this.#query.set(vector)
    return rows.map((row) => this.#layout.productOf(row))
  }
}

/** Largest number of a byte, the same on both sides of 0. */
const LARGEST = 127

/** Vectors whose numbers are rounded to a 127th of their largest, each a byte (scalar quantisation). */
export class ByteRoom implements Room {
  readonly rows: number
  readonly #dimensions: number
  readonly #layout: Layout
  readonly #query: Int8Array
  readonly #values: Int8Array
  /** What 1 stands for in each row. */
  readonly #units: Float32Array

  constructor(rows: number, dimensions: number) {
    this.rows = rows
    this.#dimensions = dimensions
    this.#layout = new Layout(rows, dimensions, 1)
    const { buffer, query, values, width } = this.#layout
    this.#query = new Int8Array(buffer, query, width)
    this.#values = new Int8Array(buffer, values, rows * width)
    this.#units = new Float32Array(rows)
  }

  row(at: number): Float32Array {
    const unit = this.#units[at] as number
    return Float32Array.from(this.#bytes(at), (value) => value * unit)
  }

  write(at: number, vector: Float32Array): void {
    this.#units[at] = round(vector, this.#bytes(at))
  }

  move(from: number, to: number): void {
    this.#bytes(to).set(this.#bytes(from))
    this.#units[to] = this.#units[from] as number
  }

  copy(other: ByteRoom, rows: number): void {
    this.#values.set(other.#values.subarray(0, rows * this.#layout.width))
    this.#units.set(other.#units.subarray(0, rows))
  }

  products(vector: Float32Array, rows: number): Float32Array {
    const unit = round(vector, this.#query)
    this.#layout.multiply(0, rows)
    const { products } = this.#layout
    for (let at = 0; at < rows; at += 1) products[at] = (products[at] as number) * unit * (this.#units[at] as number)
    return products.subarray(0, rows)
  }

  productsOf(vector: Float32Array, rows: readonly number[]): number[] {
    const unit = round(vector, this.#query)
    return rows.map((row) => this.#layout.productOf(row) * unit * (this.#units[row] as number))
  }

  #bytes(at: number): Int8Array {
    const { width } = this.#layout
    return this.#values.subarray(at * width, at * width + this.#dimensions)
  }
}

/** @returns what 1 stands for in `bytes` */
function round(vector: Float32Array, bytes: Int8Array): number {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  const unit = largest / LARGEST || 1
  for (let at = 0; at < vector.length; at += 1) bytes[at] = Math.round((vector[at] as number) / unit)
  return unit
}
