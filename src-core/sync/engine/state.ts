import type { ErrorCode, ErrorParams } from '../../kernel/index.ts'

export type SyncPhase = 'off' | 'offline' | 'connecting' | 'catching-up' | 'live' | 'paused' | 'problem'

/** What a learner is told. */
export interface SyncState {
  phase: SyncPhase
  /** What stands in the way, or is wrong although sync goes on. */
  problem: { code: ErrorCode; params: ErrorParams } | null
  /** Everything of this device is committed at the relay, and everything that the relay has told of is here. */
  synced: boolean
  /** Frames that wait to be sent or acknowledged. */
  waiting: number
  /** Rooms of which something is still to come. */
  behind: number
  /** Frames of others of which nothing was applied. */
  refused: number
  sentBytes: number
  receivedBytes: number
  /** When the next attempt is made, in milliseconds since 1970; null while none is waited for. */
  retryAt: number | null
}

export const INITIAL_STATE: SyncState = {
  phase: 'offline',
  problem: null,
  synced: false,
  waiting: 0,
  behind: 0,
  refused: 0,
  sentBytes: 0,
  receivedBytes: 0,
  retryAt: null,
}

/** A value that tells when it changes. */
export class Observable<T extends object> {
  #value: T
  readonly #listeners = new Set<(value: T) => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set(patch: Partial<T>): void {
    const keys = Object.keys(patch) as (keyof T)[]
    if (keys.every((key) => patch[key] === this.#value[key])) return
    this.#value = { ...this.#value, ...patch }
    for (const listener of this.#listeners) listener(this.#value)
  }

  /** @returns ends it */
  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
