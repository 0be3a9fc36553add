import type { Connection, Frame } from './connection.ts'

/** `unauthorized`: the host does not know this client any more; only opening the address that the terminal printed helps. */
export type LineState = 'connecting' | 'open' | 'closed' | 'unauthorized'

/** Finds the way to the core and finds it again when it is lost. A client rides on one. */
export interface Carrier {
  readonly state: LineState
  /** Tells each change of state. @returns a function that stops it */
  onState(listener: (state: LineState) => void): () => void
  /** Only while `open`. */
  send(frame: Frame): void | Promise<void>
  /** One listener: the client. */
  onFrame(listener: (frame: Frame) => void): void
  /** Tries again now instead of after the back-off; does nothing while open. */
  reconnect(): void
  /** Ends the line for good. */
  close(): void
}

/** The part of each carrier that is the same: its state, its listeners, and the pauses between attempts. */
export class CarrierState {
  #state: LineState = 'connecting'
  #states = new Set<(state: LineState) => void>()
  #frame: ((frame: Frame) => void) | undefined

  get state(): LineState {
    return this.#state
  }

  set(state: LineState): void {
    if (state === this.#state || this.#state === 'closed') return
    this.#state = state
    for (const listener of [...this.#states]) listener(state)
  }

  onState(listener: (state: LineState) => void): () => void {
    this.#states.add(listener)
    return () => this.#states.delete(listener)
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#frame = listener
  }

  receive(frame: Frame): void {
    this.#frame?.(frame)
  }
}

/** Milliseconds before attempt `attempt` (0, 1, 2 ...): doubling from a quarter second to five seconds. */
export function reconnectPause(attempt: number): number {
  return Math.min(250 * 2 ** attempt, 5_000)
}

/** A carrier over a line that is already open, such as one end of `connectionPair`. It does not come back once it has closed. */
export function connectionCarrier(connection: Connection): Carrier {
  const line = new CarrierState()
  line.set('open')
  connection.onFrame((frame) => line.receive(frame))
  connection.onClose(() => line.set('closed'))
  return {
    get state() {
      return line.state
    },
    onState: (listener) => line.onState(listener),
    onFrame: (listener) => line.onFrame(listener),
    send: (frame) => connection.send(frame),
    reconnect: () => undefined,
    close: () => connection.close(),
  }
}
