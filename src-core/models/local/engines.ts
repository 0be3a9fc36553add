import type { Log } from '../../kernel/index.ts'
import { openFlite } from './flite.ts'
import { MINILM_INFO, openMiniLm } from './minilm.ts'
import { type Hear, openMoonshine } from './moonshine.ts'
import type { ModelsSettings, ModelTasks, TaskName } from './protocol.ts'
import { openSilero } from './silero.ts'
import { openWhisper, type WhisperPlace } from './whisper.ts'

/** Runs the tasks of the protocol. */
export type ModelEngines = {
  [Name in TaskName]: (input: ModelTasks[Name]['input'], signal: AbortSignal) => Promise<ModelTasks[Name]['output']>
}

/** The packaged models, each loaded when it is first used. A model that failed to load is tried again the next time. */
export function packagedEngines(settings: ModelsSettings, log: Log): ModelEngines {
  const { cacheDir, embeddingBatch: batch, threads } = settings
  const embedder = lazily(() => openMiniLm({ cacheDir, batch, threads, log }))
  const ear = lazily(() => openMoonshine({ threads }))
  const others = new DownloadedEars(threads)
  const voice = lazily(openFlite)
  const sense = lazily(openSilero)
  return {
    async embed(texts, signal) {
      const vectors = await (await embedder()).embed(texts, { signal })
      const flat = new Float32Array(vectors.length * MINILM_INFO.dimensions)
      for (const [index, vector] of vectors.entries()) flat.set(vector, index * MINILM_INFO.dimensions)
      return flat
    },
    async hear({ samples, whisper, language }, signal) {
      const hear = whisper ? await others.open(whisper) : await ear()
      return hear(samples, { signal, ...(language !== null && { language }) })
    },
    detect: async ({ samples, state }) => (await sense())(samples, state),
    say: async (sentence) => (await voice())(sentence),
  }
}

/** The downloaded model that was asked last; another one takes its place, so that only one needs memory. */
class DownloadedEars {
  readonly #threads: number
  #last: { folder: string; opened: Promise<{ hear: Hear; close(): Promise<void> }> } | undefined

  constructor(threads: number) {
    this.#threads = threads
  }

  async open(place: WhisperPlace): Promise<Hear> {
    if (this.#last?.folder !== place.folder) {
      const before = this.#last?.opened
      this.#last = undefined
      // One that could not be opened needs no closing.
      await before?.then((ear) => ear.close()).catch(() => undefined)
      const last = { folder: place.folder, opened: openWhisper(place, { threads: this.#threads }) }
      last.opened.catch(() => {
        if (this.#last === last) this.#last = undefined
      })
      this.#last = last
    }
    return (await this.#last.opened).hear
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
