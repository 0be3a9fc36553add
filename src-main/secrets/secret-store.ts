/** Keeps the keys that the learner typed, by name. Every implementation runs `test/suites/secret-store-suite.ts`. */
export interface SecretStore {
  readonly kind: KeyStorage
  /** @throws LvaError secrets-unreadable when what is kept cannot be opened here; it stays where it is */
  load(): Promise<Secrets>
  /** Replaces all of them. Resolves once they are durable, as far as the kind keeps anything. */
  save(secrets: Secrets): Promise<void>
}

/** `session`: only in memory, gone with the program. */
export type KeyStorage = 'safe-storage' | 'keyring' | 'session'

export type Secrets = Readonly<Record<string, string>>

/** For machines without a keyring: nothing is written anywhere. */
export function createSessionStore(): SecretStore {
  let kept: Secrets = {}
  return {
    kind: 'session',
    load: async () => kept,
    save: async (secrets) => {
      kept = { ...secrets }
    },
  }
}
