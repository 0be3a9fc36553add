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

/** What became of a file: a document, which may have been there before, or what is wrong with it. */
export type Sent = { id: string; isNew: boolean } | { failure: Failure }

export interface UploadsOptions {
  /** Hands files to the core together; resolves once they are kept there, with what became of each. */
  send(files: readonly File[], signal: AbortSignal): Promise<readonly Sent[]>
  /** Deletes documents of files that were cancelled on their way and arrived all the same. */
  takeBack(ids: readonly string[]): void
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

  /** Leaves a file out, also one that is on its way. */
  cancel(key: number): void {
    this.#forget([key])
    this.#sendMore()
  }

  /** Leaves out all that were not taken. */
  dismissFailed(): void {
    this.#forget(this.#present.filter(({ phase }) => phase === 'failed').map(({ key }) => key))
  }

  cancelAll(): void {
    this.#forget(this.#present.map(({ key }) => key))
  }

  /** Stops everything that is on its way. */
  close(): void {
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
      const sent = await this.#options.send(files, stop.signal)
      const failures = sent.map((one) => ('failure' in one ? one.failure : null))
      const arrived = new Set(load.filter((_, index) => !failures[index]))
      this.#takeBack(load, sent)
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

  /** Documents that came of cancelled files alone are not wanted; those that were there before, or came of another file too, are. */
  #takeBack(load: readonly number[], sent: readonly Sent[]): void {
    const wanted = new Set<string>()
    const unwanted = new Set<string>()
    for (const [index, one] of sent.entries()) {
      if ('failure' in one) continue
      if (this.#stops.has(load[index] as number)) wanted.add(one.id)
      else if (one.isNew) unwanted.add(one.id)
    }
    const ids = [...unwanted].filter((id) => !wanted.has(id))
    if (ids.length > 0) this.#options.takeBack(ids)
  }

  /** A large file, which travels alone, is stopped; small ones are there in a moment, and what came of them is taken back then. */
  #forget(keys: readonly number[]): void {
    const forgotten = new Set(keys)
    for (const { key, bytes } of this.#present) {
      if (!forgotten.has(key)) continue
      if (bytes > BYTES_OF_A_LOAD) this.#stops.get(key)?.abort()
      this.#stops.delete(key)
      this.#files.delete(key)
    }
    this.#set(this.#present.filter(({ key }) => !forgotten.has(key)))
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
