/** Sound of one channel that grows: 16-bit little-endian PCM as it arrives from a microphone in pieces of any length, or samples. */
export class PcmBuffer {
  readonly sampleRate: number
  #pieces: Float32Array<ArrayBuffer>[] = []
  #length = 0
  /** First half of a sample that was cut between two pieces. */
  #half: number | undefined

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate
  }

  /** Samples so far. */
  get length(): number {
    return this.#length
  }

  /** Seconds so far. */
  get seconds(): number {
    return this.#length / this.sampleRate
  }

  push(bytes: Uint8Array): void {
    const whole = this.#half === undefined ? bytes : prepend(this.#half, bytes)
    this.#half = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined
    this.append(pcmSamples(whole))
  }

  /** Samples in [-1, 1]. */
  append(piece: Float32Array<ArrayBuffer>): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** The samples from `start` on, in [-1, 1]. */
  from(start: number): Float32Array<ArrayBuffer> {
    const samples = new Float32Array(Math.max(0, this.#length - start))
    let at = 0
    for (const piece of this.#pieces) {
      const skipped = Math.max(0, start - at)
      if (skipped < piece.length) samples.set(piece.subarray(skipped), at + skipped - start)
      at += piece.length
    }
    return samples
  }
}

/** 16-bit little-endian PCM as samples in [-1, 1]. Half a sample at the end is left out. */
export function pcmSamples(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % 2))
  const samples = new Float32Array(view.byteLength / 2)
  for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(index * 2, true) / 0x8000
  return samples
}

function prepend(first: number, rest: Uint8Array): Uint8Array {
  const whole = new Uint8Array(rest.length + 1)
  whole[0] = first
  whole.set(rest, 1)
  return whole
}
