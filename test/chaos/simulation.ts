import { type Clock, LvaError, type Random, seededRandom } from '../../src-core/kernel/index.ts'
import type { Database, Queries, QueryOptions, Row, SqlValue } from '../../src-core/store/index.ts'

/** How often things go wrong, as fractions of what happens. */
export interface Faults {
  /** Of calls to a database: the program ends before it, or after it was committed. */
  crash: number
  /** Of calls that write: the disk is full. */
  diskFull: number
  /** Of messages. */
  drop: number
  duplicate: number
  reorder: number
  tamper: number
  /** Of places in rooms, for each device: what stands there is spoilt each time that it is sent. */
  stubborn: number
}

export const NO_FAULTS: Faults = { crash: 0, diskFull: 0, drop: 0, duplicate: 0, reorder: 0, tamper: 0, stubborn: 0 }

interface Event {
  at: number
  order: number
  run: () => Promise<void> | void
}

/**
 * One world of virtual time. Everything that waits (a timer, a message, a call to a database) is an event here; one runs at a time, and its
 * consequences are over before the next begins. What is drawn from the seed alone decides the order, so that a seed always tells one story.
 */
export class Simulation {
  readonly random: Random
  faults: Faults = NO_FAULTS
  now = 0
  #order = 0
  #events: Event[] = []

  constructor(seed: number) {
    this.random = seededRandom(seed)
  }

  chance(fraction: number): boolean {
    return fraction > 0 && this.random.fraction() < fraction
  }

  /** A whole number from 0 to `most` - 1. */
  below(most: number): number {
    return Math.floor(this.random.fraction() * most)
  }

  after(ms: number, run: () => Promise<void> | void): void {
    this.#order += 1
    this.#events.push({ at: this.now + Math.max(0, ms), order: this.#order, run })
  }

  /** Runs events until none is left before `end`, or `until` says so. @returns whether it did */
  async run(end: number, until: () => Promise<boolean> | boolean = () => false): Promise<boolean> {
    for (;;) {
      if (await until()) return true
      const event = this.#next()
      if (!event || event.at > end) {
        if (event) this.#events.push(event)
        this.now = Math.max(this.now, end)
        return false
      }
      this.now = Math.max(this.now, event.at)
      await event.run()
      // All that follows from it waits for an event again once the queue of promises is empty.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #next(): Event | undefined {
    let at = 0
    for (let index = 1; index < this.#events.length; index += 1) {
      const [one, best] = [this.#events[index] as Event, this.#events[at] as Event]
      if (one.at < best.at || (one.at === best.at && one.order < best.order)) at = index
    }
    return this.#events.splice(at, 1)[0]
  }
}

/** One run of a program, from its start to its crash. After that nothing of it goes on: its promises stay open for ever. */
export class Incarnation {
  isDead = false
  readonly #simulation: Simulation
  readonly #onCrash: () => void

  constructor(simulation: Simulation, onCrash: () => void) {
    this.#simulation = simulation
    this.#onCrash = onCrash
  }

  crash(): void {
    if (this.isDead) return
    this.isDead = true
    this.#onCrash()
  }

  /** @param skewMs how far its wall clock is from the truth */
  clock(startMs: number, skewMs: number): Clock {
    return {
      now: () => startMs + skewMs + this.#simulation.now,
      monotonic: () => this.#simulation.now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason)
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
          this.#simulation.after(ms, () => {
            if (!this.isDead && !signal?.aborted) resolve()
          })
        }),
    }
  }

  /** The database as this program reaches it: each call takes its time, may fail, and may be the last thing that the program does. */
  database(real: Database): Database {
    return {
      kind: real.kind,
      features: real.features,
      query: <R extends Row>(text: string, params?: readonly SqlValue[], options?: QueryOptions) =>
        this.#call(!text.trimStart().startsWith('select'), () => real.query<R>(text, params, options)),
      exec: (text, options) => this.#call(true, () => real.exec(text, options)),
      transaction: (task) => this.#call(true, () => real.transaction((tx: Queries) => task(tx))),
      scrub: async () => undefined,
      close: async () => undefined,
    }
  }

  #call<T>(isWriting: boolean, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#simulation.after(this.#simulation.below(4), async () => {
        if (this.isDead) return
        const { faults } = this.#simulation
        if (this.#simulation.chance(faults.crash)) return this.crash()
        if (isWriting && this.#simulation.chance(faults.diskFull)) return reject(diskFull())
        try {
          const result = await work()
          if (this.#simulation.chance(faults.crash)) return this.crash()
          resolve(result)
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}

function diskFull(): LvaError {
  return new LvaError('disk-full', 'The disk is full.', { advice: 'Free space.' })
}
