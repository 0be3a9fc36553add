import { describe, expect, it } from 'vitest'
import { collect, type FakeCall, failureOf, fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { isLvaError, ManualClock, seededRandom } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { ProviderError } from './provider-errors.ts'
import { withRetries } from './retries.ts'

const REQUEST: LanguageRequest = { system: '', messages: [], passages: [], maxOutputTokens: 10 }

function overloaded(retryAfterMs?: number, isPassing = true): ProviderError {
  const options = { advice: '', params: {}, isPassing }
  return new ProviderError(
    'provider-unavailable',
    'Busy.',
    retryAfterMs === undefined ? options : { ...options, retryAfterMs },
  )
}

function subject(script: FakeCall[], fraction = 1, signal?: AbortSignal) {
  const clock = new ManualClock()
  const model = fakeModel(script)
  const random = { ...seededRandom(1), fraction: () => fraction }
  const retrying = withRetries(model, { clock, random, attempts: 3, baseMs: 500, capMs: 8_000 })
  const result = collect(retrying.stream(signal ? { ...REQUEST, signal } : REQUEST))
  result.catch(() => undefined)
  return { clock, model, result }
}

/** Lets everything run that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('retries', () => {
  it('wait a random time up to a bound that doubles', async () => {
    const { clock, model, result } = subject([{ fails: overloaded() }, { fails: overloaded() }, { texts: ['Hi'] }], 0.5)
    await settle()
    expect(model.calls).toBe(1)
    clock.advance(249)
    await settle()
    expect(model.calls).toBe(1)
    clock.advance(1)
    await settle()
    expect(model.calls).toBe(2)
    clock.advance(499)
    await settle()
    expect(model.calls).toBe(2)
    clock.advance(1)
    expect((await result).text).toBe('Hi')
    expect(model.calls).toBe(3)
    expect(clock.sleeping).toBe(0)
  })

  it('end after the last attempt with its error', async () => {
    const { model, result } = subject([{ fails: overloaded() }], 0)
    expect(isLvaError(await failureOf(result), 'provider-unavailable')).toBe(true)
    expect(model.calls).toBe(3)
  })

  it('give a provider the time that it asks for', async () => {
    const { clock, model, result } = subject([{ fails: overloaded(3_000) }, { texts: ['Hi'] }], 0)
    await settle()
    clock.advance(2_999)
    await settle()
    expect(model.calls).toBe(1)
    clock.advance(1)
    expect((await result).text).toBe('Hi')
  })

  it('do not wait for a provider that asks for more than the cap', async () => {
    const { model, result } = subject([{ fails: overloaded(8_001) }])
    expect(await failureOf(result)).toMatchObject({ retryAfterMs: 8_001 })
    expect(model.calls).toBe(1)
  })

  it('never follow the first text', async () => {
    const { model, result } = subject([{ texts: ['Half'], fails: overloaded() }])
    expect(isLvaError(await failureOf(result), 'provider-unavailable')).toBe(true)
    expect(model.calls).toBe(1)
  })

  it('leave alone what does not pass, and errors that are not the provider’s', async () => {
    const lasting = subject([{ fails: overloaded(undefined, false) }])
    await failureOf(lasting.result)
    expect(lasting.model.calls).toBe(1)
    const bug = subject([{ fails: new TypeError('bug') }])
    expect(await failureOf(bug.result)).toBeInstanceOf(TypeError)
    expect(bug.model.calls).toBe(1)
  })

  it('end at once when cancelled during a wait', async () => {
    const stop = new AbortController()
    const { clock, model, result } = subject([{ fails: overloaded() }], 1, stop.signal)
    await settle()
    expect(clock.sleeping).toBe(1)
    stop.abort()
    expect(isLvaError(await failureOf(result), 'cancelled')).toBe(true)
    expect(model.calls).toBe(1)
    expect(clock.sleeping).toBe(0)
  })
})
