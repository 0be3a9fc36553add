import { describe, expect, it } from 'vitest'
import { budgetedProvider } from '../../../test/budgeted-provider.ts'
import { systemClock } from '../../kernel/index.ts'
import { readWav } from '../local/index.ts'
import { openaiVoice } from './openai-voice.ts'

const MODEL = 'gpt-4o-mini-tts'

describe('a sentence spoken by OpenAI', () => {
  const provider = budgetedProvider({ [MODEL]: { inputPerMillion: 0.6, outputPerMillion: 12 } })

  const say = (apiKey = 'sk-voice', signal?: AbortSignal) =>
    openaiVoice(
      { apiKey, baseUrl: `${provider.server.url}/v1`, problem: undefined },
      { budget: provider.budget, clock: systemClock, waitMs: 500 },
      { text: 'Plants turn light into sugar.', voice: 'nova', model: MODEL },
      signal,
    )

  it('is a sound, and costs what its length costs', async () => {
    const sound = readWav(await say(), { maxSeconds: 60 })
    expect(sound.samples.length / sound.sampleRate).toBeCloseTo(1, 2)
    expect(provider.server.requests[0]?.body).toEqual({
      model: MODEL,
      voice: 'nova',
      input: 'Plants turn light into sugar.',
      response_format: 'wav',
    })
    expect(provider.entries).toMatchObject([{ provider: 'openai', model: MODEL, outputTokens: 22 }])
    expect(provider.entries[0]?.costMicroUsd).toBeGreaterThan(200)
  })

  it('is not asked for when the budget could be passed', async () => {
    provider.limit(0.000_5)
    await expect(say()).rejects.toMatchObject({ code: 'budget-reached' })
    expect(provider.server.requests).toEqual([])
  })

  it.each([
    ['unauthorized', 'provider-key-refused'],
    ['html', 'provider-not-understood'],
    ['silence', 'timeout'],
    ['reset', 'network-down'],
  ])('fails as an answer does: %s', async (scenario, code) => {
    await expect(say(`sk-scripted-${scenario}`)).rejects.toMatchObject({ code })
    expect(provider.entries.every(({ costMicroUsd }) => costMicroUsd === 0)).toBe(true)
  })

  it('stops at once when nobody wants to hear it any more', async () => {
    const stop = new AbortController()
    const saying = say('sk-scripted-silence', stop.signal)
    await provider.server.waitFor(({ path }) => path === '/v1/audio/speech')
    stop.abort()
    await expect(saying).rejects.toMatchObject({ code: 'cancelled' })
  })
})
