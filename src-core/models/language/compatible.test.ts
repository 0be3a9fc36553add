import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { collect, failureOf } from '../../../test/scripted-provider/fake-model.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../../test/scripted-provider.ts'
import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { isLvaError, systemClock } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { type CompatibleOptions, compatibleModel } from './compatible.ts'
import { estimateRequestTokens, estimateTokens } from './token-estimate.ts'

languageModelSuite('OpenAI-compatible server', {
  isRemote: true,
  hasKey: true,
  route: '/v1/chat/completions',
  make: ({ url, ...options }) => compatibleModel({ ...options, baseUrl: url }),
})

languageModelSuite('OpenAI-compatible server without a key', {
  isRemote: true,
  hasKey: false,
  route: '/v1/chat/completions',
  make: ({ url, ...options }) => compatibleModel({ ...options, baseUrl: url, apiKey: '' }),
})

describe('an OpenAI-compatible server', () => {
  let server: ScriptedProvider
  beforeAll(async () => {
    server = await startScriptedProvider()
  })
  afterEach(() => {
    server.reset()
    vi.unstubAllEnvs()
  })
  afterAll(() => server.close())

  const make = (fields: Partial<CompatibleOptions> = {}) =>
    compatibleModel({
      apiKey: '',
      baseUrl: server.url,
      model: 'scripted-ok',
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

  it('may give all its calls one number: their ids tell them apart', async () => {
    const tools = ['look', 'count'].map((name) => ({ name, description: name, parameters: { type: 'object' } }))
    const { events } = await collect(make({ model: 'scripted-tools-one-number' }).stream({ ...request, tools }))
    expect(events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []))).toMatchObject([
      { name: 'look', input: { query: 'cells' } },
      { name: 'count', input: { query: 'cells' } },
    ])
  })

  it('that knows no tools is asked again without them, and answers', async () => {
    const tools = [{ name: 'calculate', description: 'Calculates.', parameters: { type: 'object' } }]
    const { text } = await collect(make({ model: 'scripted-tools-refused' }).stream({ ...request, tools }))
    expect(text).toContain('Hello')
    expect(server.requests).toHaveLength(2)
    // Any other refusal is one.
    await expect(collect(make({ model: 'scripted-bad-request' }).stream({ ...request, tools }))).rejects.toMatchObject({
      code: 'provider-refused',
    })
    expect(server.requests).toHaveLength(3)
  })

  it('gets nothing that the environment holds for OpenAI', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'secret-of-openai')
    vi.stubEnv('OPENAI_ADMIN_KEY', 'secret-of-openai')
    vi.stubEnv('OPENAI_ORG_ID', 'secret-of-openai')
    vi.stubEnv('OPENAI_PROJECT_ID', 'secret-of-openai')
    await collect(make().stream(request))
    await collect(make({ apiKey: 'own-key' }).stream(request))
    expect(JSON.stringify(server.requests)).not.toContain('secret-of-openai')
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(server.requests[1]?.apiKey).toBe('own-key')
  })

  it('gets user and password of its address, which no error shows', async () => {
    const baseUrl = server.url.replace('//', '//ann:hunter2@')
    await collect(make({ baseUrl }).stream(request))
    const basic = `Basic ${Buffer.from('ann:hunter2').toString('base64')}`
    expect(server.requests[0]?.headers.authorization).toBe(basic)
    const failure = await failureOf(collect(make({ baseUrl, model: 'scripted-error' }).stream(request)))
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/hunter2|YW5uOmh1bnRlcjI/)
    expect(failure).toMatchObject({ params: { address: `${server.url}/v1` } })
  })

  it('has its tokens estimated where it does not count them', async () => {
    const { text, end } = await collect(make({ model: 'scripted-no-usage' }).stream(request))
    expect(end?.usage.outputTokens).toBe(estimateTokens(text))
    expect(end?.usage.inputTokens).toBe(estimateRequestTokens(request))
  })

  it('is not read aloud while it thinks', async () => {
    expect((await collect(make({ model: 'scripted-thinking' }).stream(request))).text).toBe('Short answer.')
  })

  it('is named, with its address, when it does not answer', async () => {
    const closed = await startScriptedProvider()
    await closed.close()
    const failure = await failureOf(collect(make({ baseUrl: closed.url }).stream(request)))
    expect(failure).toMatchObject({
      code: 'network-down',
      message: `The server at ${closed.url}/v1 does not answer.`,
      params: { address: `${closed.url}/v1` },
    })
  })

  it('asks for a key where it wants one and none is set', async () => {
    const failure = await failureOf(collect(make({ model: 'scripted-unauthorized' }).stream(request)))
    expect(failure).toMatchObject({ code: 'provider-key-refused' })
    expect(isLvaError(failure) && failure.message).toContain('asks for a key')
  })

  it('is checked by an answer of one token, and an unknown model by what it offers instead', async () => {
    await make().check()
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions'])
    expect(server.requests[0]?.body).toMatchObject({ max_tokens: 1 })
    const failure = await failureOf(make({ model: 'scripted-unknown-model' }).check())
    expect(failure).toMatchObject({
      code: 'provider-model-unknown',
      params: { offered: 'claude-haiku-5-5, gpt-6-luna, llama3.2:latest, scripted-ok' },
    })
  })
})
