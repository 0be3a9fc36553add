import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { ManualClock } from '../kernel/index.ts'
import type { Database, Store } from '../store/index.ts'
import type { Answer, DeletedThing, OpenVault } from './index.ts'

const SHA = 'a'.repeat(64)
const WORDS = 'CANARY photosystem'

describe('forgetting what was deleted', () => {
  let store: Store
  let vault: OpenVault
  let clock: ManualClock
  let reopen: () => Promise<OpenVault>

  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    ;({ vault, clock, reopen } = await openTestVault(store.database))
  })

  /** Forgets what is due, with what was made of it. */
  const forget = async (along: 'proposals' | 'everything', isDue: (thing: DeletedThing) => boolean = () => true) => {
    const things = await vault.forgetting.forget(isDue, along)
    const ids = new Set(things.map(({ id }) => id))
    const of = (kind: DeletedThing['kind']) => things.filter((thing) => thing.kind === kind).map(({ id }) => id)
    const withKept = along === 'everything' ? ids : new Set<string>()
    const made = await vault.forgetting.forgetMadeOf(ids, withKept, new Set(of('capture')))
    return {
      ...{ captures: of('capture'), notes: of('note'), documents: of('document') },
      ...{ blobs: things.flatMap(({ blobs }) => blobs), ...made },
    }
  }
  const say = (userText: string, sessionId = 's') => vault.captures.add({ sessionId, source: 'text', userText })
  /** Documents of which a stored update, or what a backup made now would read, holds the words. */
  const holding = async () => {
    const snapshot = await vault.snapshot()
    const docs = new Set<string>()
    for await (const { doc, update } of snapshot.updates()) if (Buffer.from(update).includes('CANARY')) docs.add(doc)
    await snapshot.close()
    return [...docs].sort()
  }
  const answerQuoting = (captureId: string): Answer => ({
    ...{
      text: 'You said so [1].',
      provider: 'offline',
      model: 'tutor',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: null,
    },
    ...{ agentsUsed: [], ending: 'complete', createdAt: new Date(clock.now()).toISOString() },
    citations: [
      {
        ...{ number: 1, captureId, kind: 'capture', field: 'userText', start: 0, end: WORDS.length, text: WORDS },
        when: new Date(clock.now()).toISOString(),
      },
    ],
  })

  it('waits until its time, then leaves neither record, edit, title nor step of undo', async () => {
    const { id } = await say(WORDS)
    await vault.captures.edit(id, { userText: `${WORDS} again` })
    await vault.sessions.rename('s', `About ${WORDS}`)
    await vault.sessions.delete('s')
    const at = new Date(clock.now()).toISOString()
    expect(await vault.forgetting.deleted()).toMatchObject([
      { kind: 'capture', id, at, words: `${WORDS} again`, deletedWith: 's', isContested: false },
      { kind: 'session', id: 's', at, words: `About ${WORDS}` },
    ])
    expect((await forget('proposals', () => false)).captures).toEqual([])
    expect(await holding()).not.toEqual([])
    expect((await forget('proposals')).captures).toEqual([id])
    expect(await holding()).toEqual([])
    await expect(vault.captures.restore([id])).rejects.toMatchObject({ code: 'not-found' })
    while (await vault.undo()) expect(await holding()).toEqual([])
    expect((await vault.captures.list({}, { limit: 10 })).items).toEqual([])
  })

  it('leaves no earlier update after the next start, where the program ended while a backup was read', async () => {
    const { id } = await say(WORDS)
    const { id: citing } = await say('What did I say?', 'another')
    await vault.captures.answer(citing, answerQuoting(id))
    await vault.sessions.rename('s', `About ${WORDS}`)
    await vault.sessions.delete('s')
    await vault.snapshot()
    await forget('everything')
    expect(await holding()).not.toEqual([])
    vault = await reopen()
    expect(await holding()).toEqual([])
  })

  it('forgets notes and documents, with their names and tags', async () => {
    const note = await vault.notes.create({ title: `On ${WORDS}`, body: WORDS })
    await vault.notes.edit(note.id, { body: `${WORDS} and more` })
    const collection = await vault.library.createCollection(`For ${WORDS}`)
    const [added] = await vault.library.add([
      {
        ...{ sha256: SHA, format: 'text', size: 9, title: WORDS, collections: [collection.id] },
        origin: { kind: 'file', name: `${WORDS}.txt`, address: null },
      },
    ])
    await vault.library.rename(added?.id ?? '', `${WORDS}, renamed`)
    await vault.notes.delete(note.id)
    await vault.library.delete([added?.id ?? ''])
    await vault.library.deleteCollection(collection.id)
    expect(await forget('everything')).toMatchObject({
      ...{ notes: [note.id], documents: [added?.id], blobs: [SHA] },
    })
    expect(await holding()).toEqual([])
    await expect(vault.notes.restore(note.id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(vault.library.restore([added?.id ?? ''])).rejects.toMatchObject({ code: 'not-found' })
    while (await vault.undo()) expect(await holding()).toEqual([])
    expect(await vault.forgetting.deleted()).toEqual([])
  })

  /** Something that was said, with a statement and a card that the learner kept, and one of each that they have not. */
  const sayWithMade = async (words: string) => {
    const { id, createdAt } = await say(`I prefer ${words}.`)
    const receipt = { captureId: id, start: 9, end: 9 + words.length }
    const [first] = await vault.memories.propose([
      { text: `prefers ${words}`, kind: 'preference', receipt },
      { text: `likes ${words}`, kind: 'preference', receipt: { ...receipt, start: 2 } },
    ])
    await vault.memories.accept([first?.id ?? ''])
    const source = {
      captureId: id,
      kind: 'capture',
      field: 'userText',
      start: 9,
      end: 12,
      text: words.slice(0, 3),
      when: createdAt,
    } as const
    const kept = await vault.cards.add({ front: 'What?', back: words, source })
    await vault.cards.keep([kept.id])
    await vault.cards.propose([{ front: 'Which?', back: words, source }])
    return { id, kept }
  }

  it('takes proposals and quotes along, and what was kept only with what goes at once', async () => {
    const { id, kept } = await sayWithMade('dark rooms')
    const asking = await say('What did I say?', 'other')
    await vault.captures.answer(asking.id, answerQuoting(id))
    await vault.captures.delete([id])
    expect(await forget('proposals')).toMatchObject({ memories: 1, cards: 1 })
    expect((await vault.cards.get(kept.id)).back).toBe('dark rooms')
    expect((await vault.captures.get(asking.id)).answer).toMatchObject({
      text: 'You said so [1].',
      citations: [{ text: '' }],
    })
    expect(await holding()).toEqual([])
    const other = await sayWithMade(WORDS)
    await vault.captures.delete([other.id])
    expect(await forget('everything')).toMatchObject({ memories: 2, cards: 2 })
    expect(await holding()).toEqual([])
    expect((await vault.cards.get(kept.id)).back).toBe('dark rooms')
    expect(await vault.cards.counts()).toEqual({ candidates: 0, kept: 1 })
  })

  it('takes earlier updates that quote away also where it was cut off before that', async () => {
    const { id } = await say(WORDS)
    const asking = await say('What did I say?', 'other')
    const quoting = answerQuoting(id)
    await vault.captures.answer(asking.id, quoting)
    await vault.captures.delete([id])
    await vault.forgetting.forget(() => true, 'proposals')
    // So far it had come: the answer quotes nothing any more, what was stored before does.
    const citations = quoting.citations.map((citation) => ({ ...citation, text: '' }))
    await vault.captures.answer(asking.id, { ...quoting, citations })
    expect(await holding()).not.toEqual([])
    await vault.forgetting.forgetMadeOf(new Set([id]), new Set(), new Set([id]))
    expect(await holding()).toEqual([])
  })

  it('forgets the title of a deleted session once what was added to it later is deleted too', async () => {
    await say(WORDS)
    await vault.sessions.rename('s', `About ${WORDS}`)
    await vault.sessions.delete('s')
    clock.advance(40 * 24 * 3_600_000)
    const later = await say('later')
    await forget('proposals')
    expect(await vault.forgetting.deleted()).toEqual([])
    await vault.captures.delete([later.id])
    expect((await vault.forgetting.deleted()).map(({ kind }) => kind).sort()).toEqual(['capture', 'session'])
    await forget('proposals')
    expect(await holding()).toEqual([])
  })

  it('stays forgotten when another device still has it, when it is imported again, and after a rebuild', async () => {
    const capture = await say(WORDS)
    const note = await vault.notes.create({ title: 'n', body: WORDS })
    const names = (await vault.documents.names()).filter((name) => /^(journal|note):/.test(name))
    const elsewhere = await Promise.all(names.map((name) => vault.documents.updateSince(name)))
    await vault.captures.delete([capture.id])
    await vault.notes.delete(note.id)
    await forget('everything')
    for (const [at, name] of names.entries()) await vault.documents.apply(name, elsewhere[at] ?? new Uint8Array())
    const known = await vault.deliveries.known({
      sessions: [],
      captures: [capture.id],
      notes: [note.id],
      documents: [],
    })
    expect(known.deleted).toEqual(new Set([capture.id, note.id]))
    expect((await vault.imports.records([capture.id])).map(({ state }) => state)).toEqual(['deleted'])
    await vault.rebuild(() => undefined)
    expect(await vault.captures.count({})).toBe(0)
    expect(await vault.notes.count()).toBe(0)
    expect(await holding()).toEqual([])
  })

  it('waits for the end of a backup that is being read, and then leaves nothing', async () => {
    const { id } = await say(WORDS)
    await vault.captures.delete([id])
    const snapshot = await vault.snapshot()
    await forget('everything')
    const stored = async () =>
      (
        await store.database.query<{ update: Uint8Array }>('select "update" from doc_updates where vault_id = $1', [
          vault.id,
        ])
      ).filter(({ update }) => Buffer.from(update).includes('CANARY')).length
    expect(await stored()).toBeGreaterThan(0)
    await snapshot.close()
    await expect.poll(stored).toBe(0)
  })

  it('leaves what the roll back of an import took away, so that the import can come again', async () => {
    const id = 'imported'
    const item = { id, sessionId: 's', createdAt: '2026-11-01T10:00:00.000Z', userText: WORDS, metadata: {} }
    await vault.imports.add([{ ...item, answer: null }])
    await vault.imports.withdraw([id], 'one')
    expect((await forget('everything')).captures).toEqual([])
    await vault.imports.add([{ ...item, answer: null }])
    expect((await vault.captures.get(id)).userText).toBe(WORDS)
  })

  it('reads no document after a restart in which nothing is left, and rewrites none', async () => {
    const read: unknown[] = []
    const db: Database = {
      ...{ kind: store.database.kind, features: store.database.features },
      query: (sql, params) => {
        if (/select seq, "update" from doc_updates/.test(sql)) read.push(params?.[1])
        return store.database.query(sql, params)
      },
      exec: (sql) => store.database.exec(sql),
      transaction: (task) => store.database.transaction(task),
      scrub: async () => undefined,
      close: async () => undefined,
    }
    const opened = await openTestVault(db)
    vault = opened.vault
    await vault.documents.outbox.enrol('1'.repeat(32))
    const { id } = await say(WORDS)
    const note = await vault.notes.create({ title: '', body: WORDS })
    await vault.captures.delete([id])
    await vault.notes.delete(note.id)
    await forget('proposals')
    expect(await vault.forgetting.deleted()).toEqual([])
    vault = await opened.reopen()
    read.length = 0
    expect(await vault.forgetting.deleted()).toEqual([])
    expect(read).toEqual([])
    const snapshots = () =>
      store.database.query(`select doc from sync_outbox where vault_id = $1 and kind = 'snapshot'`, [vault.id])
    const before = await snapshots()
    await say('later')
    await say('later still')
    expect(await snapshots()).toEqual(before)
    // What is deleted later is found again.
    await vault.captures.delete([(await say('gone')).id])
    expect(await vault.forgetting.deleted()).toMatchObject([{ words: 'gone' }])
  })

  it('rewrites a document after a restart where a backup that was read had kept it from that', async () => {
    const opened = await openTestVault(store.database)
    vault = opened.vault
    const { id } = await say(WORDS)
    await vault.captures.delete([id])
    await forget('proposals')
    const other = await say(WORDS)
    await vault.captures.delete([other.id])
    await vault.snapshot()
    await forget('proposals')
    vault = await opened.reopen()
    expect(await holding()).toEqual([])
  })
})
