import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf } from '../../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { seededRandom, silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { createConceptGraph } from './concept-graph.ts'
import { readTopics } from './topics.ts'

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
    clock.advance(1_000)
    // A question is no knowledge: it counts, and is shown where nothing was told.
    await say('What did I say about photosynthesis?')
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
    expect(found).toMatchObject({ captures: 4, notes: 1, documents: 0 })
    const [first] = found.topics
    expect(first).toMatchObject({ name: 'Photosynthesis', texts: 3 })
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
    expect(withoutSecond.captures).toBe(3)
    expect(withoutSecond.topics.find(({ name }) => name === 'Photosynthesis')?.texts).toBe(2)
    await concepts.close()
  })

  it('counts each text of a concept once, as counting one by one does', async () => {
    const { vault, clock } = await openTestVault(store.database)
    const random = seededRandom(4)
    const below = (count: number) => Math.floor(random.fraction() * count)
    const from = clock.now()
    const texts: { id: string; sessionId: string; at: number; isInsight: boolean }[] = []
    for (let number = 0; number < 120; number += 1) {
      clock.advance(60_000)
      const sessionId = `s${number % 3}`
      const capture = await vault.captures.add({ sessionId, source: 'text', userText: `Text number ${number}.` })
      const isInsight = number % 10 === 0
      if (isInsight) await vault.captures.answer(capture.id, { ...answerOf('Sure.'), kind: 'insight' })
      texts.push({ id: capture.id, sessionId, at: Date.parse(capture.createdAt), isInsight })
    }
    // The first concepts are in most texts, each by up to three terms; some are hidden.
    const mentions = texts.flatMap(({ id, at }) =>
      Array.from({ length: 12 }, (_, term) => ({
        capture_id: id,
        term_id: `t${term}`,
        concept_id: `k${Math.floor((below(10) * below(10)) / 4)}`,
        field: below(4) === 0 ? 'agentText' : 'userText',
        weight: below(8) / 8,
        created_at: new Date(at).toISOString(),
      })),
    )
    await store.database.query(
      `insert into capture_concepts (vault_id, kind, capture_id, term_id, concept_id, normal, surface, type, field, start, "end", count, weight, created_at)
       select $1, 'capture', capture_id, term_id, concept_id, 'n', 's', 'concept', field, 0, 4, 1, weight, created_at
       from json_to_recordset($2::json) as given (capture_id text, term_id text, concept_id text, field text, weight real, created_at timestamptz)`,
      [vault.id, JSON.stringify(mentions)],
    )
    await store.database.query(
      `insert into concepts (vault_id, id, name, type, hidden, variants, mentions, captures, links, weight, first_at, last_at)
       select $1, 'k' || n, 'Concept ' || n, 'concept', n % 4 = 3, '[]', 1, 1, 1, 1, now(), now() from generate_series(0, 24) n`,
      [vault.id],
    )
    const isHidden = (concept: string) => Number(concept.slice(1)) % 4 === 3
    for (const sessionId of [undefined, 's1']) {
      const until = texts[100]?.at ?? 0
      const without = texts[7]?.id ?? ''
      const counted = new Map<string, { texts: Set<string>; weight: number }>()
      for (const { capture_id, concept_id, field, weight } of mentions) {
        const text = texts.find(({ id }) => id === capture_id)
        if (!text || text.isInsight || text.at >= until || capture_id === without || field === 'agentText') continue
        if (isHidden(concept_id) || (sessionId !== undefined && text.sessionId !== sessionId)) continue
        const known = counted.get(concept_id) ?? { texts: new Set(), weight: 0 }
        counted.set(concept_id, { texts: known.texts.add(capture_id), weight: known.weight + weight })
      }
      const expected = [...counted]
        .sort(([one, a], [other, b]) => b.texts.size - a.texts.size || b.weight - a.weight || (one < other ? -1 : 1))
        .slice(0, 5)
        .map(([conceptId, { texts: own }]) => ({ conceptId, texts: own.size }))
      const { topics } = await readTopics(store.database, vault.id, {
        from: new Date(from).toISOString(),
        to: new Date(until).toISOString(),
        topics: 5,
        passages: 1,
        without,
        ...(sessionId !== undefined && { sessionId }),
      })
      expect(topics.map(({ conceptId, texts: own }) => ({ conceptId, texts: own }))).toEqual(expected)
      expect(topics.every(({ passages }) => passages.length === 1)).toBe(true)
    }
  })
})
