import { setImmediate } from 'node:timers/promises'

/** Zero crossings of the sinc on each side of its centre: more make the filter steeper and slower. */
const CROSSINGS = 32
/** Decibels by which the stop band is damped. */
const DAMPING = 80
/** Kaiser's window parameter for that damping (Kaiser 1974: beta = 0.1102 (A - 8.7)). */
const KAISER_BETA = 0.1102 * (DAMPING - 8.7)
/**
 * Where the filter's slope has its middle, as a share of the lower of the two half rates. The slope is (A - 8) / (2.285 * 2 * 32)
 * radians or 0.16 of the band wide, so it ends at 1: the band up to 0.84 passes, and everything above 1 is stopped.
 */
const SLOPE_MIDDLE = 0.92
/** Positions between two input samples for which a filter is kept. Odd pairs of rates, which need more, use the nearest of these. */
const MAX_PHASES = 1_024
/** Samples that are made without a pause. */
const PIECE = 16_384

/**
 * Changes the sample rate by band-limited interpolation (Smith, Digital Audio Resampling: a sinc under a Kaiser window), so that
 * nothing above half the new rate folds back into what is heard. A long recording is done in pieces of some milliseconds, between
 * which other work of the process goes on.
 * @param samples one channel
 * @param from samples a second now, positive
 * @param to samples a second wanted, positive
 * @returns `round(samples.length * to / from)` samples; the input itself when the rates are equal
 */
export async function resample(
  samples: Float32Array<ArrayBuffer>,
  from: number,
  to: number,
): Promise<Float32Array<ArrayBuffer>> {
  if (from === to) return samples
  const bank = makeFilters(from, to)
  const result = new Float32Array(Math.round((samples.length * to) / from))
  for (let start = 0; start < result.length; start += PIECE) {
    interpolate(samples, 0, result.subarray(start, start + PIECE), start, from / to, bank)
    if (start + PIECE < result.length) await setImmediate()
  }
  return result
}

/**
 * As `resample`, of sound that comes in pieces; no more of it is kept than the filter reaches over.
 * @returns together `round(count of all samples * to / from)` samples, in pieces of any length
 */
export async function* resampled(
  pieces: AsyncIterable<Float32Array<ArrayBuffer>>,
  from: number,
  to: number,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  if (from === to) return yield* pieces
  const bank = makeFilters(from, to)
  let held = new Float32Array()
  /** Place of the first sample that is kept, and the number of samples made, in the whole. */
  let base = 0
  let made = 0
  const upTo = (end: number) => {
    const result = new Float32Array(Math.max(0, end - made))
    interpolate(held, base, result, made, from / to, bank)
    made += result.length
    const needless = Math.min(held.length, Math.max(0, Math.floor((made * from) / to) - bank.reach - base))
    held = held.slice(needless)
    base += needless
    return result
  }
  for await (const piece of pieces) {
    const longer = new Float32Array(held.length + piece.length)
    longer.set(held)
    longer.set(piece, held.length)
    held = longer
    yield upTo(Math.floor(((base + held.length - bank.reach - 1) * to) / from))
  }
  yield upTo(Math.round(((base + held.length) * to) / from))
}

/** Low-pass filters for positions that lie between two input samples. */
interface FilterBank {
  phases: number
  /** Input samples on each side of the position. */
  reach: number
  /** `2 * reach` factors for each phase, one phase after the other. */
  factors: Float64Array
}

/**
 * Fills `result`, whose first sample is the one at `start` of the whole, from `samples`, whose first is the one at `base`; `step` is input
 * samples for each output sample.
 */
function interpolate(
  samples: Float32Array,
  base: number,
  result: Float32Array,
  start: number,
  step: number,
  bank: FilterBank,
): void {
  const { phases, reach, factors } = bank
  const width = 2 * reach
  for (let index = 0; index < result.length; index++) {
    // In units of one phase, so that a position just below a whole sample rounds up to it.
    const position = Math.round((start + index) * step * phases)
    const first = Math.floor(position / phases) - reach + 1 - base
    const filter = (position % phases) * width
    const from = Math.max(0, -first)
    const to = Math.min(width, samples.length - first)
    let sum = 0
    for (let tap = from; tap < to; tap++) sum += (samples[first + tap] as number) * (factors[filter + tap] as number)
    result[index] = sum
  }
}

/** One filter for each phase; each passes a constant unchanged. */
function makeFilters(from: number, to: number): FilterBank {
  const phases = Math.min(to / greatestCommonDivisor(from, to), MAX_PHASES)
  // Going down, the filter is as much wider as the new band is narrower.
  const cutoff = SLOPE_MIDDLE * Math.min(1, to / from)
  const reach = Math.ceil(CROSSINGS / cutoff)
  const width = 2 * reach
  const factors = new Float64Array(phases * width)
  const scale = besselI0(KAISER_BETA)
  for (let phase = 0; phase < phases; phase++) {
    const filter = factors.subarray(phase * width, (phase + 1) * width)
    for (let tap = 0; tap < width; tap++) {
      const distance = tap - (reach - 1) - phase / phases
      const share = Math.min(1, Math.abs(distance) / reach)
      const window = besselI0(KAISER_BETA * Math.sqrt(1 - share * share)) / scale
      filter[tap] = sinc(cutoff * distance) * window
    }
    const sum = filter.reduce((total, factor) => total + factor, 0)
    for (let tap = 0; tap < width; tap++) filter[tap] = (filter[tap] as number) / sum
  }
  return { phases, reach, factors }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
