/** What travels on a line: text for JSON, bytes where a Blob is inside. */
export type Frame = string | Uint8Array

/** The frame for what oRPC's encoder answers. */
export function frameOf(encoded: string | Uint8Array | ArrayBufferLike): Frame {
  if (typeof encoded === 'string' || encoded instanceof Uint8Array) return encoded
  return new Uint8Array(encoded as ArrayBuffer)
}

/** One open line between a client and the core, whatever carries it. Frames arrive in the order in which they were sent. */
export interface Connection {
  /** Resolves when the line can take more; a sender that waits never fills the memory of a slow reader. */
  send(frame: Frame): void | Promise<void>
  onFrame(listener: (frame: Frame) => void): void
  /** Called once, whichever side closed. */
  onClose(listener: () => void): void
  close(): void
}

/** Largest frame that any carrier takes, in bytes: an hour of 16 kHz 16-bit mono sound, and room for its envelope. */
export const MAX_FRAME_BYTES = 128 * 1024 * 1024

/** Two connected ends in one process: what one sends, the other hears, in a later microtask. */
export function connectionPair(): [Connection, Connection] {
  const left = new PairEnd()
  const right = new PairEnd()
  left.peer = right
  right.peer = left
  return [left, right]
}

class PairEnd implements Connection {
  peer: PairEnd | undefined
  #closed = false
  readonly #frames: ((frame: Frame) => void)[] = []
  readonly #closes: (() => void)[] = []

  send(frame: Frame): void {
    const peer = this.peer
    if (this.#closed || !peer) return
    queueMicrotask(() => peer.#receive(frame))
  }

  #receive(frame: Frame): void {
    if (this.#closed) return
    for (const listener of this.#frames) listener(frame)
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#frames.push(listener)
  }

  onClose(listener: () => void): void {
    this.#closes.push(listener)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    queueMicrotask(() => {
      for (const listener of this.#closes) listener()
    })
    this.peer?.close()
  }
}
