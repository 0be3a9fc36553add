import { type LvaError, Mutex, toLvaError } from '../../src-core/kernel/index.ts'
import type { LanguageSecrets } from '../../src-core/models/index.ts'
import type { KeyStorage, SecretStore } from '../secrets/secret-store.ts'

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

interface Opened {
  store: SecretStore
  secrets: LanguageSecrets
  problem?: LvaError
}

/** Asks the host for the keys when they are first needed; an answer from a keyring may take a while. */
export function createProviderKeys(openSecrets: () => Promise<SecretStore>): ProviderKeys {
  const turns = new Mutex()
  let opening: Promise<Opened> | undefined
  const opened = () => {
    opening ??= open(openSecrets)
    return opening
  }
  const change = (next: (secrets: LanguageSecrets) => LanguageSecrets) =>
    turns.run(async () => {
      const { store, secrets } = await opened()
      const changed = next(secrets)
      await store.save(withoutGaps(changed))
      opening = Promise.resolve({ store, secrets: changed })
    })
  return {
    get: async () => (await opened()).secrets,
    set: (provider, key) => change((secrets) => ({ ...secrets, [provider]: key })),
    remove: (provider) => change(({ [provider]: _removed, ...kept }) => kept),
    storage: async () => (await opened()).store.kind,
    problem: async () => (await opened()).problem,
  }
}

async function open(openSecrets: () => Promise<SecretStore>): Promise<Opened> {
  const store = await openSecrets()
  try {
    return { store, secrets: await store.load() }
  } catch (error) {
    const problem = toLvaError(error)
    if (problem.code !== 'secrets-unreadable') throw problem
    return { store, secrets: {}, problem }
  }
}

function withoutGaps(secrets: LanguageSecrets): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
