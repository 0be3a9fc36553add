import { describe, expect, it } from 'vitest'
import { budgetedProvider } from '../../../test/budgeted-provider.ts'
import { hum } from '../../../test/models/small-whisper.ts'
import { systemClock } from '../../kernel/index.ts'
import { createTranscriber } from '../local/index.ts'
import { openaiEar } from './openai-ear.ts'

const MODEL = 'gpt-4o-transcribe'

describe('speech heard by OpenAI', () => {
  const provider = budgetedProvider({ [MODEL]: { inputPerMillion: 6, outputPerMillion: 10 } })

  const ear = (apiKey = 'sk-ear') =>
    openaiEar(
      { apiKey, baseUrl: `${provider.server.url}/v1`, problem: undefined },
      { budget: provider.budget, clock: systemClock, waitMs: 500 },
      MODEL,
    )
  const hear = (apiKey?: string, signal?: AbortSignal) => ear(apiKey)(hum(300, 3), signal ? { signal } : {})

  it('is words, and costs what its length costs', async () => {
    expect(await hear()).toMatchObject({ text: 'Plants turn light into sugar.', lost: false, language: null })
    expect(provider.server.requests.map(({ path }) => path)).toEqual(['/v1/audio/transcriptions'])
    expect(provider.entries).toMatchObject([{ provider: 'openai', model: MODEL, inputTokens: 51 }])
    expect(provider.entries[0]?.costMicroUsd).toBeGreaterThan(306)
  })

  it('has seconds, and nothing of silence is sent', async () => {
    const transcriber = createTranscriber(ear(), MODEL)
    const sound = new Float32Array(20 * 16_000)
    sound.set(hum(300, 2), 16_000)
    sound.set(hum(300, 2), 14 * 16_000)
    const { segments, model } = await transcriber.transcribe(sound)
    expect(model).toBe(MODEL)
    expect(segments.map(({ start }) => Math.round(start))).toEqual([1, 14])
    expect(provider.server.requests).toHaveLength(2)
    await expect(transcriber.transcribe(new Float32Array(48_000))).rejects.toMatchObject({ code: 'audio-silent' })
    expect(provider.server.requests).toHaveLength(2)
  })

  it('is told the language that is chosen', async () => {
    expect(await ear()(hum(300, 2), { language: 'de' })).toMatchObject({ language: 'de' })
  })

  it('is not asked for when the budget could be passed', async () => {
    provider.limit(0.000_1)
    await expect(hear()).rejects.toMatchObject({ code: 'budget-reached' })
    expect(provider.server.requests).toEqual([])
  })

  it.each([
    ['unauthorized', 'provider-key-refused'],
    ['html', 'provider-not-understood'],
    ['silence', 'timeout'],
    ['reset', 'network-down'],
  ])('fails as an answer does, and costs nothing: %s', async (scenario, code) => {
    await expect(hear(`sk-scripted-${scenario}`)).rejects.toMatchObject({ code })
    expect(provider.entries.every(({ costMicroUsd }) => costMicroUsd === 0)).toBe(true)
  })

  it('stops at once when nobody waits any more', async () => {
    const stop = new AbortController()
    const hearing = hear('sk-scripted-silence', stop.signal)
    await provider.server.waitFor(({ path }) => path === '/v1/audio/transcriptions')
    stop.abort()
    await expect(hearing).rejects.toMatchObject({ code: 'cancelled' })
  })
})
