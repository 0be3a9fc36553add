import { joined } from './joined.ts'
import type { Frame, FramedSound } from './types.ts'

/** FLAC (RFC 9639). */

/** Letters, header of a block and the block STREAMINFO. */
const HEAD = 4 + 4 + 34
/** No frame is shorter, in bytes. */
const SHORTEST_FRAME = 10

interface Header {
  samples: number
  /** Of the frame, or, where `countsSamples`, of its first sample. */
  number: number
  countsSamples: boolean
}

/** @returns undefined when there are no frames */
export function openFlac(bytes: Buffer): FramedSound | undefined {
  if (bytes.length < HEAD || bytes.toString('latin1', 0, 4) !== 'fLaC' || (bytes.readUInt8(4) & 0x7f) !== 0)
    return undefined
  const sampleRate = bytes.readUIntBE(18, 3) >> 4
  if (sampleRate === 0) return undefined
  const head = Buffer.from(bytes.subarray(0, HEAD))
  // The only block of its file, for which the number of samples and their checksum are unknown.
  head[4] = 0x80
  head[21] = (head[21] ?? 0) & 0xf0
  head.fill(0, 22)
  const frames = framesOf(bytes, firstFrame(bytes))
  if (frames.length === 0) return undefined
  return {
    sampleRate,
    frames,
    leadIn: 0,
    fileOf: (from, to) => joined([head, bytes.subarray(frames[from]?.start, frames[to - 1]?.end)]),
  }
}

function firstFrame(bytes: Buffer): number {
  let at = 4
  while (at + 4 <= bytes.length) {
    const kind = bytes.readUInt8(at)
    at += 4 + bytes.readUIntBE(at + 1, 3)
    if (kind & 0x80) break
  }
  return at
}

/** A frame ends where the next one begins: its length is written nowhere. */
function framesOf(bytes: Buffer, from: number): Frame[] {
  const frames: Frame[] = []
  let last: Header | undefined
  for (let at = from; at !== -1 && at < bytes.length; ) {
    const header = headerAt(bytes, at)
    const open = frames.at(-1)
    if (header && (!last || follows(header, last))) {
      if (open) open.end = at
      frames.push({ start: at, end: bytes.length, samples: header.samples })
      last = header
      at = bytes.indexOf(0xff, at + SHORTEST_FRAME)
    } else at = bytes.indexOf(0xff, at + 1)
  }
  return frames
}

/** Frames may be missing in a damaged file, but never come back. */
function follows(next: Header, last: Header): boolean {
  const expected = last.number + (last.countsSamples ? last.samples : 1)
  return next.countsSamples === last.countsSamples && next.number >= expected && next.number < expected + 2 ** 20
}

function headerAt(bytes: Buffer, at: number): Header | undefined {
  if (at + 16 > bytes.length || (bytes.readUInt16BE(at) & 0xfffe) !== 0xfff8) return undefined
  const sizes = bytes.readUInt8(at + 2)
  const layout = bytes.readUInt8(at + 3)
  if (sizes >> 4 === 0 || (sizes & 15) === 15 || layout >> 4 > 10 || (layout & 1) === 1) return undefined
  const number = codedNumber(bytes, at + 4)
  if (!number) return undefined
  const size = sizes >> 4
  const rate = sizes & 15
  const sizeAt = at + 4 + number.length
  const sizeBytes = size === 6 ? 1 : size === 7 ? 2 : 0
  const rateBytes = rate === 12 ? 1 : rate === 13 || rate === 14 ? 2 : 0
  const end = sizeAt + sizeBytes + rateBytes
  if (end >= bytes.length || crc8(bytes.subarray(at, end)) !== bytes[end]) return undefined
  const samples =
    size === 1
      ? 192
      : size <= 5
        ? 576 << (size - 2)
        : sizeBytes > 0
          ? bytes.readUIntBE(sizeAt, sizeBytes) + 1
          : 256 << (size - 8)
  return { samples, number: number.value, countsSamples: (bytes.readUInt8(at + 1) & 1) === 1 }
}

/** A number that is written as UTF-8 writes letters, with up to 36 bits. */
function codedNumber(bytes: Buffer, at: number): { value: number; length: number } | undefined {
  const first = bytes.readUInt8(at)
  const ones = Math.clz32(~(first << 24))
  if (ones === 0) return { value: first, length: 1 }
  if (ones === 1 || ones > 7 || at + ones > bytes.length) return undefined
  let value = first & (0x7f >> ones)
  for (let index = 1; index < ones; index++) {
    const byte = bytes.readUInt8(at + index)
    if (byte >> 6 !== 2) return undefined
    value = value * 64 + (byte & 63)
  }
  return { value, length: ones }
}

/** Polynomial x^8 + x^2 + x + 1. */
function crc8(bytes: Buffer): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff
  }
  return crc
}
