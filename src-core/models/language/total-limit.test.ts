import { expect, it } from 'vitest'
import { collect, failureOf } from '../../../test/scripted-provider/fake-model.ts'
import { isLvaError, ManualClock } from '../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest } from '../types.ts'
import { cancelled } from './completion.ts'
import type { ProviderModel } from './provider-model.ts'
import { withTotalLimit } from './total-limit.ts'

const REQUEST: LanguageRequest = { system: '', messages: [], passages: [], maxOutputTokens: 10 }
const PARTY = { provider: 'openai', model: 'm', hasKey: true } as const

/** Says one word and then waits for its signal. */
const endless: ProviderModel = {
  provider: 'openai',
  model: 'm',
  mostTokens: () => ({ inputTokens: 0, outputTokens: 0 }),
  async *stream({ signal }): AsyncGenerator<LanguageEvent> {
    yield { type: 'delta', text: 'Hi' }
    await new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(cancelled(signal)))
    })
  },
  check: async () => undefined,
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('ends an answer that takes too long', async () => {
  const clock = new ManualClock()
  const reading = failureOf(collect(withTotalLimit(endless, clock, 60_000, PARTY).stream(REQUEST)))
  await settle()
  clock.advance(59_999)
  await settle()
  expect(clock.sleeping).toBe(1)
  clock.advance(1)
  expect(await reading).toMatchObject({ code: 'timeout', params: { seconds: 60, provider: 'openai' } })
})

it('passes a cancellation on and leaves no timer', async () => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const limited = withTotalLimit(endless, clock, 60_000, PARTY)
  const reading = failureOf(collect(limited.stream({ ...REQUEST, signal: stop.signal })))
  await settle()
  stop.abort()
  expect(isLvaError(await reading, 'cancelled')).toBe(true)
  expect(clock.sleeping).toBe(0)
})
