import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configSchema, LvaError, silentLog, systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import type { OpenVault } from '../../src-core/vault/index.ts'
import { openVault } from '../../src-core/vault/index.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../test/scripted-provider.ts'
import { openTestStore } from '../../test/vault-world.ts'
import { createSessionStore, type SecretStore } from '../secrets/secret-store.ts'
import { createKeptSecrets } from './kept-secrets.ts'
import { createLanguage, type Language } from './language.ts'
import { createProviderKeys, type ProviderKeys } from './provider-keys.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
let vault: OpenVault
let provider: ScriptedProvider
let keys: ProviderKeys
let language: Language

beforeAll(async () => {
  const newId = () => crypto.randomUUID()
  const parts = { clock: systemClock, log: silentLog, newId }
  provider = await startScriptedProvider()
  store = await openTestStore()
  const config = configSchema.parse({
    language: { anthropic: { baseUrl: provider.url }, openai: { baseUrl: `${provider.url}/v1`, apiKey: 'configured' } },
  })
  vault = await openVault({ ...parts, db: store.database, limits: config.limits })
  keys = createProviderKeys(createKeptSecrets(async () => createSessionStore()))
  language = createLanguage({
    ...parts,
    config: config.language,
    vault,
    keys,
    db: store.database,
    random: systemRandom,
  })
})
afterAll(async () => {
  await vault.close()
  await store.close()
  await provider.close()
})

async function statusOf(name: string) {
  return (await language.list()).find((status) => status.provider === name)
}

describe('the language models of a vault', () => {
  it('are those that have what they need: keys of the environment, then typed ones', async () => {
    expect(await statusOf('openai')).toMatchObject({ configured: true, active: true, keySource: 'environment' })
    expect(await statusOf('anthropic')).toMatchObject({ configured: false, keySource: 'none' })
    await language.setKey('anthropic', '  typed  ')
    expect(await statusOf('anthropic')).toMatchObject({ configured: true, active: true, keySource: 'stored' })
    expect(await keys.get()).toEqual({ anthropic: 'typed' })
    expect((await language.model()).provider).toBe('anthropic')
  })

  it('follow the settings from one turn to the next', async () => {
    await vault.settings.set({ provider: 'offline' })
    expect((await language.model()).provider).toBe('offline')
    expect((await language.model('openai')).provider).toBe('openai')
    await vault.settings.set({ provider: 'anthropic' })
    expect((await language.model()).provider).toBe('anthropic')
  })

  it('are tested with an answer or a reason', async () => {
    expect(await language.test('anthropic')).toMatchObject({ ok: true, error: null })
    await language.setKey('anthropic', 'scripted-unauthorized')
    expect(await language.test('anthropic')).toMatchObject({ ok: false, error: { code: 'provider-key-refused' } })
    await language.removeKey('anthropic')
    expect(await language.test('anthropic')).toMatchObject({ ok: false, error: { code: 'provider-key-missing' } })
    expect(await language.models('openai')).toContain('scripted-ok')
  })

  it('are counted by model against the budget of the settings', async () => {
    await vault.settings.set({ monthlyBudgetUsd: 4.5 })
    const model = await language.model('openai')
    const request = { system: '', passages: [], maxOutputTokens: 50 }
    for await (const _event of model.stream({ ...request, messages: [{ role: 'user', text: 'What is entropy?' }] }));
    const usage = await language.usage()
    expect(usage.budgetUsd).toBe(4.5)
    expect(usage.spentUsd).toBeGreaterThan(0)
    const entry = usage.byModel.find(({ model: name }) => name === model.model)
    expect(entry).toMatchObject({ calls: 1, inputTokens: expect.any(Number), outputTokens: expect.any(Number) })
    expect(usage.byModel.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBeCloseTo(usage.spentUsd, 9)
  })
})

describe('keys that cannot be opened', () => {
  it('count as none, are told of, and can be typed anew', async () => {
    const problem = new LvaError('secrets-unreadable', 'cannot be opened')
    const saved: unknown[] = []
    const damaged: SecretStore = {
      kind: 'keyring',
      load: () => Promise.reject(problem),
      save: async (secrets) => void saved.push(secrets),
    }
    const damagedKeys = createProviderKeys(createKeptSecrets(async () => damaged))
    expect(await damagedKeys.get()).toEqual({})
    expect(await damagedKeys.problem()).toBe(problem)
    expect(await damagedKeys.storage()).toBe('keyring')
    await damagedKeys.set('openai', 'new')
    expect(saved).toEqual([{ openai: 'new' }])
    expect(await damagedKeys.problem()).toBeUndefined()
  })
})
