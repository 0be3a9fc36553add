/** Where the program reads the time. Tests hand in a `ManualClock`; nothing else calls `Date.now()`. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Milliseconds of a clock that never goes back; only differences mean anything. */
  monotonic(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}

/** A clock that moves only when a test says so. Sleepers wake in the order of their due time. */
export class ManualClock implements Clock {
  #now: number
  /** How much the clock of the machine was set forward. */
  #setBy = 0
  #sleepers: { due: number; wake: () => void }[] = []

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  now(): number {
    return this.#now + this.#setBy
  }

  monotonic(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { due: this.#now + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
          reject(signal.reason)
        },
        { once: true },
      )
    })
  }

  /** How many sleepers are waiting; lets a test advance only once its subject really sleeps. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  /** Somebody sets the clock of the machine by `ms`, forward or back: no time passes. */
  setBy(ms: number): void {
    this.#setBy += ms
  }

  /** Moves time forward by `ms` and wakes whoever is due. */
  advance(ms: number): void {
    this.#now += ms
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.#now).sort((a, b) => a.due - b.due)
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > this.#now)
    for (const sleeper of due) sleeper.wake()
  }
}
