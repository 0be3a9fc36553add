import { damaged, notSupported } from '../errors.ts'
import { decodeAlac, readAlacConfig } from './alac.ts'
import { decodeFile } from './decode-file.ts'
import type { DecodeFile } from './framed.ts'
import { joined } from './joined.ts'
import { AAC_FRAME, AAC_RATES } from './mpeg.ts'
import type { Frame, FramedSound } from './types.ts'

/** MP4 and M4A (ISO 14496-12, -14) with AAC or Apple Lossless: the first track of sound, also of a film. */

interface Box {
  type: string
  start: number
  body: number
  end: number
}

/** Object types of AAC in the header of a track (ISO 14496-1, table 5). */
const AAC = [0x40, 0x66, 0x67, 0x68]
/** AAC LC, the only profile that is decoded; what SBR adds to it is left out. */
const LOW_COMPLEXITY = 2
const WITH_SBR = [5, 29]
const ADTS_HEADER = 7
const LEAD_IN = 2
/** Frames of a recording of a day, at 48,000 samples a second. */
const MOST_FRAMES = 4_100_000

/** Where a frame lies. */
type Place = Pick<Frame, 'start' | 'end'>

/** What the frames of a track are, and how they are decoded. */
interface Coding {
  sampleRate: number
  /** Of each channel in a frame. */
  samples: number
  leadIn: number
  /** What stands before a frame of so many bytes in what is decoded. */
  headerOf(size: number): Uint8Array
  decode: DecodeFile
}

/** @throws LvaError document-damaged, document-not-supported */
export function openMp4(bytes: Buffer): { sound: FramedSound; decode: DecodeFile } {
  const top = [...boxesOf(bytes, 0, bytes.length)]
  const movie = top.find(({ type }) => type === 'moov')
  if (!movie) throw damaged()
  const track = [...boxesOf(bytes, movie.body, movie.end)].find(
    (box) => box.type === 'trak' && isSound(inside(bytes, box, 'mdia', 'hdlr'), bytes),
  )
  const table = track && inside(bytes, track, 'mdia', 'minf', 'stbl')
  if (!table) throw notSupported('MP4')
  const { headerOf, decode, sampleRate, samples, leadIn } = codingOf(bytes, inside(bytes, table, 'stsd'))
  const whole = framesOf(bytes, table)
  const fragments = top.filter(({ type }) => type === 'moof')
  const places =
    whole.length > 0
      ? whole
      : framesOfFragments(
          bytes,
          fragments,
          trackNumber(bytes, track),
          usualSize(bytes, movie, trackNumber(bytes, track)),
        )
  // Frames that lie in the same bytes would unfold a small file to many times its size.
  const held = places.reduce((sum, { start, end }) => sum + end - start, 0)
  if (places.length === 0 || held > bytes.length) throw damaged()
  const frames = places.map((place): Frame => ({ ...place, samples }))
  const fileOf = (from: number, to: number) =>
    joined(frames.slice(from, to).flatMap(({ start, end }) => [headerOf(end - start), bytes.subarray(start, end)]))
  return { sound: { sampleRate, frames, leadIn, fileOf }, decode }
}

function trackNumber(bytes: Buffer, track: Box): number {
  const header = inside(bytes, track, 'tkhd')
  // Behind two times, which are longer in version 1.
  return header ? bytes.readUInt32BE(header.body + (bytes.readUInt8(header.body) === 1 ? 20 : 12)) : 0
}

/** The size of the frames of a track where a fragment says none. */
function usualSize(bytes: Buffer, movie: Box, track: number): number {
  const extension = inside(bytes, movie, 'mvex')
  const usual = extension
    ? [...boxesOf(bytes, extension.body, extension.end)].find(
        ({ type, body }) => type === 'trex' && bytes.readUInt32BE(body + 4) === track,
      )
    : undefined
  return usual ? bytes.readUInt32BE(usual.body + 16) : 0
}

/** Frames of what is recorded while it is written: each fragment says of itself what it holds (ISO 14496-12, 8.8). */
function framesOfFragments(bytes: Buffer, fragments: readonly Box[], track: number, usualSize: number): Place[] {
  const frames: Place[] = []
  for (const fragment of fragments) {
    for (const part of boxesOf(bytes, fragment.body, fragment.end)) {
      const header = part.type === 'traf' ? inside(bytes, part, 'tfhd') : undefined
      if (!header || bytes.readUInt32BE(header.body + 4) !== track) continue
      const flags = bytes.readUInt32BE(header.body)
      const base = flags & 1 ? Number(bytes.readBigUInt64BE(header.body + 8)) : fragment.start
      // Before the size there may be the base, the description and the duration.
      const sizeAt = header.body + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0) + (flags & 8 ? 4 : 0)
      const size = flags & 0x10 ? bytes.readUInt32BE(sizeAt) : usualSize
      for (const run of boxesOf(bytes, part.body, part.end)) {
        if (run.type === 'trun') frames.push(...framesOfRun(bytes, run, base, size))
      }
    }
  }
  return frames
}

function framesOfRun(bytes: Buffer, run: Box, base: number, usualSize: number): Place[] {
  const flags = bytes.readUInt32BE(run.body)
  const count = Math.min(MOST_FRAMES, bytes.readUInt32BE(run.body + 4))
  let at = run.body + 8
  let start = base
  if (flags & 1) {
    start += bytes.readInt32BE(at)
    at += 4
  }
  if (flags & 4) at += 4
  const [sizeAt, step] = [flags & 0x100 ? 4 : 0, 4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length]
  const frames: Place[] = []
  for (let index = 0; index < count; index++, at += step) {
    const size = flags & 0x200 ? bytes.readUInt32BE(at + sizeAt) : usualSize
    if (size === 0 || start < 0 || start + size > bytes.length) break
    frames.push({ start, end: start + size })
    start += size
  }
  return frames
}

function isSound(handler: Box | undefined, bytes: Buffer): boolean {
  return handler !== undefined && bytes.toString('latin1', handler.body + 8, handler.body + 12) === 'soun'
}

/** Where each frame lies, from the tables of sizes and of chunks. */
function framesOf(bytes: Buffer, table: Box): Place[] {
  const sizes = inside(bytes, table, 'stsz')
  const runs = inside(bytes, table, 'stsc')
  const chunks = inside(bytes, table, 'stco') ?? inside(bytes, table, 'co64')
  if (!sizes || !runs || !chunks) throw damaged()
  const [fixed, count] = [bytes.readUInt32BE(sizes.body + 4), bytes.readUInt32BE(sizes.body + 8)]
  const [runCount, chunkCount] = [bytes.readUInt32BE(runs.body + 4), bytes.readUInt32BE(chunks.body + 4)]
  const wide = chunks.type === 'co64' ? 8 : 4
  const fits =
    count <= MOST_FRAMES &&
    (fixed > 0 || sizes.body + 12 + count * 4 <= sizes.end) &&
    runs.body + 8 + runCount * 12 <= runs.end &&
    chunks.body + 8 + chunkCount * wide <= chunks.end
  if (!fits) throw damaged()
  const frames: Place[] = []
  let run = -1
  for (let chunk = 0; chunk < chunkCount && frames.length < count; chunk++) {
    const at = chunks.body + 8 + chunk * wide
    let start = wide === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at)
    while (run + 1 < runCount && bytes.readUInt32BE(runs.body + 8 + (run + 1) * 12) <= chunk + 1) run += 1
    const inChunk = run < 0 ? 0 : bytes.readUInt32BE(runs.body + 8 + run * 12 + 4)
    for (let index = 0; index < inChunk && frames.length < count; index++) {
      const size = fixed > 0 ? fixed : bytes.readUInt32BE(sizes.body + 12 + frames.length * 4)
      // A file that was cut off is heard as far as it goes.
      if (start + size > bytes.length) return frames
      frames.push({ start, end: start + size })
      start += size
    }
  }
  return frames
}

function codingOf(bytes: Buffer, descriptions: Box | undefined): Coding {
  const [entry] = descriptions ? boxesOf(bytes, descriptions.body + 8, descriptions.end) : []
  if (!entry) throw damaged()
  // QuickTime's versions of the entry are longer.
  const more = [28, 44, 64][bytes.readUInt16BE(entry.body + 8)] ?? 28
  const description = { ...entry, body: entry.body + more }
  if (entry.type === 'mp4a') return aacCoding(bytes, description)
  if (entry.type === 'alac') return alacCoding(bytes, description)
  throw notSupported(entry.type.replace(/[^a-zA-Z0-9-]/g, ''))
}

/** Frames get their lengths. */
function alacCoding(bytes: Buffer, description: Box): Coding {
  const header = inside(bytes, description, 'alac') ?? inside(bytes, description, 'wave', 'alac')
  if (!header) throw damaged()
  // Behind version and flags.
  const config = readAlacConfig(bytes.subarray(header.body + 4, header.end))
  const headerOf = (size: number) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(size)
    return length
  }
  const { sampleRate, samples } = config
  return { sampleRate, samples, leadIn: 0, headerOf, decode: async (frames) => decodeAlac(frames, config) }
}

/** Frames get the headers of ADTS. */
function aacCoding(bytes: Buffer, description: Box): Coding {
  const header = inside(bytes, description, 'esds') ?? inside(bytes, description, 'wave', 'esds')
  const { objectType, config } = header ? configOf(bytes, header.body + 4, header.end) : {}
  if (objectType === undefined || !config) throw damaged()
  if (!AAC.includes(objectType)) throw notSupported('MP4')
  const bits = bitsOf(config)
  let kind = bits(5)
  const rate = bits(4)
  if (rate === 15) bits(24)
  const channels = bits(4)
  if (WITH_SBR.includes(kind)) {
    if (bits(4) === 15) bits(24)
    kind = bits(5)
  }
  const sampleRate = AAC_RATES[rate]
  if (kind !== LOW_COMPLEXITY || sampleRate === undefined || channels === 0 || channels > 7) throw notSupported('AAC')
  const headerOf = (size: number) => {
    const length = size + ADTS_HEADER
    return Uint8Array.from([
      0xff,
      0xf1,
      ((LOW_COMPLEXITY - 1) << 6) | (rate << 2) | (channels >> 2),
      ((channels & 3) << 6) | (length >> 11),
      (length >> 3) & 0xff,
      ((length & 7) << 5) | 0x1f,
      0xfc,
    ])
  }
  return { sampleRate, samples: AAC_FRAME, leadIn: LEAD_IN, headerOf, decode: decodeFile }
}

/** The object type of a track, and what its decoder has to know, from descriptors (ISO 14496-1, 7.2.6). */
function configOf(bytes: Buffer, from: number, end: number): { objectType?: number; config?: Buffer } {
  let objectType: number | undefined
  for (let at = from; at + 2 <= end; ) {
    const tag = bytes.readUInt8(at++)
    let length = 0
    for (let more = true; more && at < end; at++) {
      const byte = bytes.readUInt8(at)
      length = length * 128 + (byte & 0x7f)
      more = (byte & 0x80) !== 0
    }
    if (tag === 3) at += 3
    else if (tag === 4 && at < end) {
      objectType = bytes.readUInt8(at)
      at += 13
    } else if (tag === 5)
      return { ...(objectType === undefined ? {} : { objectType }), config: bytes.subarray(at, at + length) }
    else at += length
  }
  return {}
}

/** Reads numbers of so many bits; zeros beyond the end. */
function bitsOf(bytes: Buffer): (count: number) => number {
  let at = 0
  return (count) => {
    let value = 0
    for (let bit = 0; bit < count; bit++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
}

function inside(bytes: Buffer, box: Box, ...path: readonly string[]): Box | undefined {
  let found: Box | undefined = box
  for (const type of path) {
    found = found && [...boxesOf(bytes, found.body, found.end)].find((each) => each.type === type)
  }
  return found
}

function* boxesOf(bytes: Buffer, from: number, end: number): Generator<Box> {
  for (let at = from; at + 8 <= end; ) {
    const short = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const isLong = short === 1 && at + 16 <= end
    const size = short === 0 ? end - at : isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const head = isLong ? 16 : 8
    // One that is cut off says nothing that could be relied on.
    if (size < head || at + size > end) return
    yield { type, start: at, body: at + head, end: at + size }
    at += size
  }
}
