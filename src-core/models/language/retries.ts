import type { Clock, Random } from '../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest } from '../types.ts'
import { cancelled } from './completion.ts'
import { ProviderError } from './provider-errors.ts'
import type { Meter, ProviderModel } from './provider-model.ts'

export interface RetryOptions {
  clock: Clock
  random: Random
  /** Tries in all, the first included. */
  attempts: number
  /** Upper bound of the first wait in milliseconds; it doubles with every try. */
  baseMs: number
  /** Longest wait in milliseconds, also the longest that a provider can ask for. */
  capMs: number
}

/**
 * Tries again what may pass by itself: too many requests, an overloaded or failing provider, a broken connection. Only before the first
 * text: afterwards the learner would hear the beginning twice. Silence is not tried again, since the learner has waited long enough.
 *
 * Waits follow "full jitter": a random time up to min(cap, base * 2^n), so that many clients do not come back together
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). A provider that names a time is given at least
 * that; one that names more than the cap is not asked again, and its error, which says how long, is what the learner sees at once.
 */
export function withRetries(model: ProviderModel, options: RetryOptions): ProviderModel {
  const { clock, attempts } = options

  async function* stream(request: LanguageRequest, meter?: Meter): AsyncGenerator<LanguageEvent> {
    for (let attempt = 1; ; attempt += 1) {
      let answerBegan = false
      try {
        for await (const event of model.stream(request, meter)) {
          answerBegan = true
          yield event
        }
        return
      } catch (error) {
        const waitMs = answerBegan || attempt >= attempts ? undefined : waitBefore(error, attempt, options)
        if (waitMs === undefined) throw error
        if (waitMs === 0) continue
        await clock.sleep(waitMs, request.signal).catch((reason: unknown) => {
          throw request.signal?.aborted ? cancelled(request.signal) : reason
        })
      }
    }
  }

  // A test of the settings must answer quickly and show the first error, so `check` is not tried again.
  return { ...model, stream }
}

/** Milliseconds until the next try, or undefined when there should be none. */
function waitBefore(error: unknown, attempt: number, { random, baseMs, capMs }: RetryOptions): number | undefined {
  if (!(error instanceof ProviderError) || !error.isPassing) return undefined
  const asked = error.retryAfterMs ?? 0
  if (asked > capMs) return undefined
  const jitter = random.fraction() * Math.min(capMs, baseMs * 2 ** (attempt - 1))
  return Math.max(asked, jitter)
}
