import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closables, configSchema, idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { createMemory, type Memory } from '../src-core/memory/index.ts'
import { createLocalModels, type LocalModels } from '../src-core/models/index.ts'
import { openStore, type Store } from '../src-core/store/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { forkNode } from '../src-main/child-process.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'

/** The floors up to memory as the app composes them, on a data folder of their own that goes away with them. */
export interface MemoryWorld {
  store: Store
  vault: OpenVault
  models: LocalModels
  /** Opens the memory; it begins to index at once. Closed by the caller or with the world. */
  openMemory(): Promise<Memory>
  close(): Promise<void>
}

const SETTINGS = configSchema.parse({})

export async function openMemoryWorld(): Promise<MemoryWorld> {
  const owned = new Closables()
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-bench-'))
  owned.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const parts = { clock: systemClock, log: silentLog }
  const store = owned.add(
    await openStore({ ...parts, dataDir, cacheDir: TEMPLATE_CACHE, host: 'cli', statementTimeoutMs: 120_000 }),
  )
  const newId = idMaker(systemClock, systemRandom)
  const vault = owned.add(await openVault({ ...parts, db: store.database, newId, limits: SETTINGS.limits }))
  const models = owned.add(
    createLocalModels({
      ...parts,
      spawn: () => forkNode('models', [], {}),
      settings: { cacheDir: MODEL_CACHE, ...SETTINGS.models, logLevel: 'error' },
      recycleAboveMb: SETTINGS.models.recycleAboveMb,
    }),
  )
  const openMemory = async () => {
    const options = { ...parts, database: store.database, vault, embedder: models.embedder, config: SETTINGS }
    return owned.add(await createMemory(options))
  }
  return { store, vault, models, openMemory, close: () => owned.close() }
}
