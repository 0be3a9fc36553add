import { type LvaError, Mutex, toLvaError } from '../../src-core/kernel/index.ts'
import type { KeyStorage, SecretStore, Secrets } from '../secrets/secret-store.ts'

/** All that the host keeps for the core, in one hand: the host replaces all of it at once. */
export interface KeptSecrets {
  /** Empty while the stored ones cannot be opened. */
  get(): Promise<Secrets>
  /** Null takes one away. */
  change(patch: Readonly<Record<string, string | null>>): Promise<void>
  storage(): Promise<KeyStorage>
  /** Why the stored ones cannot be opened, if so. */
  problem(): Promise<LvaError | undefined>
}

interface Opened {
  store: SecretStore
  secrets: Secrets
  problem?: LvaError
}

/** Asks the host when they are first needed; an answer from a keyring may take a while. */
export function createKeptSecrets(openSecrets: () => Promise<SecretStore>): KeptSecrets {
  const turns = new Mutex()
  let opening: Promise<Opened> | undefined
  const opened = () => {
    opening ??= open(openSecrets)
    return opening
  }
  return {
    get: async () => (await opened()).secrets,
    change: (patch) =>
      turns.run(async () => {
        const { store, secrets } = await opened()
        const changed = Object.fromEntries(
          Object.entries({ ...secrets, ...patch }).filter((entry): entry is [string, string] => Boolean(entry[1])),
        )
        await store.save(changed)
        opening = Promise.resolve({ store, secrets: changed })
      }),
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
