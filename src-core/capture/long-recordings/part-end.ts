/** Silence at which a part may end: root mean square, and how long. */
const QUIET = 0.01
const QUIET_SECONDS = 0.3
/** A part that finds no silence is ended all the same, so many seconds later. */
const AT_MOST_LATER = 30

/** Tells where a long recording is cut into parts: at the first quiet place after a length, so that no word is cut. */
export class PartEnd {
  readonly #length: number
  #seconds = 0
  #quietFor = 0

  /** @param length seconds of a part */
  constructor(length: number) {
    this.#length = length
  }

  /** @returns whether the part ends after these samples */
  hear(samples: Float32Array, sampleRate: number): boolean {
    if (samples.length === 0) return false
    const seconds = samples.length / sampleRate
    this.#seconds += seconds
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
    this.#quietFor = level < QUIET ? this.#quietFor + seconds : 0
    if (this.#seconds < this.#length) return false
    return this.#quietFor >= QUIET_SECONDS || this.#seconds >= this.#length + AT_MOST_LATER
  }
}
