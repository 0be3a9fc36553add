import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check } from '../../src-core/contract/index.ts'
import { isLvaError, LvaError, toLvaError } from '../../src-core/kernel/index.ts'
import { resample, SPEECH_RATE } from '../../src-core/models/index.ts'
import { appliedMigrations, pendingMigrations, readMigrations } from '../../src-core/store/index.ts'
import type { InstallationParts } from './installation.ts'

/** A look at one part: what was seen, or an LvaError that says what is wrong. */
type Look = (parts: InstallationParts, signal: AbortSignal | undefined) => Promise<string>

/** Less than this and an upgrade or a model may not fit, in bytes. */
const LITTLE_SPACE = 500 * 1024 * 1024
const SPOKEN = 'Memory is the treasury of the mind.'

/** In the order of the report. */
const CHECKS: Record<string, Look> = {
  'data folder': async ({ store }) => {
    const probe = join(store.folder.root, 'doctor.tmp')
    await writeFile(probe, 'can be written')
    await rm(probe)
    return store.folder.root
  },
  'disk space': async ({ store }) => {
    const { bavail, bsize } = await statfs(store.folder.root)
    const free = bavail * bsize
    const words = `${(free / 1e9).toFixed(1)} GB free`
    if (free < LITTLE_SPACE) throw new LvaError('disk-full', words, { advice: 'Free at least 500 MB.' })
    return words
  },
  database: async ({ store }) => {
    const { database } = store
    const waiting = pendingMigrations(await appliedMigrations(database), readMigrations())
    if (waiting.length > 0) throw new LvaError('migration-failed', `${waiting.length} schema changes are missing`)
    const { vector, bm25 } = database.features
    return `${database.kind}, schema up to date, vectors ${vector ? 'yes' : 'no'}, word ranking ${bm25 ? 'yes' : 'no'}`
  },
  index: async ({ indexProgress }) => {
    const { indexed, pending, failed } = await indexProgress()
    if (failed > 0)
      throw new LvaError('internal', `${failed} entries could not be indexed`, { advice: 'Run "lva rebuild".' })
    return `${indexed} passages, ${pending} entries waiting`
  },
  embedder: async ({ models }, signal) => {
    const [a, b, c] = await models.embedder.embed(
      ['How do neural networks pay attention?', 'attention in transformers', 'a recipe for apple pie'],
      signal ? { signal } : {},
    )
    if (!a || !b || !c || dot(a, b) <= dot(a, c))
      throw new LvaError('model-files-damaged', 'related texts are not nearer than unrelated ones', {
        advice: 'Delete the folder with the converted models; it is made again.',
      })
    return models.embedder.info.id
  },
  'speech recognition': async ({ models }, signal) => {
    const options = signal ? { signal } : {}
    const { samples, sampleRate } = await models.synthesizer.synthesize(SPOKEN, options)
    const speech = await resample(new Float32Array(samples), sampleRate, SPEECH_RATE)
    const { text } = await models.transcriber.transcribe(speech, options)
    if (!/memory|mind/i.test(text)) throw new LvaError('speech-not-understood', 'its own voice was not understood')
    return `${models.transcriber.id} understands ${models.synthesizer.id}`
  },
  'key storage': async ({ keys }) => {
    const problem = await keys.problem()
    if (problem) throw problem
    const kind = await keys.storage()
    return kind === 'session' ? 'in memory only: no keyring was found, keys are gone with the program' : kind
  },
  provider: async ({ providers }, signal) => {
    const active = (await providers.list()).find((provider) => provider.active)
    if (!active) throw new LvaError('internal', 'no provider is active')
    const { ok, error, ms } = await providers.test(active.provider, signal)
    if (!ok && error) throw new LvaError(error.code, error.message, { advice: error.advice })
    return `${active.provider}, ${active.model}, answered in ${ms} ms`
  },
}

/** Looks at every part of the installation, also when some are broken. */
export function runChecks(parts: InstallationParts, signal: AbortSignal | undefined): Promise<Check[]> {
  return Promise.all(
    Object.entries(CHECKS).map(async ([name, look]) => {
      try {
        return { name, ok: true, detail: await look(parts, signal), advice: '' }
      } catch (error) {
        if (isLvaError(error, 'cancelled')) throw error
        const { message, advice } = toLvaError(error)
        return { name, ok: false, detail: message, advice }
      }
    }),
  )
}

/** Vectors of unit length: their cosine. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}
