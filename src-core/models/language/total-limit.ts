import type { Clock } from '../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest } from '../types.ts'
import { nameOf, type Party, ProviderError, paramsOf } from './provider-errors.ts'
import type { Meter, ProviderModel } from './provider-model.ts'

/** Ends an answer that takes longer than `totalMs` milliseconds in all, repeated tries and the waits between them included. */
export function withTotalLimit(model: ProviderModel, clock: Clock, totalMs: number, party: Party): ProviderModel {
  async function* stream(request: LanguageRequest, meter?: Meter): AsyncGenerator<LanguageEvent> {
    const limit = new AbortController()
    const timer = new AbortController()
    const passOn = () => limit.abort(request.signal?.reason)
    if (request.signal?.aborted) passOn()
    request.signal?.addEventListener('abort', passOn, { once: true })
    clock.sleep(totalMs, timer.signal).then(
      () => limit.abort(tooLong(party, totalMs)),
      // Only our own signal ends the sleep early, when the answer is complete.
      () => undefined,
    )
    try {
      yield* model.stream({ ...request, signal: limit.signal }, meter)
    } finally {
      timer.abort()
      request.signal?.removeEventListener('abort', passOn)
    }
  }

  return { ...model, stream }
}

function tooLong(party: Party, totalMs: number): ProviderError {
  const seconds = Math.max(1, Math.round(totalMs / 1_000))
  return new ProviderError('timeout', `${nameOf(party)} did not finish the answer within ${seconds} s.`, {
    advice: 'Ask for a shorter answer, or choose a faster model in Settings.',
    params: paramsOf(party, { seconds }),
  })
}
