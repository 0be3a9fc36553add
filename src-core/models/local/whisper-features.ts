import { SPEECH_RATE } from './moonshine.ts'

/**
 * The log-mel spectrogram that Whisper hears (Radford et al. 2022, arXiv:2212.04356, §2.2): 25 ms of sound every 10 ms, in 80 bands of the
 * mel scale of Slaney's Auditory Toolbox.
 */

/** Seconds of one window; shorter sound is followed by silence. */
const WHISPER_SECONDS = 30
export const WHISPER_BANDS = 80
/** Frames of one window. */
export const WHISPER_FRAMES = 3_000

const SIZE = 400
const HOP = 160
const BINS = SIZE / 2 + 1
/** What is softer than this many powers of ten below the loudest is as soft as that. */
const RANGE = 8

/**
 * @param samples mono, at `SPEECH_RATE`, in [-1, 1]; what lies beyond `WHISPER_SECONDS` is left out
 * @returns `WHISPER_BANDS` rows of `WHISPER_FRAMES` numbers
 */
export function whisperFeatures(samples: Float32Array): Float32Array<ArrayBuffer> {
  const features = new Float32Array(WHISPER_BANDS * WHISPER_FRAMES).fill(Math.log10(QUIETEST))
  const length = Math.min(samples.length, WHISPER_SECONDS * SPEECH_RATE)
  const frame = new Float64Array(SIZE)
  const power = new Float64Array(BINS)
  const { filters } = tables()
  // Frames of nothing but silence are as they are already.
  const frames = Math.min(WHISPER_FRAMES, Math.ceil((length + SIZE / 2) / HOP))
  let loudest = Math.log10(QUIETEST)
  for (let index = 0; index < frames; index++) {
    for (let at = 0; at < SIZE; at++) {
      // The sound is mirrored before its beginning; after it there is silence, up to the end of the window, where it is mirrored too.
      const place = mirrored(index * HOP + at - SIZE / 2)
      frame[at] = place < length ? (samples[place] as number) : 0
    }
    powerOf(frame, power)
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0
      for (let at = 0; at < weights.length; at++) sum += (weights[at] as number) * (power[first + at] as number)
      const level = Math.log10(Math.max(QUIETEST, sum))
      features[band * WHISPER_FRAMES + index] = level
      if (level > loudest) loudest = level
    }
  }
  for (let index = 0; index < features.length; index++) {
    features[index] = (Math.max(features[index] as number, loudest - RANGE) + 4) / 4
  }
  return features
}

const QUIETEST = 1e-10

function mirrored(place: number): number {
  const end = WHISPER_SECONDS * SPEECH_RATE - 1
  const after = place < 0 ? -place : place
  return after > end ? 2 * end - after : after
}

/** The power of each frequency of one frame. Sums and differences of what lies alike on both sides of the middle halve the work. */
function powerOf(frame: Float64Array, power: Float64Array): void {
  const { window, cosines, sines } = tables()
  const half = SIZE / 2
  for (let at = 0; at < SIZE; at++) frame[at] = (frame[at] as number) * (window[at] as number)
  for (let at = 1; at < half; at++) {
    const one = frame[at] as number
    const other = frame[SIZE - at] as number
    frame[at] = one + other
    frame[SIZE - at] = one - other
  }
  const first = frame[0] as number
  const middle = frame[half] as number
  for (let bin = 0; bin < BINS; bin++) {
    let real = first + (bin % 2 === 0 ? middle : -middle)
    let imaginary = 0
    const row = bin * half
    for (let at = 1; at < half; at++) {
      real += (frame[at] as number) * (cosines[row + at] as number)
      imaginary += (frame[SIZE - at] as number) * (sines[row + at] as number)
    }
    power[bin] = real * real + imaginary * imaginary
  }
}

interface Tables {
  window: Float64Array
  /** `BINS` rows of `SIZE / 2` numbers. */
  cosines: Float64Array
  sines: Float64Array
  filters: { first: number; weights: Float64Array }[]
}

let made: Tables | undefined

function tables(): Tables {
  made ??= makeTables()
  return made
}

function makeTables(): Tables {
  const window = Float64Array.from({ length: SIZE }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / SIZE))
  const half = SIZE / 2
  const cosines = new Float64Array(BINS * half)
  const sines = new Float64Array(BINS * half)
  for (let bin = 0; bin < BINS; bin++) {
    for (let at = 0; at < half; at++) {
      // Whole turns are taken off first, so that no digits are lost.
      const angle = (2 * Math.PI * ((bin * at) % SIZE)) / SIZE
      cosines[bin * half + at] = Math.cos(angle)
      sines[bin * half + at] = Math.sin(angle)
    }
  }
  return { window, cosines, sines, filters: melFilters() }
}

function melFilters(): Tables['filters'] {
  const highest = toMel(SPEECH_RATE / 2)
  const edges = Array.from({ length: WHISPER_BANDS + 2 }, (_, index) =>
    fromMel((highest * index) / (WHISPER_BANDS + 1)),
  )
  return Array.from({ length: WHISPER_BANDS }, (_, band) => {
    const [left, centre, right] = edges.slice(band, band + 3) as [number, number, number]
    const weights = Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * SPEECH_RATE) / SIZE
      const rise = Math.min((hertz - left) / (centre - left), (right - hertz) / (right - centre))
      return (Math.max(0, rise) * 2) / (right - left)
    })
    const first = weights.findIndex((weight) => weight > 0)
    const last = weights.findLastIndex((weight) => weight > 0)
    return first < 0
      ? { first: 0, weights: new Float64Array() }
      : { first, weights: Float64Array.from(weights.slice(first, last + 1)) }
  })
}

// Slaney's mel scale: even up to 1,000 Hz, then logarithmic.
const EVEN = 200 / 3
const BEND = 1_000
const STEP = Math.log(6.4) / 27

function toMel(hertz: number): number {
  return hertz < BEND ? hertz / EVEN : BEND / EVEN + Math.log(hertz / BEND) / STEP
}

function fromMel(mel: number): number {
  return mel < BEND / EVEN ? mel * EVEN : BEND * Math.exp(STEP * (mel - BEND / EVEN))
}
