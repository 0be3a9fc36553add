import { type Clock, type ErrorCode, isLvaError } from '../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest } from '../types.ts'
import { nameOf, type Party, ProviderError, paramsOf } from './provider-errors.ts'
import type { Meter, ProviderModel } from './provider-model.ts'

export interface BreakerOptions {
  clock: Clock
  /** Failures in a row that open the circuit. */
  failures: number
  /** Milliseconds for which an open circuit lets nothing through. */
  coolDownMs: number
}

type Outcome = 'worked' | 'failed' | 'unknown'

/**
 * Keeps a provider that fails again and again from being asked, so that the learner gets an answer at once and the provider time.
 *
 *     closed --failures in a row--> open --coolDownMs--> half-open --one call works--> closed
 *                                     ^------------------ it fails ------'
 */
export class Breaker {
  readonly #options: BreakerOptions
  #failures = 0
  /** Monotonic time at which the circuit opened. */
  #openedAt: number | undefined
  #trialRunning = false

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openedAt === undefined) return 'closed'
    return this.#remainingMs() > 0 ? 'open' : 'half-open'
  }

  /**
   * Asks for one call. @returns a function that must be told how the call went, or the milliseconds to wait when it may not be made.
   * While the circuit is half open one call at a time may try.
   */
  enter(): { settle: (outcome: Outcome) => void } | { waitMs: number } {
    if (this.#openedAt === undefined) return { settle: (outcome) => this.#settle(outcome) }
    const waitMs = this.#remainingMs()
    if (waitMs > 0 || this.#trialRunning) return { waitMs: Math.max(waitMs, 1) }
    this.#trialRunning = true
    return {
      settle: (outcome) => {
        this.#trialRunning = false
        this.#settle(outcome)
      },
    }
  }

  /** Told of a call that was made without asking, as by the "test" button of the settings. */
  note(outcome: Outcome): void {
    this.#settle(outcome)
  }

  #settle(outcome: Outcome): void {
    if (outcome === 'worked') {
      this.#failures = 0
      this.#openedAt = undefined
    } else if (outcome === 'failed') {
      this.#failures += 1
      if (this.#openedAt !== undefined || this.#failures >= this.#options.failures) {
        this.#openedAt = this.#options.clock.monotonic()
      }
    }
  }

  #remainingMs(): number {
    return (this.#openedAt ?? 0) + this.#options.coolDownMs - this.#options.clock.monotonic()
  }
}

/** One breaker for each provider, address and model. It outlives a change of settings, so the composition root makes it once. */
export class Breakers {
  readonly #options: BreakerOptions
  readonly #breakers = new Map<string, Breaker>()

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  of(name: string): Breaker {
    const found = this.#breakers.get(name) ?? new Breaker(this.#options)
    this.#breakers.set(name, found)
    return found
  }
}

/** @throws LvaError provider-circuit-open from `stream` while the circuit is open; `check` always goes through and can close it */
export function withBreaker(model: ProviderModel, breaker: Breaker, party: Party): ProviderModel {
  async function* stream(request: LanguageRequest, meter?: Meter): AsyncGenerator<LanguageEvent> {
    const entry = breaker.enter()
    if ('waitMs' in entry) throw circuitOpen(party, entry.waitMs)
    // A reader that stops early says nothing about the provider.
    let outcome: Outcome = 'unknown'
    try {
      for await (const event of model.stream(request, meter)) {
        outcome = 'worked'
        yield event
      }
    } catch (error) {
      outcome = outcomeOf(error)
      throw error
    } finally {
      entry.settle(outcome)
    }
  }

  async function check(signal?: AbortSignal, meter?: Meter): Promise<void> {
    try {
      await model.check(signal, meter)
      breaker.note('worked')
    } catch (error) {
      if (outcomeOf(error) === 'worked') breaker.note('worked')
      throw error
    }
  }

  return { ...model, stream, check }
}

/** A refusal proves that the provider works; too many requests, a cancelled call and an error of our own prove nothing. */
const OUTCOMES: Partial<Record<ErrorCode, Outcome>> = {
  'provider-key-refused': 'worked',
  'provider-refused': 'worked',
  'provider-model-unknown': 'worked',
  'provider-unavailable': 'failed',
  'provider-stream-cut': 'failed',
  'provider-not-understood': 'failed',
  'network-down': 'failed',
  timeout: 'failed',
}

function outcomeOf(error: unknown): Outcome {
  return isLvaError(error) ? (OUTCOMES[error.code] ?? 'unknown') : 'unknown'
}

function circuitOpen(party: Party, waitMs: number): ProviderError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return new ProviderError(
    'provider-circuit-open',
    `${nameOf(party)} failed several times in a row and is left alone for ${seconds} s.`,
    {
      advice: 'Ask again then, or press "Test" in Settings to try at once; the offline tutor answers meanwhile.',
      params: paramsOf(party, { seconds }),
    },
  )
}
