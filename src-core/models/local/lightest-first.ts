interface Waiting {
  weight: number
  begin(): void
}

/** Runs tasks one after the other: of those that wait the lightest comes next, of equally light ones the first that came. */
export class LightestFirst {
  #isRunning = false
  readonly #waiting: Waiting[] = []

  /** @param weight about how long the task takes, in any unit that all tasks share */
  async run<T>(weight: number, task: () => Promise<T>): Promise<T> {
    if (this.#isRunning) {
      const turn = Promise.withResolvers<void>()
      this.#waiting.push({ weight, begin: turn.resolve })
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
    const lightest = Math.min(...this.#waiting.map(({ weight }) => weight))
    const [next] = this.#waiting.splice(
      this.#waiting.findIndex(({ weight }) => weight === lightest),
      1,
    )
    if (next) next.begin()
    else this.#isRunning = false
  }
}
