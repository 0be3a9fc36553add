import type { Citation, Client, ProviderName, Summary, SummaryOf } from '../../src-core/contract/index.ts'
import { type Failure, toFailure } from '../backend/failure.ts'

/** A summary as the screen follows it, from the moment the learner asked for it. */
export interface Summing {
  of: SummaryOf
  /** `gathering`: memory is read; `writing`: it is known what it is made of, and words arrive. */
  phase: 'gathering' | 'writing' | 'done' | 'stopped' | 'failed'
  citations: Citation[]
  provider: ProviderName | null
  model: string
  text: string
  /** Whole and checked, once it is done. */
  summary: Summary | null
  failure: Failure | null
}

export interface SummingUpOptions {
  summaries: Pick<Client['summaries'], 'make'>
  /** It ended, however. */
  onEnd(): void
}

/**
 * Makes summaries, one at a time, whatever place is on the screen meanwhile, and remembers the last one until another is asked for: it is
 * kept nowhere else, and whoever comes back from one of its sources need not pay for it again.
 */
export class SummingUp {
  #present: Summing | null = null
  #stop: AbortController | undefined
  readonly #listeners = new Set<() => void>()
  readonly #options: SummingUpOptions

  constructor(options: SummingUpOptions) {
    this.#options = options
  }

  get present(): Summing | null {
    return this.#present
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Sums up with the active provider or the one named, in place of the summary before. */
  make(of: SummaryOf, provider?: ProviderName): void {
    this.stop()
    const stop = new AbortController()
    this.#stop = stop
    this.#set({
      ...{ of, phase: 'gathering', citations: [], provider: null, model: '', text: '', summary: null, failure: null },
    })
    void this.#follow({ of, ...(provider && { provider }) }, stop.signal)
  }

  /** Ends it where it is; the words so far stay in sight. */
  stop(): void {
    if (!this.#present || !isBeingMade(this.#present)) return
    this.#stop?.abort()
    this.#end({ phase: 'stopped' })
  }

  async #follow(request: { of: SummaryOf; provider?: ProviderName }, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of await this.#options.summaries.make(request, { signal })) {
        if (signal.aborted) return
        if (event.type === 'memory') {
          const { citations, provider, model } = event
          this.#change({ citations, provider, model, phase: 'writing' })
        } else if (event.type === 'delta') this.#change({ text: (this.#present?.text ?? '') + event.text })
        else {
          const { text, citations } = event.summary
          this.#change({ text, citations, summary: event.summary })
        }
      }
      if (!signal.aborted) this.#end({ phase: this.#present?.summary ? 'done' : 'stopped' })
    } catch (error) {
      if (signal.aborted) return
      const failure = toFailure(error)
      this.#end(failure.code === 'cancelled' ? { phase: 'stopped' } : { phase: 'failed', failure })
    }
  }

  #end(change: Partial<Summing>): void {
    this.#change(change)
    this.#options.onEnd()
  }

  #change(change: Partial<Summing>): void {
    if (this.#present) this.#set({ ...this.#present, ...change })
  }

  #set(present: Summing): void {
    this.#present = present
    for (const listener of [...this.#listeners]) listener()
  }
}

export function isBeingMade(summing: Summing | null): boolean {
  return summing?.phase === 'gathering' || summing?.phase === 'writing'
}
