import { damaged, notSupported } from '../errors.ts'
import { joinedSamples } from './joined.ts'
import { mixed } from './mixed.ts'

/**
 * Apple Lossless, as Apple's open decoder reads it (github.com/macosforge/alac): in each frame of a channel the differences from what a
 * linear predictor expects, which learns as it goes, in an adaptive Golomb code. All numbers are whole; those of 32 bits wrap.
 */

/** What the header of a track says (ALACSpecificConfig). */
export interface AlacConfig {
  /** Of each channel in a frame; the last frame of a file may have fewer. */
  samples: number
  /** Bits of a sample. */
  depth: number
  channels: number
  /** Samples a second. */
  sampleRate: number
  /** How fast the Golomb code adapts, from where, and the most bits of its remainder. */
  speed: number
  firstMean: number
  mostBits: number
}

const CONFIG_BYTES = 24
/** Apple's encoder writes 4,096. */
const MOST_SAMPLES = 65_536
const MOST_CHANNELS = 8
/** Samples a second, as of WAV: beyond, a moment of sound would be all of a file, or a frame hours. */
const LOWEST_RATE = 1_000
const HIGHEST_RATE = 768_000

/** Elements of a frame; the others have no sound. */
const SINGLE = 0
const PAIR = 1
const LOW_FREQUENCY = 3
const DATA = 4
const FILL = 6
const END = 7

/** The mean of the Golomb code is counted in parts of 512. */
const MEAN_SHIFT = 9
const LARGEST_MEAN = 0xffff
/** So many ones in a row say that a number stands in full. */
const ESCAPE_ONES = 9
const ZERO_RUN_BITS = 16
/** Predictors of this order only take differences. */
const DIFFERENCES = 31

/** @throws LvaError document-damaged, document-not-supported */
export function readAlacConfig(bytes: Buffer): AlacConfig {
  if (bytes.length < CONFIG_BYTES) throw damaged()
  const config = {
    samples: bytes.readUInt32BE(0),
    depth: bytes.readUInt8(5),
    speed: bytes.readUInt8(6),
    firstMean: bytes.readUInt8(7),
    mostBits: bytes.readUInt8(8),
    channels: bytes.readUInt8(9),
    sampleRate: bytes.readUInt32BE(20),
  }
  // A version that older decoders cannot read.
  if (bytes.readUInt8(4) !== 0) throw notSupported('ALAC')
  const { samples, depth, channels, sampleRate, mostBits } = config
  const isSound = samples > 0 && samples <= MOST_SAMPLES && channels > 0 && channels <= MOST_CHANNELS
  const isHeard = sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE
  if (!isSound || !isHeard || ![16, 20, 24, 32].includes(depth) || mostBits > 16) throw damaged()
  return config
}

/**
 * Decodes one frame.
 * @returns samples of each channel, whole numbers of `depth` bits, in the order of the file
 * @throws RangeError when it is cut off or holds what no encoder writes
 */
export function decodeAlacFrame(frame: Uint8Array, config: AlacConfig): Int32Array[] {
  const bits = new Bits(frame)
  const channels: Int32Array[] = []
  for (;;) {
    const element = bits.take(3)
    if (element === END) return whole(channels, config)
    if (element === SINGLE || element === LOW_FREQUENCY) channels.push(...readChannels(bits, config, 1))
    else if (element === PAIR) channels.push(...readChannels(bits, config, 2))
    else if (element === DATA) skipData(bits)
    else if (element === FILL) skipFill(bits)
    else throw new RangeError('an element of the frame is none that there is')
    if (channels.length > config.channels) throw new RangeError('a frame has more channels than its track')
  }
}

function whole(channels: Int32Array[], config: AlacConfig): Int32Array[] {
  if (channels.length < config.channels || channels.some(({ length }) => length !== channels[0]?.length))
    throw new RangeError('a channel of a frame is missing, or shorter than another')
  return channels
}

/**
 * Decodes frames, each behind its length (4 bytes), to the mean of their channels. One that is broken is silence.
 * @returns samples in [-1, 1]
 * @throws LvaError document-damaged when none can be decoded
 */
export function decodeAlac(frames: Uint8Array, config: AlacConfig): Float32Array<ArrayBuffer> {
  const view = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength)
  const loudest = 2 ** (config.depth - 1)
  const parts: Float32Array<ArrayBuffer>[] = []
  let isAnyDecoded = false
  for (let at = 0; at + 4 <= view.length; ) {
    const end = at + 4 + view.readUInt32BE(at)
    try {
      const channels = decodeAlacFrame(view.subarray(at + 4, end), config)
      parts.push(mixed(channels.map((channel) => Float32Array.from(channel, (sample) => sample / loudest))))
      isAnyDecoded = true
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      parts.push(new Float32Array(config.samples))
    }
    at = end
  }
  if (!isAnyDecoded) throw damaged()
  return joinedSamples(parts)
}

/** The one or two channels of an element. */
function readChannels(bits: Bits, config: AlacConfig, count: 1 | 2): Int32Array[] {
  // Its number, and twelve bits that are zero.
  bits.take(4)
  if (bits.take(12) !== 0) throw new RangeError('the header of an element is not zero')
  const isPartial = bits.take(1) === 1
  const lowBytes = bits.take(2)
  const isPlain = bits.take(1) === 1
  const length = isPartial ? bits.take(32) : config.samples
  if (length > config.samples || lowBytes === 3) throw new RangeError('an element is larger than its frame')
  if (isPlain) return plainSamples(bits, config.depth, length, count)
  const low = 8 * lowBytes
  // The sum of two channels has a bit more than each.
  const width = config.depth - low + count - 1
  if (width < 1 || width > 32) throw new RangeError('samples have more bits than there are')
  const mixBits = bits.take(8)
  const mixWeight = (bits.take(8) << 24) >> 24
  const predictors = Array.from({ length: count }, () => readPredictor(bits))
  const lows = bits.fork()
  if (low > 0) bits.skip(low * length * count)
  const channels = predictors.map(({ isTwice, shift, speed, coefficients }) => {
    const differences = readDifferences(bits, length, width, { ...config, speed: (config.speed * speed) >> 2 })
    if (isTwice) predict(differences, width, DIFFERENCES, new Int16Array(), 0)
    predict(differences, width, coefficients.length, coefficients, shift)
    return differences
  })
  const [first, second] = channels
  if (first && second && mixWeight !== 0) unmix(first, second, mixBits, mixWeight)
  if (low > 0) {
    for (let index = 0; index < length; index++) {
      for (const channel of channels) channel[index] = ((channel[index] as number) << low) | lows.take(low)
    }
  }
  return channels
}

/** Samples that would not have become smaller stand as they are, those of both channels in turn. */
function plainSamples(bits: Bits, depth: number, length: number, count: number): Int32Array[] {
  const channels = Array.from({ length: count }, () => new Int32Array(length))
  for (let index = 0; index < length; index++) {
    for (const channel of channels) channel[index] = (bits.take(depth) << (32 - depth)) >> (32 - depth)
  }
  return channels
}

function readPredictor(bits: Bits) {
  const isTwice = bits.take(4) !== 0
  const shift = bits.take(4)
  const speed = bits.take(3)
  const coefficients = new Int16Array(bits.take(5))
  for (let index = 0; index < coefficients.length; index++) coefficients[index] = bits.take(16)
  return { isTwice, shift, speed, coefficients }
}

/** Numbers in Golomb's code, whose parameter follows the mean of those before; where that is small, runs of zeros are counted. */
function readDifferences(
  bits: Bits,
  length: number,
  width: number,
  { speed, firstMean, mostBits }: Pick<AlacConfig, 'speed' | 'firstMean' | 'mostBits'>,
): Int32Array {
  const numbers = new Int32Array(length)
  let mean = firstMean
  // After a run of zeros there is no zero, so that all are one less.
  let afterZeros = 0
  for (let index = 0; index < length; ) {
    const parameter = Math.min(mostBits, 31 - Math.clz32((mean >>> MEAN_SHIFT) + 3))
    const coded = bits.golomb(parameter, (1 << parameter) - 1, width)
    const folded = coded + afterZeros
    numbers[index++] = folded & 1 ? -((folded + 1) / 2) : folded / 2
    mean = (Math.imul(speed, folded) + mean - (Math.imul(speed, mean) >>> MEAN_SHIFT)) >>> 0
    if (coded > LARGEST_MEAN) mean = LARGEST_MEAN
    afterZeros = 0
    if (mean >= 128 || index >= length) continue
    const runParameter = Math.clz32(mean) - 24 + ((mean + 16) >> 6)
    const run = bits.golomb(runParameter, ((1 << runParameter) - 1) & ((1 << mostBits) - 1), ZERO_RUN_BITS)
    if (index + run > length) throw new RangeError('a run of zeros is longer than its frame')
    index += run
    afterZeros = run < LARGEST_MEAN ? 1 : 0
    mean = 0
  }
  return numbers
}

/** Makes samples of `width` bits of the differences from what was predicted, in place. The coefficients follow the sign of each error. */
function predict(samples: Int32Array, width: number, order: number, coefficients: Int16Array, shift: number): void {
  const spare = 32 - width
  const wrapped = (value: number) => (value << spare) >> spare
  if (order === 0) return
  const begin = order === DIFFERENCES ? samples.length : Math.min(samples.length, order + 1)
  for (let index = 1; index < begin; index++) {
    samples[index] = wrapped((samples[index] as number) + (samples[index - 1] as number))
  }
  const half = shift > 0 ? 1 << (shift - 1) : 0
  for (let index = begin; index < samples.length; index++) {
    // All is seen from the sample before those that the predictor looks at.
    const base = samples[index - order - 1] as number
    let sum = half
    for (let back = 0; back < order; back++) {
      sum = (sum + Math.imul(coefficients[back] as number, (samples[index - 1 - back] as number) - base)) | 0
    }
    const error = samples[index] as number
    samples[index] = wrapped(error + base + (sum >> shift))
    let left = error
    for (let back = order - 1; back >= 0 && Math.sign(left) === Math.sign(error) && left !== 0; back--) {
      const distance = (base - (samples[index - 1 - back] as number)) | 0
      const sign = Math.sign(distance) * Math.sign(error)
      coefficients[back] = (coefficients[back] as number) - sign
      left -= (order - back) * ((sign * distance) >> shift)
    }
  }
}

/** Of a weighted sum and a difference the left and the right channel, in place. */
function unmix(first: Int32Array, second: Int32Array, mixBits: number, mixWeight: number): void {
  for (let index = 0; index < first.length; index++) {
    const difference = second[index] as number
    const left = ((first[index] as number) + difference - (Math.imul(mixWeight, difference) >> mixBits)) | 0
    first[index] = left
    second[index] = left - difference
  }
}

function skipData(bits: Bits): void {
  bits.take(4)
  const isAligned = bits.take(1) === 1
  const count = bits.take(8)
  const bytes = count === 255 ? 255 + bits.take(8) : count
  if (isAligned) bits.align()
  bits.skip(8 * bytes)
}

function skipFill(bits: Bits): void {
  const count = bits.take(4)
  bits.skip(8 * (count === 15 ? 14 + bits.take(8) : count))
}

/** Bits from the highest of each byte on. Taking more than there are throws a RangeError. */
class Bits {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** Another reader at the same place. */
  fork(): Bits {
    return new Bits(this.#bytes, this.#at)
  }

  /** @param count at most 32 */
  take(count: number): number {
    if (count === 0) return 0
    const value = this.#ahead() >>> (32 - count)
    this.skip(count)
    return value
  }

  skip(count: number): void {
    this.#at += count
    if (this.#at > 8 * this.#bytes.length) throw new RangeError('the frame is cut off')
  }

  align(): void {
    this.skip(-this.#at & 7)
  }

  /**
   * A number in Golomb's code: ones that count `divisor`s, a zero, and the rest, which is one more than it stands for or, as 0, is a bit shorter.
   * @param width bits of a number that stands in full, behind nine ones
   */
  golomb(parameter: number, divisor: number, width: number): number {
    const ones = Math.clz32(~this.#ahead())
    if (ones >= ESCAPE_ONES) {
      this.skip(ESCAPE_ONES)
      return this.take(width)
    }
    this.skip(ones + 1)
    if (parameter === 0) return ones * divisor
    const rest = this.#ahead() >>> (32 - parameter)
    this.skip(rest < 2 ? parameter - 1 : parameter)
    return ones * divisor + Math.max(0, rest - 1)
  }

  /** The next 32 bits, zeros beyond the end. */
  #ahead(): number {
    const byte = this.#at >> 3
    const from = (place: number) => this.#bytes[byte + place] ?? 0
    const four = (from(0) << 24) | (from(1) << 16) | (from(2) << 8) | from(3)
    const offset = this.#at & 7
    return (offset === 0 ? four : (four << offset) | (from(4) >> (8 - offset))) >>> 0
  }
}
