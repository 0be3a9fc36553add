import { isDeepStrictEqual } from 'node:util'
import type { Core } from './core.ts'
import { SETTINGS_DOCUMENT } from './document-names.ts'
import { getSettings } from './reads.ts'
import { settingsOf, takeSettings } from './settings.ts'
import type { Settings, Vault } from './types.ts'

/** The settings of an open vault; `Vault['settings']` says what each function does. They are no steps that undo takes back. */
export function preferencesOf(core: Core): Vault['settings'] {
  const { db, vaultId, writer } = core
  /** Every turn asks for them several times. A server's database may be written by others, of which nothing is heard here. */
  let present: Promise<Settings> | undefined
  writer.onChange(({ settings }) => {
    if (settings) present = undefined
  })
  const read = () => {
    const reading = getSettings(db, vaultId)
    if (db.kind !== 'pglite') return reading
    present = reading
    reading.catch(() => {
      if (present === reading) present = undefined
    })
    return reading
  }
  return {
    get: async () => structuredClone(await (present ?? read())),
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
