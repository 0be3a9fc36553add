import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { collect, failureOf } from '../../../test/scripted-provider/fake-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../../test/scripted-provider.ts'
import { configSchema, isLvaError, ManualClock, seededRandom, silentLog } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { Breakers } from './breaker.ts'
import { createBudget, type SpendingEntry } from './budget.ts'
import { createLanguageModel, listModels } from './create.ts'
import { type LanguageSettings, selectModel } from './select.ts'

const REQUEST: LanguageRequest = {
  system: '[1] Attention weighs tokens.',
  messages: [{ role: 'user', text: 'What does attention do?' }],
  passages: [],
  maxOutputTokens: 100,
}

describe('a model of a choice', () => {
  let server: ScriptedProvider
  beforeAll(async () => {
    server = await startScriptedProvider()
  })
  afterEach(() => server.reset())
  afterAll(() => server.close())

  function subject(provider: LanguageSettings['provider'], scenario: string, language: object = {}) {
    const model = `scripted-${scenario}`
    const { language: config } = configSchema.parse({
      language: {
        provider,
        anthropic: { apiKey: 'sk-a', baseUrl: server.url, model },
        openai: { apiKey: 'sk-o', baseUrl: `${server.url}/v1`, model },
        compatible: { baseUrl: server.url, model },
        // Far beyond what the tests let pass while a real answer is under way.
        firstTokenTimeoutMs: 36_000_000,
        idleTimeoutMs: 36_000_000,
        totalTimeoutMs: 72_000_000,
        prices: { 'scripted-ok': { inputPerMillion: 1, outputPerMillion: 5 } },
        ...language,
      },
    })
    const settings: LanguageSettings = {
      provider: 'auto',
      anthropicModel: '',
      openaiModel: '',
      compatibleUrl: '',
      compatibleModel: '',
    }
    const clock = new ManualClock()
    const entries: SpendingEntry[] = []
    const budget = createBudget({
      clock,
      limitUsd: () => config.monthlyBudgetUsd,
      prices: config.prices,
      ledger: { spentMicroUsd: async () => 0, record: async (entry) => void entries.push(entry) },
      log: silentLog,
    })
    const breakers = new Breakers({ clock, ...config.breaker })
    const services = { config, clock, random: seededRandom(7), budget, breakers }
    const choice = selectModel({ config, settings, secrets: {} })
    return { choice, services, clock, entries, model: createLanguageModel(choice, services) }
  }

  /** Moves the clock while something waits for it. */
  async function withTime<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
    let isDone = false
    const finished = work.finally(() => {
      isDone = true
    })
    finished.catch(() => undefined)
    while (!isDone) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      clock.advance(200)
    }
    return finished
  }

  it.each(['anthropic', 'openai', 'compatible'] as const)('answers, priced: %s', async (provider) => {
    const { model, entries } = subject(provider, 'ok')
    expect(model).toMatchObject({ provider, model: 'scripted-ok' })
    const { text, end } = await collect(model.stream(REQUEST))
    expect(text).toContain('[1]')
    expect(end?.usage.costUsd).toBeGreaterThan(0)
    expect(entries).toMatchObject([{ provider, model: 'scripted-ok' }])
    await model.check()
  })

  it('costs nothing on one’s own machine, and an unknown amount elsewhere', async () => {
    const own = subject('compatible', 'unicode')
    expect((await collect(own.model.stream(REQUEST))).end?.usage.costUsd).toBe(0)
    const elsewhere = subject('anthropic', 'unicode')
    expect((await collect(elsewhere.model.stream(REQUEST))).end?.usage.costUsd).toBeNull()
  })

  it.each(['anthropic', 'openai', 'compatible'] as const)('tries again what passes: %s', async (provider) => {
    const { model, clock } = subject(provider, 'overloaded-x2')
    const { text } = await withTime(clock, collect(model.stream(REQUEST)))
    expect(text).toContain('[1]')
    expect(server.requests.map((request) => request.attempt)).toEqual([1, 2, 3])
    // The SDK's own retries are off: it says in a header which try it is at.
    expect(new Set(server.requests.map((request) => request.headers['x-stainless-retry-count']))).toEqual(
      new Set(['0']),
    )
  })

  it('waits as long as the provider asks', async () => {
    const { model, clock } = subject('openai', 'rate-limited-x1')
    const answer = collect(model.stream(REQUEST))
    const begin = clock.now()
    while (server.requests.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      clock.advance(50)
    }
    // The jitter of the first wait is at most half a second; `retry-after` asks for two.
    expect(clock.now() - begin).toBeGreaterThanOrEqual(2_000)
    expect((await answer).text).toContain('[1]')
  })

  it('gives up after its attempts, then leaves the provider alone, until a test works', async () => {
    const { model, clock, services, choice } = subject('anthropic', 'error-x4', {
      breaker: { failures: 4, coolDownMs: 30_000 },
    })
    const first = await withTime(clock, failureOf(collect(model.stream(REQUEST))))
    expect(isLvaError(first, 'provider-unavailable')).toBe(true)
    expect(server.requests).toHaveLength(3)
    // The fourth failure opens the circuit in the middle of the second answer, whose next try is then held back.
    const second = await withTime(clock, failureOf(collect(model.stream(REQUEST))))
    expect(isLvaError(second, 'provider-circuit-open')).toBe(true)
    expect(server.requests).toHaveLength(4)
    // The breaker outlives the model.
    const again = createLanguageModel(choice, services)
    expect(isLvaError(await failureOf(collect(again.stream(REQUEST))), 'provider-circuit-open')).toBe(true)
    expect(server.requests).toHaveLength(4)
    clock.advance(30_000)
    expect((await collect(again.stream(REQUEST))).text).toContain('[1]')
  })

  it('limits the whole answer', async () => {
    const { model, clock } = subject('openai', 'silence', { firstTokenTimeoutMs: 60_000, totalTimeoutMs: 40_000 })
    const reading = failureOf(collect(model.stream(REQUEST)))
    await server.waitFor(() => true)
    clock.advance(40_000)
    expect(await reading).toMatchObject({ code: 'timeout', params: { seconds: 40 } })
    await server.waitFor((request) => request.state === 'aborted')
  })

  it('spends nothing beyond the budget', async () => {
    const { model } = subject('anthropic', 'ok', { monthlyBudgetUsd: 0.0001 })
    expect(isLvaError(await failureOf(collect(model.stream(REQUEST))), 'budget-reached')).toBe(true)
    expect(server.requests).toHaveLength(0)
  })

  it('says at every call why it cannot be asked', async () => {
    const { model } = subject('anthropic', 'ok', { anthropic: { apiKey: '' } })
    expect(isLvaError(await failureOf(collect(model.stream(REQUEST))), 'provider-key-missing')).toBe(true)
    expect(isLvaError(await failureOf(model.check()), 'provider-key-missing')).toBe(true)
  })

  it('is the tutor when offline', async () => {
    const { model, choice, services } = subject('offline', 'ok')
    const { end } = await collect(model.stream(REQUEST))
    expect(end).toMatchObject({ model: 'offline-tutor', usage: { costUsd: 0 } })
    expect(await listModels(choice, services)).toEqual(['offline-tutor'])
    expect(server.requests).toHaveLength(0)
  })

  it.each(['anthropic', 'openai', 'compatible'] as const)('lists the models that are offered: %s', async (provider) => {
    const { choice, services } = subject(provider, 'ok')
    expect((await listModels(choice, services)).toSorted()).toEqual([
      'claude-haiku-5-5',
      'gpt-6-luna',
      'llama3.2:latest',
      'scripted-ok',
    ])
  })

  it('lists models before one is chosen', async () => {
    const { choice, services } = subject('compatible', 'ok', { compatible: { baseUrl: server.url, model: '' } })
    expect(choice.problem?.code).toBe('provider-model-unknown')
    expect(await listModels(choice, services)).toContain('llama3.2:latest')
    const keyless = subject('anthropic', 'ok', { anthropic: { apiKey: '' } })
    expect(isLvaError(await failureOf(listModels(keyless.choice, keyless.services)), 'provider-key-missing')).toBe(true)
  })
})
