/** A frame that waits. Only in memory: what is not covered yet is not written anywhere. */
export interface WaitingFrame {
  bytes: Uint8Array
  app: string | null
  /** Milliseconds since 1970. */
  at: number
  /** The same instant by the monotonic clock, which nobody sets. */
  lived: number
}

/** Frames that wait to be read, within a number and a size. */
export class FrameQueue {
  readonly #limits: { frames: number; bytes: number }
  #frames: WaitingFrame[] = []
  #bytes = 0

  constructor(limits: { frames: number; bytes: number }) {
    this.#limits = limits
  }

  get length(): number {
    return this.#frames.length
  }

  /** @returns false where there is no room */
  push(frame: WaitingFrame): boolean {
    const { frames, bytes } = this.#limits
    if (this.#frames.length >= frames || this.#bytes + frame.bytes.length > bytes) return false
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
    return true
  }

  shift(): WaitingFrame | undefined {
    const frame = this.#frames.shift()
    if (frame) this.#bytes -= frame.bytes.length
    return frame
  }

  /** Throws away those that fit. @returns how many */
  drop(fits: (frame: WaitingFrame) => boolean): number {
    const left = this.#frames.filter((frame) => !fits(frame))
    const dropped = this.#frames.length - left.length
    this.#frames = left
    this.#bytes = left.reduce((sum, { bytes }) => sum + bytes.length, 0)
    return dropped
  }
}
