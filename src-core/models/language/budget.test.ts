import { describe, expect, it } from 'vitest'
import { collect, failureOf, fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { isLvaError, LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { createBudget, type SpendingEntry, type SpendingLedger } from './budget.ts'
import { withBudget } from './with-budget.ts'

const REQUEST: LanguageRequest = { system: '', messages: [], passages: [], maxOutputTokens: 100 }

/** One dollar for a million tokens of input, ten for output: 10 in and 100 out cost 1010 millionths at most. */
const PRICES = { 'fake-model': { inputPerMillion: 1, outputPerMillion: 10 } }

function memoryLedger() {
  const entries: SpendingEntry[] = []
  const ledger: SpendingLedger & { fails: boolean } = {
    fails: false,
    spentMicroUsd: async (sinceMs) =>
      entries.filter((entry) => entry.at >= sinceMs).reduce((sum, entry) => sum + entry.costMicroUsd, 0),
    record: async (entry) => {
      if (ledger.fails) throw new Error('disk full')
      entries.push(entry)
    },
  }
  return { entries, ledger }
}

function subject(limitUsd: number, start = Date.UTC(2026, 2, 10)) {
  const clock = new ManualClock(start)
  const { entries, ledger } = memoryLedger()
  const limit = { usd: limitUsd }
  const warnings: string[] = []
  const log = { ...silentLog, warn: (_fields: unknown, message: string) => warnings.push(message) }
  const budget = createBudget({ clock, limitUsd: () => limit.usd, prices: PRICES, ledger, log })
  return { clock, entries, ledger, limit, budget, warnings }
}

describe('the monthly budget', () => {
  it('records what an answer really used and reports its cost', async () => {
    const { entries, budget, clock } = subject(1)
    const model = withBudget(fakeModel([{ texts: ['Hi'], inputTokens: 12, outputTokens: 30 }]), budget, false)
    const { end } = await collect(model.stream(REQUEST))
    expect(end?.usage).toEqual({ inputTokens: 12, outputTokens: 30, costUsd: 0.000312 })
    expect(entries).toEqual([
      {
        at: clock.now(),
        provider: 'anthropic',
        model: 'fake-model',
        inputTokens: 12,
        outputTokens: 30,
        costMicroUsd: 312,
      },
    ])
    expect(await budget.status()).toEqual({
      limitUsd: 1,
      spentUsd: 0.000312,
      reservedUsd: 0,
      resetsAt: '2026-04-01T00:00:00.000Z',
    })
  })

  it('has recorded the cost when the reader sees the end', async () => {
    const { entries, budget } = subject(1)
    const model = withBudget(fakeModel([{ inputTokens: 1, outputTokens: 1 }]), budget, false)
    for await (const event of model.stream(REQUEST)) if (event.type === 'end') break
    expect(entries).toHaveLength(1)
  })

  it('refuses before anything is sent when the call could pass the limit', async () => {
    const { budget, limit } = subject(0.001009)
    const inner = fakeModel([{ texts: ['Hi'] }])
    const model = withBudget(inner, budget, false)
    const failure = await failureOf(collect(model.stream(REQUEST)))
    expect(isLvaError(failure, 'budget-reached')).toBe(true)
    expect(failure).toMatchObject({ params: { limitUsd: 0.001009, spentUsd: 0, resets: '2026-04-01' } })
    expect(inner.calls).toBe(0)
    limit.usd = 0.00101
    expect((await collect(model.stream(REQUEST))).text).toBe('Hi')
  })

  it('counts calls under way', async () => {
    const { budget } = subject(0.0025)
    let release = () => {}
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    const model = withBudget(fakeModel([{ until, outputTokens: 1, inputTokens: 1 }]), budget, false)
    const calls = Array.from({ length: 5 }, () => collect(model.stream(REQUEST)).catch((error: unknown) => error))
    await new Promise((resolve) => setImmediate(resolve))
    expect((await budget.status()).reservedUsd).toBe(0.00202)
    release()
    const results = await Promise.all(calls)
    expect(results.filter((result) => isLvaError(result, 'budget-reached'))).toHaveLength(3)
    expect((await budget.status()).reservedUsd).toBe(0)
  })

  it('counts what failed and what was cancelled, as far as it is known', async () => {
    const { entries, budget } = subject(1)
    const failing = fakeModel([
      { texts: ['a'], fails: new LvaError('provider-stream-cut', 'Cut.'), inputTokens: 5, outputTokens: 2 },
    ])
    await failureOf(collect(withBudget(failing, budget, false).stream(REQUEST)))
    expect(entries.map((entry) => entry.costMicroUsd)).toEqual([25])
    const stopped = withBudget(fakeModel([{ texts: ['a', 'b'], inputTokens: 5, outputTokens: 1 }]), budget, false)
    for await (const _event of stopped.stream(REQUEST)) break
    expect(entries.map((entry) => entry.costMicroUsd)).toEqual([25, 15])
    const refused = fakeModel([{ fails: new LvaError('provider-key-refused', 'No.') }])
    await failureOf(collect(withBudget(refused, budget, false).stream(REQUEST)))
    expect(entries).toHaveLength(2)
    expect((await budget.status()).reservedUsd).toBe(0)
  })

  it('begins anew with the calendar month in UTC', async () => {
    const { clock, budget } = subject(0.0015, Date.UTC(2026, 2, 31, 23, 59, 59))
    const model = withBudget(fakeModel([{ inputTokens: 0, outputTokens: 100 }]), budget, false)
    await collect(model.stream(REQUEST))
    expect(isLvaError(await failureOf(collect(model.stream(REQUEST))), 'budget-reached')).toBe(true)
    clock.advance(1_000)
    expect((await collect(model.stream(REQUEST))).end?.usage.costUsd).toBe(0.001)
    expect((await budget.status()).resetsAt).toBe('2026-05-01T00:00:00.000Z')
  })

  it('does not hold back a model without a price, but says so once and reports no cost', async () => {
    const { entries, budget, warnings } = subject(0)
    const unpriced = { ...fakeModel([{ inputTokens: 1_000, outputTokens: 1_000 }]), model: 'unheard-of' }
    const model = withBudget(unpriced, budget, false)
    expect((await collect(model.stream(REQUEST))).end?.usage.costUsd).toBeNull()
    await collect(model.stream(REQUEST))
    expect(entries.map((entry) => entry.costMicroUsd)).toEqual([0, 0])
    expect(warnings).toHaveLength(1)
  })

  it('lets what is free run under an empty budget', async () => {
    const { budget } = subject(0)
    const own = { ...fakeModel([{ inputTokens: 1_000, outputTokens: 1_000 }]), model: 'llama3.2' }
    expect((await collect(withBudget(own, budget, true).stream(REQUEST))).end?.usage.costUsd).toBe(0)
  })

  it('keeps what the ledger would not take, counts it, and offers it again', async () => {
    const { entries, ledger, budget } = subject(0.0015)
    const model = withBudget(fakeModel([{ texts: ['Hi'], inputTokens: 0, outputTokens: 60 }]), budget, false)
    ledger.fails = true
    expect((await collect(model.stream(REQUEST))).text).toBe('Hi')
    expect(isLvaError(await failureOf(collect(model.stream(REQUEST))), 'budget-reached')).toBe(true)
    ledger.fails = false
    expect((await budget.status()).spentUsd).toBe(0.0006)
    expect(entries).toHaveLength(1)
  })

  it('records what a check used and never holds it back', async () => {
    const { entries, budget } = subject(0)
    await withBudget(fakeModel([{ inputTokens: 4, outputTokens: 1 }]), budget, false).check()
    await withBudget(fakeModel([{}]), budget, false).check()
    expect(entries.map((entry) => entry.costMicroUsd)).toEqual([14])
  })

  it('sums all tries of one answer', async () => {
    const { entries, budget } = subject(1)
    const inner = fakeModel([{}])
    const twice = {
      ...inner,
      async *stream(...[request, meter]: Parameters<typeof inner.stream>) {
        meter?.({ inputTokens: 3, outputTokens: 0 })
        yield* inner.stream(request, () => meter?.({ inputTokens: 4, outputTokens: 5 }))
      },
    }
    const { end } = await collect(withBudget(twice, budget, false).stream(REQUEST))
    expect(end?.usage).toEqual({ inputTokens: 7, outputTokens: 5, costUsd: 0.000057 })
    expect(entries).toMatchObject([{ inputTokens: 7, outputTokens: 5 }])
  })
})
