import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf } from '../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { Capture, VaultChange } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const spoken = (sessionId: string, userText: string) => ({ sessionId, source: 'voice' as const, userText })
const texts = (captures: Capture[]) => captures.map(({ userText }) => userText)
const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })

describe('captures', () => {
  it('keeps what was said, with everything that came with it', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const added = await vault.captures.add({
      ...spoken('s', 'I learn how attention works'),
      audioSha256: 'a'.repeat(64),
      metadata: { seconds: 3.5, words: ['a', null], nested: { deep: true } },
    })
    expect(added).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sessionId: 's',
      createdAt: '2026-11-03T09:15:00.000Z',
      editedAt: null,
      source: 'voice',
      userText: 'I learn how attention works',
      answer: null,
      audioSha256: 'a'.repeat(64),
      metadata: { seconds: 3.5, words: ['a', null], nested: { deep: true } },
    })
    expect(await vault.captures.get(added.id)).toEqual(added)
    expect(await (await reopen()).captures.get(added.id)).toEqual(added)
  })

  it('answers, and answers anew', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add(spoken('s', 'why'))
    const answer = {
      ...answerOf('Because of this [1].'),
      costUsd: 0.000_12,
      citations: [
        {
          number: 1,
          captureId: id,
          kind: 'capture' as const,
          field: 'userText' as const,
          start: 0,
          end: 3,
          text: 'why',
          when: '2026-11-03T09:15:00.000Z',
        },
      ],
    }
    const answered = await vault.captures.answer(id, answer)
    expect(answered.answer).toEqual(answer)
    expect(answered.editedAt).toBeNull()
    expect(await vault.captures.get(id)).toEqual(answered)
    await vault.captures.answer(id, answerOf('Better.'))
    expect((await vault.captures.get(id)).answer).toEqual(answerOf('Better.'))
  })

  it('edits and says when', async () => {
    const { vault, clock } = await openTestVault(store.database)
    const { id } = await vault.captures.add(spoken('s', 'atention'))
    clock.advance(30_000)
    const edited = await vault.captures.edit(id, { userText: 'attention' })
    expect(edited).toMatchObject({ userText: 'attention', editedAt: '2026-11-03T09:15:30.000Z' })
    expect(await vault.captures.get(id)).toEqual(edited)
    clock.advance(1_000)
    expect((await vault.captures.edit(id, { userText: 'attention' })).editedAt).toBe('2026-11-03T09:15:30.000Z')
  })

  it('deletes and restores', async () => {
    const { vault } = await openTestVault(store.database)
    const one = await vault.captures.add(spoken('s', 'one'))
    const two = await vault.captures.add(spoken('s', 'two'))
    await vault.captures.answer(one.id, answerOf('yes'))
    const before = await vault.captures.get(one.id)
    await vault.captures.delete([one.id, two.id])
    await vault.captures.delete([one.id])
    await expect(vault.captures.get(one.id)).rejects.toEqual(error('not-found'))
    await expect(vault.captures.edit(one.id, { userText: 'x' })).rejects.toEqual(error('not-found'))
    await expect(vault.captures.answer(one.id, answerOf('x'))).rejects.toEqual(error('not-found'))
    expect((await vault.captures.list({}, { limit: 10 })).items).toEqual([])
    await vault.captures.restore([one.id])
    await vault.captures.restore([one.id])
    expect(await vault.captures.get(one.id)).toEqual(before)
    expect(texts((await vault.captures.list({}, { limit: 10 })).items)).toEqual(['one'])
  })

  it('changes nothing when one of the ids never existed', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add(spoken('s', 'one'))
    await expect(vault.captures.delete([id, 'nobody'])).rejects.toEqual(error('not-found'))
    await vault.captures.get(id)
    await vault.captures.delete([id])
    await expect(vault.captures.restore([id, 'nobody'])).rejects.toEqual(error('not-found'))
    await expect(vault.captures.get(id)).rejects.toEqual(error('not-found'))
  })

  it('refuses what it cannot keep', async () => {
    const { vault } = await openTestVault(store.database)
    const add = (change: object) => vault.captures.add({ ...spoken('s', 'text'), ...change })
    for (const userText of ['', ' ', '\n\t\u3000']) await expect(add({ userText })).rejects.toEqual(error('text-empty'))
    await expect(add({ userText: 'x'.repeat(10_001) })).rejects.toEqual(error('text-too-long'))
    await expect(add({ sessionId: '' })).rejects.toEqual(error('bad-input'))
    await expect(add({ sessionId: 'x'.repeat(513) })).rejects.toEqual(error('bad-input'))
    await expect(add({ source: 'screen' })).rejects.toEqual(error('bad-input'))
    await expect(add({ audioSha256: 'A'.repeat(64) })).rejects.toEqual(error('bad-input'))
    await expect(add({ metadata: [] })).rejects.toEqual(error('bad-input'))
    const { id } = await add({ userText: 'x'.repeat(10_000) })
    await expect(vault.captures.edit(id, { userText: ' ' })).rejects.toEqual(error('text-empty'))
    await expect(vault.captures.edit(id, { userText: 'x'.repeat(10_001) })).rejects.toEqual(error('text-too-long'))
    expect((await vault.captures.list({}, { limit: 10 })).items).toHaveLength(1)
  })

  it('gives back what it stored when a string holds what no database does', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const bad = 'a\u0000b\ud800c\udc00d😀'
    const good = 'a\ufffdb\ufffdc\ufffdd😀'
    const added = await vault.captures.add({ ...spoken(bad, bad), metadata: { [bad]: [bad] } })
    expect(added).toMatchObject({ sessionId: good, userText: good, metadata: { [good]: [good] } })
    await vault.captures.answer(added.id, answerOf(bad))
    await vault.sessions.rename(bad, bad)
    const again = await reopen()
    expect(await again.captures.get(added.id)).toEqual({ ...added, answer: answerOf(good) })
    expect(await again.sessions.get(bad)).toMatchObject({ id: good, title: good })
    expect((await again.captures.list({ sessionId: bad }, { limit: 1 })).items).toHaveLength(1)
  })

  it('begins a new journal with the month and when one is full', async () => {
    const { vault, clock } = await openTestVault(store.database, { tuning: { journalCaptures: 2 } })
    for (let number = 0; number < 5; number++) await vault.captures.add(spoken('s', `capture ${number}`))
    clock.advance(30 * 24 * 3_600_000)
    await vault.captures.add(spoken('s', 'december'))
    expect(await vault.documents.names()).toEqual([
      'journal:2026-11.0',
      'journal:2026-11.1',
      'journal:2026-11.2',
      'journal:2026-12.0',
    ])
    expect((await vault.sessions.get('s')).captureCount).toBe(6)
  })

  it('begins a new journal when one holds too many bytes', async () => {
    const { vault } = await openTestVault(store.database, { tuning: { journalBytes: 5_000 } })
    for (let number = 0; number < 3; number++) await vault.captures.add(spoken('s', 'x'.repeat(4_000)))
    expect(await vault.documents.names()).toEqual(['journal:2026-11.0', 'journal:2026-11.1'])
  })
})

describe('lists of captures', () => {
  it('turns pages in both directions, whatever is added or deleted between', async () => {
    const { vault, clock } = await openTestVault(store.database)
    const ids: string[] = []
    for (let number = 0; number < 6; number++) {
      ids.push((await vault.captures.add(spoken(number % 2 ? 'odd' : 'even', `${number}`))).id)
      // Two by two at the same instant: then the id decides.
      if (number % 2 === 1) clock.advance(1_000)
    }
    const first = await vault.captures.list({}, { limit: 2 })
    expect(texts(first.items)).toEqual(['5', '4'])
    await vault.captures.add(spoken('odd', 'new'))
    await vault.captures.delete([ids[4] as string])
    const second = await vault.captures.list({}, { limit: 3, cursor: first.next })
    expect(texts(second.items)).toEqual(['3', '2', '1'])
    const third = await vault.captures.list({}, { limit: 3, cursor: second.next })
    expect(texts(third.items)).toEqual(['0'])
    expect(third.next).toBeNull()
    const oldest = await vault.captures.list({ order: 'oldest', sessionId: 'odd' }, { limit: 2 })
    expect(texts(oldest.items)).toEqual(['1', '3'])
    const rest = await vault.captures.list({ order: 'oldest', sessionId: 'odd' }, { limit: 2, cursor: oldest.next })
    expect(texts(rest.items)).toEqual(['5', 'new'])
    expect(rest.next).toBeNull()
  })

  it('filters by session, time and source', async () => {
    const { vault, clock } = await openTestVault(store.database)
    await vault.captures.add(spoken('s', 'spoken'))
    clock.advance(1_000)
    await vault.captures.add({ sessionId: 's', source: 'text', userText: 'typed' })
    const list = async (filter: object) => texts((await vault.captures.list(filter, { limit: 10 })).items)
    expect(await list({ source: 'text' })).toEqual(['typed'])
    expect(await list({ sessionId: 'other' })).toEqual([])
    expect(await list({ from: '2026-11-03T09:15:01Z' })).toEqual(['typed'])
    expect(await list({ to: '2026-11-03T10:15:01+01:00' })).toEqual(['spoken'])
  })

  it('refuses filters, cursors and sizes that mean nothing', async () => {
    const { vault } = await openTestVault(store.database)
    const list = (filter: object, page: object) => vault.captures.list(filter, { limit: 10, ...page })
    await expect(list({ from: 'yesterday' }, {})).rejects.toEqual(error('bad-input'))
    await expect(list({}, { cursor: 'next' })).rejects.toEqual(error('bad-input'))
    await expect(list({}, { limit: 0 })).rejects.toEqual(error('bad-input'))
    await expect(list({}, { limit: 1.5 })).rejects.toEqual(error('bad-input'))
    await expect(list({ source: 'smoke' }, {})).rejects.toEqual(error('bad-input'))
  })
})

describe('listeners', () => {
  it('hear what was stored, once it is, until they stop', async () => {
    const { vault } = await openTestVault(store.database)
    const heard: VaultChange[] = []
    const stop = vault.onChange((change) => heard.push(change))
    vault.onChange(() => {
      throw new Error('a listener of somebody else')
    })
    const { id } = await vault.captures.add(spoken('s', 'one'))
    await vault.captures.answer(id, answerOf('yes'))
    await vault.captures.edit(id, { userText: 'one' })
    await vault.settings.set({ theme: 'dark' })
    const note = await vault.notes.create({ title: 't', body: 'b' })
    stop()
    await vault.captures.delete([id])
    const nothing = { captures: [], sessions: [], notes: [], documents: [], collections: false, settings: false }
    expect(heard).toEqual([
      { ...nothing, captures: [id], sessions: ['s'] },
      { ...nothing, captures: [id], sessions: ['s'] },
      { ...nothing, settings: true },
      { ...nothing, notes: [note.id] },
    ])
  })

  it('queues indexing of what changed, deletions too', async () => {
    const { vault } = await openTestVault(store.database)
    const jobs = async () => {
      const rows = await store.database.query('select kind, subject from jobs where vault_id = $1 order by id', [
        vault.id,
      ])
      await store.database.query('delete from jobs where vault_id = $1', [vault.id])
      return rows.map(({ kind, subject }) => `${kind} ${subject}`)
    }
    const ofCapture = (id: string) => [`index capture:${id}`, `concepts capture:${id}`, `propose capture:${id}`]
    const { id } = await vault.captures.add(spoken('s', 'one'))
    expect(await jobs()).toEqual(ofCapture(id))
    await vault.captures.answer(id, answerOf('yes'))
    expect(await jobs()).toEqual(ofCapture(id))
    await vault.captures.delete([id])
    expect(await jobs()).toEqual(ofCapture(id))
    const note = await vault.notes.create({ title: 't', body: 'b' })
    await vault.notes.delete(note.id)
    expect(await jobs()).toEqual([`index note:${note.id}`, `concepts note:${note.id}`])
    await vault.settings.set({ welcomed: true })
    expect(await jobs()).toEqual([])
  })

  it('takes chunks of text that is gone away with it', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add(spoken('s', 'one'))
    await vault.captures.answer(id, answerOf('yes'))
    const index = async () => {
      for (const field of ['userText', 'agentText']) {
        await store.database.query(
          `insert into chunks (vault_id, id, capture_id, kind, field, ordinal, start, "end", text, source, created_at)
          values ($1, $2 || $3, $2, 'capture', $3, 0, 0, 1, 'x', 'voice', now()) on conflict do nothing`,
          [vault.id, id, field],
        )
      }
    }
    const fields = async () =>
      (await store.database.query('select field from chunks where vault_id = $1 order by field', [vault.id])).map(
        ({ field }) => field,
      )
    await index()
    await vault.captures.edit(id, { userText: 'two' })
    expect(await fields()).toEqual(['agentText'])
    await index()
    await vault.captures.answer(id, answerOf('no'))
    expect(await fields()).toEqual(['userText'])
    await index()
    await vault.captures.delete([id])
    expect(await fields()).toEqual([])
  })
})
