import type { RelayFrame } from '../frames.ts'
import type { ReceivedFrame } from './judge.ts'
import type { Acknowledgement } from './outgoing.ts'

/** What is worked on in one go. */
export type Batch =
  | { type: 'frames'; room: string; frames: ReceivedFrame[] }
  | { type: 'taken'; all: Acknowledgement[] }
  | { type: 'one'; frame: RelayFrame }

const MOST_FRAMES = 200
const MOST_BYTES = 2 ** 20

/** What came and waits to be worked on, in order. Neighbours of a kind come out together, so that they share a transaction. */
export class Inbox {
  /** What was worked on is let go of at once: it may be megabytes. */
  #frames: ({ frame: RelayFrame; bytes: number } | undefined)[] = []
  #at = 0
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#at === this.#frames.length
  }

  push(frame: RelayFrame, bytes: number): void {
    this.#frames.push({ frame, bytes })
    this.#bytes += bytes
  }

  clear(): void {
    this.#frames = []
    this.#at = 0
    this.#bytes = 0
  }

  next(): Batch | undefined {
    const first = this.#shift()
    if (!first) return undefined
    const { frame } = first
    if (frame.type === 'taken') {
      const all = [frame]
      while (all.length < MOST_FRAMES && this.#peek()?.type === 'taken') all.push(this.#shift()?.frame as typeof frame)
      return { type: 'taken', all }
    }
    if (frame.type !== 'frame') return { type: 'one', frame }
    const frames: ReceivedFrame[] = [frame]
    let { bytes } = first
    for (let next = this.#peek(); next?.type === 'frame' && next.room === frame.room; next = this.#peek()) {
      if (frames.length >= MOST_FRAMES || bytes >= MOST_BYTES) break
      frames.push(next)
      bytes += this.#shift()?.bytes ?? 0
    }
    return { type: 'frames', room: frame.room, frames }
  }

  #peek(): RelayFrame | undefined {
    return this.#frames[this.#at]?.frame
  }

  #shift(): { frame: RelayFrame; bytes: number } | undefined {
    const first = this.#frames[this.#at]
    if (!first) return undefined
    this.#frames[this.#at] = undefined
    this.#at += 1
    this.#bytes -= first.bytes
    if (this.#at > 1_000 && this.#at * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#at)
      this.#at = 0
    }
    return first
  }
}
