import { isDeepStrictEqual } from 'node:util'
import type { Core } from './core.ts'
import { SETTINGS_DOCUMENT } from './document-names.ts'
import { getSettings } from './reads.ts'
import { settingsOf, takeSettings } from './settings.ts'
import type { Vault } from './types.ts'

/** The settings of an open vault; `Vault['settings']` says what each function does. They are no steps that undo takes back. */
export function preferencesOf(core: Core): Vault['settings'] {
  const { db, vaultId, writer } = core
  return {
    get: async () => getSettings(db, vaultId),
    set: async (patch) => {
      const values = takeSettings(patch)
      return writer.exclusively(async () => {
        await writer.write([SETTINGS_DOCUMENT], (docOf) => {
          const stored = settingsOf(docOf(SETTINGS_DOCUMENT))
          for (const [key, value] of values) {
            if (!isDeepStrictEqual(stored.get(key), value)) stored.set(key, value)
          }
        })
        return getSettings(db, vaultId)
      })
    },
  }
}
