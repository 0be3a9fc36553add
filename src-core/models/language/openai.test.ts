import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { collect } from '../../../test/scripted-provider/fake-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../../test/scripted-provider.ts'
import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { systemClock } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { type OpenAIOptions, openaiModel } from './openai.ts'

languageModelSuite('OpenAI', {
  isRemote: true,
  hasKey: true,
  route: '/v1/responses',
  make: ({ url, ...options }) => openaiModel({ ...options, baseUrl: `${url}/v1` }),
})

describe('OpenAI', () => {
  let server: ScriptedProvider
  beforeAll(async () => {
    server = await startScriptedProvider()
  })
  afterEach(() => {
    server.reset()
    vi.unstubAllEnvs()
  })
  afterAll(() => server.close())

  const make = (fields: Partial<OpenAIOptions> = {}) =>
    openaiModel({
      apiKey: 'sk-o',
      baseUrl: `${server.url}/v1`,
      model: 'gpt-4.1-mini',
      limits: { firstTokenMs: 5_000, idleMs: 5_000 },
      clock: systemClock,
      ...fields,
    })
  const request: LanguageRequest = {
    system: 'Be brief.',
    messages: [{ role: 'user', text: 'Hello' }],
    passages: [],
    maxOutputTokens: 50,
  }

  it('lets OpenAI store nothing', async () => {
    await collect(make().stream(request))
    expect(server.requests[0]?.body).toEqual({
      model: 'gpt-4.1-mini',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: 'Hello' }],
      max_output_tokens: 50,
      store: false,
      stream: true,
    })
  })

  it('gives a model that thinks little to think, and room for it, which the budget knows', async () => {
    const thinking = make({ model: 'gpt-5.4-mini' })
    await collect(thinking.stream(request))
    expect(server.requests[0]?.body).toMatchObject({ reasoning: { effort: 'low' }, max_output_tokens: 50 + 1_024 })
    expect(thinking.mostTokens(request).outputTokens).toBe(50 + 1_024)
    expect(make({ model: 'gpt-5-chat-latest' }).mostTokens(request).outputTokens).toBe(50)
  })

  it('checks a restricted key, which may answer but not look at models, by asking', async () => {
    const used: { outputTokens: number }[] = []
    await make({ model: 'scripted-no-listing' }).check(undefined, (tokens) => used.push(tokens))
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/models/scripted-no-listing',
      'POST /v1/responses',
    ])
    expect(used).toHaveLength(1)
    expect(used[0]?.outputTokens).toBeGreaterThan(0)
  })

  it('takes no address, organisation or headers of others from the environment', async () => {
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9')
    vi.stubEnv('OPENAI_ADMIN_KEY', 'admin-key')
    await collect(make().stream(request))
    expect(server.requests[0]?.apiKey).toBe('sk-o')
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('admin-key')
  })
})
