import { describe, expect, it } from 'vitest'
import { type Config, configSchema } from '../../kernel/index.ts'
import { chooseProvider, type LanguageSecrets, type LanguageSettings, selectModel } from './select.ts'

const UNSET: LanguageSettings = {
  provider: 'auto',
  anthropicModel: '',
  openaiModel: '',
  compatibleUrl: '',
  compatibleModel: '',
}

function sources(language: object = {}, settings: Partial<LanguageSettings> = {}, secrets: LanguageSecrets = {}) {
  const config: Config['language'] = configSchema.parse({ language }).language
  return { config, settings: { ...UNSET, ...settings }, secrets }
}

const OWN = { compatibleUrl: 'http://localhost:11434', compatibleModel: 'llama3.2' }

describe('the provider that answers', () => {
  it('is the offline tutor where nothing is set up', () => {
    expect(selectModel(sources())).toMatchObject({ provider: 'offline', model: 'offline-tutor', problem: undefined })
  })

  it('is the first that is set up', () => {
    const both = { anthropic: 'sk-a', openai: 'sk-o' }
    expect(selectModel(sources({}, OWN, both)).provider).toBe('anthropic')
    expect(selectModel(sources({}, OWN, { openai: 'sk-o' })).provider).toBe('openai')
    expect(selectModel(sources({}, OWN)).provider).toBe('compatible')
  })

  it('is the one that was chosen, in Settings before the configuration', () => {
    const secrets = { anthropic: 'sk-a' }
    expect(selectModel(sources({ provider: 'offline' }, {}, secrets)).provider).toBe('offline')
    expect(selectModel(sources({ provider: 'offline' }, { provider: 'anthropic' }, secrets)).provider).toBe('anthropic')
  })

  it('is one that was set up wrongly rather than silently another', () => {
    expect(selectModel(sources({}, {}, { anthropic: 'sk with blanks' }))).toMatchObject({
      provider: 'anthropic',
      problem: { code: 'provider-key-refused' },
    })
    expect(selectModel(sources({}, { compatibleUrl: 'http://localhost:1' }))).toMatchObject({
      provider: 'compatible',
      problem: { code: 'provider-model-unknown' },
    })
  })
})

describe('a choice', () => {
  it('takes what was typed into Settings before what is configured', () => {
    const language = { openai: { apiKey: 'from-environment', model: 'configured' } }
    expect(chooseProvider('openai', sources(language))).toMatchObject({
      apiKey: 'from-environment',
      keySource: 'environment',
      model: 'configured',
    })
    const chosen = chooseProvider('openai', sources(language, { openaiModel: 'chosen' }, { openai: ' stored\n' }))
    expect(chosen).toMatchObject({ apiKey: 'stored', keySource: 'stored', model: 'chosen' })
  })

  it('says what is missing', () => {
    expect(chooseProvider('anthropic', sources()).problem).toMatchObject({
      code: 'provider-key-missing',
      message: 'There is no key for Anthropic.',
    })
    expect(chooseProvider('compatible', sources()).problem?.code).toBe('config-invalid')
    expect(chooseProvider('compatible', sources({}, { compatibleUrl: 'ftp://x' })).problem?.code).toBe('config-invalid')
  })

  it('shows addresses without passwords', () => {
    const choice = chooseProvider('compatible', sources({}, { ...OWN, compatibleUrl: 'http://ann:secret@box:1' }))
    expect(choice.shownAddress).toBe('http://box:1/v1')
    expect(choice.problem).toBeUndefined()
    const proxied = sources({ anthropic: { apiKey: 'k', baseUrl: 'https://u:p@proxy.example/anthropic/' } })
    expect(chooseProvider('anthropic', proxied).shownAddress).toBe('https://proxy.example/anthropic')
  })
})
