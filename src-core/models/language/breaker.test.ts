import { describe, expect, it } from 'vitest'
import { collect, type FakeCall, failureOf, fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { type ErrorCode, isLvaError, LvaError, ManualClock } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { Breaker, Breakers, withBreaker } from './breaker.ts'

const REQUEST: LanguageRequest = { system: '', messages: [], passages: [], maxOutputTokens: 10 }
const PARTY = { provider: 'anthropic', model: 'fake-model', hasKey: true } as const

const failing = (code: ErrorCode = 'provider-unavailable'): FakeCall => ({ fails: new LvaError(code, 'Busy.') })

function subject(script: FakeCall[]) {
  const clock = new ManualClock()
  const breaker = new Breaker({ clock, failures: 3, coolDownMs: 30_000 })
  const model = fakeModel(script)
  const guarded = withBreaker(model, breaker, PARTY)
  const call = () => collect(guarded.stream(REQUEST))
  const fail = async (times: number) => {
    for (let count = 0; count < times; count += 1) await failureOf(call())
  }
  return { clock, breaker, model, guarded, call, fail }
}

describe('the circuit', () => {
  it('opens after failures in a row and then asks nobody', async () => {
    const { breaker, model, call, fail } = subject([failing()])
    await fail(2)
    expect(breaker.state).toBe('closed')
    await fail(1)
    expect(breaker.state).toBe('open')
    const failure = await failureOf(call())
    expect(failure).toMatchObject({ code: 'provider-circuit-open', isPassing: false, params: { seconds: 30 } })
    expect(model.calls).toBe(3)
  })

  it('stays closed when a call works in between', async () => {
    const { breaker, call, fail } = subject([failing(), failing(), { texts: ['Hi'] }, failing(), failing()])
    await fail(2)
    await call()
    await fail(2)
    expect(breaker.state).toBe('closed')
  })

  it('lets one call try after the cool-down, and closes when it works', async () => {
    let release = () => {}
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    const { clock, breaker, model, call, fail } = subject([failing(), failing(), failing(), { texts: ['Hi'], until }])
    await fail(3)
    clock.advance(30_000)
    expect(breaker.state).toBe('half-open')
    const trial = call()
    expect(isLvaError(await failureOf(call()), 'provider-circuit-open')).toBe(true)
    release()
    expect((await trial).text).toBe('Hi')
    expect(breaker.state).toBe('closed')
    expect(model.calls).toBe(4)
  })

  it('opens again when that call fails', async () => {
    const { clock, breaker, fail } = subject([failing()])
    await fail(3)
    clock.advance(30_000)
    await fail(1)
    expect(breaker.state).toBe('open')
    clock.advance(29_999)
    expect(breaker.state).toBe('open')
  })

  it('is not stuck half open when the trial is cancelled', async () => {
    const { clock, breaker, call, fail } = subject([
      failing(),
      failing(),
      failing(),
      failing('cancelled'),
      { texts: ['Hi'] },
    ])
    await fail(3)
    clock.advance(30_000)
    await fail(1)
    expect(breaker.state).toBe('half-open')
    expect((await call()).text).toBe('Hi')
  })

  it.each<ErrorCode>(['provider-rate-limited', 'cancelled', 'internal'])('does not count %s', async (code) => {
    const { breaker, fail } = subject([failing(), failing(), failing(code), failing()])
    await fail(3)
    expect(breaker.state).toBe('closed')
    await fail(1)
    expect(breaker.state).toBe('open')
  })

  it.each<ErrorCode>(['provider-key-refused', 'provider-refused', 'provider-model-unknown'])(
    'takes %s as a sign of life',
    async (code) => {
      const { breaker, fail } = subject([failing(), failing(), failing(code), failing(), failing(), failing()])
      await fail(5)
      expect(breaker.state).toBe('closed')
      await fail(1)
      expect(breaker.state).toBe('open')
    },
  )

  it('is closed by a check that works, which is never held back', async () => {
    const { breaker, model, guarded, fail } = subject([failing()])
    await fail(3)
    await failureOf(guarded.check())
    expect(breaker.state).toBe('open')
    expect(model.checks).toBe(1)
    const healthy = withBreaker(fakeModel([{}]), breaker, PARTY)
    await healthy.check()
    expect(breaker.state).toBe('closed')
  })

  it('is one for each name', () => {
    const breakers = new Breakers({ clock: new ManualClock(), failures: 1, coolDownMs: 1 })
    expect(breakers.of('a')).toBe(breakers.of('a'))
    expect(breakers.of('a')).not.toBe(breakers.of('b'))
  })
})
