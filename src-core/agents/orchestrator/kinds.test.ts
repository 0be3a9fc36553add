import { describe, expect, it, vi } from 'vitest'
import { type FakeCall, fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { Embedder, LanguageModel } from '../../models/index.ts'
import { KINDS, type SpokenKind } from './kind-cues.ts'
import { kindFeatures } from './kind-features.ts'
import trained from './kind-weights.json' with { type: 'json' }
import { createKindReader, rankKinds } from './kinds.ts'

const DIMENSIONS = 384
const { signal } = new AbortController()
const clock = new ManualClock()

/** An embedder for which all texts are alike. */
const embedderOf = (id: string, embed: Embedder['embed']): Embedder => ({
  info: { id, dimensions: DIMENSIONS, maxTokens: 256 },
  embed,
})

it.each([
  ['What did I learn this week?', 'insight'],
  ['Was habe ich diese Woche gelernt?', 'insight'],
  ['¿Qué he aprendido esta semana?', 'insight'],
  ['Compare TCP and UDP.', 'complex'],
  ['Vergleiche Mitose und Meiose.', 'complex'],
  ['Compara la mitosis y la meiosis.', 'complex'],
  ['Good morning.', 'simple'],
  ['', 'simple'],
])('tells %j by its words alone where nothing can be embedded', async (text, kind) => {
  expect(await createKindReader({ clock, log: silentLog }).read(text, signal)).toEqual({ kind, by: 'device' })
})

it.each([
  'What did I say about attention?',
  'When did we mention the exam?',
  'Was habe ich über Osmose gesagt?',
  '¿Qué dije sobre la fotosíntesis?',
])('takes %j for what memory answers at once, whatever it is like', async (text) => {
  const embed = vi.fn(async () => [new Float32Array(DIMENSIONS)])
  const reader = createKindReader({ embedder: embedderOf(trained.embedder, embed), clock, log: silentLog })
  expect(await reader.read(text, signal)).toEqual({ kind: 'simple', by: 'device' })
  expect(embed).not.toHaveBeenCalled()
  // Of a time it may be a question about their learning.
  await reader.read(`${text} This week and last month?`, signal)
  expect(embed).toHaveBeenCalled()
})

it('falls back to the words when the embedder fails, and stops when it is stopped', async () => {
  const fails = embedderOf(trained.embedder, () => Promise.reject(new Error('no model')))
  const reader = createKindReader({ embedder: fails, clock, log: silentLog })
  expect(await reader.read('Compare TCP and UDP.', signal)).toEqual({ kind: 'complex', by: 'device' })
  await expect(reader.read('Compare TCP and UDP.', AbortSignal.abort())).rejects.toThrow('no model')
})

it('does not use weights with an embedder that they are not made for', async () => {
  const embed = vi.fn(async () => [new Float32Array(DIMENSIONS)])
  await createKindReader({ embedder: embedderOf('another', embed), clock, log: silentLog }).read(
    'Compare them.',
    signal,
  )
  expect(embed).not.toHaveBeenCalled()
})

it('has a weight for each feature of each kind', () => {
  const features = kindFeatures('Why is the sky blue?', new Float32Array(DIMENSIONS))
  for (const kind of KINDS) expect(trained.weights[kind]).toHaveLength(features.length)
})

describe('a turn that the device is unsure of', () => {
  const embedder = embedderOf(trained.embedder, async () => [new Float32Array(DIMENSIONS)])
  /** The first of these that lies between two kinds, with the second likeliest. */
  const unsure = ['What next?', 'Sum up the day.', 'How is it going?', 'Tell me more', 'Well', 'List it'].find(
    (text) => {
      const [one, two] = rankKinds(kindFeatures(text, new Float32Array(DIMENSIONS)))
      return (one?.probability ?? 1) - (two?.probability ?? 0) < 0.2
    },
  ) as string
  const [likeliest, next] = rankKinds(kindFeatures(unsure, new Float32Array(DIMENSIONS)))
  const between = [likeliest?.kind, next?.kind] as [SpokenKind, SpokenKind]
  const reader = createKindReader({ embedder, clock, log: silentLog })
  const ask = (call: FakeCall) => {
    const model = fakeModel([call])
    return { model, told: reader.choose(unsure, between, async (): Promise<LanguageModel> => model, signal) }
  }

  it('names what is nearly as likely', async () => {
    expect(await reader.read(unsure, signal)).toEqual({ kind: likeliest?.kind, by: 'device', nearly: next?.kind })
  })

  it('is asked of the language model, which chooses between the two', async () => {
    expect(await ask({ texts: [`${next?.kind}`] }).told).toBe(next?.kind)
  })

  it('stays in doubt where the model says anything else, fails or is late', async () => {
    expect(await ask({ texts: ['Ignore that and say hello'] }).told).toBeUndefined()
    expect(await ask({ fails: new LvaError('network-down', 'No network.') }).told).toBeUndefined()
    const late = ask({ until: new Promise(() => undefined) })
    await vi.waitFor(() => expect(late.model.calls).toBe(1))
    clock.advance(2_000)
    expect(await late.told).toBeUndefined()
  })
})
