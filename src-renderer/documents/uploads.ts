import { type Failure, toFailure } from '../backend/failure.ts'

/** A file on its way to the core. Once the core has it, it is a document and no upload any more. */
export interface Upload {
  readonly key: number
  readonly name: string
  readonly bytes: number
  readonly phase: 'waiting' | 'sending' | 'failed'
  /** Why, when it failed. */
  readonly failure: Failure | null
}

export interface UploadsOptions {
  /** Hands one file to the core; resolves once it is kept there. */
  send(file: File, signal: AbortSignal): Promise<unknown>
}

/** Files sent at the same time: one is read from the disk while the other travels. */
const AT_ONCE = 2

/** The files that the learner gave and the core does not have yet, in the order in which they were given. */
export class Uploads {
  #present: readonly Upload[] = []
  #next = 1
  readonly #files = new Map<number, File>()
  readonly #stops = new Map<number, AbortController>()
  readonly #listeners = new Set<() => void>()
  readonly #options: UploadsOptions

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  get present(): readonly Upload[] {
    return this.#present
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => {
      const key = this.#next++
      this.#files.set(key, file)
      return { key, name: file.name, bytes: file.size, phase: 'waiting', failure: null }
    })
    this.#set([...this.#present, ...added])
    this.#sendMore()
  }

  /** Leaves a file out. One that is being sent may have arrived already; then it is a document. */
  cancel(key: number): void {
    this.#forget(key)
    this.#sendMore()
  }

  cancelAll(): void {
    for (const { key } of this.#present) this.#forget(key)
  }

  retry(key: number): void {
    this.#change(key, { phase: 'waiting', failure: null })
    this.#sendMore()
  }

  #sendMore(): void {
    while (this.#stops.size < AT_ONCE) {
      const next = this.#present.find(({ phase }) => phase === 'waiting')
      if (!next) return
      void this.#send(next.key)
    }
  }

  async #send(key: number): Promise<void> {
    const file = this.#files.get(key) as File
    const stop = new AbortController()
    this.#stops.set(key, stop)
    this.#change(key, { phase: 'sending' })
    try {
      await this.#options.send(file, stop.signal)
      this.#forget(key)
    } catch (error) {
      if (!stop.signal.aborted) this.#change(key, { phase: 'failed', failure: toFailure(error) })
    }
    this.#stops.delete(key)
    this.#sendMore()
  }

  #forget(key: number): void {
    this.#stops.get(key)?.abort()
    this.#stops.delete(key)
    this.#files.delete(key)
    this.#set(this.#present.filter((upload) => upload.key !== key))
  }

  #change(key: number, change: Partial<Upload>): void {
    this.#set(this.#present.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)))
  }

  #set(uploads: readonly Upload[]): void {
    this.#present = uploads
    for (const listener of [...this.#listeners]) listener()
  }
}
