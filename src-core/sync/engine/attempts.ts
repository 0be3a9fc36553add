import { type Log, type Random, toLvaError } from '../../kernel/index.ts'
import type { SessionEnd } from './line.ts'
import type { SyncState } from './state.ts'
import type { SyncTuning } from './tuning.ts'

/** What follows when a connection has ended. */
export interface Next {
  /** Undefined where only the learner can mend it. */
  waitMs: number | undefined
  problem: SyncState['problem']
}

/** How often it was tried, and when it is tried next. */
export class Attempts {
  readonly #tuning: SyncTuning
  readonly #random: Random
  readonly #log: Log
  #failures = 0
  /** The token that the relay refused last. */
  refusedToken: string | undefined

  constructor({ tuning, random, log }: { tuning: SyncTuning; random: Random; log: Log }) {
    this.#tuning = tuning
    this.#random = random
    this.#log = log
  }

  /** Begins anew, as where nothing had failed. */
  reset(): void {
    this.#failures = 0
    this.refusedToken = undefined
  }

  after(end: SessionEnd, token: string, host: string): Next {
    switch (end.why) {
      case 'later':
        return { waitMs: end.waitMs + this.#random.fraction() * this.#tuning.retryMs, problem: null }
      case 'token-refused':
        // Once another one is fetched.
        if (this.refusedToken !== undefined) return stuck('signed-out')
        this.refusedToken = token
        return { waitMs: 0, problem: null }
      case 'revoked':
        return stuck('device-revoked')
      case 'not-understood':
        return { waitMs: this.#tuning.longestRetryMs, problem: { code: 'relay-not-understood', params: { host } } }
      case 'failed':
        return this.failed(end.error)
      default:
        return { waitMs: this.#backOff(), problem: null }
    }
  }

  failed(error: unknown): Next {
    const { code, params } = toLvaError(error)
    if (code === 'signed-out' || code === 'device-revoked') return stuck(code)
    this.#log.warn({ error }, 'sync was interrupted')
    return { waitMs: this.#backOff(), problem: code === 'relay-unreachable' ? null : { code, params } }
  }

  /** The longer it fails, the longer the wait, and never the same on two devices. */
  #backOff(): number {
    const most = Math.min(this.#tuning.longestRetryMs, this.#tuning.retryMs * 2 ** this.#failures)
    this.#failures += 1
    return most / 2 + (this.#random.fraction() * most) / 2
  }
}

function stuck(code: 'signed-out' | 'device-revoked'): Next {
  return { waitMs: undefined, problem: { code, params: {} } }
}
