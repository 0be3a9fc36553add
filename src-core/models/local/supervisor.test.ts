import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FakeChild, fakeChild } from '../../../test/hosts/fake-child.ts'
import { ManualClock, silentLog } from '../../kernel/index.ts'
import type { LocalModels, LocalModelsStatus } from '../types.ts'
import { MINILM_INFO } from './minilm.ts'
import type { ModelsMessage, ModelsReply } from './protocol.ts'
import { createLocalModels } from './supervisor.ts'

type Run = ModelsMessage & { type: 'run' }

/** A models process that the test plays. */
class Played {
  readonly child: FakeChild = fakeChild()
  readonly heard: ModelsMessage[] = []

  constructor() {
    this.child.port.onMessage((message) => {
      this.heard.push(message as ModelsMessage)
      if ((message as ModelsMessage).type === 'end' && this.endsWhenAsked) this.child.exit(0)
    })
  }

  endsWhenAsked = true

  reply(message: ModelsReply): Promise<void> {
    this.child.port.send(message)
    return settled()
  }

  ready(): Promise<void> {
    return this.reply({ type: 'ready', residentMb: 50 })
  }

  /** The tasks that it was given so far. */
  get runs(): Run[] {
    return this.heard.filter((message) => message.type === 'run')
  }

  /** Answers an embedding task: each text's vector begins with its length. */
  answer(run: Run | undefined, residentMb = 100): Promise<void> {
    if (run?.task !== 'embed') throw new Error('there is no embedding task to answer')
    const texts = run.input as string[]
    const output = new Float32Array(texts.length * MINILM_INFO.dimensions)
    for (const [index, text] of texts.entries()) output[index * MINILM_INFO.dimensions] = text.length
    return this.reply({ type: 'done', id: run.id, output, residentMb })
  }

  async crash(): Promise<void> {
    this.child.exit(null)
    await settled()
  }
}

/** Until everything that is under way without the clock has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await setImmediate()
}

let clock: ManualClock
let processes: Played[]
let models: LocalModels
let states: LocalModelsStatus['state'][]
let spawnFails: boolean

beforeEach(() => {
  clock = new ManualClock()
  processes = []
  states = []
  spawnFails = false
  models = createLocalModels({
    spawn() {
      if (spawnFails) throw new Error('no such file')
      const played = new Played()
      processes.push(played)
      return played.child.handle
    },
    settings: { cacheDir: '/nowhere', embeddingBatch: 16, threads: 1, logLevel: 'silent' },
    recycleAboveMb: 1_000,
    clock,
    log: silentLog,
  })
  models.onStatus((status) => states.push(status.state))
})

afterEach(async () => {
  await models.close()
  expect(clock.sleeping).toBe(0)
})

const last = () => processes.at(-1) as Played
const embed = (texts: string[], signal?: AbortSignal) => models.embedder.embed(texts, signal ? { signal } : {})
const firstNumbers = (vectors: Float32Array[]) => vectors.map((vector) => vector[0])
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

async function advance(ms: number): Promise<void> {
  clock.advance(ms)
  await settled()
}

it('starts a process with the first task and gives it the settings first', async () => {
  expect(processes).toHaveLength(0)
  expect(models.status()).toMatchObject({ state: 'stopped', crashes: 0, recycles: 0 })
  const vectors = embed(['one', 'three'])
  await settled()
  expect(last().heard.map((message) => message.type)).toEqual(['configure'])
  await last().ready()
  await last().answer(last().runs[0])
  expect(firstNumbers(await vectors)).toEqual([3, 5])
  expect(states).toEqual(['starting', 'ready'])
  expect(models.status()).toMatchObject({ state: 'ready', residentMb: 100, pid: last().child.handle.pid })
})

it('asks for nothing when there is nothing to embed', async () => {
  expect(await embed([])).toEqual([])
  expect(processes).toHaveLength(0)
})

it('lets a single text in between the slices of a long list, and keeps the order of both', async () => {
  const texts = Array.from({ length: 100 }, (_, index) => 'x'.repeat(100 - index))
  const long = embed(texts)
  await settled()
  await last().ready()
  const short = embed(['query'])
  await settled()
  // The process has it in hand while it computes the first slice.
  expect(last().runs[1]?.input).toEqual(['query'])
  await last().answer(last().runs[0])
  await last().answer(last().runs[1])
  expect(firstNumbers(await short)).toEqual([5])
  await last().answer(last().runs[2])
  expect(firstNumbers(await long)).toEqual(texts.map((text) => text.length))
})

it('gives the process three lists of texts at once, and a further one when the first is done', async () => {
  const lists = ['one', 'two', 'three', 'four'].map((text) => embed([text]))
  await settled()
  await last().ready()
  expect(last().runs.map(({ input }) => input)).toEqual([['one'], ['two'], ['three']])
  // The lightest comes first there, so that answers may come in any order.
  await last().answer(last().runs[1])
  expect(last().runs[3]?.input).toEqual(['four'])
  for (const run of [0, 2, 3]) await last().answer(last().runs[run])
  expect(await Promise.all(lists.map(async (list) => firstNumbers(await list)))).toEqual([[3], [3], [5], [4]])
})

it('gives tasks of different models to the process at once', async () => {
  const vectors = embed(['text'])
  const sound = models.synthesizer.synthesize('Hello.')
  await settled()
  await last().ready()
  expect(last().runs.map((run) => run.task)).toEqual(['embed', 'say'])
  const [first, second] = last().runs
  const output = { samples: new Float32Array(3), sampleRate: 16_000 }
  await last().reply({ type: 'done', id: second?.id ?? 0, output, residentMb: 60 })
  await last().answer(first)
  expect((await sound).samples).toHaveLength(3)
  expect(await vectors).toHaveLength(1)
})

it('passes on the error that the process answers', async () => {
  const vectors = embed(['text'])
  await settled()
  await last().ready()
  const error = { code: 'model-files-damaged', message: 'Broken.', advice: 'Mend it.', params: { file: 'f' } } as const
  const failure = outcome(vectors)
  await last().reply({ type: 'failed', id: last().runs[0]?.id ?? 0, error, residentMb: 60 })
  expect(await failure).toBe('model-files-damaged')
  expect(models.status().crashes).toBe(0)
})

it('gives a task that a crash interrupted to the next process, after a pause', async () => {
  const vectors = embed(['text'])
  await settled()
  await last().ready()
  await last().crash()
  expect(models.status()).toMatchObject({ state: 'restarting', crashes: 1, residentMb: 0 })
  await advance(249)
  expect(processes).toHaveLength(1)
  await advance(1)
  expect(processes).toHaveLength(2)
  await last().ready()
  await last().answer(last().runs[0])
  expect(firstNumbers(await vectors)).toEqual([4])
})

it('refuses a task after its second crash, and serves the next one', async () => {
  const poison = outcome(embed(['poison']))
  await settled()
  await last().ready()
  await last().crash()
  await advance(250)
  await last().ready()
  await last().crash()
  expect(await poison).toBe('model-process-down')
  const good = embed(['good'])
  await advance(500)
  await last().ready()
  await last().answer(last().runs[0])
  expect(await good).toHaveLength(1)
  expect(models.status()).toMatchObject({ state: 'ready', crashes: 2 })
})

it('waits twice as long after each crash in a row, then refuses, then tries again', async () => {
  const waiting = outcome(embed(['text']))
  for (const pause of [250, 500, 1_000, 2_000]) {
    await settled()
    await last().crash()
    expect(models.status().state).toBe('restarting')
    await advance(pause - 1)
    const before = processes.length
    await advance(1)
    expect(processes.length).toBe(before + 1)
  }
  await last().crash()
  expect(await waiting).toBe('model-process-down')
  expect(models.status()).toMatchObject({ state: 'failed', crashes: 5 })
  expect(await outcome(embed(['refused']))).toBe('model-process-down')
  await advance(4_000)
  expect(models.status().state).toBe('stopped')
  const again = embed(['again'])
  await settled()
  await last().ready()
  await last().answer(last().runs[0])
  expect(await again).toHaveLength(1)
  expect(models.status().state).toBe('ready')
})

it('counts crashes in a row from the last answer', async () => {
  for (let round = 0; round < 6; round++) {
    const vectors = embed(['text'])
    await settled()
    await last().ready()
    await last().answer(last().runs[0])
    await vectors
    await last().crash()
    await advance(250)
    expect(models.status().state).toBe('stopped')
  }
  expect(models.status().crashes).toBe(6)
})

it('treats a process that cannot be spawned as a crash', async () => {
  spawnFails = true
  const vectors = embed(['text'])
  await settled()
  expect(models.status()).toMatchObject({ state: 'restarting', crashes: 1 })
  spawnFails = false
  await advance(250)
  await last().ready()
  await last().answer(last().runs[0])
  expect(await vectors).toHaveLength(1)
})

it('kills a process that does not become ready', async () => {
  const vectors = outcome(embed(['text']))
  await settled()
  await advance(30_000)
  expect(processes[0]?.child.killed).toBe(true)
  expect(models.status().crashes).toBe(1)
  await advance(250)
  await last().ready()
  await last().answer(last().runs[0])
  expect(await vectors).toBe('done')
})

it('kills a process that hangs, refuses the task and repeats what else was running', async () => {
  const hanging = outcome(embed(['hangs']))
  await settled()
  await last().ready()
  await advance(60_000)
  const sound = models.synthesizer.synthesize('Hello.')
  await settled()
  await advance(60_000)
  expect(await hanging).toBe('timeout')
  expect(processes[0]?.child.killed).toBe(true)
  await advance(250)
  await last().ready()
  const [again] = last().runs
  expect(last().runs).toHaveLength(1)
  expect(again?.task).toBe('say')
  const output = { samples: new Float32Array(2), sampleRate: 16_000 }
  await last().reply({ type: 'done', id: again?.id ?? 0, output, residentMb: 60 })
  expect((await sound).samples).toHaveLength(2)
})

it('replaces a process that has grown, between two tasks, and not before it has lived a while', async () => {
  const first = embed(['first'])
  await settled()
  await last().ready()
  await last().answer(last().runs[0], 1_001)
  await first
  expect(models.status()).toMatchObject({ state: 'ready', recycles: 0 })
  clock.advance(30_000)
  const large = embed(Array.from({ length: 65 }, (_, index) => `${index}`))
  await settled()
  await last().answer(last().runs[1], 1_001)
  expect(processes[0]?.heard.at(-1)?.type).toBe('end')
  expect(processes).toHaveLength(2)
  await last().ready()
  await last().answer(last().runs[0])
  expect(await large).toHaveLength(65)
  expect(models.status()).toMatchObject({ state: 'ready', crashes: 0, recycles: 1, residentMb: 100 })
})

it('ends a grown process only when its other tasks are done', async () => {
  const sound = models.synthesizer.synthesize('Hello.')
  const vectors = embed(['text'])
  await settled()
  await last().ready()
  clock.advance(30_000)
  const [say, first] = last().runs
  await last().answer(first, 2_000)
  await vectors
  expect(processes[0]?.heard.at(-1)?.type).toBe('run')
  const output = { samples: new Float32Array(2), sampleRate: 16_000 }
  await last().reply({ type: 'done', id: say?.id ?? 0, output, residentMb: 2_000 })
  expect((await sound).samples).toHaveLength(2)
  expect(processes[0]?.heard.at(-1)?.type).toBe('end')
  expect(models.status()).toMatchObject({ state: 'stopped', recycles: 1, crashes: 0 })
})

it('cancels a task that waits and one that runs, at once, and tells the process', async () => {
  const stop = new AbortController()
  const all = ['one', 'two', 'three', 'waiting'].map((text) => outcome(embed([text], stop.signal)))
  await settled()
  await last().ready()
  stop.abort()
  expect(await Promise.all(all)).toEqual(all.map(() => 'cancelled'))
  await settled()
  const given = last().runs.map(({ id }) => id)
  expect(given).toHaveLength(3)
  expect(last().heard.slice(-3)).toEqual(given.map((id) => ({ type: 'cancel', id })))
  const next = embed(['next'])
  await settled()
  expect(last().runs).toHaveLength(3)
  await last().answer(last().runs[0])
  await last().answer(last().runs[3])
  expect(firstNumbers(await next)).toEqual([4])
  expect(await outcome(embed(['late'], AbortSignal.abort()))).toBe('cancelled')
})

it('does not repeat a task that was cancelled before the crash', async () => {
  const stop = new AbortController()
  const running = outcome(embed(['running'], stop.signal))
  await settled()
  await last().ready()
  stop.abort()
  await running
  await last().crash()
  await advance(250)
  expect(processes).toHaveLength(1)
  expect(models.status().state).toBe('stopped')
})

it('refuses what waits and runs when it closes, and lets no task hold up the end', async () => {
  const running = outcome(embed(['running']))
  const waiting = outcome(embed(['waiting']))
  await settled()
  await last().ready()
  await models.close()
  expect(await running).toBe('cancelled')
  expect(await waiting).toBe('cancelled')
  expect(last().child.killed).toBe(true)
  expect(models.status().state).toBe('stopped')
  expect(await outcome(embed(['late']))).toBe('cancelled')
  expect(processes).toHaveLength(1)
})

it('waits for an idle process to be gone when it closes, and ends one that stays', async () => {
  const done = embed(['text'])
  await settled()
  await last().ready()
  await last().answer(last().runs[0])
  await done
  last().endsWhenAsked = false
  let closed = false
  const closing = models.close().then(() => {
    closed = true
  })
  await settled()
  expect(last().heard.at(-1)?.type).toBe('end')
  expect(last().child.killed).toBe(false)
  expect(closed).toBe(false)
  await advance(3_000)
  expect(last().child.killed).toBe(true)
  await closing
  expect(models.status().state).toBe('stopped')
})

it('closes while it waits to start again, and while a process starts', async () => {
  const vectors = outcome(embed(['text']))
  await settled()
  await last().crash()
  await models.close()
  expect(await vectors).toBe('cancelled')
  expect(clock.sleeping).toBe(0)
  expect(processes).toHaveLength(1)
})

it('tells listeners until they leave', async () => {
  const seen: string[] = []
  const leave = models.onStatus((status) => seen.push(status.state))
  const vectors = embed(['text'])
  await settled()
  leave()
  await last().ready()
  await last().answer(last().runs[0])
  await vectors
  expect(seen).toEqual(['starting'])
})
