import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog, systemClock } from '../../src-core/kernel/index.ts'
import {
  createLocalModels,
  type LocalModels,
  type LocalModelsStatus,
  type ModelsSettings,
} from '../../src-core/models/index.ts'
import { MODEL_CACHE } from '../../test/model-cache.ts'
import { spoken } from '../../test/spoken.ts'
import { cosine, embedderSuite } from '../../test/suites/embedder-suite.ts'
import { synthesizerSuite } from '../../test/suites/synthesizer-suite.ts'
import { transcriberSuite } from '../../test/suites/transcriber-suite.ts'
import { forkNode } from '../child-process.ts'

const settings: ModelsSettings = { cacheDir: MODEL_CACHE, embeddingBatch: 16, threads: 0, logLevel: 'silent' }

function openModels(recycleAboveMb = 4_000): LocalModels {
  return createLocalModels({
    spawn: () => forkNode('models', [], {}),
    settings,
    recycleAboveMb,
    clock: systemClock,
    log: silentLog,
    timing: { backOff: 20, shortestLife: 0 },
  })
}

/** True while a process of that number exists. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(10)
}

embedderSuite(
  'the models process',
  async () => {
    const models = openModels()
    return { embedder: models.embedder, close: () => models.close() }
  },
  { near: ['the dog barks', 'a hound is barking'], far: 'interest rates went up' },
)

transcriberSuite(
  'the models process',
  async () => {
    const models = openModels()
    return { transcriber: models.transcriber, close: () => models.close() }
  },
  spoken,
)

synthesizerSuite('the models process', async () => {
  const models = openModels()
  return { synthesizer: models.synthesizer, close: () => models.close() }
})

describe('the process itself', () => {
  let models: LocalModels | undefined
  afterEach(() => models?.close())

  it('is small and without models before the first task, and gone after closing', async () => {
    models = openModels()
    const sizes: number[] = []
    models.onStatus((status) => sizes.push(status.residentMb))
    await models.synthesizer.synthesize('Hello.')
    const { pid } = models.status()
    expect(pid).toBeTypeOf('number')
    expect(Math.max(...sizes)).toBeLessThan(200)
    await models.close()
    expect(isAlive(pid as number)).toBe(false)
  })

  it('is killed in the middle of the work, and nothing is lost', async () => {
    models = openModels()
    const states: LocalModelsStatus['state'][] = []
    models.onStatus((status) => states.push(status.state))
    const texts = Array.from({ length: 300 }, (_, index) => `sentence number ${index} about the weather`)
    const [reference] = await models.embedder.embed([texts[250] as string])
    const work = models.embedder.embed(texts)
    await systemClock.sleep(30)
    process.kill(models.status().pid as number, 'SIGKILL')
    const vectors = await work
    expect(vectors).toHaveLength(300)
    expect(cosine(vectors[250] as Float32Array, reference as Float32Array)).toBeCloseTo(1, 4)
    expect(models.status()).toMatchObject({ state: 'ready', crashes: 1 })
    expect(states).toEqual(['starting', 'ready', 'restarting', 'starting', 'ready'])
  })

  it('is replaced when it is larger than it may be', async () => {
    models = openModels(1)
    await models.embedder.embed(['one'])
    await until(() => models?.status().state === 'stopped')
    await models.embedder.embed(['two'])
    expect(models.status()).toMatchObject({ crashes: 0 })
    expect(models.status().recycles).toBeGreaterThanOrEqual(1)
  })

  it('ends by itself when its parent is killed', async () => {
    const parent = fork(fileURLToPath(new URL('../../test/orphan-maker.ts', import.meta.url)), [], { execArgv: [] })
    const [pid] = (await once(parent, 'message')) as [number]
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isAlive(pid))
  })
})
