import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault, shadowsOf } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(() => store.close())

const corrections = (vaultId: string) =>
  store.database.query('select part, key, value from concept_corrections where vault_id = $1 order by part, key', [
    vaultId,
  ])

describe('the corrections of concepts', () => {
  it('are kept, read back, and survive a rebuild', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.concepts.rename('a', ' Machine learning ')
    await vault.concepts.assign(['b', 'c'], 'a')
    await vault.concepts.hide('d', true)
    await vault.concepts.link('a', 'e', 'prerequisite', true)
    await vault.concepts.link('a', 'f', 'uses', false)
    const expected = {
      names: new Map([['a', 'Machine learning']]),
      terms: new Map([
        ['b', 'a'],
        ['c', 'a'],
      ]),
      hidden: new Set(['d']),
      links: [
        { fromId: 'a', toId: 'e', kind: 'prerequisite', linked: true },
        { fromId: 'a', toId: 'f', kind: 'uses', linked: false },
      ],
    }
    expect(await vault.concepts.corrections()).toEqual(expected)
    const rows = await corrections(vault.id)
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await corrections(vault.id)).toEqual(rows)
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    expect(await vault.concepts.corrections()).toEqual(expected)
  })

  it('are steps that undo takes back, a merge of many terms as one', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.concepts.assign(['b'], 'x')
    await vault.concepts.assign(['b', 'c', 'd'], 'a')
    await vault.undo()
    expect((await vault.concepts.corrections()).terms).toEqual(new Map([['b', 'x']]))
    await vault.redo()
    expect((await vault.concepts.corrections()).terms.size).toBe(3)
    await vault.concepts.hide('b', true)
    expect(await vault.undo()).toEqual({
      captures: [],
      sessions: [],
      notes: [],
      documents: [],
      collections: false,
      settings: false,
      concepts: true,
    })
    expect((await vault.concepts.corrections()).hidden).toEqual(new Set())
  })

  it('refuses what cannot be one, and leaves out what another device wrote wrongly', async () => {
    const { vault } = await openTestVault(store.database)
    for (const wrong of [
      () => vault.concepts.rename('a', '  '),
      () => vault.concepts.rename('', 'x'),
      () => vault.concepts.hide('a/b', true),
      () => vault.concepts.link('a', 'a', 'uses', true),
    ])
      await expect(wrong()).rejects.toMatchObject({ code: 'bad-input' })
    await vault.documents.change('library', (doc) => {
      doc.getMap('conceptNames').set('a', 7)
      doc.getMap('conceptTerms').set('b', null)
      doc.getMap('conceptLinks').set('a/b/knows', true)
      doc.getMap('conceptsHidden').set('c', 'yes')
    })
    const read = await vault.concepts.corrections()
    expect([read.names.size, read.terms.size, read.hidden.size, read.links]).toEqual([0, 0, 0, []])
  })

  it('leave nothing of a deleted or edited capture', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'gradients' })
    const note = await vault.notes.create({ title: 't', body: 'b' })
    const count = async () => {
      const [row] = await store.database.query<{ count: number }>(
        'select count(*)::int as count from capture_concepts where vault_id = $1',
        [vault.id],
      )
      return row?.count
    }
    const mention = (kind: string, captureId: string) =>
      store.database.query(
        `insert into capture_concepts (vault_id, kind, capture_id, term_id, concept_id, normal, surface, type, field, start, "end",
           count, weight, created_at)
         values ($1, $2, $3, 't', 't', 'g', 'g', 'term', 'userText', 0, 1, 1, 1, now())`,
        [vault.id, kind, captureId],
      )
    await mention('capture', id)
    await mention('note', note.id)
    await vault.captures.edit(id, { userText: 'gradients' })
    expect(await count()).toBe(2)
    await vault.captures.edit(id, { userText: 'something else' })
    expect(await count()).toBe(1)
    await vault.notes.delete(note.id)
    expect(await count()).toBe(0)
    await mention('capture', id)
    await vault.captures.delete([id])
    expect(await count()).toBe(0)
  })
})
