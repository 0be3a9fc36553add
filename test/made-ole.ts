/** Compound files of older Office programs, made for tests: one sector size, every stream in sectors of its own. */

const SECTOR = 512
const END = 0xfffffffe
const FREE = 0xffffffff
const TABLE = 0xfffffffd

export interface OleFolder {
  [name: string]: Buffer | OleFolder
}

interface Entry {
  name: string
  kind: number
  content: Buffer
  children: number[]
}

/** A compound file with these streams (buffers) and storages (records). Small ones lie in full sectors too (the cutoff is 0). */
export function oleOf(root: OleFolder): Buffer {
  const entries: Entry[] = []
  const add = (name: string, kind: number, inside: OleFolder | Buffer): number => {
    const entry: Entry = { name, kind, content: Buffer.isBuffer(inside) ? inside : Buffer.alloc(0), children: [] }
    const at = entries.push(entry) - 1
    if (!Buffer.isBuffer(inside)) {
      for (const [own, next] of Object.entries(inside))
        entry.children.push(add(own, Buffer.isBuffer(next) ? 2 : 1, next))
    }
    return at
  }
  add('Root Entry', 5, root)

  const sectors: Buffer[] = []
  const next: number[] = []
  const put = (content: Buffer): number => {
    const count = Math.ceil(content.length / SECTOR)
    if (count === 0) return END
    const start = sectors.length
    for (let index = 0; index < count; index += 1) {
      const sector = Buffer.alloc(SECTOR)
      content.copy(sector, 0, index * SECTOR)
      sectors.push(sector)
      next.push(index + 1 === count ? END : start + index + 1)
    }
    return start
  }
  const directory = Buffer.alloc(Math.ceil(entries.length / 4) * SECTOR)
  for (const [at, { name, kind, content, children }] of entries.entries()) {
    const entry = directory.subarray(at * 128, at * 128 + 128)
    entry.write(name, 0, 'utf16le')
    entry.writeUInt16LE(2 * name.length + 2, 64)
    entry[66] = kind
    for (const place of [68, 72, 76]) entry.writeUInt32LE(FREE, place)
    entry.writeUInt32LE(put(content), 116)
    entry.writeUInt32LE(content.length, 120)
    entry.writeUInt32LE(children[0] ?? FREE, 76)
  }
  // Brothers one behind the other.
  for (const { children } of entries) {
    for (const [index, child] of children.entries()) {
      directory.writeUInt32LE(children[index + 1] ?? FREE, child * 128 + 72)
    }
  }
  const directoryStart = put(directory)
  const tableSectors = Math.ceil((sectors.length + Math.ceil(sectors.length / 127) + 1) / 128)
  const tableStart = sectors.length
  const table = Buffer.alloc(tableSectors * SECTOR, 0xff)
  for (const [at, sector] of next.entries()) table.writeUInt32LE(sector, at * 4)
  for (let index = 0; index < tableSectors; index += 1) table.writeUInt32LE(TABLE, (tableStart + index) * 4)
  const header = Buffer.alloc(SECTOR)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(tableSectors, 44)
  header.writeUInt32LE(directoryStart, 48)
  header.writeUInt32LE(0, 56)
  header.writeUInt32LE(END, 60)
  header.writeUInt32LE(END, 68)
  header.fill(0xff, 76)
  for (let index = 0; index < tableSectors; index += 1) header.writeUInt32LE(tableStart + index, 76 + index * 4)
  return Buffer.concat([header, ...sectors, table])
}

/** A record of a workbook. */
export function record(type: number, ...parts: (Buffer | number[])[]): Buffer {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)))
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data])
}

export function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value, 2 * at)
  return bytes
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at)
  return bytes
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
