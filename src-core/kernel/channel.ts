/**
 * A queue that one side pushes into and the other reads as an async iterator; for events, deltas and frames. Values pushed before the
 * reader arrives wait for it. One reader.
 */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = []
  #waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | undefined
  #end: { error?: unknown } | undefined
  readonly #onReturn: (() => void) | undefined

  /** `onReturn` runs when the reader stops early. */
  constructor(onReturn?: () => void) {
    this.#onReturn = onReturn
  }

  push(value: T): void {
    if (this.#end) return
    if (this.#waiting) {
      this.#waiting.resolve({ value, done: false })
      this.#waiting = undefined
    } else this.#values.push(value)
  }

  end(): void {
    this.#finish({})
  }

  fail(error: unknown): void {
    this.#finish({ error })
  }

  #finish(end: { error?: unknown }): void {
    if (this.#end) return
    this.#end = end
    if (!this.#waiting) return
    if ('error' in end) this.#waiting.reject(end.error)
    else this.#waiting.resolve({ value: undefined, done: true })
    this.#waiting = undefined
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => {
        if (this.#values.length > 0) return Promise.resolve({ value: this.#values.shift() as T, done: false })
        if (this.#end) {
          return 'error' in this.#end
            ? Promise.reject(this.#end.error)
            : Promise.resolve({ value: undefined, done: true })
        }
        return new Promise((resolve, reject) => {
          this.#waiting = { resolve, reject }
        })
      },
      return: () => {
        this.#finish({})
        this.#values = []
        this.#onReturn?.()
        return Promise.resolve({ value: undefined, done: true })
      },
    }
  }
}
