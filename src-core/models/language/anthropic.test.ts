import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { collect, failureOf } from '../../../test/scripted-provider/fake-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../../test/scripted-provider.ts'
import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { isLvaError, systemClock } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { type AnthropicOptions, anthropicModel } from './anthropic.ts'

languageModelSuite('Anthropic', {
  isRemote: true,
  hasKey: true,
  route: '/v1/messages',
  make: ({ url, ...options }) => anthropicModel({ ...options, baseUrl: url }),
})

describe('Anthropic', () => {
  let server: ScriptedProvider
  beforeAll(async () => {
    server = await startScriptedProvider()
  })
  afterEach(() => {
    server.reset()
    vi.unstubAllEnvs()
  })
  afterAll(() => server.close())

  const make = (fields: Partial<AnthropicOptions> = {}) =>
    anthropicModel({
      apiKey: 'sk-a',
      baseUrl: server.url,
      model: 'scripted-ok',
      limits: { firstTokenMs: 5_000, idleMs: 5_000 },
      clock: systemClock,
      ...fields,
    })
  const request: LanguageRequest = {
    system: '',
    messages: [{ role: 'user', text: 'Hello' }],
    passages: [],
    maxOutputTokens: 50,
  }

  it('sends no more than the API needs', async () => {
    await collect(make().stream(request))
    expect(server.requests[0]?.body).toEqual({
      model: 'scripted-ok',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
    })
  })

  it('gives a model that thinks by itself little to think, and room for it, which the budget knows', async () => {
    const thinking = make({ model: 'claude-haiku-5-5' })
    await collect(thinking.stream(request))
    expect(server.requests[0]?.body).toMatchObject({ output_config: { effort: 'low' }, max_tokens: 50 + 1_024 })
    expect(thinking.mostTokens(request).outputTokens).toBe(50 + 1_024)
    for (const older of ['claude-haiku-4-5', 'claude-3-5-haiku-20241022', 'claude-sonnet-4-6'])
      expect(make({ model: older }).mostTokens(request).outputTokens, older).toBe(50)
  })

  it('takes an address with and without its version', async () => {
    for (const baseUrl of [`${server.url}/v1`, `${server.url}/v1/`, `${server.url}/`])
      await collect(make({ baseUrl }).stream(request))
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/messages', '/v1/messages', '/v1/messages'])
  })

  it('takes neither key nor address from the environment', async () => {
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9')
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'token-of-someone-else')
    await collect(make().stream(request))
    expect(server.requests[0]?.apiKey).toBe('sk-a')
  })

  it('checks by the card of the model, which costs nothing', async () => {
    await make().check()
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models/scripted-ok'])
    expect(isLvaError(await failureOf(make({ model: 'no-such-model' }).check()), 'provider-model-unknown')).toBe(true)
  })
})
