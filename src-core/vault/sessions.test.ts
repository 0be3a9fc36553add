import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })
const say = (vault: OpenVault, sessionId: string, userText: string) =>
  vault.captures.add({ sessionId, source: 'text', userText })
const textsOf = async (vault: OpenVault, sessionId: string) =>
  (await vault.captures.list({ sessionId, order: 'oldest' }, { limit: 100 })).items.map(({ userText }) => userText)
const day = 24 * 3_600_000

describe('sessions', () => {
  it('begin with their first capture and are told by it', async () => {
    const { vault, clock } = await openTestVault(store.database)
    await say(vault, 's', `  What \n\n is ${'😀'.repeat(200)}`)
    clock.advance(60_000)
    await say(vault, 's', 'second')
    const session = await vault.sessions.get('s')
    expect(session).toEqual({
      id: 's',
      title: null,
      createdAt: '2026-11-03T09:15:00.000Z',
      lastAt: '2026-11-03T09:16:00.000Z',
      captureCount: 2,
      preview: `What is ${'😀'.repeat(55)}…`,
    })
    expect(session.preview.length).toBeLessThanOrEqual(120)
    await say(vault, 'long', 'Plants turn light into sugar, water and carbon dioxide into air. '.repeat(3))
    expect((await vault.sessions.get('long')).preview).toBe(
      'Plants turn light into sugar, water and carbon dioxide into air. Plants turn light into sugar, water and carbon…',
    )
    await expect(vault.sessions.get('other')).rejects.toEqual(error('not-found'))
  })

  it('list the newest first, page by page', async () => {
    const { vault, clock } = await openTestVault(store.database)
    for (const id of ['a', 'b', 'c', 'd']) {
      await say(vault, id, `in ${id}`)
      clock.advance(1_000)
    }
    await say(vault, 'a', 'again')
    const first = await vault.sessions.list({ limit: 2 })
    expect(first.items.map(({ id, captureCount, preview }) => ({ id, captureCount, preview }))).toEqual([
      { id: 'a', captureCount: 2, preview: 'in a' },
      { id: 'd', captureCount: 1, preview: 'in d' },
    ])
    const second = await vault.sessions.list({ limit: 2, cursor: first.next })
    expect(second.items.map(({ id }) => id)).toEqual(['c', 'b'])
    expect(second.next).toBeNull()
  })

  it('turn pages where many end at the same instant', async () => {
    const { vault } = await openTestVault(store.database)
    const ids = Array.from({ length: 7 }, (_, number) => `session ${number}`)
    for (const id of ids) await say(vault, id, 'x')
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { items: { id: string }[]; next: string | null } = await vault.sessions.list({ limit: 3, cursor })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual(ids.toReversed())
  })

  it('keep existing when their last capture is deleted', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await say(vault, 's', 'one')
    await vault.captures.delete([id])
    expect(await vault.sessions.get('s')).toMatchObject({
      captureCount: 0,
      preview: '',
      lastAt: '2026-11-03T09:15:00.000Z',
    })
  })

  it('take a title, and lose it', async () => {
    const { vault, reopen, clock } = await openTestVault(store.database)
    await say(vault, 's', 'one')
    expect((await vault.sessions.rename('s', 'Attention')).title).toBe('Attention')
    // Another month, a clock that was set back: still the last title wins.
    clock.advance(-5 * day)
    expect((await vault.sessions.rename('s', 'Transformers')).title).toBe('Transformers')
    expect((await (await reopen()).sessions.get('s')).title).toBe('Transformers')
    const again = await reopen()
    expect((await again.sessions.rename('s', ' ')).title).toBeNull()
    await expect(again.sessions.rename('s', 'x'.repeat(501))).rejects.toEqual(error('text-too-long'))
    await expect(again.sessions.rename('other', 'x')).rejects.toEqual(error('not-found'))
  })

  it('go with their captures, in every journal, and come back with exactly those', async () => {
    const { vault, clock } = await openTestVault(store.database, { tuning: { journalCaptures: 2, cachedDocuments: 1 } })
    const first = await say(vault, 's', 'deleted before')
    await say(vault, 's', 'november')
    await say(vault, 's', 'november, next journal')
    await say(vault, 'other', 'untouched')
    clock.advance(30 * day)
    await say(vault, 's', 'december')
    await vault.captures.delete([first.id])
    await vault.sessions.rename('s', 'Title')
    const before = await vault.sessions.get('s')

    await vault.sessions.delete('s')
    await vault.sessions.delete('s')
    await expect(vault.sessions.get('s')).rejects.toEqual(error('not-found'))
    await expect(vault.sessions.rename('s', 'x')).rejects.toEqual(error('not-found'))
    expect(await textsOf(vault, 's')).toEqual([])
    expect(await textsOf(vault, 'other')).toEqual(['untouched'])

    await vault.sessions.restore('s')
    await vault.sessions.restore('s')
    expect(await vault.sessions.get('s')).toEqual(before)
    expect(await textsOf(vault, 's')).toEqual(['november', 'november, next journal', 'december'])
    await expect(vault.sessions.delete('nobody')).rejects.toEqual(error('not-found'))
    await expect(vault.sessions.restore('nobody')).rejects.toEqual(error('not-found'))
  })

  it('show what is added after they were deleted, and restore only what the last deletion took', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 's', 'old')
    await vault.sessions.delete('s')
    await say(vault, 's', 'new')
    expect(await textsOf(vault, 's')).toEqual(['new'])
    expect((await vault.sessions.get('s')).captureCount).toBe(1)
    await vault.sessions.delete('s')
    await vault.sessions.restore('s')
    expect(await textsOf(vault, 's')).toEqual(['new'])
  })

  it('show again with a capture of theirs that is restored alone', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await say(vault, 's', 'one')
    await say(vault, 's', 'two')
    await vault.sessions.delete('s')
    await vault.captures.restore([id])
    expect(await textsOf(vault, 's')).toEqual(['one'])
    await vault.sessions.restore('s')
    expect(await textsOf(vault, 's')).toEqual(['one', 'two'])
  })
})

describe('sessions of two devices', () => {
  const exchange = async (from: OpenVault, to: OpenVault) => {
    for (const name of await from.documents.names()) {
      await to.documents.apply(name, await from.documents.updateSince(name))
    }
  }

  it('keep the capture that one added while the other deleted the session', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    await say(a, 's', 'before')
    await exchange(a, b)
    await a.sessions.delete('s')
    await say(b, 's', 'meanwhile')
    await exchange(a, b)
    await exchange(b, a)
    for (const vault of [a, b]) {
      expect(await textsOf(vault, 's')).toEqual(['meanwhile'])
      expect((await vault.sessions.get('s')).captureCount).toBe(1)
    }
    await b.sessions.restore('s')
    expect((await textsOf(b, 's')).sort()).toEqual(['before', 'meanwhile'])
  })

  it('restore what either of two deletions took', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    await say(a, 's', 'both')
    await exchange(a, b)
    await say(b, 's', 'only b')
    await a.sessions.delete('s')
    await b.sessions.delete('s')
    await exchange(a, b)
    await exchange(b, a)
    await expect(a.sessions.get('s')).rejects.toEqual(error('not-found'))
    await a.sessions.restore('s')
    expect((await textsOf(a, 's')).sort()).toEqual(['both', 'only b'])
  })

  it('merge when both began it, in different journals', async () => {
    const [{ vault: a, clock }, { vault: b }] = [
      await openTestVault(store.database),
      await openTestVault(store.database),
    ]
    clock.advance(-10 * day)
    await say(a, 'default', 'october')
    await say(b, 'default', 'november')
    await a.sessions.rename('default', 'earlier title')
    await b.sessions.rename('default', 'later title')
    await exchange(a, b)
    await exchange(b, a)
    for (const vault of [a, b]) {
      expect(await vault.sessions.get('default')).toMatchObject({
        title: 'later title',
        createdAt: '2026-10-24T09:15:00.000Z',
        captureCount: 2,
        preview: 'october',
      })
    }
    expect((await a.sessions.rename('default', 'third')).title).toBe('third')
    await exchange(a, b)
    expect((await b.sessions.get('default')).title).toBe('third')
  })

  it('derive a session whose beginning has not come yet from its captures', async () => {
    const { vault: a, clock } = await openTestVault(store.database)
    const { vault: b } = await openTestVault(store.database)
    await say(a, 's', 'november')
    clock.advance(30 * day)
    await say(a, 's', 'december')
    await b.documents.apply('journal:2026-12.0', await a.documents.updateSince('journal:2026-12.0'))
    expect(await b.sessions.get('s')).toMatchObject({ createdAt: '2026-12-03T09:15:00.000Z', captureCount: 1 })
    await b.sessions.delete('s')
    await b.sessions.restore('s')
    await exchange(a, b)
    expect(await b.sessions.get('s')).toMatchObject({ createdAt: '2026-11-03T09:15:00.000Z', captureCount: 2 })
  })
})
