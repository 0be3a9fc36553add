import { LvaError } from '../kernel/index.ts'
import type { SqlValue } from './types.ts'

/** A parameter as it goes to Postgres: text, raw bytes (bytea in binary format), or null. */
export type EncodedValue = string | Uint8Array | null

/** Turns a column's text into a JavaScript value. */
export type Decoder = (text: string) => unknown

/**
 * Both drivers encode and decode here, so that a value has the same JavaScript form on PGlite and on a server. Object identifiers are those
 * of Postgres' catalogue (src/include/catalog/pg_type.dat); they never change for built-in types.
 */
const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
  jsonb: 3802,
} as const

/** Array type by element type. */
const ARRAY_OID = {
  text: 1009,
  varchar: 1015,
  name: 1003,
  uuid: 2951,
  numeric: 1231,
  bool: 1000,
  bytea: 1001,
  int2: 1005,
  int4: 1007,
  int8: 1016,
  oid: 1028,
  float4: 1021,
  float8: 1022,
  timestamp: 1115,
  timestamptz: 1185,
  json: 199,
  jsonb: 3807,
} as const

const asText: Decoder = (text) => text

const SCALARS: Record<number, Decoder> = {
  [OID.bool]: (text) => text === 't',
  [OID.bytea]: decodeBytea,
  [OID.int8]: decodeInt8,
  [OID.int2]: Number,
  [OID.int4]: Number,
  [OID.oid]: Number,
  [OID.json]: (text) => JSON.parse(text),
  [OID.jsonb]: (text) => JSON.parse(text),
  [OID.float4]: Number,
  [OID.float8]: Number,
  [OID.timestamp]: decodeInstant,
  [OID.timestamptz]: decodeInstant,
}

const DECODERS = new Map<number, Decoder>(Object.entries(SCALARS).map(([oid, decode]) => [Number(oid), decode]))
for (const [element, oid] of Object.entries(ARRAY_OID)) {
  const decode = element in OID ? (SCALARS[OID[element as keyof typeof OID]] ?? asText) : asText
  DECODERS.set(oid, (text) => decodeArray(text, decode))
}

/** The decoder for a column of type `oid`; text where the type has none. */
export function decoderFor(oid: number): Decoder {
  return DECODERS.get(oid) ?? asText
}

/** @throws LvaError bad-input for what Postgres cannot hold: NUL characters, invalid dates, undefined */
export function encodeValues(params: readonly SqlValue[]): EncodedValue[] {
  return params.map((value, index) => encodeValue(value, index + 1))
}

/** @throws LvaError bad-input when `text` holds a NUL character */
export function refuseNul(text: string, what: string): void {
  if (text.includes('\0')) {
    throw new LvaError(
      'bad-input',
      `The text of ${what} holds a NUL character (U+0000), which the database cannot store.`,
      {
        advice: 'Remove the NUL characters and try again.',
      },
    )
  }
}

function encodeValue(value: SqlValue, position: number): EncodedValue {
  if (value === null) return null
  switch (typeof value) {
    case 'string':
      refuseNul(value, `value $${position}`)
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      if (value instanceof Uint8Array) return value
      if (value instanceof Date) return encodeDate(value, position)
      if (Array.isArray(value)) return encodeTextArray(value, position)
  }
  throw new LvaError('bad-input', `Value $${position} is of a kind that a statement cannot carry.`)
}

function encodeDate(value: Date, position: number): string {
  if (Number.isNaN(value.getTime())) throw new LvaError('bad-input', `Value $${position} is not a valid date.`)
  return value.toISOString()
}

/** `{"a","b"}` with quotes and backslashes escaped (Postgres manual, §8.15.6). */
function encodeTextArray(values: readonly unknown[], position: number): string {
  const parts = values.map((value) => {
    if (typeof value !== 'string') {
      throw new LvaError('bad-input', `Value $${position} is a list with something other than text in it.`)
    }
    refuseNul(value, `value $${position}`)
    return `"${value.replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}

function decodeBytea(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2)
  Buffer.from(bytes.buffer).write(text.slice(2), 'hex')
  return bytes
}

/** Beyond 2^53 a number would round, so that the exact bigint comes back instead. */
function decodeInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** `2026-01-31 12:00:00.5+00` and its relatives; the sessions of both drivers run in UTC with ISO dates. */
function decodeInstant(text: string): Date {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::?(\d\d))?)?$/.exec(text)
  if (!match) return new Date(text)
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(
    Number(hour),
    Number(minute),
    Number(second),
    Math.floor(Number(`0.${fraction || '0'}`) * 1000 + 1e-6),
  )
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  return new Date(date.getTime() - (sign === '-' ? -offsetMs : offsetMs))
}

/** Reads an array literal such as `{1,NULL,"a \"b\"",{2,3}}` (Postgres manual, §8.15.6). */
function decodeArray(text: string, decode: Decoder): unknown[] {
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0
  const readItem = (): unknown => {
    if (text[at] === '{') return readList()
    if (text[at] === '"') return decode(readQuoted())
    const start = at
    while (text[at] !== ',' && text[at] !== '}') at += 1
    const word = text.slice(start, at)
    return word === 'NULL' ? null : decode(word)
  }
  const readQuoted = (): string => {
    let value = ''
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1
      value += text[at]
    }
    at += 1
    return value
  }
  const readList = (): unknown[] => {
    const items: unknown[] = []
    at += 1
    while (text[at] !== '}') {
      items.push(readItem())
      if (text[at] === ',') at += 1
    }
    at += 1
    return items
  }
  return readList()
}
