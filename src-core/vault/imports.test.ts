import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault, SMALL, shadowsOf } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { ImportedCapture } from './types.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const answer = {
  text: 'It is a way to weigh.',
  provider: 'v1',
  model: '',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  citations: [],
  agentsUsed: [],
  ending: 'complete' as const,
  createdAt: '2024-02-01T10:00:00.000Z',
}

function imported(n: number, more: Partial<ImportedCapture> = {}): ImportedCapture {
  return {
    id: `old-${String(n).padStart(4, '0')}`,
    sessionId: `s${n % 3}`,
    createdAt: `2024-0${1 + (n % 2)}-01T10:00:00.000Z`,
    userText: `said ${n}`,
    answer: n % 2 === 0 ? answer : null,
    metadata: { import: 'i1', n },
    ...more,
  }
}

describe('imports', () => {
  it('keeps many captures with their ids and instants in one change, over as many journals as they need', async () => {
    const { vault } = await openTestVault(store.database, { tuning: SMALL })
    const changes: string[][] = []
    vault.onChange(({ captures }) => changes.push(captures))
    const items = Array.from({ length: 19 }, (_, n) => imported(n))
    expect(await vault.imports.add(items)).toEqual({ added: 19, known: 0 })
    expect(changes).toHaveLength(1)
    expect(changes[0]).toHaveLength(19)
    const { items: list } = await vault.captures.list({ order: 'oldest' }, { limit: 100 })
    expect(list.map(({ id }) => id)).toEqual(
      items.toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1)).map(({ id }) => id),
    )
    expect(await vault.captures.get('old-0004')).toMatchObject({
      sessionId: 's1',
      source: 'import',
      userText: 'said 4',
      createdAt: '2024-01-01T10:00:00.000Z',
      answer,
      metadata: { import: 'i1', n: 4 },
    })
    // Four captures fill a journal of this test: ten of January, nine of February.
    const journals = (await vault.documents.names()).filter((name) => name.startsWith('journal:'))
    expect(journals).toEqual(['01.0', '01.1', '01.2', '02.0', '02.1', '02.2'].map((name) => `journal:2024-${name}`))
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
  })

  it('is the same twice, is nothing that undo takes back, and leaves what the learner did', async () => {
    const { vault } = await openTestVault(store.database, { tuning: SMALL })
    await vault.imports.add([imported(1), imported(2), imported(3)])
    expect(await vault.undo()).toBeNull()
    await vault.captures.edit('old-0001', { userText: 'better' })
    await vault.captures.delete(['old-0002'])
    const before = await shadowsOf(store.database, vault.id)
    expect(await vault.imports.add([imported(1), imported(2), imported(3), imported(3)])).toEqual({
      added: 0,
      known: 3,
    })
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    const records = await vault.imports.records(['old-0001', 'old-0002', 'nobody'])
    expect(records.map(({ id, edited, state, capture }) => [id, edited, state, capture?.userText])).toEqual([
      ['old-0001', true, 'live', 'said 1'],
      ['old-0002', false, 'deleted', 'said 2'],
    ])
  })

  it('withdraws, and brings back exactly that', async () => {
    const { vault } = await openTestVault(store.database, { tuning: SMALL })
    const empty = await shadowsOf(store.database, vault.id)
    await vault.imports.add([imported(1), imported(2), imported(4)])
    await vault.captures.delete(['old-0004'])
    expect(await vault.imports.withdraw(['old-0001', 'old-0002', 'old-0004'], 'i1')).toBe(2)
    const { captures, sessions } = await shadowsOf(store.database, vault.id)
    expect({ captures, sessions }).toEqual({ captures: empty.captures, sessions: empty.sessions })
    expect(await vault.undo()).toMatchObject({ captures: ['old-0004'] })
    await vault.captures.delete(['old-0004'])
    expect(await vault.imports.add([imported(1, { metadata: { import: 'i2' } }), imported(2), imported(4)])).toEqual({
      added: 2,
      known: 1,
    })
    const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 10 })
    expect(items.map(({ id }) => id)).toEqual(['old-0002', 'old-0001'])
    expect((await vault.captures.get('old-0001')).metadata).toEqual({ import: 'i2' })
  })

  it('takes blank texts, and stores nothing of what holds something impossible', async () => {
    const { vault } = await openTestVault(store.database)
    expect(await vault.imports.add([])).toEqual({ added: 0, known: 0 })
    await vault.imports.add([imported(5, { userText: '' })])
    expect((await vault.captures.get('old-0005')).userText).toBe('')
    for (const bad of [{ createdAt: 'yesterday' }, { id: '' }, { sessionId: '' }, { userText: 'x'.repeat(10_001) }]) {
      await expect(vault.imports.add([imported(6), imported(7, bad)])).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad-input|text-too-long)$/),
      })
    }
    await expect(vault.captures.get('old-0006')).rejects.toMatchObject({ code: 'not-found' })
  })
})
