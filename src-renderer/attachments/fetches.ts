import type { AttachmentFetch, Client } from '../../src-core/contract/index.ts'
import { type Failure, toFailure } from '../backend/failure.ts'

/** How far a fetch is; `failed` stays until it is tried again or goes from the screen. */
export type Fetching =
  | Exclude<AttachmentFetch, { state: 'here' }>
  | { state: 'begun' }
  | { state: 'failed'; failure: Failure }

interface UnderWay {
  now: Fetching
  stop: AbortController
}

/** Fetches of this window, by SHA-256. They go on while the learner looks at something else. */
class Fetches {
  readonly #underWay = new Map<string, UnderWay>()
  readonly #listeners = new Set<() => void>()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(sha256: string): Fetching | undefined {
    return this.#underWay.get(sha256)?.now
  }

  /** @param onHere called once the bytes are here */
  async begin(client: Client, sha256: string, onHere: () => void): Promise<void> {
    const known = this.#underWay.get(sha256)
    if (known && known.now.state !== 'failed') return
    const own: UnderWay = { now: { state: 'begun' }, stop: new AbortController() }
    this.#set(sha256, own)
    try {
      const { signal } = own.stop
      for await (const event of await client.attachments.fetch({ sha256 }, { signal })) {
        if (event.state !== 'here') this.#set(sha256, { ...own, now: event })
      }
      this.#set(sha256, undefined)
      onHere()
    } catch (error) {
      const isStopped = own.stop.signal.aborted
      this.#set(sha256, isStopped ? undefined : { ...own, now: { state: 'failed', failure: toFailure(error) } })
    }
  }

  cancel(sha256: string): void {
    this.#underWay.get(sha256)?.stop.abort()
    this.#set(sha256, undefined)
  }

  #set(sha256: string, underWay: UnderWay | undefined): void {
    if (underWay) this.#underWay.set(sha256, underWay)
    else this.#underWay.delete(sha256)
    for (const listener of this.#listeners) listener()
  }
}

export const fetches = new Fetches()
