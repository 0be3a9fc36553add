import type { Clock } from '../kernel/index.ts'
import type { Busy } from '../memory/index.ts'
import type { TurnEvent } from './types.ts'

/** After these the learner reads, or decides: nobody waits for the machine. */
const SPOKEN: ReadonlySet<TurnEvent['type']> = new Set(['delta', 'consent', 'answered', 'done'] as const)

/** Milliseconds that the screen has for drawing the first word before background work takes the processor. */
export const DRAWN_WITHIN_MS = 250

/** Turns in which the learner waits for the first word on the screen. Background work that takes processor and database from them gives way meanwhile. */
export class FirstWords implements Busy {
  readonly #clock: Clock
  #waiting = 0
  readonly #listeners = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  isBusy(): boolean {
    return this.#waiting > 0
  }

  onRest(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A turn begins. `heard` takes its events; `over` is to be called when it ends, however it does. */
  begin(): { heard(event: TurnEvent): void; over(): void } {
    this.#waiting += 1
    let isWaiting = true
    const rest = () => {
      this.#waiting -= 1
      if (this.#waiting === 0) for (const listener of this.#listeners) listener()
    }
    const end = (rests: () => void) => {
      if (!isWaiting) return
      isWaiting = false
      rests()
    }
    return {
      heard: ({ type }) => {
        if (SPOKEN.has(type)) end(() => void this.#clock.sleep(DRAWN_WITHIN_MS).then(rest))
      },
      over: () => end(rest),
    }
  }
}
