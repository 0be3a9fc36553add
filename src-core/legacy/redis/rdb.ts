import { redisUnreadable } from '../faults.ts'

/**
 * Reads the string keys of an RDB file, versions 1 to 12, as they are described in Redis' own documentation of the format ("Redis RDB
 * Dump File Format") and `src/rdb.h` of Redis. Values of other types are passed over.
 */

const OPCODE = {
  function2: 245,
  moduleAux: 247,
  idle: 248,
  freq: 249,
  aux: 250,
  resizeDb: 251,
  expireMs: 252,
  expire: 253,
  selectDb: 254,
  end: 255,
} as const

/** Value types that are one string, whatever is packed in it. */
const ONE_STRING = new Set([0, 9, 10, 11, 12, 13, 16, 17, 20])
/** A count, and so many strings. */
const STRINGS = new Set([1, 2, 14])
const HASH = 4
const SCORED_BY_TEXT = 3
const SCORED_BY_DOUBLE = 5
const QUICKLIST_2 = 18

/** @throws LvaError legacy-redis-unreadable */
export function readRdb(bytes: Uint8Array): [key: string, value: string][] {
  const reader = new RdbReader(bytes)
  try {
    return reader.strings()
  } catch (error) {
    if (error instanceof RangeError) throw redisUnreadable('The RDB file is cut off or damaged.', error)
    throw error
  }
}

class RdbReader {
  readonly #bytes: Buffer
  #at = 9

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  strings(): [string, string][] {
    const version = Number(this.#bytes.toString('latin1', 5, 9))
    if (!(version >= 1 && version <= 12)) throw redisUnreadable('The RDB file is of a version that is not known here.')
    const found: [string, string][] = []
    for (;;) {
      const type = this.#byte()
      switch (type) {
        case OPCODE.end:
          return found
        case OPCODE.selectDb:
          this.#length()
          break
        case OPCODE.resizeDb:
          this.#length()
          this.#length()
          break
        case OPCODE.aux:
          this.#string()
          this.#string()
          break
        case OPCODE.function2:
          this.#string()
          break
        case OPCODE.expire:
          this.#skip(4)
          break
        case OPCODE.expireMs:
          this.#skip(8)
          break
        case OPCODE.idle:
          this.#length()
          break
        case OPCODE.freq:
          this.#skip(1)
          break
        default: {
          const key = this.#string().toString('utf8')
          if (type === 0) found.push([key, this.#string().toString('utf8')])
          else this.#passOver(type)
        }
      }
    }
  }

  #passOver(type: number): void {
    if (ONE_STRING.has(type)) this.#string()
    else if (STRINGS.has(type)) this.#times(() => this.#string())
    else if (type === HASH) {
      this.#times(() => {
        this.#string()
        this.#string()
      })
    } else if (type === SCORED_BY_DOUBLE) {
      this.#times(() => {
        this.#string()
        this.#skip(8)
      })
    } else if (type === SCORED_BY_TEXT) {
      this.#times(() => {
        this.#string()
        // 253 to 255 stand for not a number and the infinities.
        const length = this.#byte()
        if (length < 253) this.#skip(length)
      })
    } else if (type === QUICKLIST_2) {
      this.#times(() => {
        this.#length()
        this.#string()
      })
    } else {
      throw redisUnreadable('The RDB file holds values of a kind that v1 never wrote, which cannot be passed over.')
    }
  }

  #times(read: () => void): void {
    for (let left = this.#length(); left > 0; left -= 1) read()
  }

  #byte(): number {
    const byte = this.#bytes.readUInt8(this.#at)
    this.#at += 1
    return byte
  }

  #skip(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw new RangeError('beyond the end')
    this.#at += bytes
  }

  #take(bytes: number): Buffer {
    const from = this.#at
    this.#skip(bytes)
    return this.#bytes.subarray(from, this.#at)
  }

  #length(): number {
    const { value, isSpecial } = this.#lengthOrSpecial()
    if (isSpecial) throw new RangeError('a length was expected')
    return value
  }

  /** The two highest bits say how the length is written; 11 that the string is. */
  #lengthOrSpecial(): { value: number; isSpecial: boolean } {
    const first = this.#byte()
    const rest = first & 0x3f
    switch (first >> 6) {
      case 0:
        return { value: rest, isSpecial: false }
      case 1:
        return { value: (rest << 8) | this.#byte(), isSpecial: false }
      case 2:
        return {
          value: first === 0x81 ? Number(this.#take(8).readBigUInt64BE()) : this.#take(4).readUInt32BE(),
          isSpecial: false,
        }
      default:
        return { value: rest, isSpecial: true }
    }
  }

  #string(): Buffer {
    const { value, isSpecial } = this.#lengthOrSpecial()
    if (!isSpecial) return this.#take(value)
    switch (value) {
      case 0:
        return Buffer.from(String(this.#take(1).readInt8()))
      case 1:
        return Buffer.from(String(this.#take(2).readInt16LE()))
      case 2:
        return Buffer.from(String(this.#take(4).readInt32LE()))
      case 3: {
        const packed = this.#length()
        const length = this.#length()
        return expandLzf(this.#take(packed), length)
      }
      default:
        throw new RangeError('a string was expected')
    }
  }
}

/** No value of v1 comes near this. */
const LARGEST_VALUE = 512 * 2 ** 20

/** LZF, as in Marc Lehmann's liblzf: a byte below 32 begins a run of literals, any other a copy of what was written before. */
export function expandLzf(packed: Uint8Array, length: number): Buffer {
  if (length > LARGEST_VALUE) throw new RangeError('too long')
  const out = Buffer.alloc(length)
  let from = 0
  let to = 0
  const next = () => {
    const byte = packed[from]
    if (byte === undefined) throw new RangeError('the packed string is cut off')
    from += 1
    return byte
  }
  while (from < packed.length) {
    const control = next()
    if (control < 32) {
      for (let left = control + 1; left > 0; left -= 1) out.writeUInt8(next(), to++)
      continue
    }
    const short = control >> 5
    const copied = (short === 7 ? next() + 7 : short) + 2
    let source = to - (((control & 0x1f) << 8) | next()) - 1
    for (let left = copied; left > 0; left -= 1) out.writeUInt8(out.readUInt8(source++), to++)
  }
  if (to !== length) throw new RangeError('the packed string is not as long as it says')
  return out
}
