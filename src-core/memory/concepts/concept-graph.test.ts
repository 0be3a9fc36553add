import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import { type ConceptGraph, createConceptGraph } from './concept-graph.ts'
import type { SuccessOf } from './gaps.ts'

let store: Store
const folder = mkdtempSync(join(tmpdir(), 'lva-concepts-'))
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const settled = (concepts: ConceptGraph) => concepts.idle()
const marked = (snippet: { text: string; marked: boolean }[] = []) =>
  snippet.flatMap((piece) => (piece.marked ? [piece.text] : []))
const openConcepts = (vault: OpenVault, successOf?: SuccessOf) =>
  createConceptGraph({
    database: store.database,
    vault,
    folder: join(folder, vault.id),
    clock: systemClock,
    log: silentLog,
    ...(successOf && { successOf }),
  })

describe('the concept graph', () => {
  it('reads, merges spellings, finds a path, follows corrections and undo, and forgets what is deleted', {
    timeout: 120_000,
  }, async () => {
    const { vault } = await openTestVault(store.database)
    const say = (userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
    await say('Machine learning (ML) is a field of statistics. You need linear algebra before neural networks.')
    await say('ML uses gradient descent. Deep learning builds on neural networks.')
    const last = await say('Zebrafish larvae are transparent.')
    const concepts = openConcepts(vault)
    await settled(concepts)

    const ml = await concepts.find('ml')
    expect([ml.name, ml.captures]).toEqual(['Machine learning', 2])
    expect((await concepts.find('Machine-Learning')).id).toBe(ml.id)
    expect((await concepts.neighbours(ml.id, 20)).map(({ kind, name }) => `${kind} ${name}`)).toContain(
      'uses gradient descent',
    )
    const [from, to] = [await concepts.find('linear algebra'), await concepts.find('deep learning')]
    expect((await concepts.path(from.id, to.id))?.map(({ name }) => name)).toEqual([
      'linear algebra',
      'neural networks',
      'Deep learning',
    ])

    await concepts.rename(ml.id, 'ML!')
    await concepts.merge(ml.id, to.id)
    await settled(concepts)
    expect((await concepts.find('deep learning')).name).toBe('ML!')
    await vault.undo()
    await settled(concepts)
    expect((await concepts.find('deep learning')).id).toBe(to.id)

    const fish = await concepts.find('zebrafish larvae')
    expect((await concepts.evidence(fish.id, 5)).map(({ captureId }) => captureId)).toEqual([last.id])
    await vault.captures.delete([last.id])
    await settled(concepts)
    await expect(concepts.find('zebrafish larvae')).rejects.toMatchObject({ code: 'not-found' })
    await vault.captures.restore([last.id])
    await settled(concepts)
    expect((await concepts.find('zebrafish larvae')).id).toBe(fish.id)

    const before = await concepts.list({ limit: 100 })
    await concepts.close()
    rmSync(join(folder, vault.id), { recursive: true })
    await vault.rebuild()
    const again = openConcepts(vault)
    await settled(again)
    expect(await again.list({ limit: 100 })).toEqual(before)
    expect((await again.path(from.id, to.id))?.length).toBe(3)
    await again.close()
  })

  it('finds gaps by links, and by reviews where somebody hands them in', { timeout: 60_000 }, async () => {
    const { vault } = await openTestVault(store.database)
    const say = (userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
    for (const other of ['linear algebra', 'gradient descent', 'probability theory', 'zebrafish larvae'])
      await say(`Neural networks need ${other}.`)
    const unreviewed = openConcepts(vault)
    await settled(unreviewed)
    const { id } = await unreviewed.find('neural networks')
    expect(await unreviewed.gaps(5)).toEqual([])
    await unreviewed.close()
    const asked: string[] = []
    const reviewed = openConcepts(vault, async (ids) => {
      asked.push(...ids)
      return new Map([[id, 0.25]])
    })
    expect(await reviewed.gaps(5)).toMatchObject([{ id, success: 0.25, reasons: ['low-success'] }])
    expect(asked).toContain(id)
    await reviewed.close()
  })

  it('draws maps, shows what connects two concepts, tells a history, and splits and links', {
    timeout: 120_000,
  }, async () => {
    const { vault } = await openTestVault(store.database)
    const say = (userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
    const stated = await say('You need linear algebra before neural networks. Machine learning (ML) needs both.')
    const both = await say('Today I drew neural networks next to linear algebra in one picture.')
    await say('Zebrafish larvae are transparent.')
    const concepts = openConcepts(vault)
    let folds = 0
    const stop = concepts.onChange(() => {
      folds += 1
    })
    await settled(concepts)
    expect(folds).toBeGreaterThan(0)
    stop()

    const [algebra, networks] = [await concepts.find('linear algebra'), await concepts.find('neural networks')]
    const whole = await concepts.map(100)
    expect(whole.total).toBe(whole.concepts.length)
    expect(whole.relations).toContainEqual(
      expect.objectContaining({ fromId: algebra.id, toId: networks.id, kind: 'prerequisite', byLearner: false }),
    )
    const near = await concepts.around(algebra.id, 1, 10)
    expect(near.concepts[0]?.id).toBe(algebra.id)
    expect(near.concepts.map(({ name }) => name)).toContain('neural networks')
    expect(near.concepts.map(({ name }) => name)).not.toContain('Zebrafish larvae')

    const relation = await concepts.relation('neural networks', 'linear algebra', 10)
    expect(relation.passages.map(({ captureId, says }) => [captureId, says])).toEqual([
      [stated.id, 'prerequisite'],
      [both.id, null],
    ])
    expect(marked(relation.passages[0]?.snippet)).toEqual(['You need linear algebra before neural networks.'])
    expect(marked(relation.passages[1]?.snippet).sort()).toEqual(['linear algebra', 'neural networks'])

    const history = await concepts.overTime(networks.id, 1)
    expect([history.unit, history.periods.map(({ count, passages }) => [count, passages.length])]).toEqual([
      'day',
      [[2, 1]],
    ])

    const learning = await concepts.find('machine learning')
    await expect(concepts.split(networks.id, 'something else')).rejects.toMatchObject({ code: 'not-found' })
    await expect(concepts.split(algebra.id, 'linear algebra')).rejects.toMatchObject({ code: 'bad-input' })
    await concepts.split(learning.id, 'ML')
    await settled(concepts)
    expect((await concepts.find('ML')).id).not.toBe((await concepts.find('machine learning')).id)

    await concepts.link('zebrafish larvae', 'linear algebra', 'uses', true)
    await concepts.link('linear algebra', 'neural networks', 'prerequisite', false)
    await settled(concepts)
    expect((await concepts.relation('linear algebra', 'zebrafish larvae', 5)).relations).toEqual([
      expect.objectContaining({ kind: 'uses', byLearner: true }),
    ])
    expect(
      (await concepts.relation('linear algebra', 'neural networks', 5)).relations.map(({ kind }) => kind),
    ).not.toContain('prerequisite')
    await vault.undo()
    await settled(concepts)
    expect(
      (await concepts.relation('linear algebra', 'neural networks', 5)).relations.map(({ kind }) => kind),
    ).toContain('prerequisite')
    await concepts.close()
  })
})
