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
  /** Hands files to the core together; resolves once they are kept there, with what is wrong with each that is not. */
  send(files: readonly File[], signal: AbortSignal): Promise<readonly (Failure | null)[]>
}

/** Loads sent at the same time: one is read from the disk while the other travels. */
const AT_ONCE = 2
/** Small files travel together, since keeping a hundred takes the core hardly longer than keeping one. */
const FILES_OF_A_LOAD = 100
const BYTES_OF_A_LOAD = 4 * 2 ** 20

/** The files that the learner gave and the core does not have yet, in the order in which they were given. */
export class Uploads {
  #present: readonly Upload[] = []
  #next = 1
  readonly #files = new Map<number, File>()
  readonly #stops = new Map<number, AbortController>()
  #loads = 0
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
    for (const stop of new Set(this.#stops.values())) stop.abort()
    this.#stops.clear()
    this.#files.clear()
    this.#set([])
  }

  retry(key: number): void {
    this.#change([key], () => ({ phase: 'waiting', failure: null }))
    this.#sendMore()
  }

  #sendMore(): void {
    while (this.#loads < AT_ONCE) {
      const load = this.#nextLoad()
      if (load.length === 0) return
      void this.#send(load)
    }
  }

  /** Those that come next, as many as travel together; a large file travels alone. */
  #nextLoad(): number[] {
    const load: number[] = []
    let total = 0
    for (const { key, bytes, phase } of this.#present) {
      if (phase !== 'waiting') continue
      if (load.length === FILES_OF_A_LOAD || (load.length > 0 && total + bytes > BYTES_OF_A_LOAD)) break
      load.push(key)
      total += bytes
    }
    return load
  }

  async #send(load: readonly number[]): Promise<void> {
    const stop = new AbortController()
    const files = load.map((key) => this.#files.get(key) as File)
    for (const key of load) this.#stops.set(key, stop)
    this.#loads += 1
    this.#change(load, () => ({ phase: 'sending' }))
    try {
      const failures = await this.#options.send(files, stop.signal)
      const arrived = new Set(load.filter((_, index) => !failures[index]))
      this.#set(this.#present.filter(({ key }) => !arrived.has(key)))
      for (const key of arrived) this.#files.delete(key)
      this.#change(load, (index) => ({ phase: 'failed', failure: failures[index] ?? null }))
    } catch (error) {
      if (!stop.signal.aborted) this.#change(load, () => ({ phase: 'failed', failure: toFailure(error) }))
    }
    this.#loads -= 1
    for (const key of load) this.#stops.delete(key)
    this.#sendMore()
  }

  /** What travels with others goes on, and its document may be there in a moment; the last of a load, or one alone, stops it. */
  #forget(key: number): void {
    const stop = this.#stops.get(key)
    this.#stops.delete(key)
    this.#files.delete(key)
    if (stop && ![...this.#stops.values()].includes(stop)) stop.abort()
    this.#set(this.#present.filter((upload) => upload.key !== key))
  }

  /** @param change of the upload with this index of `load` */
  #change(load: readonly number[], change: (index: number) => Partial<Upload>): void {
    const indexes = new Map(load.map((key, index) => [key, index]))
    this.#set(
      this.#present.map((upload) => {
        const index = indexes.get(upload.key)
        return index === undefined ? upload : { ...upload, ...change(index) }
      }),
    )
  }

  #set(uploads: readonly Upload[]): void {
    this.#present = uploads
    for (const listener of [...this.#listeners]) listener()
  }
}
