import { expect, it, vi } from 'vitest'
import { silentLog } from '../../kernel/index.ts'
import type { Embedder } from '../../models/index.ts'
import trained from './kind-weights.json' with { type: 'json' }
import { createKindReader, KINDS, kindFeatures } from './kinds.ts'

const DIMENSIONS = 384
const { signal } = new AbortController()

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
  expect(await createKindReader({ log: silentLog }).read(text, signal)).toEqual({ kind, by: 'device' })
})

it('falls back to the words when the embedder fails, and stops when it is stopped', async () => {
  const fails = embedderOf(trained.embedder, () => Promise.reject(new Error('no model')))
  const reader = createKindReader({ embedder: fails, log: silentLog })
  expect(await reader.read('Compare TCP and UDP.', signal)).toEqual({ kind: 'complex', by: 'device' })
  await expect(reader.read('Compare TCP and UDP.', AbortSignal.abort())).rejects.toThrow('no model')
})

it('does not use weights with an embedder that they are not made for', async () => {
  const embed = vi.fn(async () => [new Float32Array(DIMENSIONS)])
  await createKindReader({ embedder: embedderOf('another', embed), log: silentLog }).read('Compare them.', signal)
  expect(embed).not.toHaveBeenCalled()
})

it('has a weight for each feature of each kind', () => {
  const features = kindFeatures('Why is the sky blue?', new Float32Array(DIMENSIONS))
  for (const kind of KINDS) expect(trained.weights[kind]).toHaveLength(features.length)
})
