import type { Log } from '../../kernel/index.ts'
import { openFlite } from './flite.ts'
import { MINILM_INFO, openMiniLm } from './minilm.ts'
import { openMoonshine } from './moonshine.ts'
import type { ModelsSettings, ModelTasks, TaskName } from './protocol.ts'
import { openSilero } from './silero.ts'

/** Runs the tasks of the protocol. */
export type ModelEngines = {
  [Name in TaskName]: (input: ModelTasks[Name]['input'], signal: AbortSignal) => Promise<ModelTasks[Name]['output']>
}

/** The packaged models, each loaded when it is first used. A model that failed to load is tried again the next time. */
export function packagedEngines(settings: ModelsSettings, log: Log): ModelEngines {
  const { cacheDir, embeddingBatch: batch, threads } = settings
  const embedder = lazily(() => openMiniLm({ cacheDir, batch, threads, log }))
  const ear = lazily(() => openMoonshine({ threads }))
  const voice = lazily(openFlite)
  const sense = lazily(openSilero)
  return {
    async embed(texts, signal) {
      const vectors = await (await embedder()).embed(texts, { signal })
      const flat = new Float32Array(vectors.length * MINILM_INFO.dimensions)
      for (const [index, vector] of vectors.entries()) flat.set(vector, index * MINILM_INFO.dimensions)
      return flat
    },
    hear: async (samples, signal) => (await ear())(samples, { signal }),
    detect: async ({ samples, state }) => (await sense())(samples, state),
    say: async (sentence) => (await voice())(sentence),
  }
}

function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}
