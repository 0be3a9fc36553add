import type { Busy } from '../memory/index.ts'
import type { TurnEvent } from './types.ts'

/** After these the learner reads, or decides: nobody waits for the machine. */
const SPOKEN: ReadonlySet<TurnEvent['type']> = new Set(['delta', 'consent', 'answered', 'done'] as const)

/** Turns in which the learner waits for the first word. Background work that takes processor and database from them gives way meanwhile. */
export class FirstWords implements Busy {
  #waiting = 0
  readonly #listeners = new Set<() => void>()

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
    const over = () => {
      if (!isWaiting) return
      isWaiting = false
      this.#waiting -= 1
      if (this.#waiting === 0) for (const listener of this.#listeners) listener()
    }
    return {
      heard: ({ type }) => {
        if (SPOKEN.has(type)) over()
      },
      over,
    }
  }
}
