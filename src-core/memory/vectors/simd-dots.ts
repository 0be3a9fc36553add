/**
 * Scalar products of one vector with many, sixteen bytes at a time: a WebAssembly module of one function, put together here from its
 * opcodes (WebAssembly Core Specification 2.0, chapter 5; vector instructions §5.4.8). V8 compiles no loop over a typed array to vector
 * instructions by itself.
 *
 *     dots(row, rows, bytes, query, out)
 *       for each of `rows` vectors of `bytes` bytes from `row` on:
 *         out = sum of row[i] * query[i]; row += bytes; out += 4
 *
 * `out` are float32. Of numbers of one byte the products are summed as whole numbers of 32 bits, which hold 130,000 of them.
 */

/** What the vectors consist of. */
export type NumberKind = 'float32' | 'int8'

/** Bytes that one turn of the inner loop takes: four registers of sixteen. */
export const STRIDE_BYTES = 64

const I32 = 0x7f
const V128 = 0x7b
const EMPTY = 0x40
const GET = 0x20
const SET = 0x21
const ADD = 0x6a
const SUB = 0x6b
const CONST = 0x41
const BLOCK = 0x02
const LOOP = 0x03
const BR = 0x0c
const BR_IF = 0x0d
const EQZ = 0x45
const LESS_UNSIGNED = 0x49
const END = 0x0b
const F32_STORE = [0x38, 2, 0]
const F32_ADD = 0x92
const F32_FROM_I32 = 0xb2
const vector = (opcode: number) => [0xfd, ...unsigned(opcode)]
const LOAD = (offset: number) => [...vector(0x00), 4, ...unsigned(offset)]
const VECTOR_CONST_0 = [...vector(0x0c), ...new Array<number>(16).fill(0)]

/** How the numbers of two registers are multiplied, and added to the four sums of a third. */
interface Arithmetic {
  /** Takes a register of sums, and those to multiply, from the stack; leaves the sums. */
  multiplyAndAdd(row: number[], query: number[]): number[]
  addSums: number[]
  lane(lane: number): number[]
  addLanes: number
  /** Makes a float32 of the sum. */
  finish: number[]
}

const ADD_I32 = vector(0xae)
/** Products of the lower, or upper, eight bytes as 16 bits, then each two neighbours summed to 32 bits. */
const products = (row: number[], query: number[], multiply: number) => [
  ...[...row, ...query, ...vector(multiply)],
  ...vector(0x7e),
  ...ADD_I32,
]
const ARITHMETIC: Record<NumberKind, Arithmetic> = {
  float32: {
    multiplyAndAdd: (row, query) => [...row, ...query, ...vector(0xe6), ...vector(0xe4)],
    addSums: vector(0xe4),
    lane: (lane) => [...vector(0x1f), lane],
    addLanes: F32_ADD,
    finish: [],
  },
  int8: {
    multiplyAndAdd: (row, query) => [...products(row, query, 0x9c), ...products(row, query, 0x9d)],
    addSums: ADD_I32,
    lane: (lane) => [...vector(0x1b), lane],
    addLanes: ADD,
    finish: [F32_FROM_I32],
  },
}

const [ROW, ROWS, BYTES, QUERY, OUT, AT, ENDS, SUMS] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const REGISTERS = [0, 1, 2, 3]

/** Makes the function over a memory, which may grow afterwards. */
export function dotsOver(
  memory: WebAssembly.Memory,
  kind: NumberKind,
): (row: number, rows: number, bytes: number, query: number, out: number) => void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(kind)), { m: { m: memory } })
  return exports.d as (row: number, rows: number, bytes: number, query: number, out: number) => void
}

function moduleBytes(kind: NumberKind): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...Buffer.from(text)]
  return Uint8Array.from([
    ...Buffer.from('\0asm'),
    ...[1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...name('m'), ...name('m'), 0x02, 0x00, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('d'), 0x00, 0]),
    ...section(10, [1, ...sized([2, 2, I32, REGISTERS.length, V128, ...body(ARITHMETIC[kind]), END])]),
  ])
}

function body({ multiplyAndAdd, addSums, lane, addLanes, finish }: Arithmetic): number[] {
  return [
    ...[BLOCK, EMPTY, LOOP, EMPTY],
    ...[GET, ROWS, EQZ, BR_IF, 1],
    ...[GET, QUERY, SET, AT],
    ...[GET, ROW, GET, BYTES, ADD, SET, ENDS],
    ...REGISTERS.flatMap((register) => [...VECTOR_CONST_0, SET, SUMS + register]),
    ...[LOOP, EMPTY],
    ...REGISTERS.flatMap((register) => [
      ...[GET, SUMS + register],
      ...multiplyAndAdd([GET, ROW, ...LOAD(16 * register)], [GET, AT, ...LOAD(16 * register)]),
      ...[SET, SUMS + register],
    ]),
    ...[GET, AT, CONST, ...signed(STRIDE_BYTES), ADD, SET, AT],
    ...[GET, ROW, CONST, ...signed(STRIDE_BYTES), ADD, SET, ROW],
    ...[GET, ROW, GET, ENDS, LESS_UNSIGNED, BR_IF, 0],
    END,
    ...[GET, SUMS, GET, SUMS + 1, ...addSums, GET, SUMS + 2, GET, SUMS + 3, ...addSums, ...addSums, SET, SUMS],
    ...[GET, OUT],
    ...[GET, SUMS, ...lane(0), GET, SUMS, ...lane(1), addLanes],
    ...[GET, SUMS, ...lane(2), GET, SUMS, ...lane(3), addLanes, addLanes],
    ...finish,
    ...F32_STORE,
    ...[GET, OUT, CONST, 4, ADD, SET, OUT],
    ...[GET, ROWS, CONST, 1, SUB, SET, ROWS],
    ...[BR, 0, END, END],
  ]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)]
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content]
}

/** LEB128, as in the specification §5.2.2. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}
