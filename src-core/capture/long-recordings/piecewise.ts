import { Channel } from '../../kernel/index.ts'
import { resampled, SPEECH_RATE } from '../../models/index.ts'

/** Brings sound of one microphone to the rate of the recogniser, a piece at a time, without seams between the pieces. */
export class Piecewise {
  readonly #pieces = new Channel<Float32Array<ArrayBuffer>>()
  readonly #made: AsyncGenerator<Float32Array<ArrayBuffer>>

  /** @param sampleRate samples a second of what is given */
  constructor(sampleRate: number) {
    this.#made = resampled(this.#pieces, sampleRate, SPEECH_RATE)
  }

  /** @returns what can be made so far; the last few samples of a piece follow with the next one */
  async give(piece: Float32Array<ArrayBuffer>): Promise<Float32Array> {
    this.#pieces.push(piece)
    const made = await this.#made.next()
    return made.done ? new Float32Array() : made.value
  }

  /** @returns what was left */
  async end(): Promise<Float32Array> {
    this.#pieces.end()
    const made = await this.#made.next()
    return made.done ? new Float32Array() : made.value
  }
}
