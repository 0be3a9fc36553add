import type { ProviderService } from '../../src-core/contract/server/index.ts'
import {
  type Clock,
  type Config,
  errorToWire,
  type Log,
  type NewId,
  type OpenAIVoice,
  type Random,
} from '../../src-core/kernel/index.ts'
import {
  Breakers,
  chooseProvider,
  createBudget,
  createLanguageModel,
  type Hear,
  type LanguageModel,
  type LanguageProvider,
  listModels,
  type ModelSources,
  openaiEar,
  openaiVoice,
  type SpendingLedger,
  selectModel,
} from '../../src-core/models/index.ts'
import {
  type Queries,
  recordSpending,
  spendingByAgent,
  spendingByModel,
  spentMicroUsd,
} from '../../src-core/store/index.ts'
import type { Settings, Vault } from '../../src-core/vault/index.ts'
import type { ProviderKeys } from './provider-keys.ts'

const MICRO = 1_000_000
const PROVIDERS: readonly LanguageProvider[] = ['anthropic', 'openai', 'compatible', 'offline']

export interface Language extends ProviderService {
  /** The model that answers now: the one of the provider that is named, or the active one. */
  model(provider?: LanguageProvider): Promise<LanguageModel>
  /** Speaks one sentence by OpenAI; answers a WAV file. */
  speak(text: string, voice: OpenAIVoice, signal?: AbortSignal): Promise<Uint8Array>
  /** Hears by OpenAI, which is sent each window of sound. */
  readonly hear: Hear
  /** The model that `hear` asks. */
  readonly earModel: string
}

export interface LanguageParts {
  config: Config['language']
  vault: Vault
  keys: ProviderKeys
  db: Queries
  newId: NewId
  clock: Clock
  random: Random
  log: Log
}

/** Language models from what is configured, what the learner chose in Settings, and the keys that they typed. */
export function createLanguage(parts: LanguageParts): Language {
  const { config, vault, keys, db, clock, random, log } = parts
  let settings: Promise<Settings> | undefined
  let ownLimitUsd: number | null = null
  const currentSettings = () => {
    settings ??= vault.settings.get().then(
      (read) => {
        ownLimitUsd = read.monthlyBudgetUsd
        return read
      },
      (error) => {
        settings = undefined
        throw error
      },
    )
    return settings
  }
  vault.onChange((change) => {
    if (change.settings) settings = undefined
  })
  const limitUsd = () => ownLimitUsd ?? config.monthlyBudgetUsd
  const sources = async (): Promise<ModelSources> => {
    const [read, secrets] = await Promise.all([currentSettings(), keys.get()])
    return { config, settings: read, secrets }
  }
  const ledger: SpendingLedger = {
    spentMicroUsd: (since) => spentMicroUsd(db, vault.id, since),
    record: (entry) => recordSpending(db, vault.id, entry, parts.newId),
  }
  const budget = createBudget({ clock, limitUsd, prices: config.prices, ledger, log })
  const breakers = new Breakers({ clock, ...config.breaker })
  const services = { config, clock, random, budget, breakers }

  return {
    async model(provider) {
      const all = await sources()
      return createLanguageModel(provider ? chooseProvider(provider, all) : selectModel(all), services)
    },
    async speak(text, voice, signal) {
      const choice = chooseProvider('openai', await sources())
      const waiting = { budget, clock, waitMs: config.firstTokenTimeoutMs }
      return openaiVoice(choice, waiting, { text, voice, model: config.openai.voiceModel }, signal)
    },
    earModel: config.openai.earModel,
    async hear(samples, options) {
      const choice = chooseProvider('openai', await sources())
      const waiting = { budget, clock, waitMs: config.totalTimeoutMs }
      return openaiEar(choice, waiting, config.openai.earModel)(samples, options)
    },
    async list() {
      const all = await sources()
      const active = selectModel(all).provider
      return PROVIDERS.map((provider) => {
        const { keySource, model, shownAddress, problem } = chooseProvider(provider, all)
        return {
          provider,
          configured: problem === undefined,
          active: provider === active,
          keySource,
          model,
          baseUrl: shownAddress,
        }
      })
    },
    setKey: (provider, key) => keys.set(provider, key.trim()),
    removeKey: (provider) => keys.remove(provider),
    async test(provider, signal) {
      const model = createLanguageModel(chooseProvider(provider, await sources()), services)
      const begun = clock.monotonic()
      const took = () => Math.round(clock.monotonic() - begun)
      try {
        await model.check(signal)
        return { ok: true, ms: took(), model: model.model, error: null }
      } catch (error) {
        return { ok: false, ms: took(), model: model.model, error: errorToWire(error) }
      }
    },
    models: async (provider, signal) => listModels(chooseProvider(provider, await sources()), services, signal),
    async usage() {
      await currentSettings()
      const now = new Date(clock.now())
      const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth())
      const [{ spentUsd }, byModel, byAgent] = await Promise.all([
        budget.status(),
        spendingByModel(db, vault.id, month),
        spendingByAgent(db, vault.id, month),
      ])
      const inUsd = <Total extends { costMicroUsd: number }>({ costMicroUsd, ...totals }: Total) => ({
        ...totals,
        costUsd: costMicroUsd / MICRO,
      })
      return {
        spentUsd,
        budgetUsd: limitUsd(),
        byModel: byModel.map(inUsd),
        byAgent: byAgent.map(inUsd),
      }
    },
  }
}
