import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault, SMALL, shadowsOf } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { Answer, Capture, DeliveredDocument, DeliveryBatch, Note } from './types.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const answer: Answer = {
  text: 'A way to weigh.',
  provider: 'chatgpt',
  model: 'm',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  citations: [],
  agentsUsed: [],
  ending: 'complete',
  createdAt: '2025-01-31T23:59:59.000Z',
}
const capture = (id: string, more: Partial<Capture> = {}): Capture => ({
  id,
  sessionId: 's',
  createdAt: '2025-01-31T23:59:58.000Z',
  editedAt: null,
  source: 'import',
  userText: `said ${id}`,
  answer: null,
  audioSha256: null,
  metadata: {},
  ...more,
})
const note = (id: string, more: Partial<Note> = {}): Note => ({
  id,
  title: `Note ${id}`,
  body: 'body',
  createdAt: '2024-02-01T00:00:00.000Z',
  updatedAt: '2024-02-02T00:00:00.000Z',
  ...more,
})
const document = (digit: number, more: Partial<DeliveredDocument> = {}): DeliveredDocument => ({
  id: `d${digit}`,
  title: `Document ${digit}`,
  sha256: String(digit).repeat(64),
  format: 'pdf',
  size: 10,
  origins: [{ kind: 'file', name: 'a.pdf', address: null, at: '2024-03-01T00:00:00.000Z' }],
  tags: ['optics'],
  collections: [{ id: 'c', name: 'Physics', createdAt: '2024-03-01T00:00:00.000Z' }],
  createdAt: '2024-03-01T00:00:00.000Z',
  updatedAt: '2024-03-02T00:00:00.000Z',
  ...more,
})
const batch = (more: Partial<DeliveryBatch> = {}): DeliveryBatch => ({
  sessions: [],
  captures: [],
  notes: [],
  documents: [],
  ...more,
})
const everything = batch({
  sessions: [{ id: 's', title: 'Attention', createdAt: '2025-01-30T00:00:00.000Z' }],
  captures: [
    capture('a', { answer, metadata: { from: { deep: [1, null] } }, audioSha256: 'a'.repeat(64) }),
    capture('b', { createdAt: '2025-02-01T00:00:00.000Z', editedAt: '2025-02-02T00:00:00.000Z' }),
  ],
  notes: [note('n', { metadata: { tags: ['x'] } })],
  documents: [document(1)],
})

describe('a delivery', () => {
  it('keeps ids, instants, answers and metadata as they were given, by rebuild too, and is no step of undo', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    expect(await vault.deliveries.add(id, everything)).toEqual({
      sessions: 1,
      captures: 2,
      notes: 1,
      documents: 1,
      present: 0,
      deleted: 0,
    })
    expect(await vault.library.get('d1')).toMatchObject({ ...document(1), collections: ['c'], state: 'waiting' })
    expect(await vault.library.listCollections()).toMatchObject([{ id: 'c', name: 'Physics', documents: 1 }])
    for (const given of everything.captures) expect(await vault.captures.get(given.id)).toEqual(given)
    expect(await vault.notes.get('n')).toEqual(everything.notes[0])
    expect(await vault.sessions.get('s')).toMatchObject({ title: 'Attention', createdAt: '2025-01-30T00:00:00.000Z' })
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    expect(await vault.undo()).toBeNull()
  })

  it('brings nothing twice, also in one batch, and leaves alone what the learner changed or deleted', async () => {
    const { vault } = await openTestVault(store.database)
    const first = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    await vault.deliveries.add(first, batch({ ...everything, captures: [...everything.captures, capture('a')] }))
    await vault.captures.edit('a', { userText: 'mine' })
    await vault.captures.delete(['b'])
    await vault.notes.delete('n')
    await vault.library.delete(['d1'])
    const second = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    expect(await vault.deliveries.add(second, everything)).toEqual({
      sessions: 0,
      captures: 0,
      notes: 0,
      documents: 0,
      present: 1,
      deleted: 3,
    })
    expect((await vault.captures.get('a')).userText).toBe('mine')
    const known = await vault.deliveries.known({
      sessions: ['s', 't'],
      captures: ['a', 'b', 'c'],
      notes: ['n', 'm'],
      documents: [document(1), document(2)],
    })
    expect([...known.sessions]).toEqual(['s'])
    expect([[...known.present], [...known.deleted].sort()]).toEqual([['a'], ['b', 'd1', 'n']])
  })

  it('goes on with one that was cut off, and begins anew after one that ended or was taken back', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const about = { kind: 'test', name: 'file', bytes: 7 }
    const id = await vault.deliveries.begin(about)
    await vault.deliveries.add(id, everything)
    const reopened = await reopen()
    expect(await reopened.deliveries.begin({ ...about, bytes: 8 })).not.toBe(id)
    expect(await reopened.deliveries.begin(about)).toBe(id)
    await reopened.deliveries.finish(id)
    const second = await reopened.deliveries.begin(about)
    expect(second).not.toBe(id)
    await reopened.deliveries.rollBack(second)
    expect(await reopened.deliveries.begin(about)).not.toBe(second)
  })

  it('knows a document by its bytes and a collection by its name', async () => {
    const { vault } = await openTestVault(store.database)
    const { id: physics } = await vault.library.createCollection('Physics')
    const [own] = await vault.library.add([
      { ...document(1), origin: { kind: 'file', name: 'mine.pdf', address: null }, tags: [], collections: [] },
    ])
    const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    const given = [document(1), document(2), document(3, { id: 'd3', sha256: document(2).sha256 })]
    expect(await vault.deliveries.add(id, batch({ documents: given }))).toMatchObject({ documents: 1, present: 2 })
    expect((await vault.library.list({}, { limit: 9 })).items.map((each) => each.id).sort()).toEqual(
      ['d2', own?.id ?? ''].sort(),
    )
    expect((await vault.library.get('d2')).collections).toEqual([physics])
  })

  it('rolls journals over in the middle of a batch', async () => {
    const { vault } = await openTestVault(store.database, { tuning: SMALL })
    const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    const captures = Array.from({ length: 11 }, (_, number) => capture(`c${number}`))
    await vault.deliveries.add(id, batch({ captures }))
    expect((await vault.captures.list({}, { limit: 50 })).items).toHaveLength(11)
    expect((await vault.documents.names()).filter((name) => name.startsWith('journal:2025-01'))).toHaveLength(3)
  })

  it.each([
    ['an id that is too long', batch({ notes: [note('n')], captures: [capture('a'), capture('b'.repeat(129))] })],
    ['an instant that is none', batch({ captures: [capture('a'), capture('b', { createdAt: 'yesterday' })] })],
    ['too long a text', batch({ captures: [capture('a')], notes: [note('n', { body: 'x'.repeat(10_001) })] })],
  ])('stores nothing of a batch with %s', async (_, bad) => {
    const { vault } = await openTestVault(store.database)
    const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    const before = await shadowsOf(store.database, vault.id)
    await expect(vault.deliveries.add(id, bad)).rejects.toMatchObject({ code: expect.stringMatching(/^(text|bad)-/) })
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
  })

  it('brings no collection back that was forgotten', async () => {
    const { vault } = await openTestVault(store.database)
    const first = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    await vault.deliveries.add(first, everything)
    await vault.deliveries.finish(first)
    await vault.library.deleteCollection('c')
    await vault.forgetting.forget(() => true, 'proposals')
    const again = await vault.deliveries.begin({ kind: 'test', name: 'another file', bytes: 0 })
    await vault.deliveries.add(again, batch({ documents: [document(2)] }))
    expect(await vault.library.listCollections()).toEqual([])
    expect((await vault.library.get('d2')).collections).toEqual([])
  })
})

describe('a roll back', () => {
  it('takes away what the import brought, keeps what was changed or added since, and an import brings it back', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    await vault.deliveries.add(id, everything)
    await vault.deliveries.add(
      id,
      batch({
        captures: [capture('kept', { sessionId: 't' }), capture('gone', { sessionId: 'u' })],
        documents: [document(2, { collections: [] })],
      }),
    )
    expect(await vault.deliveries.addSettings(id, { theme: 'dark', voiceRate: 1 })).toEqual(['theme'])
    await vault.deliveries.finish(id)
    await vault.captures.edit('kept', { userText: 'mine now' })
    await vault.library.rename('d2', 'Optics, read twice')
    await vault.captures.add({ sessionId: 's', source: 'text', userText: 'later' })
    const reopened = await reopen()
    const steps: number[] = []
    expect(await reopened.deliveries.rollBack(id, (done) => steps.push(done))).toEqual({
      removed: 5,
      kept: 2,
      keptItems: [
        { kind: 'capture', id: 'kept', words: 'mine now' },
        { kind: 'document', id: 'd2', words: 'Optics, read twice' },
      ],
    })
    expect(steps).toEqual([1, 2, 3, 4, 5])
    const texts = async () =>
      (await reopened.captures.list({ order: 'oldest' }, { limit: 50 })).items.map((item) => item.userText)
    expect(await texts()).toEqual(['mine now', 'later'])
    expect((await reopened.sessions.list({ limit: 9 })).items.map((session) => session.id)).toEqual(['s', 't'])
    expect((await reopened.notes.list({ limit: 9 })).items).toEqual([])
    expect((await reopened.library.list({}, { limit: 9 })).items.map((each) => each.id)).toEqual(['d2'])
    expect(await reopened.library.listCollections()).toEqual([])
    expect((await reopened.settings.get()).theme).toBe('system')
    expect(await reopened.deliveries.list()).toMatchObject([{ id, kind: 'test', rolledBackAt: expect.any(String) }])

    const again = await reopened.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
    expect(await reopened.deliveries.add(again, everything)).toMatchObject({
      captures: 2,
      notes: 1,
      documents: 1,
      deleted: 0,
    })
    expect(await reopened.captures.get('a')).toEqual(everything.captures[0])
    expect(await reopened.notes.get('n')).toEqual(everything.notes[0])
    expect((await reopened.library.get('d1')).collections).toEqual(['c'])
    expect(await reopened.deliveries.rollBack(again)).toEqual({ removed: 4, kept: 0, keptItems: [] })
  })

  it('of nothing that is known is not-found', async () => {
    const { vault } = await openTestVault(store.database)
    await expect(vault.deliveries.rollBack('no-import')).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('takes preferences only where the learner has not chosen', async () => {
  const { vault } = await openTestVault(store.database)
  await vault.settings.set({ theme: 'light' })
  const id = await vault.deliveries.begin({ kind: 'test', name: 'file', bytes: 0 })
  expect(await vault.deliveries.addSettings(id, { theme: 'dark', language: 'de' })).toEqual(['language'])
  expect(await vault.settings.get()).toMatchObject({ theme: 'light', language: 'de' })
})
