import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf } from '../../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { createConceptGraph } from './concept-graph.ts'

let store: Store
const folder = mkdtempSync(join(tmpdir(), 'lva-topics-'))
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the topics of a time', () => {
  it('names what the learner spoke of then, the most told first, with whole sentences', {
    timeout: 60_000,
  }, async () => {
    const { vault, clock } = await openTestVault(store.database)
    const say = (userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
    await say('Plate tectonics moves continents.')
    await vault.captures.add({ sessionId: 'other', source: 'text', userText: 'Basalt is cooled lava.' })
    clock.advance(30 * 24 * 3_600_000)
    const from = new Date(clock.now()).toISOString()
    await say('I read about it. Photosynthesis happens in chloroplasts. Then I slept.')
    const second = await say('Photosynthesis makes glucose.')
    await vault.notes.create({ title: 'Gradient descent', body: 'Gradient descent needs a learning rate.' })
    const insight = await say('Photosynthesis patterns, please.')
    await vault.captures.answer(insight.id, { ...answerOf('Sure.'), kind: 'insight' })
    clock.advance(1_000)
    const concepts = createConceptGraph({
      database: store.database,
      vault,
      folder,
      clock: systemClock,
      log: silentLog,
    })
    await concepts.idle()
    const to = new Date(clock.now()).toISOString()
    const request = { from, to, topics: 5, passages: 2, without: '' }
    const found = await concepts.topics(request)
    expect(found).toMatchObject({ captures: 3, notes: 1, documents: 0 })
    const [first] = found.topics
    expect(first).toMatchObject({ name: 'Photosynthesis', texts: 2 })
    expect(first?.passages.map(({ text }) => text).sort()).toEqual([
      'Photosynthesis happens in chloroplasts.',
      'Photosynthesis makes glucose.',
    ])
    expect(found.topics.flatMap(({ passages }) => passages).some(({ kind }) => kind === 'note')).toBe(true)
    expect(found.topics.map(({ name }) => name)).not.toContain('Plate tectonics')

    const ofSession = await concepts.topics({ ...request, from: new Date(0).toISOString(), sessionId: 'other' })
    expect(ofSession).toMatchObject({ captures: 1, notes: 0, documents: 0 })
    const places = ofSession.topics.flatMap(({ passages }) => passages.map(({ text }) => text))
    expect(new Set(places)).toEqual(new Set(['Basalt is cooled lava.']))

    const withoutSecond = await concepts.topics({ ...request, without: second.id })
    expect(withoutSecond.captures).toBe(2)
    expect(withoutSecond.topics.find(({ name }) => name === 'Photosynthesis')?.texts).toBe(1)
    await concepts.close()
  })
})
