import type { SqlFailure } from '../sql-error.ts'
import type { Row } from '../types.ts'
import { type Decoder, decoderFor, type EncodedValue } from '../values.ts'

/**
 * The little of Postgres' wire protocol 3.0 that one connection inside the program needs (Postgres manual, chapter "Frontend/Backend
 * Protocol", section "Message Formats"). A message is one type byte, a 32-bit big-endian length that counts itself, and the body.
 * Requests are built, and replies read, outside of PGlite's thread: only two buffers cross for each statement.
 */

/** What one request brought back. */
export interface Reply {
  rows: Row[]
  /** What was done, such as `INSERT 0 1` or `COMMIT`; of the last statement. */
  command: string
  /** I: idle, T: in a transaction, E: in a failed transaction; undefined when the engine died before it was ready again. */
  status: 'I' | 'T' | 'E' | undefined
  failure: SqlFailure | undefined
}

const TEXT_FORMAT = 0
const BINARY_FORMAT = 1

/** A statement that the connection keeps by a name: it is read and planned once. */
export interface NamedStatement {
  /** ASCII; different for each text. */
  name: string
  /** The connection has it already, and is told its name alone. */
  isKept: boolean
}

const UNNAMED: NamedStatement = { name: '', isKept: false }

/** One statement by the extended protocol: Parse, Bind, Describe, Execute, Sync in one buffer. Results are asked for as text. */
export function encodeStatement(
  text: string,
  params: readonly EncodedValue[],
  { name, isKept }: NamedStatement = UNNAMED,
): Uint8Array<ArrayBuffer> {
  const textLength = Buffer.byteLength(text)
  const lengths = params.map((value) =>
    value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length,
  )
  const parse = name.length + 1 + textLength + 1 + 2
  const bind =
    1 +
    name.length +
    1 +
    2 +
    2 * params.length +
    2 +
    4 * params.length +
    lengths.reduce((sum, length) => sum + length, 0) +
    2
  const message = new Message((isKept ? 0 : 5 + parse) + 5 + bind + 5 + 2 + 5 + 5 + 5)

  if (!isKept) {
    message.begin('P', parse)
    message.text(name, name.length)
    message.text(text, textLength)
    message.int16(0)
  }

  message.begin('B', bind)
  message.text('', 0)
  message.text(name, name.length)
  message.int16(params.length)
  for (const value of params) message.int16(value instanceof Uint8Array ? BINARY_FORMAT : TEXT_FORMAT)
  message.int16(params.length)
  params.forEach((value, index) => {
    if (value === null) message.int32(-1)
    else {
      message.int32(lengths[index] as number)
      if (typeof value === 'string') message.raw(value, lengths[index] as number)
      else message.bytes(value)
    }
  })
  message.int16(0)

  message.begin('D', 2)
  message.raw('P', 1)
  message.text('', 0)

  message.begin('E', 5)
  message.text('', 0)
  message.int32(0)

  message.begin('S', 0)
  return message.done()
}

/** Several statements without parameters by the simple protocol. */
export function encodeScript(text: string): Uint8Array<ArrayBuffer> {
  const length = Buffer.byteLength(text)
  const message = new Message(5 + length + 1)
  message.begin('Q', length + 1)
  message.text(text, length)
  return message.done()
}

/** Reads all messages of a reply. Notices and parameter changes are skipped. */
export function decodeReply(bytes: Uint8Array): Reply {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reply: Reply = { rows: [], command: '', status: undefined, failure: undefined }
  let columns: { name: string; decode: Decoder }[] = []
  for (let at = 0; at + 5 <= buffer.length; ) {
    const end = at + 1 + buffer.readInt32BE(at + 1)
    const body = at + 5
    switch (buffer[at]) {
      case LETTER.T:
        columns = readColumns(buffer, body)
        reply.rows = []
        break
      case LETTER.D:
        reply.rows.push(readRow(buffer, body, columns))
        break
      case LETTER.C:
        reply.command = buffer.toString('latin1', body, end - 1)
        break
      case LETTER.E:
        reply.failure ??= readFailure(buffer, body)
        break
      case LETTER.Z:
        reply.status = String.fromCharCode(buffer[body] as number) as 'I' | 'T' | 'E'
        break
    }
    at = end
  }
  return reply
}

const LETTER = { T: 0x54, D: 0x44, C: 0x43, E: 0x45, Z: 0x5a } as const

/** RowDescription: a count, then for each column its name, table (4), attribute (2), type (4), size (2), modifier (4), format (2). */
function readColumns(buffer: Buffer, start: number): { name: string; decode: Decoder }[] {
  const columns = []
  let at = start + 2
  for (let left = buffer.readInt16BE(start); left > 0; left -= 1) {
    const nameEnd = buffer.indexOf(0, at)
    columns.push({ name: buffer.toString('utf8', at, nameEnd), decode: decoderFor(buffer.readUInt32BE(nameEnd + 7)) })
    at = nameEnd + 19
  }
  return columns
}

/** DataRow: a count, then for each column its length (-1 is null) and its text. */
function readRow(buffer: Buffer, start: number, columns: readonly { name: string; decode: Decoder }[]): Row {
  const row: Row = {}
  let at = start + 2
  for (const { name, decode } of columns) {
    const length = buffer.readInt32BE(at)
    at += 4
    if (length < 0) row[name] = null
    else {
      row[name] = decode(buffer.toString('utf8', at, at + length))
      at += length
    }
  }
  return row
}

/** ErrorResponse: fields of one type byte and a text, until a zero byte (manual, section "Error and Notice Message Fields"). */
function readFailure(buffer: Buffer, start: number): SqlFailure {
  const failure: SqlFailure = { sqlState: 'XX000', message: '' }
  for (let at = start; buffer[at] !== 0; ) {
    const end = buffer.indexOf(0, at)
    const value = buffer.toString('utf8', at + 1, end)
    const field = String.fromCharCode(buffer[at] as number)
    if (field === 'C') failure.sqlState = value
    else if (field === 'M') failure.message = value
    else if (field === 't') failure.table = value
    else if (field === 'c') failure.column = value
    else if (field === 'n') failure.constraint = value
    at = end + 1
  }
  return failure
}

/** Fills a buffer of known size from front to back. The buffer is its own, so that it can be handed to another thread. */
class Message {
  readonly #buffer: Buffer<ArrayBuffer>
  #at = 0

  constructor(size: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(size))
  }

  /** Starts a message of `type` whose body has `length` bytes. */
  begin(type: string, length: number): void {
    this.raw(type, 1)
    this.int32(length + 4)
  }

  int16(value: number): void {
    this.#at = this.#buffer.writeUInt16BE(value, this.#at)
  }

  int32(value: number): void {
    this.#at = this.#buffer.writeInt32BE(value, this.#at)
  }

  /** A text and the zero byte that ends it. */
  text(value: string, byteLength: number): void {
    this.raw(value, byteLength)
    this.#at = this.#buffer.writeUInt8(0, this.#at)
  }

  raw(value: string, byteLength: number): void {
    this.#at += this.#buffer.write(value, this.#at, byteLength, 'utf8')
  }

  bytes(value: Uint8Array): void {
    this.#buffer.set(value, this.#at)
    this.#at += value.length
  }

  done(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.buffer)
  }
}
