import { rootMeanSquare, toPcm16 } from './pcm.ts'

/**
 * Runs on the audio thread: gathers what the microphone hears and hands it over in stretches of 16-bit samples. Answers the message
 * `flush` with the last stretch, then with null.
 */

/** What the worklet posts; null is the end. */
export type Heard = { pcm: Int16Array<ArrayBuffer>; rms: number } | null

/** Samples in one stretch: 21 ms at 48 kHz, so that it is soon noticed when somebody begins to speak. */
const STRETCH = 1_024

// The types of the audio thread are not in TypeScript's DOM library.
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

class CaptureProcessor extends AudioWorkletProcessor {
  readonly #stretch = new Float32Array(STRETCH)
  #filled = 0

  constructor() {
    super()
    this.port.onmessage = () => {
      this.#post()
      this.port.postMessage(null satisfies Heard)
    }
  }

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0]
    if (!samples) return true
    for (let taken = 0; taken < samples.length; ) {
      const some = samples.subarray(taken, taken + STRETCH - this.#filled)
      this.#stretch.set(some, this.#filled)
      this.#filled += some.length
      taken += some.length
      if (this.#filled === STRETCH) this.#post()
    }
    return true
  }

  #post(): void {
    if (this.#filled === 0) return
    const samples = this.#stretch.subarray(0, this.#filled)
    const pcm = toPcm16(samples)
    this.port.postMessage({ pcm, rms: rootMeanSquare(samples) } satisfies Heard, [pcm.buffer])
    this.#filled = 0
  }
}

registerProcessor('lva-capture', CaptureProcessor)
