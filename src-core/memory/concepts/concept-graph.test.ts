import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import { type ConceptGraph, createConceptGraph } from './concept-graph.ts'

let store: Store
const folder = mkdtempSync(join(tmpdir(), 'lva-concepts-'))
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const settled = async (concepts: ConceptGraph) => {
  while ((await concepts.pending()) > 0) await systemClock.sleep(20)
}
const openConcepts = (vault: OpenVault) =>
  createConceptGraph({
    database: store.database,
    vault,
    folder: join(folder, vault.id),
    clock: systemClock,
    log: silentLog,
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
})
