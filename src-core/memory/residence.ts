import type { Clock, Log } from '../kernel/index.ts'

/** Milliseconds after a failure in which nothing is read again. */
const RETRY_MS = 30_000

/**
 * How far something has come that is read from Postgres into memory, in the background, when it is first asked for.
 *
 *     empty ─ isReady() ─> reading ─> ready
 *       ^                   │  └─ tooMuch() ─> too much, until `clear()`
 *       └──── 30 s ─ failed ┘
 */
export class Residence {
  readonly #read: () => Promise<void>
  readonly #forget: () => void
  readonly #clock: Clock
  readonly #log: Log
  #state: 'empty' | 'reading' | 'ready' | 'too-much' = 'empty'
  #reading: Promise<void> = Promise.resolve()
  #notBefore = 0
  /** Counts restarts: what was begun before one does not end in `ready`. */
  #round = 0

  /**
   * @param read reads everything; ends early when `takesMore` says so
   * @param forget lets go of what was read
   */
  constructor(parts: { read: () => Promise<void>; forget: () => void; clock: Clock; log: Log }) {
    this.#read = parts.read
    this.#forget = parts.forget
    this.#clock = parts.clock
    this.#log = parts.log
  }

  /** Whether all is in memory. Begins to read where nothing is. */
  isReady(): boolean {
    if (this.#state === 'empty' && this.#clock.monotonic() >= this.#notBefore) {
      this.#state = 'reading'
      this.#reading = this.#run()
    }
    return this.#state === 'ready'
  }

  /** Whether what is new has to be kept in memory as well. */
  takesMore(): boolean {
    return this.#state === 'reading' || this.#state === 'ready'
  }

  tooMuch(): void {
    this.#state = 'too-much'
    this.#forget()
  }

  /** Everything was dropped from Postgres too. */
  clear(): void {
    this.#forget()
    if (this.#state === 'too-much') this.#state = 'empty'
  }

  /** What is in memory cannot be trusted any more: it is read again. */
  restart(): void {
    this.#round += 1
    this.#forget()
    if (this.takesMore()) this.#state = 'empty'
  }

  /** Resolves when all has been read, or is found to be too much, or could not be read. */
  whenOver(): Promise<void> {
    this.isReady()
    return this.#reading
  }

  async #run(): Promise<void> {
    const round = this.#round
    try {
      await this.#read()
      if (this.#state === 'reading' && this.#round === round) this.#state = 'ready'
    } catch (error) {
      if (this.#round !== round) return
      // Such as a database that is closing. Postgres goes on to answer.
      this.#log.warn({ error }, 'what search needs could not be read into memory')
      this.#state = 'empty'
      this.#notBefore = this.#clock.monotonic() + RETRY_MS
      this.#forget()
    }
  }
}
