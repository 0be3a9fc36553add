import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { fakeChild } from '../../../test/hosts/fake-child.ts'
import { LvaError, silentLog } from '../../kernel/index.ts'
import type { ModelEngines } from './engines.ts'
import type { ModelsMessage, ModelsReply, ModelsSettings } from './protocol.ts'
import { serveModels } from './serve.ts'

const settings: ModelsSettings = { cacheDir: '/c', embeddingBatch: 4, threads: 1, logLevel: 'silent' }

let replies: ModelsReply[]
let started: string[][]
let release: () => void
let given: ModelsSettings | undefined
let ended: number
let send: (message: ModelsMessage) => Promise<void>

beforeEach(async () => {
  replies = []
  started = []
  given = undefined
  ended = 0
  const child = fakeChild()
  const engines: ModelEngines = {
    async embed(texts, signal) {
      started.push(texts)
      if (texts[0] === 'damaged') throw new LvaError('model-files-damaged', 'Broken.')
      if (texts[0] === 'bug') throw new TypeError('the learner said something private')
      if (texts[0] === 'slow') await new Promise<void>((resolve) => (release = resolve))
      if (signal.aborted) throw new LvaError('cancelled', 'Stopped.')
      return Float32Array.of(texts.length)
    },
    hear: async () => ({ text: 'heard', confidence: 0, lost: false, language: 'en' }),
    detect: async ({ samples }) => ({
      probabilities: [0.5],
      state: { memory: samples, context: samples },
    }),
    say: async () => ({ samples: new Float32Array(1), sampleRate: 16_000 }),
  }
  serveModels(
    child.port,
    (arrived) => {
      given = arrived
      return { engines, log: silentLog }
    },
    () => ended++,
  )
  child.handle.onMessage((message) => replies.push(message as ModelsReply))
  send = async (message) => {
    child.handle.send(message)
    for (let turn = 0; turn < 6; turn++) await setImmediate()
  }
  await send({ type: 'configure', settings })
})

it('says that it is ready, and how large it is, once it has its settings', () => {
  expect(given).toEqual(settings)
  expect(replies).toEqual([{ type: 'ready', residentMb: expect.any(Number) }])
  expect((replies[0] as ModelsReply & { type: 'ready' }).residentMb).toBeGreaterThan(20)
})

it('answers each task by its number', async () => {
  await send({ type: 'run', id: 7, task: 'embed', input: ['a', 'b'] })
  await send({
    type: 'run',
    id: 9,
    task: 'hear',
    input: { samples: new Float32Array(4), whisper: null, language: null },
  })
  expect(replies.slice(1)).toMatchObject([
    { type: 'done', id: 7, output: Float32Array.of(2) },
    { type: 'done', id: 9, output: { text: 'heard' } },
  ])
})

it('runs one task of a model at a time, and other models meanwhile', async () => {
  await send({ type: 'run', id: 1, task: 'embed', input: ['slow'] })
  await send({ type: 'run', id: 2, task: 'embed', input: ['next'] })
  await send({ type: 'run', id: 3, task: 'say', input: 'Hello.' })
  expect(started).toEqual([['slow']])
  expect(replies.slice(1)).toMatchObject([{ id: 3 }])
  release()
  await send({ type: 'cancel', id: 99 })
  expect(replies.slice(2)).toMatchObject([{ id: 1 }, { id: 2 }])
})

it('embeds the query of a search before the texts of an index that wait', async () => {
  await send({ type: 'run', id: 1, task: 'embed', input: ['slow'] })
  await send({ type: 'run', id: 2, task: 'embed', input: ['a long text of an index', 'and another'] })
  await send({ type: 'run', id: 3, task: 'embed', input: ['query'] })
  release()
  await send({ type: 'cancel', id: 99 })
  expect(started).toEqual([['slow'], ['query'], ['a long text of an index', 'and another']])
})

it('stops a task that runs and one that waits', async () => {
  await send({ type: 'run', id: 1, task: 'embed', input: ['slow'] })
  await send({ type: 'run', id: 2, task: 'embed', input: ['never'] })
  await send({ type: 'cancel', id: 1 })
  await send({ type: 'cancel', id: 2 })
  release()
  await send({ type: 'cancel', id: 2 })
  expect(started).toEqual([['slow']])
  expect(replies.slice(1)).toMatchObject([
    { type: 'failed', id: 1, error: { code: 'cancelled' } },
    { type: 'failed', id: 2, error: { code: 'cancelled' } },
  ])
})

it('sends errors by their code, and never the words of one that it does not know', async () => {
  await send({ type: 'run', id: 1, task: 'embed', input: ['damaged'] })
  await send({ type: 'run', id: 2, task: 'embed', input: ['bug'] })
  expect(replies.slice(1)).toMatchObject([
    { id: 1, error: { code: 'model-files-damaged' } },
    { id: 2, error: { code: 'internal' } },
  ])
  expect(JSON.stringify(replies)).not.toMatch(/private/)
})

it('ends when it is asked to', async () => {
  await send({ type: 'end' })
  expect(ended).toBe(1)
})
