import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { bring, openTestStore, openTestVault } from '../../test/vault-world.ts'
import { type ManualClock, silentLog } from '../kernel/index.ts'
import { type BlobStore, type Database, enqueueJobs, memoryBlobs, type Store } from '../store/index.ts'
import { FORGET_JOB, type OpenVault } from '../vault/index.ts'
import { Forgetting } from './forgetting.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let store: Store
let vault: OpenVault
let clock: ManualClock
let blobs: BlobStore
let scrubs: number
let failing: boolean
/** Rewriting the files goes on until it is told to stop. */
let endless: boolean

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  ;({ vault, clock } = await openTestVault(store.database))
  blobs = memoryBlobs()
  scrubs = 0
  failing = false
  endless = false
})

function open(parts: { vault?: OpenVault; blobs?: Pick<BlobStore, 'delete'> } = {}): Forgetting {
  const db: Database = {
    kind: store.database.kind,
    features: store.database.features,
    query: (...args) => store.database.query(...args),
    exec: (...args) => store.database.exec(...args),
    transaction: (task) => store.database.transaction(task),
    close: async () => undefined,
    scrub: async (signal) => {
      if (failing) throw new Error('no room')
      scrubs += 1
      if (endless) await clock.sleep(HOUR, signal)
    },
  }
  return new Forgetting({ db, vault, blobs, settle: async () => undefined, clock, log: silentLog, ...parts })
}

/** Other machines are slower. */
const soon = <T>(what: () => T) => expect.poll(what, { timeout: 60_000 })

const deleted = async (audioSha256: string | null = null) => {
  const { id } = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'CANARY', audioSha256 })
  await vault.captures.delete([id])
  return id
}

it('forgets a day after the deletion, with blobs that nothing else names, and rewrites the files five minutes later', async () => {
  const [own, shared] = [await blobs.put(new Uint8Array([1])), await blobs.put(new Uint8Array([2]))]
  await vault.captures.add({ sessionId: 't', source: 'voice', userText: 'stays', audioSha256: shared })
  const first = await deleted(own)
  await deleted(shared)
  const forgetting = open()
  forgetting.start()
  await soon(() => clock.sleeping).toBe(1)
  await clock.advance(23 * HOUR)
  await soon(() => clock.sleeping).toBe(1)
  expect(await forgetting.waiting()).toMatchObject({ captures: 2, hours: 24 })
  await clock.advance(2 * HOUR)
  await soon(async () => (await forgetting.waiting()).captures).toBe(0)
  await expect(vault.captures.restore([first])).rejects.toMatchObject({ code: 'not-found' })
  await soon(async () => [await blobs.has(own), await blobs.has(shared)]).toEqual([false, true])
  expect(scrubs).toBe(0)
  await soon(() => clock.sleeping).toBe(2)
  await clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(1)
  await forgetting.close()
})

it('forgets what was heard of a recording, also before it was heard again', async () => {
  const { database: db } = store
  const version = { sha256: await blobs.put(new Uint8Array([9])), format: 'audio', size: 1 }
  const origin = { kind: 'file' as const, name: 'talk.wav', address: null }
  const [added] = await vault.library.add([{ ...version, title: 'talk', origin, tags: [], collections: [] }])
  await db.query(
    `insert into earlier_transcripts (vault_id, document_id, sha256, text, blocks) values ($1, $2, $3, 'CANARY', '[]')`,
    [vault.id, added?.id ?? '', version.sha256],
  )
  await vault.library.delete([added?.id ?? ''])
  const forgetting = open()
  await forgetting.forgetNow()
  for (const table of ['document_texts', 'earlier_transcripts'])
    expect(await db.query(`select 1 from ${table} where vault_id = $1`, [vault.id]), table).toEqual([])
  await forgetting.close()
})

it('keeps the recordings of what was deleted later, so that taking it back brings all of it', async () => {
  const [old, both, young] = await Promise.all([1, 2, 3].map((byte) => blobs.put(new Uint8Array([byte]))))
  await deleted(old)
  await deleted(both)
  const forgetting = open()
  await forgetting.forgetDue()
  clock.advance(23 * HOUR)
  await deleted(both)
  const last = await deleted(young)
  await forgetting.forgetDue()
  clock.advance(2 * HOUR)
  expect(await forgetting.forgetDue()).toMatchObject({ captures: 2 })
  const kept = () => Promise.all([old, both, young].map((sha256) => blobs.has(sha256 ?? '')))
  expect(await kept()).toEqual([false, true, true])
  await vault.captures.restore([last])
  await forgetting.forgetNow()
  expect(await kept()).toEqual([false, false, true])
  await forgetting.close()
})

it('rewrites the files after a restart where that was still owed, and after a failure', async () => {
  const forgetting = open()
  await deleted()
  failing = true
  await expect(forgetting.forgetNow()).rejects.toThrow('no room')
  expect(await forgetting.waiting()).toMatchObject({ captures: 0 })
  await forgetting.close()
  failing = false
  const again = open()
  again.start()
  await soon(() => clock.sleeping).toBe(2)
  await clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(1)
  await again.close()
  const third = open()
  third.start()
  await soon(() => clock.sleeping).toBe(1)
  await third.close()
})

it('stops rewriting when it is closed, and goes on after the next start', async () => {
  const forgetting = open()
  await deleted()
  endless = true
  const stopped = expect(forgetting.forgetNow()).rejects.toMatchObject({ code: 'cancelled' })
  await soon(() => scrubs).toBe(1)
  await forgetting.close()
  await stopped
  endless = false
  const again = open()
  again.start()
  await soon(() => clock.sleeping).toBe(2)
  clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(2)
  await again.close()
})

it('tries again an hour after a failure, and rests where rewriting takes long', async () => {
  const forgetting = open()
  await deleted()
  failing = true
  await expect(forgetting.forgetNow()).rejects.toThrow('no room')
  failing = false
  endless = true
  await soon(() => clock.sleeping).toBe(1)
  clock.advance(HOUR)
  await soon(() => scrubs).toBe(1)
  await soon(() => clock.sleeping).toBe(1)
  clock.advance(HOUR)
  // In turn: it has ended then.
  await forgetting.forgetDue()
  endless = false
  await deleted()
  await vault.forgetting.forget(() => true, 'proposals')
  clock.advance(5 * MINUTE)
  expect(clock.sleeping).toBe(1)
  clock.advance(20 * HOUR)
  await soon(() => scrubs).toBe(2)
  await forgetting.close()
})

it('waits for a day that it has seen pass, whatever the clock is set to', async () => {
  await deleted()
  const first = open()
  await first.forgetDue()
  clock.advance(HOUR)
  clock.setBy(365 * 24 * HOUR)
  expect(await first.forgetDue()).toMatchObject({ captures: 0 })
  // It counts as the twelve hours that the machine may have slept.
  expect(await first.list()).toMatchObject([{ kind: 'capture', hoursLeft: 11 }])
  clock.setBy(-365 * 24 * HOUR)
  expect(await first.forgetDue()).toMatchObject({ captures: 0 })
  expect(await first.list()).toMatchObject([{ hoursLeft: 11 }])
  await first.close()
  // The program did not run for a week: of that, twelve hours.
  clock.advance(7 * 24 * HOUR)
  const second = open()
  expect(await second.forgetDue()).toMatchObject({ captures: 1 })
  await second.close()
})

it('begins the wait anew where a deletion comes from elsewhere, and after another deletion of the same', async () => {
  const id = await deleted()
  const forgetting = open()
  await forgetting.forgetDue()
  clock.advance(23 * HOUR)
  await vault.captures.restore([id])
  await vault.captures.delete([id])
  await forgetting.forgetDue()
  clock.advance(23 * HOUR)
  expect(await forgetting.forgetDue()).toMatchObject({ captures: 0 })
  // As in a vault that comes back from a backup, or on a device that was away for days.
  const other = await openTestVault(store.database)
  await bring(vault, other.vault)
  const there = open({ vault: other.vault })
  expect(await there.forgetDue()).toMatchObject({ captures: 0 })
  expect(await there.list()).toMatchObject([{ hoursLeft: 24 }])
  clock.advance(2 * HOUR)
  expect(await forgetting.forgetDue()).toMatchObject({ captures: 1 })
  await forgetting.close()
  await there.close()
})

it('waits for the learner where an entry was edited after its deletion', async () => {
  const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'early' })
  const other = await openTestVault(store.database)
  await bring(vault, other.vault)
  await vault.captures.delete([id])
  other.clock.advance(HOUR)
  await other.vault.captures.edit(id, { userText: 'late' })
  await bring(vault, other.vault)
  const there = open({ vault: other.vault })
  await there.forgetDue()
  clock.advance(48 * HOUR)
  expect(await there.forgetDue()).toMatchObject({ captures: 0 })
  expect(await there.list()).toMatchObject([{ words: 'late', hoursLeft: null }])
  expect(await there.forgetNow([{ kind: 'capture', id }])).toMatchObject({ captures: 1 })
  await there.close()
})

it('lets a session that was deleted as a whole wait for the learner with the one of its entries that was edited', async () => {
  const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'early' })
  await vault.captures.add({ sessionId: 's', source: 'text', userText: 'beside it' })
  const other = await openTestVault(store.database)
  await bring(vault, other.vault)
  await vault.sessions.delete('s')
  other.clock.advance(HOUR)
  await other.vault.captures.edit(id, { userText: 'late' })
  await bring(vault, other.vault)
  const there = open({ vault: other.vault })
  await there.forgetDue()
  clock.advance(48 * HOUR)
  expect(await there.forgetDue()).toMatchObject({ captures: 0 })
  expect(await there.list()).toMatchObject([{ kind: 'session', id: 's', entries: 2, hoursLeft: null }])
  await there.restore([{ kind: 'session', id: 's' }])
  expect((await other.vault.captures.list({}, { limit: 10 })).items).toHaveLength(2)
  await there.close()
})

it('has statements and cards sent anew only where a withdrawn proposal may have left its words', async () => {
  const stored = (sql: string) => store.database.query<{ doc: string }>(sql, [vault.id])
  const sentAnew = async () =>
    (await stored(`select distinct doc from sync_outbox where vault_id = $1 and kind = 'snapshot' order by doc`)).map(
      ({ doc }) => doc,
    )
  await vault.documents.outbox.enrol('1'.repeat(32))
  await vault.memories.add({ text: 'likes tea', kind: 'fact' })
  await vault.cards.add({ front: 'What?', back: 'Tea', source: null })
  const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'I like CANARY' })
  await vault.memories.propose([{ text: 'likes CANARY', kind: 'fact', receipt: { captureId: id, start: 0, end: 6 } }])
  const forgetting = open()
  const at = new Date(clock.now()).toISOString()
  const frame = await vault.screens.add({
    picture: { sha256: 'c'.repeat(64), mediaType: 'image/webp', width: 8, height: 8 },
    reading: { text: 'on the screen', blocks: [], language: 'eng', at },
    ...{ app: null, at },
  })
  expect(await vault.screens.forget([frame.id])).toBe(1)
  await forgetting.forgetDue()
  expect(await sentAnew()).toEqual([expect.stringMatching(/^screens:/)])

  await vault.captures.delete([id])
  expect(await vault.memories.withdrawUnheld([id])).toBe(1)
  await forgetting.forgetNow()
  expect(await sentAnew()).toEqual(expect.arrayContaining(['memories']))
  expect(await sentAnew()).not.toContain('deck')
  expect(
    await stored(`select doc from doc_updates where vault_id = $1 and encode("update", 'escape') like '%CANARY%'`),
  ).toEqual([])
  await forgetting.close()
})

it('takes nothing from what has come back before it was cleaned up', async () => {
  const { database: db } = store
  const origin = { kind: 'file' as const, name: 'a', address: null }
  const [document] = await vault.library.add([{ sha256: 'a'.repeat(64), format: 'text', size: 1, title: 'a', origin }])
  const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'I like tea' })
  await vault.memories.propose([{ text: 'likes tea', kind: 'fact', receipt: { captureId: id, start: 0, end: 6 } }])
  await enqueueJobs(db, vault.id, FORGET_JOB, [`document:${document?.id}`, `capture:${id}`], clock)
  const forgetting = open()
  await forgetting.forgetDue()
  expect(await db.query('select 1 from document_texts where vault_id = $1', [vault.id])).toHaveLength(1)
  expect((await vault.memories.list({}, { limit: 10 })).items).toHaveLength(1)
  expect(await db.query('select 1 from jobs where vault_id = $1 and kind = $2', [vault.id, FORGET_JOB])).toEqual([])
  await forgetting.close()
})

it('cleans up where another device forgot, and goes on after a crash', async () => {
  const sha256 = await blobs.put(new Uint8Array([7]))
  const { id } = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'CANARY', audioSha256: sha256 })
  const [document] = await vault.library.add([
    {
      ...{ sha256, format: 'text', size: 1, title: 'CANARY' },
      origin: { kind: 'file', name: 'a', address: null },
    },
  ])
  const other = await openTestVault(store.database)
  await bring(vault, other.vault)
  await other.vault.memories.propose([
    { text: 'likes CANARY', kind: 'fact', receipt: { captureId: id, start: 0, end: 6 } },
  ])
  await store.database.query(
    `insert into document_texts (vault_id, document_id, sha256, state) values ($1, $2, $3, 'ready') on conflict do nothing`,
    [other.vault.id, document?.id ?? '', sha256],
  )
  await vault.captures.delete([id])
  await vault.library.delete([document?.id ?? ''])
  await vault.forgetting.forget(() => true, 'proposals')
  // A crash in the middle: the blobs cannot be deleted.
  let tries = 0
  const crash = async () => {
    tries += 1
    throw new Error('crashed')
  }
  const dying = open({ vault: other.vault, blobs: { delete: crash } })
  await bring(vault, other.vault)
  await soon(() => tries).toBeGreaterThan(0)
  await dying.close()
  expect(await blobs.has(sha256)).toBe(true)
  const again = open({ vault: other.vault })
  again.start()
  await soon(() => blobs.has(sha256)).toBe(false)
  await again.forgetDue()
  const left = (table: string) => store.database.query(`select * from ${table} where vault_id = $1`, [other.vault.id])
  expect(await left('document_texts')).toEqual([])
  expect((await left('jobs')).map(({ kind }) => kind)).not.toContain('forget')
  expect((await other.vault.memories.list({}, { limit: 10 })).items).toEqual([])
  await again.close()
})

it('lists what was deleted as it was deleted, restores it, or forgets one thing alone', async () => {
  const { captures, sessions, notes, library } = vault
  for (const userText of ['one', 'two']) await captures.add({ sessionId: 'whole', source: 'text', userText })
  await sessions.rename('whole', 'A session')
  const { id } = await captures.add({ sessionId: 's', source: 'text', userText: 'alone' })
  const note = await notes.create({ title: 'A note', body: 'text' })
  const collection = await library.createCollection('A collection')
  await sessions.delete('whole')
  clock.advance(1_000)
  await captures.delete([id])
  clock.advance(1_000)
  await notes.delete(note.id)
  await library.deleteCollection(collection.id)
  const forgetting = open()
  const listed = await forgetting.list()
  expect(listed.map(({ kind, words, entries }) => [kind, words, entries])).toEqual([
    ['collection', 'A collection', 1],
    ['note', 'A note', 1],
    ['capture', 'alone', 1],
    ['session', 'A session', 2],
  ])
  expect(await forgetting.forgetNow([{ kind: 'capture', id }])).toMatchObject({ captures: 1, notes: 0 })
  await forgetting.restore(listed.filter(({ kind }) => kind !== 'capture'))
  expect(await forgetting.list()).toEqual([])
  expect((await captures.list({}, { limit: 10 })).items.map(({ userText }) => userText).sort()).toEqual(['one', 'two'])
  expect((await sessions.get('whole')).title).toBe('A session')
  expect((await notes.get(note.id)).title).toBe('A note')
  await expect(forgetting.restore([{ kind: 'capture', id }])).rejects.toMatchObject({ code: 'not-found' })
  await forgetting.close()
})
