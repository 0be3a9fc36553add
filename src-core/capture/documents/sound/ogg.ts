import { damaged, notSupported } from '../errors.ts'
import { decodeFile } from './decode-file.ts'
import { openFramed } from './framed.ts'
import { joined } from './joined.ts'
import { openOpus } from './opus.ts'
import type { OpenedSound } from './types.ts'

/** Ogg (RFC 3533) with Vorbis or Opus: the first such stream of a recording. */

interface OggPage {
  start: number
  end: number
  body: number
  serial: number
  /** Begins a stream. */
  isFirst: boolean
  /** Samples up to the end of the last packet that ends here; undefined when none does. */
  position: number | undefined
  /** Lengths of the parts of packets; one of 255 goes on in the next. */
  segments: Buffer
}

/** Pages of Vorbis before the one that is wanted: a packet may begin in an earlier one, and needs the one before it. */
const VORBIS_LEAD_IN = 2
const VORBIS_HEADERS = 3
const OPUS_RATE = 48_000

/**
 * Recordings that were put one behind the other in a file are heard one after the other.
 * @throws LvaError document-damaged, document-not-supported
 */
export function openOgg(bytes: Buffer, pieceSeconds: number): OpenedSound {
  const all: OpenedSound[] = []
  let reason: unknown
  for (const pages of linksOf([...pagesOf(bytes)])) {
    try {
      all.push(openLink(bytes, pages, pieceSeconds))
    } catch (error) {
      // One that is cut off behind its head, or of another kind, takes nothing from the others.
      reason ??= error
    }
  }
  const [first] = all
  if (!first) throw reason ?? damaged()
  if (all.some(({ sampleRate }) => sampleRate !== first.sampleRate)) throw notSupported('Ogg')
  async function* pieces() {
    for (const link of all) yield* link.pieces()
  }
  return { sampleRate: first.sampleRate, seconds: all.reduce((sum, { seconds }) => sum + seconds, 0), pieces }
}

/** The streams of a recording begin together: a beginning behind other pages is that of the next one. */
function linksOf(pages: readonly OggPage[]): OggPage[][] {
  const links: OggPage[][] = []
  let hasBegun = true
  for (const page of pages) {
    if (page.isFirst && hasBegun) links.push([])
    hasBegun = !page.isFirst
    if (links.length === 0) links.push([])
    links.at(-1)?.push(page)
  }
  return links
}

function openLink(bytes: Buffer, all: readonly OggPage[], pieceSeconds: number): OpenedSound {
  const firsts = new Map<number, OggPage>()
  for (const page of all) if (!firsts.has(page.serial)) firsts.set(page.serial, page)
  for (const { serial, body } of firsts.values()) {
    const pages = () => all.filter((page) => page.serial === serial)
    if (bytes.toString('latin1', body, body + 8) === 'OpusHead') return opusOf(bytes, pages())
    if (bytes.toString('latin1', body, body + 7) === '\u0001vorbis') return vorbisOf(bytes, pages(), pieceSeconds)
  }
  throw firsts.size === 0 ? damaged() : notSupported('Ogg')
}

function opusOf(bytes: Buffer, pages: readonly OggPage[]): OpenedSound {
  const packets = () => packetsOf(bytes, pages)
  const head = packets().next().value
  if (!head) throw damaged()
  function* sound() {
    let headers = 2
    for (const packet of packets()) if (headers-- <= 0) yield packet
  }
  if (sound().next().done) throw damaged()
  const last = pages.findLast(({ position }) => position !== undefined)?.position ?? 0
  return openOpus({ head, seconds: last / OPUS_RATE, packets: sound })
}

function vorbisOf(bytes: Buffer, pages: readonly OggPage[], pieceSeconds: number): OpenedSound {
  const [first] = pages
  const sampleRate = first && first.body + 16 <= bytes.length ? bytes.readUInt32LE(first.body + 12) : 0
  let headers = 0
  const begin = pages.findIndex(({ segments }) => {
    headers += segments.filter((length) => length < 255).length
    return headers >= VORBIS_HEADERS
  })
  const frames: { start: number; end: number; samples: number }[] = []
  let before = 0
  for (const { start, end, position } of begin === -1 ? [] : pages.slice(begin + 1)) {
    frames.push({ start, end, samples: Math.max(0, (position ?? before) - before) })
    before = position ?? before
  }
  if (sampleRate < 1_000 || sampleRate > 384_000 || frames.length === 0) throw damaged()
  const prefix = pages.slice(0, begin + 1).map(({ start, end }) => bytes.subarray(start, end))
  const fileOf = (from: number, to: number) =>
    joined([...prefix, ...frames.slice(from, to).map(({ start, end }) => bytes.subarray(start, end))])
  return openFramed({ sampleRate, frames, leadIn: VORBIS_LEAD_IN, fileOf }, decodeFile, pieceSeconds)
}

function* pagesOf(bytes: Buffer): Generator<OggPage> {
  let start = bytes.indexOf('OggS')
  while (start !== -1 && start + 27 <= bytes.length) {
    const segments = bytes.subarray(start + 27, start + 27 + bytes.readUInt8(start + 26))
    const body = start + 27 + bytes.readUInt8(start + 26)
    const end = segments.reduce((sum, length) => sum + length, body)
    if (end > bytes.length) return
    const position = Number(bytes.readBigInt64LE(start + 6))
    yield {
      start,
      end,
      body,
      serial: bytes.readUInt32LE(start + 14),
      isFirst: (bytes.readUInt8(start + 5) & 2) !== 0,
      position: position < 0 ? undefined : position,
      segments,
    }
    start = bytes.indexOf('OggS', end)
  }
}

function* packetsOf(bytes: Buffer, pages: readonly OggPage[]): Generator<Buffer> {
  let parts: Buffer[] = []
  for (const { body, segments } of pages) {
    let at = body
    for (const length of segments) {
      parts.push(bytes.subarray(at, at + length))
      at += length
      if (length === 255) continue
      yield parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
      parts = []
    }
  }
}
