interface Waiting {
  weight: number
  /** How many came later and went first. */
  overtaken: number
  begin(): void
}

/** After so many that went first, one that waits comes next, whatever it weighs: light ones may come for hours. */
const MOST_OVERTAKEN = 4

/**
 * Runs tasks one after the other: of those that wait the lightest comes next, of equally light ones the first that came. None waits for
 * ever: one that was overtaken four times is next.
 */
export class LightestFirst {
  #isRunning = false
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = []

  /** @param weight about how long the task takes, in any unit that all tasks share */
  async run<T>(weight: number, task: () => Promise<T>): Promise<T> {
    if (this.#isRunning) {
      const turn = Promise.withResolvers<void>()
      this.#waiting.push({ weight, overtaken: 0, begin: turn.resolve })
      await turn.promise
    }
    this.#isRunning = true
    try {
      return await task()
    } finally {
      this.#next()
    }
  }

  /** Hands the turn over without a gap, so that nobody who comes in between can overtake. */
  #next(): void {
    const at = this.#nextPlace()
    const next = this.#waiting[at]
    if (!next) {
      this.#isRunning = false
      return
    }
    for (const earlier of this.#waiting.slice(0, at)) earlier.overtaken += 1
    this.#waiting.splice(at, 1)
    next.begin()
  }

  /** @returns -1 where none waits */
  #nextPlace(): number {
    const patient = this.#waiting.findIndex(({ overtaken }) => overtaken >= MOST_OVERTAKEN)
    if (patient >= 0) return patient
    const lightest = Math.min(...this.#waiting.map(({ weight }) => weight))
    return this.#waiting.findIndex(({ weight }) => weight === lightest)
  }
}
