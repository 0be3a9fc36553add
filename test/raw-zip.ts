import { writeFileSync } from 'node:fs'
import { crc32, deflateRawSync } from 'node:zlib'

/** An entry as no honest program writes it. */
export interface RawEntry {
  name: string | Buffer
  content?: Buffer
  /** What its header says that it unpacks to; the truth when left out. */
  claimedSize?: number
  /** General purpose bits (APPNOTE 4.4.4): 1 is encrypted, 0x800 that the name is UTF-8. */
  flags?: number
  /** Mode of Unix, such as 0o120777 for a link. */
  mode?: number
  /** Number of the entry whose bytes it shares. */
  sharesWith?: number
}

/** A zip of deflated entries as the format's own description has it (APPNOTE 4.3), whatever the entries claim. */
export function writeRawZip(path: string, entries: readonly RawEntry[]): void {
  const local: Buffer[] = []
  const central: Buffer[] = []
  const places: { at: number; common: Buffer }[] = []
  // Many entries share one content.
  let last: { content: Buffer; packed: Buffer } | undefined
  let offset = 0
  for (const { name, content = Buffer.from('x'), claimedSize, flags = 0x800, mode = 0o100644, sharesWith } of entries) {
    const bytes = Buffer.from(name as string)
    const shared = sharesWith === undefined ? undefined : places[sharesWith]
    const common = Buffer.alloc(26)
    const place = shared ?? { at: offset, common }
    if (shared) shared.common.copy(common)
    else {
      if (content !== last?.content) last = { content, packed: deflateRawSync(content) }
      const { packed } = last
      common.writeUInt16LE(20, 0)
      common.writeUInt16LE(flags, 2)
      common.writeUInt16LE(8, 4)
      common.writeUInt32LE(crc32(content), 10)
      common.writeUInt32LE(packed.length, 14)
      common.writeUInt32LE(claimedSize ?? content.length, 18)
      common.writeUInt16LE(bytes.length, 22)
      const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, bytes])
      local.push(header, packed)
      offset += header.length + packed.length
    }
    common.writeUInt16LE(bytes.length, 22)
    places.push(place)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(mode * 2 ** 16, 6)
    rest.writeUInt32LE(place.at, 10)
    // Made on Unix, so that the mode counts.
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, bytes]))
  }
  const directory = Buffer.concat(central)
  const isLarge = central.length > 0xffff
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(isLarge ? 0xffff : central.length, 8)
  end.writeUInt16LE(isLarge ? 0xffff : central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  const large = isLarge ? largeEnd(central.length, directory.length, offset) : Buffer.alloc(0)
  writeFileSync(path, Buffer.concat([...local, directory, large, end]))
}

/** The end of a directory of more than 65,535 entries, and where it stands (APPNOTE 4.3.14, 4.3.15). */
function largeEnd(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(56 + 20)
  end.write('PK\x06\x06', 0, 'latin1')
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(45, 12)
  end.writeUInt16LE(45, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(bytes), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  end.write('PK\x06\x07', 56, 'latin1')
  end.writeBigUInt64LE(BigInt(offset + bytes), 64)
  end.writeUInt32LE(1, 72)
  return end
}
