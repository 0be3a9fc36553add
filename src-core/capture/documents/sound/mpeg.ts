import type { Frame, FramedSound } from './types.ts'

/** MP3 (ISO 11172-3 and 13818-3, layer III) and AAC with ADTS headers (ISO 13818-7): frames that each begin with their own header. */

interface Header {
  length: number
  samples: number
  sampleRate: number
  /** Equal for all frames of a recording. */
  kind: number
}

/** Kilobits a second by the index in the header, from 1; of MPEG 1, and of the lower rates. */
const BITRATES = [
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const
const MP3_RATES = [44_100, 48_000, 32_000] as const
export const AAC_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const
/** Samples of each channel in a frame of AAC. */
export const AAC_FRAME = 1_024
/** Letters by which a frame of MP3 is told that holds no sound. */
const TABLES = ['Xing', 'Info', 'VBRI']
/** Frames of MP3 whose bits may begin in those before. */
const MP3_LEAD_IN = 10
const AAC_LEAD_IN = 2

/** Whether bytes begin with two frames. */
export function isMpegSound(bytes: Buffer): boolean {
  const first = headerAt(bytes, 0)
  return first !== undefined && headerAt(bytes, first.length)?.kind === first.kind
}

/** @returns undefined when there are no frames */
export function openMpeg(bytes: Buffer): FramedSound | undefined {
  const frames: Frame[] = []
  let known: Header | undefined
  for (let at = 0; at + 4 <= bytes.length; ) {
    const header = headerAt(bytes, at)
    const isFrame =
      header && (known ? header.kind === known.kind : headerAt(bytes, at + header.length)?.kind === header.kind)
    if (isFrame) {
      const end = Math.min(at + header.length, bytes.length)
      // The first one may hold a table about the others, which is no longer true of a part of them.
      if (known || !TABLES.some((name) => bytes.subarray(at, end).includes(name))) {
        frames.push({ start: at, end, samples: header.samples })
      }
      known ??= header
      at += header.length
    } else {
      const next = bytes.indexOf(0xff, at + 1)
      if (next === -1) break
      at = next
    }
  }
  if (!known || frames.length === 0) return undefined
  return {
    sampleRate: known.sampleRate,
    frames,
    leadIn: known.samples === AAC_FRAME ? AAC_LEAD_IN : MP3_LEAD_IN,
    fileOf: (from, to) => new Uint8Array(bytes.subarray(frames[from]?.start, frames[to - 1]?.end)),
  }
}

function headerAt(bytes: Buffer, at: number): Header | undefined {
  if (at + 7 > bytes.length || bytes[at] !== 0xff) return undefined
  const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]]
  if ((second & 0xf6) === 0xf0) return adts(bytes, at)
  // Layer III, of a version and rate that exist.
  if ((second & 0xe6) !== 0xe2 || (second & 0x18) === 0x08 || (third & 0x0c) === 0x0c) return undefined
  const version = (second >> 3) & 3
  const isFirst = version === 3
  const bitrate = BITRATES[isFirst ? 0 : 1][(third >> 4) - 1]
  if (bitrate === undefined) return undefined
  const sampleRate = (MP3_RATES[(third >> 2) & 3] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4)
  const samples = isFirst ? 1_152 : 576
  const length = Math.floor((samples * bitrate * 125) / sampleRate) + ((third >> 1) & 1)
  return { length, samples, sampleRate, kind: (version << 8) | (third & 0x0c) }
}

function adts(bytes: Buffer, at: number): Header | undefined {
  const third = bytes[at + 2] ?? 0
  const sampleRate = AAC_RATES[(third >> 2) & 15]
  const length = (bytes.readUInt32BE(at + 2) >> 5) & 0x1fff
  // More than one block in a frame is never written.
  if (sampleRate === undefined || length < 8) return undefined
  return { length, samples: AAC_FRAME, sampleRate, kind: 0x1_0000 | (third & 0xfc) }
}
