import { type Config, isLvaError, LvaError } from '../../kernel/index.ts'
import type { LanguageProvider } from '../types.ts'
import { readAddress } from './address.ts'
import { OFFLINE_MODEL } from './offline/tutor.ts'
import { isSendableKey } from './sdk-options.ts'

/** What the learner chose; the vault's settings have these members. Empty strings mean: as configured. */
export interface LanguageSettings {
  provider: 'auto' | LanguageProvider
  anthropicModel: string
  openaiModel: string
  compatibleUrl: string
  compatibleModel: string
}

/** Keys that the learner typed into Settings. They win over those of the environment, which may be years old. */
export type LanguageSecrets = Partial<Record<'anthropic' | 'openai' | 'compatible', string>>

export interface ModelSources {
  config: Config['language']
  settings: LanguageSettings
  secrets: LanguageSecrets
}

/** A provider with everything that it needs to be asked. */
export interface ModelChoice {
  readonly provider: LanguageProvider
  readonly model: string
  readonly apiKey: string
  readonly keySource: 'environment' | 'stored' | 'none'
  /** As configured; may hold a password. */
  readonly baseUrl: string
  /** The address without anything secret, for screens; '' where the provider's own is used. */
  readonly shownAddress: string
  /** Why it cannot be asked as things are. */
  readonly problem: LvaError | undefined
}

/** The order in which `auto` looks for a provider that has what it needs. */
const ORDER: readonly LanguageProvider[] = ['anthropic', 'openai', 'compatible']

/** The provider that answers the next turn: the one that was chosen, or for `auto` the first that is configured. */
export function selectModel(sources: ModelSources): ModelChoice {
  // A choice in Settings is newer than the configuration; its default, `auto`, is none.
  const wanted = sources.settings.provider === 'auto' ? sources.config.provider : sources.settings.provider
  if (wanted !== 'auto') return chooseProvider(wanted, sources)
  for (const provider of ORDER) {
    const choice = chooseProvider(provider, sources)
    // One that was set up, but not rightly, is worth a word; one that was never set up is not.
    const isSetUp = provider === 'compatible' ? choice.baseUrl !== '' : choice.apiKey !== ''
    if (isSetUp) return choice
  }
  return chooseProvider('offline', sources)
}

/** One provider as it is set up, whether or not it is the one that answers. */
export function chooseProvider(provider: LanguageProvider, { config, settings, secrets }: ModelSources): ModelChoice {
  if (provider === 'offline') {
    return {
      provider,
      model: OFFLINE_MODEL,
      apiKey: '',
      keySource: 'none',
      baseUrl: '',
      shownAddress: '',
      problem: undefined,
    }
  }
  const stored = secrets[provider]?.trim() ?? ''
  const configured = config[provider].apiKey.trim()
  const apiKey = stored || configured
  const keySource = stored !== '' ? 'stored' : configured !== '' ? 'environment' : 'none'
  if (provider === 'compatible') {
    const baseUrl = settings.compatibleUrl.trim() || config.compatible.baseUrl.trim()
    const model = settings.compatibleModel.trim() || config.compatible.model.trim()
    const address = addressOf(baseUrl)
    return {
      provider,
      model,
      apiKey,
      keySource,
      baseUrl,
      shownAddress: address.shown,
      problem: address.problem ?? keyProblem(apiKey, 'The model server') ?? modelProblem(model, address.shown),
    }
  }
  const name = provider === 'anthropic' ? 'Anthropic' : 'OpenAI'
  const chosen = provider === 'anthropic' ? settings.anthropicModel : settings.openaiModel
  const baseUrl = config[provider].baseUrl.trim()
  return {
    provider,
    model: chosen.trim() || config[provider].model,
    apiKey,
    keySource,
    baseUrl,
    shownAddress: addressOf(baseUrl, '').shown,
    problem: apiKey === '' ? keyMissing(name) : keyProblem(apiKey, name),
  }
}

function addressOf(baseUrl: string, defaultPath?: string): { shown: string; problem?: LvaError } {
  if (baseUrl === '') {
    return {
      shown: '',
      problem: new LvaError('config-invalid', 'No address of a model server is set.', {
        advice: 'Put the address of the server into Settings, such as http://127.0.0.1:11434/v1.',
        params: { problems: 'language.compatible.baseUrl' },
      }),
    }
  }
  try {
    return { shown: readAddress(baseUrl, defaultPath).shown }
  } catch (error) {
    if (isLvaError(error)) return { shown: '', problem: error }
    throw error
  }
}

function keyMissing(name: string): LvaError {
  return new LvaError('provider-key-missing', `There is no key for ${name}.`, {
    advice: `Put a key of ${name} into Settings, or choose another provider there.`,
    params: { name },
  })
}

function keyProblem(apiKey: string, name: string): LvaError | undefined {
  if (apiKey === '' || isSendableKey(apiKey)) return undefined
  return new LvaError('provider-key-refused', `The key for ${name} holds characters that no key has.`, {
    advice: 'Copy the key again from the provider into Settings, without blanks or line breaks.',
    params: { name },
  })
}

function modelProblem(model: string, address: string): LvaError | undefined {
  if (model !== '') return undefined
  return new LvaError('provider-model-unknown', `No model is chosen for the server at ${address}.`, {
    advice: 'Choose one of its models in Settings.',
    params: { provider: 'compatible', name: `The server at ${address}`, model: '', address },
  })
}
