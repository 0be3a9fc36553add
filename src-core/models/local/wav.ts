import { LvaError } from '../../kernel/index.ts'

/** Sound as this project handles it: one channel. */
export interface Sound {
  /** In [-1, 1]. */
  samples: Float32Array<ArrayBuffer>
  /** Samples a second. */
  sampleRate: number
}

/** Values of the format field (RFC 2361; 0xfffe says that the real one stands in the extension). */
const FORMAT_PCM = 1
const FORMAT_FLOAT = 3
const FORMAT_EXTENSIBLE = 0xfffe

interface Format {
  kind: 'integer' | 'float'
  channels: number
  sampleRate: number
  bytesPerSample: number
}

/** Bytes before the samples of what is written here. */
export const WAV_HEADER_BYTES = 44

/** Rates that a recording can have; a file that claims another is damaged or no sound. */
const LOWEST_RATE = 1_000
const HIGHEST_RATE = 768_000

/**
 * Reads a WAV file: integers of 8, 16, 24 or 32 bits or floats of 32 or 64, with a plain or an extensible header, any number of
 * channels (their mean is taken). A file that was cut off is read as far as it goes. Floats that are no number become 0.
 * @param limits longest recording that is accepted, in seconds
 * @throws LvaError audio-empty (no bytes, or no samples), audio-not-audio, audio-too-long
 */
export function readWav(bytes: Uint8Array, limits: { maxSeconds: number }): Sound {
  const { view, start, frames, format } = findSamples(bytes)
  if (frames > limits.maxSeconds * format.sampleRate) {
    throw audioTooLong(frames / format.sampleRate, limits.maxSeconds)
  }
  return readSamples(view, start, frames, format)
}

/**
 * Where the samples of a WAV file lie: `frames` times `bytesPerFrame` bytes from `start`.
 * @throws LvaError audio-empty, audio-not-audio
 */
export function wavLayout(bytes: Uint8Array) {
  const { start, frames, format } = findSamples(bytes)
  const { sampleRate, channels, bytesPerSample } = format
  return { sampleRate, start, frames, bytesPerFrame: channels * bytesPerSample }
}

function findSamples(bytes: Uint8Array) {
  if (bytes.byteLength === 0) throw emptyAudio()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') throw notAudio()
  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    const name = tag(view, at)
    if (name === 'fmt ') format = readFormat(view, start, size)
    if (name === 'data') {
      if (!format) throw notAudio()
      // A recorder that was stopped hard leaves a size of 0 or of 4 GiB; then everything to the end of the file is sound.
      const present = view.byteLength - start
      const length = size === 0 ? present : Math.min(size, present)
      const frames = Math.floor(length / (format.channels * format.bytesPerSample))
      if (frames === 0) throw emptyAudio()
      return { view, start, frames, format }
    }
    // Chunks begin at even places.
    at = start + size + (size % 2)
  }
  throw format ? emptyAudio() : notAudio()
}

function readFormat(view: DataView, start: number, size: number): Format {
  if (size < 16 || start + 16 > view.byteLength) throw notAudio()
  let code = view.getUint16(start, true)
  if (code === FORMAT_EXTENSIBLE && size >= 26 && start + 26 <= view.byteLength) code = view.getUint16(start + 24, true)
  const channels = view.getUint16(start + 2, true)
  const sampleRate = view.getUint32(start + 4, true)
  const bits = view.getUint16(start + 14, true)
  const kind = code === FORMAT_PCM ? 'integer' : code === FORMAT_FLOAT ? 'float' : undefined
  const known = kind === 'integer' ? [8, 16, 24, 32] : [32, 64]
  if (!kind || !known.includes(bits) || channels === 0 || sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
    throw notAudio()
  }
  return { kind, channels, sampleRate, bytesPerSample: bits / 8 }
}

function readSamples(view: DataView, start: number, frames: number, format: Format): Sound {
  const { channels, sampleRate, bytesPerSample } = format
  const read = reader(view, format)
  const samples = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    const at = start + frame * channels * bytesPerSample
    for (let channel = 0; channel < channels; channel++) sum += read(at + channel * bytesPerSample)
    samples[frame] = sum / channels
  }
  return { samples, sampleRate }
}

/** How one sample is read at a place; full scale is 1. */
function reader(view: DataView, { kind, bytesPerSample }: Format): (at: number) => number {
  if (kind === 'float') {
    const value =
      bytesPerSample === 4 ? (at: number) => view.getFloat32(at, true) : (at: number) => view.getFloat64(at, true)
    return (at) => cleanSample(value(at))
  }
  switch (bytesPerSample) {
    // 8 bits are unsigned, the others signed.
    case 1:
      return (at) => (view.getUint8(at) - 128) / 128
    case 2:
      return (at) => view.getInt16(at, true) / 0x8000
    case 3:
      return (at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 0x80_0000
    default:
      return (at) => view.getInt32(at, true) / 0x8000_0000
  }
}

/** A sample in [-1, 1]: what is no number is silence, what is too loud is clipped. */
export function cleanSample(value: number): number {
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0
}

/** Writes a WAV file of one channel with 16-bit integers. */
export function writeWav({
  samples,
  sampleRate,
}: {
  samples: Float32Array
  sampleRate: number
}): Uint8Array<ArrayBuffer> {
  const data = pcm16(samples)
  const bytes = new Uint8Array(WAV_HEADER_BYTES + data.length)
  bytes.set(wavHeader(data.length, sampleRate))
  bytes.set(data, WAV_HEADER_BYTES)
  return bytes
}

/** What stands before the samples of a file of one channel with 16-bit integers. @param dataSize bytes of the samples */
export function wavHeader(dataSize: number, sampleRate: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES))
  writeTag(view, 0, 'RIFF')
  view.setUint32(4, 36 + dataSize, true)
  writeTag(view, 8, 'WAVE')
  writeTag(view, 12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, FORMAT_PCM, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  writeTag(view, 36, 'data')
  view.setUint32(40, dataSize, true)
  return new Uint8Array(view.buffer)
}

/** Samples as 16-bit little-endian integers. */
export function pcm16(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(samples.length * 2))
  for (let index = 0; index < samples.length; index++) {
    const value = Math.round(cleanSample(samples[index] as number) * 0x8000)
    view.setInt16(index * 2, Math.min(value, 0x7fff), true)
  }
  return new Uint8Array(view.buffer)
}

/** The four letters at a place; empty beyond the end. */
function tag(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return ''
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

function writeTag(view: DataView, at: number, letters: string): void {
  for (let index = 0; index < letters.length; index++) view.setUint8(at + index, letters.charCodeAt(index))
}

/** The error for a recording without samples. */
export function emptyAudio(): LvaError {
  return new LvaError('audio-empty', 'The recording is empty.', {
    advice: 'Hold the button while you speak, and check that the microphone is on.',
  })
}

function notAudio(): LvaError {
  return new LvaError('audio-not-audio', 'This file is no recording that can be read.', {
    advice: 'Use a WAV file with integers of 8 to 32 bits or with floats.',
  })
}

/** The error for a recording beyond the limit. */
export function audioTooLong(seconds: number, maxSeconds: number): LvaError {
  return new LvaError('audio-too-long', `The recording is longer than ${maxSeconds} seconds.`, {
    advice: 'Cut it into shorter recordings, or raise limits.audioSeconds.',
    params: { seconds: Math.round(seconds), maxSeconds },
  })
}
