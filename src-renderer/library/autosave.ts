import { type Failure, toFailure } from '../backend/failure.ts'

/** Pause in typing after which a change is saved, in milliseconds. */
const PAUSE_MS = 600

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'failed'; failure: Failure }

/**
 * Saves while the learner types: after a short pause, one save at a time, the newest wish last. A save that fails keeps what it had to
 * save, and tries again with the next change or by `flush`.
 */
export class Autosave<T extends object> {
  #state: SaveState = { kind: 'saved' }
  #waiting: Partial<T> = {}
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> | undefined
  readonly #save: (patch: Partial<T>) => Promise<unknown>
  readonly #listeners = new Set<() => void>()

  constructor(save: (patch: Partial<T>) => Promise<unknown>) {
    this.#save = save
  }

  get state(): SaveState {
    return this.#state
  }

  /** What has not reached the core yet. */
  get unsaved(): boolean {
    return this.#state.kind !== 'saved'
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  change(patch: Partial<T>): void {
    Object.assign(this.#waiting, patch)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS)
    if (!this.#saving) this.#set({ kind: 'waiting' })
  }

  /** Saves now. Resolves once nothing is waiting, or a save has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#saving
    if (Object.keys(this.#waiting).length === 0) return
    const patch = this.#waiting
    this.#waiting = {}
    this.#set({ kind: 'saving' })
    this.#saving = this.#run(patch)
    await this.#saving
  }

  async #run(patch: Partial<T>): Promise<void> {
    let failure: Failure | undefined
    try {
      await this.#save(patch)
    } catch (error) {
      failure = toFailure(error)
      this.#waiting = { ...patch, ...this.#waiting }
    }
    this.#saving = undefined
    if (failure) this.#set({ kind: 'failed', failure })
    else this.#set(Object.keys(this.#waiting).length > 0 ? { kind: 'waiting' } : { kind: 'saved' })
  }

  #set(state: SaveState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}
