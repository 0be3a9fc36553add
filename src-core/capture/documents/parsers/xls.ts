import { assemble } from '../assemble.ts'
import { damaged, locked, tooComplex, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { decoderOfCodePage } from './codepage.ts'
import { rowBlocks } from './csv.ts'
import { readOle } from './ole.ts'
import { type NumberKind, numberKind, shownNumber } from './sheet-dates.ts'

/** Workbooks of Excel 5 to 2003 (MS-XLS): records of a type, a length and bytes, one after the other. */

const BOF = 0x0809
const EOF = 0x000a
const BOUND_SHEET = 0x0085
const FILE_PASS = 0x002f
const CODE_PAGE = 0x0042
const DATE_MODE = 0x0022
const FORMAT = 0x041e
const XF = 0x00e0
const SST = 0x00fc
const CONTINUE = 0x003c
const LABEL_SST = 0x00fd
const LABEL = 0x0204
const RICH_LABEL = 0x00d6
const NUMBER = 0x0203
const RK = 0x027e
const MANY_RK = 0x00bd
const FORMULA = 0x0006
const STRING = 0x0207
const BOOLEAN_OR_ERROR = 0x0205

/** Version of the records whose texts are Unicode; before it they were bytes in a code page. */
const UNICODE_VERSION = 0x0600
const WORKSHEET = 0
const MOST_COLUMNS = 256
/** Of all sheets. Empty cells and rows count too: a single one far to the right, or far below, would unfold to all before it. */
const MOST_CELLS = 4_000_000
const ERRORS: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}
/** Bytes of a record's type and length. */
const RECORD_HEAD = 4

interface Record_ {
  type: number
  data: Buffer
}

interface Globals {
  isUnicode: boolean
  is1904: boolean
  decoder: TextDecoder
  sheets: { name: string; at: number; isWorksheet: boolean }[]
  shared: string[]
  /** Of each cell style, what its numbers are. */
  kinds: NumberKind[]
}

/** What the sheets that are still to be read may take. */
interface Left {
  /** No two sheets lie in the same bytes: a thousand that claim to would unfold a small file to a thousand times its size. */
  bytes: number
  cells: number
}

/** Each sheet with its rows, dates as dates and other values as they are stored; formulas are not worked out, macros not read. */
export const xlsParser: DocumentParser = {
  formats: ['xls'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const file = readOle(bytes, limits, limits.depth)
    const book = file.stream('Workbook') ?? file.stream('Book')
    if (!book) throw damaged()
    const globals = readGlobals(book)
    const sheets = globals.sheets.filter(({ isWorksheet }) => isWorksheet)
    if (sheets.length > limits.pages) throw tooManyPages(sheets.length, limits.pages)
    const blocks: RawBlock[] = []
    const first = Math.min(...sheets.map(({ at }) => at))
    const left: Left = { bytes: Math.max(0, book.length - first), cells: MOST_CELLS }
    for (const [index, { name, at }] of sheets.entries()) {
      signal.throwIfAborted()
      blocks.push({ kind: 'heading', level: 1, text: name, place: { sheet: name } })
      blocks.push(...rowBlocks(readRows(book, at, globals, left), { sheet: name }))
      onProgress(index + 1, sheets.length)
    }
    return assemble('', sheets.length, blocks)
  },
}

function* recordsFrom(book: Buffer, start: number): Generator<Record_> {
  for (let at = start; at + RECORD_HEAD <= book.length; ) {
    const type = book.readUInt16LE(at)
    const length = book.readUInt16LE(at + 2)
    at += RECORD_HEAD
    if (at + length > book.length) throw damaged()
    yield { type, data: book.subarray(at, at + length) }
    at += length
  }
}

/** What stands before the sheets and counts for all of them. */
function readGlobals(book: Buffer): Globals {
  const globals: Globals = {
    isUnicode: true,
    is1904: false,
    decoder: decoderOfCodePage(undefined),
    sheets: [],
    shared: [],
    kinds: [],
  }
  const formats = new Map<number, string>()
  let strings: Buffer[] | undefined
  for (const { type, data } of recordsFrom(book, 0)) {
    if (strings && type === CONTINUE) strings.push(data)
    else if (strings) {
      globals.shared = readShared(strings)
      strings = undefined
    }
    if (type === EOF) return globals
    if (type === FILE_PASS) throw locked()
    if (type === BOF) globals.isUnicode = data.readUInt16LE(0) >= UNICODE_VERSION
    else if (type === CODE_PAGE) globals.decoder = decoderOfCodePage(data.readUInt16LE(0))
    else if (type === DATE_MODE) globals.is1904 = data.readUInt16LE(0) === 1
    else if (type === FORMAT) formats.set(data.readUInt16LE(0), shortOrLong(data.subarray(2), globals))
    else if (type === XF) {
      const format = data.readUInt16LE(2)
      globals.kinds.push(numberKind(format, formats.get(format)))
    } else if (type === BOUND_SHEET) {
      const name = textAt(data, 7, data[6] ?? 0, globals)
      globals.sheets.push({ name, at: data.readUInt32LE(0), isWorksheet: data[5] === WORKSHEET })
    } else if (type === SST) strings = [data]
  }
  throw damaged()
}

/** Formats were named by bytes with a short length before texts were Unicode. */
function shortOrLong(data: Buffer, globals: Globals): string {
  return globals.isUnicode
    ? textAt(data, 2, data.readUInt16LE(0), globals)
    : textAt(data, 1, data.readUInt8(0), globals)
}

/** A text of so many letters; Unicode ones say in a byte before them whether a letter takes one byte or two. */
function textAt(data: Buffer, at: number, letters: number, { isUnicode, decoder }: Globals): string {
  if (!isUnicode) return decoder.decode(data.subarray(at, at + letters))
  const isWide = ((data[at] ?? 0) & 1) === 1
  const from = at + 1
  return isWide
    ? data.subarray(from, from + 2 * letters).toString('utf16le')
    : data.subarray(from, from + letters).toString('latin1')
}

/**
 * The texts that cells share. They run over several records; where one is cut within its letters, the next record begins with a byte that
 * says anew how wide letters are.
 */
function readShared(pieces: readonly Buffer[]): string[] {
  const reader = new PieceReader(pieces)
  reader.skip(4)
  const count = reader.uint32()
  const shared: string[] = []
  while (shared.length < count && !reader.isOver()) {
    const letters = reader.uint16()
    const flags = reader.uint8()
    const runs = flags & 8 ? reader.uint16() : 0
    const beside = flags & 4 ? reader.uint32() : 0
    shared.push(reader.letters(letters, (flags & 1) === 1))
    reader.skip(4 * runs + beside)
  }
  return shared
}

class PieceReader {
  readonly #pieces: readonly Buffer[]
  #piece = 0
  #at = 0

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces
  }

  isOver(): boolean {
    this.#settle()
    return this.#piece >= this.#pieces.length
  }

  uint8(): number {
    return this.#take(1).readUInt8(0)
  }

  uint16(): number {
    return this.#take(2).readUInt16LE(0)
  }

  uint32(): number {
    return this.#take(4).readUInt32LE(0)
  }

  skip(bytes: number): void {
    for (let left = bytes; left > 0 && !this.isOver(); ) {
      const step = Math.min(left, this.#rest())
      this.#at += step
      left -= step
    }
  }

  letters(count: number, wide: boolean): string {
    let isWide = wide
    let text = ''
    for (let left = count; left > 0; ) {
      if (this.#rest() === 0) {
        if (this.isOver()) throw damaged()
        isWide = (this.uint8() & 1) === 1
      }
      const width = isWide ? 2 : 1
      const letters = Math.min(left, Math.floor(this.#rest() / width))
      if (letters === 0) throw damaged()
      text += this.#take(letters * width).toString(isWide ? 'utf16le' : 'latin1')
      left -= letters
    }
    return text
  }

  #rest(): number {
    return (this.#pieces[this.#piece]?.length ?? 0) - this.#at
  }

  #settle(): void {
    while (this.#piece < this.#pieces.length && this.#rest() === 0) {
      this.#piece += 1
      this.#at = 0
    }
  }

  #take(bytes: number): Buffer {
    this.#settle()
    if (this.#rest() < bytes) throw damaged()
    const taken = this.#pieces[this.#piece]?.subarray(this.#at, this.#at + bytes) ?? Buffer.alloc(0)
    this.#at += bytes
    return taken
  }
}

function readRows(book: Buffer, start: number, globals: Globals, remaining: Left): string[][] {
  const rows: string[][] = []
  const put = (row: number, column: number, text: string) => {
    if (column >= MOST_COLUMNS) throw damaged()
    remaining.cells -= Math.max(0, row + 1 - rows.length) + Math.max(0, column + 1 - (rows[row]?.length ?? 0))
    if (remaining.cells < 0) throw tooComplex()
    // Empty rows are there, so that the number of a row is the one that its reader sees.
    while (rows.length <= row) rows.push([])
    const own = rows[row] as string[]
    while (own.length <= column) own.push('')
    own[column] = text
  }
  const shown = (value: number, style: number) => shownNumber(value, globals.kinds[style] ?? 'number', globals.is1904)
  /** Cell of a formula whose text comes in the record after it. */
  let awaiting: { row: number; column: number } | undefined
  let depth = 0
  for (const { type, data } of recordsFrom(book, start)) {
    remaining.bytes -= RECORD_HEAD + data.length
    if (remaining.bytes < 0) throw damaged()
    // Charts within a sheet have a beginning and an end of their own.
    if (type === BOF) depth += 1
    else if (type === EOF) {
      depth -= 1
      if (depth <= 0) break
    }
    if (depth !== 1) continue
    if (type === STRING && awaiting) {
      put(awaiting.row, awaiting.column, textAt(data, 2, data.readUInt16LE(0), globals))
      awaiting = undefined
    }
    if (!CELLS.has(type)) continue
    const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)]
    if (type === LABEL_SST) put(row, column, globals.shared[data.readUInt32LE(6)] ?? '')
    else if (type === LABEL || type === RICH_LABEL) put(row, column, textAt(data, 8, data.readUInt16LE(6), globals))
    else if (type === NUMBER) put(row, column, shown(data.readDoubleLE(6), style))
    else if (type === RK) put(row, column, shown(packedNumber(data.readInt32LE(6)), style))
    else if (type === BOOLEAN_OR_ERROR) put(row, column, booleanOrError(data.readUInt8(6), data.readUInt8(7) === 1))
    else if (type === MANY_RK) {
      for (let at = 4, next = column; at + 6 <= data.length - 2; at += 6, next += 1)
        put(row, next, shown(packedNumber(data.readInt32LE(at + 2)), data.readUInt16LE(at)))
    } else if (type === FORMULA) {
      if (data.readUInt16LE(12) !== 0xffff) put(row, column, shown(data.readDoubleLE(6), style))
      else if (data[6] === 0) awaiting = { row, column }
      else if (data[6] === 1 || data[6] === 2) put(row, column, booleanOrError(data[8] ?? 0, data[6] === 2))
    }
  }
  return rows
}

const CELLS = new Set([LABEL_SST, LABEL, RICH_LABEL, NUMBER, RK, MANY_RK, FORMULA, BOOLEAN_OR_ERROR])

function booleanOrError(value: number, isError: boolean): string {
  return isError ? (ERRORS[value] ?? '#N/A') : value === 1 ? 'TRUE' : 'FALSE'
}

/** A number of 30 bits: whole, or the upper half of a double; in hundredths where its last bit says so (MS-XLS 2.5.122). */
function packedNumber(packed: number): number {
  let value: number
  if (packed & 2) value = packed >> 2
  else {
    const double = Buffer.alloc(8)
    double.writeInt32LE(packed & ~3, 4)
    value = double.readDoubleLE(0)
  }
  return packed & 1 ? value / 100 : value
}
