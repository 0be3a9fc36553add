import type { Clock, Log } from '../../kernel/index.ts'
import { type DeviceFrame, decodeRelayFrame, encodeDeviceFrame } from '../frames.ts'
import { Inbox } from './inbox.ts'
import type { OpenSocket, SyncSocket } from './socket.ts'
import { MESSAGES_MS, type SyncTuning } from './tuning.ts'

/** How a socket ended, and what that asks for. */
export type SessionEnd =
  | { why: 'closed' }
  /** Come back after so long. */
  | { why: 'later'; waitMs: number }
  | { why: 'token-refused' }
  | { why: 'revoked' }
  /** The relay does not understand this version. */
  | { why: 'not-understood' }
  /** The vault is in another epoch than it was. */
  | { why: 'epoch' }
  | { why: 'failed'; error: unknown }

export interface LineParts {
  openSocket: OpenSocket
  clock: Clock
  log: Log
  tuning: SyncTuning
}

/** One socket with what came over it and was not worked on yet. Timers end with it. */
export class Line {
  readonly ended: Promise<SessionEnd>
  readonly inbox = new Inbox()
  sentBytes = 0
  receivedBytes = 0
  readonly #parts: LineParts
  readonly #over = new AbortController()
  readonly #socket: SyncSocket
  readonly #onWork: () => void
  #end: (end: SessionEnd) => void = () => undefined
  #isPaused = false
  #lastHeard: number
  #windowBegan: number
  #windowCount = 0

  /** @param onWork called when something came, or may be sent again */
  constructor(parts: LineParts, address: string, hello: DeviceFrame, onWork: () => void) {
    this.#parts = parts
    this.#onWork = onWork
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#lastHeard = parts.clock.monotonic()
    this.#windowBegan = this.#lastHeard
    this.#socket = parts.openSocket(address, {
      opened: () => this.send(hello),
      message: (bytes) => this.#hear(bytes),
      closed: () => this.stop({ why: 'closed' }),
    })
    this.#keepAlive()
  }

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  stop(end: SessionEnd): void {
    if (this.isOver) return
    this.#over.abort()
    this.inbox.clear()
    this.#socket.close()
    this.#end(end)
  }

  send(frame: DeviceFrame): void {
    if (this.isOver) return
    const message = encodeDeviceFrame(frame)
    this.sentBytes += message.length
    this.#socket.send(message)
  }

  /** How many messages may still be sent; where it is none, looks again when the relay begins to count anew. */
  allowance(): number {
    const { clock, tuning } = this.#parts
    if (clock.monotonic() - this.#windowBegan >= MESSAGES_MS) {
      this.#windowBegan = clock.monotonic()
      this.#windowCount = 0
    }
    const left = Math.max(0, tuning.messages - this.#windowCount)
    if (left === 0) this.after(this.#windowBegan + MESSAGES_MS - clock.monotonic(), this.#onWork)
    return left
  }

  /** Notes that so many messages of the allowance were sent. */
  used(messages: number): void {
    this.#windowCount += messages
  }

  /** Reads on where reading had stopped and what waited has been worked on. */
  readOn(): void {
    if (!this.#isPaused || this.inbox.bytes > this.#parts.tuning.inboxBytes / 4) return
    this.#isPaused = false
    this.#socket.resume()
  }

  /** Does something later, unless the line has ended by then or `signal` was aborted. */
  after(ms: number, task: () => void, signal?: AbortSignal): void {
    const ends = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal
    this.#parts.clock.sleep(Math.max(0, ms), ends).then(
      () => {
        if (!ends.aborted) task()
      },
      () => undefined,
    )
  }

  #hear(bytes: Uint8Array): void {
    if (this.isOver) return
    const { clock, log, tuning } = this.#parts
    this.receivedBytes += bytes.length
    this.#lastHeard = clock.monotonic()
    try {
      this.inbox.push(decodeRelayFrame(bytes), bytes.length)
    } catch {
      log.warn({ bytes: bytes.length }, 'the relay sent what is no frame')
      this.stop({ why: 'closed' })
      return
    }
    if (this.inbox.bytes > tuning.inboxBytes && !this.#isPaused) {
      this.#isPaused = true
      this.#socket.pause()
    }
    this.#onWork()
  }

  #keepAlive(): void {
    const { clock, tuning } = this.#parts
    this.after(tuning.pingMs, () => {
      const silent = clock.monotonic() - this.#lastHeard
      if (silent >= 2 * tuning.pingMs && !this.#isPaused) return this.stop({ why: 'closed' })
      if (silent >= tuning.pingMs) this.send({ type: 'ping', echo: new Uint8Array() })
      this.#keepAlive()
    })
  }
}
