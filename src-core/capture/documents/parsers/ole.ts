import { damaged, tooComplex } from '../errors.ts'
import type { DocumentLimits } from '../types.ts'

/** The compound files of older Office programs (MS-CFB): streams in storages in one file, in sectors, like a small disk. */

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const HEADER_BYTES = 512
const ENTRY_BYTES = 128
const SECTORS_IN_HEADER = 109
/** Sector numbers from here on mark ends and free sectors. */
const FIRST_MARK = 0xfffffffa
const MOST_ENTRIES = 100_000
const BYTES_PER_MB = 2 ** 20

const STORAGE = 1
const STREAM = 2

interface Entry {
  name: string
  kind: number
  left: number
  right: number
  child: number
  start: number
  size: number
}

/** A folder of a compound file. */
export interface OleStorage {
  readonly storages: ReadonlyMap<string, OleStorage>
  /** Bytes of a stream, or undefined where there is none of that name; what is read in all is bounded. */
  stream(name: string): Buffer | undefined
}

export function isOle(bytes: Uint8Array): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))
}

/** Names of the streams at the top, as far as the file can be followed: they tell what it is. */
export function oleStreamNames(bytes: Uint8Array): string[] {
  try {
    const file = new CompoundFile(bytes, 0)
    return file.childrenOf(file.root).map(({ name }) => name)
  } catch {
    return []
  }
}

/** @throws LvaError document-damaged, document-too-complex */
export function readOle(bytes: Uint8Array, { unpackedMb }: Pick<DocumentLimits, 'unpackedMb'>, depth: number) {
  const file = new CompoundFile(bytes, unpackedMb * BYTES_PER_MB)
  return file.storage(file.root, depth)
}

class CompoundFile {
  readonly root: Entry
  readonly #bytes: Buffer
  readonly #sectorBytes: number
  readonly #smallSectorBytes: number
  readonly #smallBelow: number
  readonly #next: Uint32Array
  readonly #smallNext: Uint32Array
  readonly #entries: readonly Entry[]
  #small: Buffer | undefined
  #room: number
  #mayFollow = MOST_ENTRIES

  constructor(bytes: Uint8Array, room: number) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (!isOle(buffer) || buffer.length < HEADER_BYTES) throw damaged()
    this.#bytes = buffer
    this.#room = room
    const [shift, smallShift] = [buffer.readUInt16LE(30), buffer.readUInt16LE(32)]
    if ((shift !== 9 && shift !== 12) || smallShift !== 6) throw damaged()
    this.#sectorBytes = 2 ** shift
    this.#smallSectorBytes = 2 ** smallShift
    this.#smallBelow = buffer.readUInt32LE(56)
    this.#next = this.#table(this.#tableSectors())
    this.#smallNext = this.#table(this.#chain(buffer.readUInt32LE(60), this.#next))
    this.#entries = this.#readEntries(this.#chain(buffer.readUInt32LE(48), this.#next))
    const [root] = this.#entries
    if (!root) throw damaged()
    this.root = root
  }

  storage(entry: Entry, depth: number): OleStorage {
    if (depth < 0) throw tooComplex()
    const streams = new Map<string, Entry>()
    const storages = new Map<string, OleStorage>()
    const children = this.childrenOf(entry)
    // Folders that share what is inside them would double with each level.
    this.#mayFollow -= children.length
    if (this.#mayFollow < 0) throw tooComplex()
    for (const child of children) {
      if (child.kind === STREAM) streams.set(child.name, child)
      if (child.kind === STORAGE) storages.set(child.name, this.storage(child, depth - 1))
    }
    return {
      storages,
      stream: (name) => {
        const found = streams.get(name)
        return found && this.#read(found)
      },
    }
  }

  /** Brothers stand in a tree; each is visited once, whatever its pointers say. */
  childrenOf({ child }: Entry): Entry[] {
    const found: Entry[] = []
    const seen = new Set<number>()
    const waiting = [child]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const entry = this.#entries[at]
      if (!entry || seen.has(at)) continue
      seen.add(at)
      found.push(entry)
      waiting.push(entry.right, entry.left)
    }
    return found
  }

  #read({ start, size }: Entry): Buffer {
    this.#room -= size
    if (this.#room < 0) throw tooComplex()
    const isSmall = size < this.#smallBelow
    const sectors = this.#chain(start, isSmall ? this.#smallNext : this.#next)
    const pieces = sectors.map((sector) => (isSmall ? this.#smallSector(sector) : this.#sector(sector)))
    const whole = Buffer.concat(pieces)
    if (whole.length < size) throw damaged()
    return whole.subarray(0, size)
  }

  #sector(number: number): Buffer {
    const start = (number + 1) * this.#sectorBytes
    if (start >= this.#bytes.length) throw damaged()
    return this.#bytes.subarray(start, start + this.#sectorBytes)
  }

  #smallSector(number: number): Buffer {
    this.#small ??= Buffer.concat(this.#chain(this.root.start, this.#next).map((sector) => this.#sector(sector)))
    const start = number * this.#smallSectorBytes
    return this.#small.subarray(start, start + this.#smallSectorBytes)
  }

  /** A chain that meets itself has no end. */
  #chain(start: number, next: Uint32Array): number[] {
    const sectors: number[] = []
    for (let at = start; at < FIRST_MARK; at = next[at] ?? FIRST_MARK) {
      if (sectors.length > next.length) throw damaged()
      sectors.push(at)
    }
    return sectors
  }

  #tableSectors(): number[] {
    const sectors: number[] = []
    const take = (from: Buffer, count: number) => {
      for (let place = 0; place < count && place * 4 + 4 <= from.length; place += 1) {
        const sector = from.readUInt32LE(place * 4)
        if (sector < FIRST_MARK) sectors.push(sector)
      }
    }
    take(this.#bytes.subarray(76, HEADER_BYTES), SECTORS_IN_HEADER)
    const inSector = this.#sectorBytes / 4 - 1
    const most = this.#bytes.length / this.#sectorBytes
    let at = this.#bytes.readUInt32LE(68)
    for (let count = 0; at < FIRST_MARK; count += 1) {
      if (count > most) throw damaged()
      const sector = this.#sector(at)
      take(sector, inSector)
      at = sector.length === this.#sectorBytes ? sector.readUInt32LE(inSector * 4) : FIRST_MARK
    }
    return sectors
  }

  #table(sectors: readonly number[]): Uint32Array {
    if (sectors.length * this.#sectorBytes > this.#bytes.length) throw damaged()
    const bytes = Buffer.concat(sectors.map((sector) => this.#sector(sector)))
    const table = new Uint32Array(Math.floor(bytes.length / 4))
    Buffer.from(table.buffer).set(bytes.subarray(0, table.byteLength))
    return table
  }

  #readEntries(sectors: readonly number[]): Entry[] {
    const bytes = Buffer.concat(sectors.map((sector) => this.#sector(sector)))
    const count = Math.floor(bytes.length / ENTRY_BYTES)
    if (count > MOST_ENTRIES) throw tooComplex()
    return Array.from({ length: count }, (_, place) => {
      const entry = bytes.subarray(place * ENTRY_BYTES, (place + 1) * ENTRY_BYTES)
      const nameBytes = Math.min(64, Math.max(0, entry.readUInt16LE(64) - 2))
      return {
        name: entry.subarray(0, nameBytes).toString('utf16le'),
        kind: entry[66] ?? 0,
        left: entry.readUInt32LE(68),
        right: entry.readUInt32LE(72),
        child: entry.readUInt32LE(76),
        start: entry.readUInt32LE(116),
        size: entry.readUInt32LE(120),
      }
    })
  }
}
