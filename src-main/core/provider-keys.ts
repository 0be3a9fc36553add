import type { LvaError } from '../../src-core/kernel/index.ts'
import type { LanguageSecrets } from '../../src-core/models/index.ts'
import type { KeyStorage } from '../secrets/secret-store.ts'
import type { KeptSecrets } from './kept-secrets.ts'

/** The keys that the learner typed into Settings, kept by the host. */
export interface ProviderKeys {
  /** Empty while the stored ones cannot be opened. */
  get(): Promise<LanguageSecrets>
  set(provider: keyof LanguageSecrets, key: string): Promise<void>
  remove(provider: keyof LanguageSecrets): Promise<void>
  storage(): Promise<KeyStorage>
  /** Why the stored keys cannot be opened, if so. */
  problem(): Promise<LvaError | undefined>
}

export function createProviderKeys(secrets: KeptSecrets): ProviderKeys {
  return {
    get: async () => {
      const { anthropic, openai, compatible } = await secrets.get()
      return { ...(anthropic && { anthropic }), ...(openai && { openai }), ...(compatible && { compatible }) }
    },
    set: (provider, key) => secrets.change({ [provider]: key }),
    remove: (provider) => secrets.change({ [provider]: null }),
    storage: secrets.storage,
    problem: secrets.problem,
  }
}
