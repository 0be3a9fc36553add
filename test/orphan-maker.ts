import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { createLocalModels } from '../src-core/models/index.ts'
import { forkNode } from '../src-main/child-process.ts'
import { MODEL_CACHE } from './model-cache.ts'

/** A host to be killed: starts the models process, sends its number to whoever forked this, and stays. */
const models = createLocalModels({
  spawn: () => forkNode('models', [], {}),
  settings: { cacheDir: MODEL_CACHE, embeddingBatch: 16, threads: 0, logLevel: 'silent' },
  recycleAboveMb: 4_000,
  clock: systemClock,
  log: silentLog,
})
await models.embedder.embed(['ready'])
process.send?.(models.status().pid)
