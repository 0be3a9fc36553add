import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { contentsOf, openTestStore, openTestVault, shadowsOf } from '../../test/vault-world.ts'
import { idMaker, type Log, ManualClock, seededRandom, silentLog } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import { openVault, type VaultChange } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })
const typed = (userText: string, sessionId = 's') => ({ sessionId, source: 'text' as const, userText })
const updatesOf = (vaultId: string, doc: string) =>
  store.database.query<{ seq: number; update: Uint8Array }>(
    'select seq, "update" from doc_updates where vault_id = $1 and doc = $2 order by seq',
    [vaultId, doc],
  )

/** A log that keeps its warnings. */
function keepingLog(): { log: Log; warnings: unknown[] } {
  const warnings: unknown[] = []
  const log: Log = { ...silentLog, warn: (fields) => warnings.push(fields), child: () => log }
  return { log, warnings }
}

describe('the id of a vault', () => {
  it('is made once and found again, also after a rebuild', async () => {
    const own = await openTestStore()
    try {
      const clock = new ManualClock()
      const options = {
        db: own.database,
        clock,
        newId: idMaker(clock, seededRandom(1)),
        log: silentLog,
        limits: { textLength: 100 },
      }
      const first = await openVault(options)
      await first.rebuild()
      await first.close()
      const again = await openVault(options)
      expect(again.id).toBe(first.id)
      await again.close()

      const other = await openVault({ ...options, vaultId: 'other' })
      await other.captures.add(typed('one'))
      expect((await again.captures.list({}, { limit: 1 })).items).toEqual([])
      await other.close()
      await expect(openVault(options)).rejects.toEqual(error('bad-input'))
      await expect(openVault({ ...options, vaultId: '' })).rejects.toEqual(error('bad-input'))
    } finally {
      await own.close()
    }
  })
})

describe('changing a document', () => {
  it('refuses a callback that awaits: it does not compile, and does not run either', async () => {
    const { vault } = await openTestVault(store.database)
    await expect(
      // @ts-expect-error a change must not be asynchronous
      vault.documents.change('deck', async (doc) => {
        doc.getMap('cards').set('a', 1)
      }),
    ).rejects.toEqual(error('internal'))
    expect(await vault.documents.names()).toEqual([])
    expect(await vault.documents.change('deck', (doc) => doc.getMap('cards').size)).toBe(0)
  })

  it('changes nothing when the callback throws after it changed something', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.settings.set({ theme: 'dark' })
    await expect(
      vault.documents.change('settings', (doc) => {
        doc.getMap('settings').set('theme', 'light')
        throw new Error('on second thought')
      }),
    ).rejects.toThrow('on second thought')
    await vault.settings.set({ voiceRate: 2 })
    expect((await vault.settings.get()).theme).toBe('dark')
    expect(await vault.documents.change('settings', (doc) => doc.getMap('settings').get('theme'))).toBe('dark')
  })

  it('keeps documents of other parts, which have no rows, and tells nobody', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const heard: VaultChange[] = []
    vault.onChange((change) => heard.push(change))
    await vault.documents.change('deck', (doc) => {
      doc.getMap('cards').set('a', 1)
    })
    expect(heard).toEqual([])
    const again = await reopen()
    await again.rebuild()
    expect(await again.documents.change('deck', (doc) => doc.getMap('cards').get('a'))).toBe(1)
    await expect(again.documents.change('', () => 1)).rejects.toEqual(error('bad-input'))
    await expect(again.documents.change('a\u0000', () => 1)).rejects.toEqual(error('bad-input'))
  })

  it('stores only what changed', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.captures.add(typed('x'.repeat(5_000)))
    await vault.captures.add(typed('short'))
    const [first, second] = await updatesOf(vault.id, 'journal:2026-11.0')
    expect(first?.update.length).toBeGreaterThan(5_000)
    expect(second?.update.length).toBeLessThan(400)
  })

  it('refuses to be used when it is closed, after what was begun has ended', async () => {
    const { vault } = await openTestVault(store.database)
    const adding = vault.captures.add(typed('in time'))
    await vault.close()
    await vault.close()
    expect((await adding).userText).toBe('in time')
    await expect(vault.captures.add(typed('late'))).rejects.toEqual(error('internal'))
  })

  it('fails, and goes on with what is stored, when another process wrote', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.captures.add(typed('one'))
    const doc = new Y.Doc()
    doc
      .getMap('captures')
      .set('x', { sessionId: 's', createdAt: '2026-11-01T00:00:00.000Z', source: 'text', userText: 'two' })
    await store.database.query(
      `insert into doc_updates (vault_id, doc, seq, "update", created_at) values ($1, 'journal:2026-11.0', 2, $2, now())`,
      [vault.id, Y.encodeStateAsUpdate(doc)],
    )
    await expect(vault.captures.add(typed('three'))).rejects.toThrow()
    await vault.captures.add(typed('four'))
    await vault.rebuild()
    const { items } = await vault.captures.list({}, { limit: 9 })
    expect(items.map(({ userText }) => userText).sort()).toEqual(['four', 'one', 'two'])
  })
})

describe('updates of another device', () => {
  it('may come twice and in the wrong order', async () => {
    const { vault: a } = await openTestVault(store.database)
    const { vault: b, reopen } = await openTestVault(store.database)
    for (const text of ['one', 'two', 'three']) await a.captures.add(typed(text))
    const name = 'journal:2026-11.0'
    const updates = (await updatesOf(a.id, name)).map(({ update }) => update)
    const [one, two, three] = updates as [Uint8Array, Uint8Array, Uint8Array]
    const heard: VaultChange[] = []
    b.onChange((change) => heard.push(change))
    expect(await b.documents.apply(name, three)).toBeNull()
    expect(await b.documents.apply(name, two)).toBeNull()
    expect(heard).toEqual([])
    // What waits is stored, and still waits after a restart.
    const again = await reopen()
    expect((await again.captures.list({}, { limit: 9 })).items).toEqual([])
    const change = await again.documents.apply(name, one)
    expect(change?.captures).toHaveLength(3)
    expect((await again.captures.list({}, { limit: 9 })).items).toHaveLength(3)
    const rows = await updatesOf(again.id, name)
    for (const update of updates) expect(await again.documents.apply(name, update)).toBeNull()
    expect(await updatesOf(again.id, name)).toHaveLength(rows.length)
    expect(await contentsOf(again)).toEqual(await contentsOf(a))
  })

  it('that cannot be read are refused and change nothing', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.captures.add(typed('one'))
    for (const bytes of [new Uint8Array(), new Uint8Array([1, 2, 3]), new Uint8Array(100).fill(255)]) {
      await expect(vault.documents.apply('journal:2026-11.0', bytes)).rejects.toEqual(error('bad-input'))
    }
    await expect(vault.documents.apply('', new Uint8Array([0, 0]))).rejects.toEqual(error('bad-input'))
    await vault.captures.add(typed('two'))
    expect((await vault.captures.list({}, { limit: 9 })).items).toHaveLength(2)
  })

  it('may hold records that cannot be read: they stay in the document, without a row, and are logged by id', async () => {
    const { log, warnings } = keepingLog()
    const { vault } = await openTestVault(store.database, { log })
    const record = { sessionId: 's', createdAt: '2026-11-01T10:00:00.000Z', source: 'text', userText: 'secret words' }
    const name = 'journal:2026-11.0'
    await vault.documents.change(name, (doc) => {
      const captures = doc.getMap('captures')
      captures.set('good', { ...record, later: { unknown: 'field' } })
      captures.set('no-instant', { ...record, createdAt: 'yesterday' })
      captures.set('year-0', { ...record, createdAt: '0000-01-01T00:00:00.000Z' })
      captures.set('no-source', { ...record, source: 'dream' })
      captures.set('no-session', { ...record, sessionId: '' })
      captures.set('long-session', { ...record, sessionId: 'x'.repeat(600) })
      captures.set('no-text', { ...record, userText: 7 })
      captures.set('a-type', new Y.Map())
      captures.set('x'.repeat(200), record)
      captures.set('nul\u0000', record)
      doc.getMap('edits').set('good/userText', { text: 'secret edit', at: 'later' })
      doc.getMap('titles').set('s', 'secret title')
      doc.getMap('sessions').set('s', null)
    })
    const { items } = await vault.captures.list({}, { limit: 99 })
    expect(items.map(({ id, userText }) => ({ id, userText }))).toEqual([{ id: 'good', userText: 'secret words' }])
    expect(warnings).toContainEqual({ doc: name, what: 'capture', id: 'no-instant' })
    expect(warnings).toContainEqual({ doc: name, what: 'edit', id: 'good' })
    expect(warnings).toHaveLength(7 + 3)
    expect(JSON.stringify(warnings)).not.toContain('secret')
    const kept = await vault.documents.change(name, (doc) => doc.getMap('captures').get('good'))
    expect(kept).toMatchObject({ later: { unknown: 'field' } })
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
  })

  it('may hold one capture in two journals: the first of them has the row', async () => {
    const { vault } = await openTestVault(store.database)
    const put = (name: string, userText: string) =>
      vault.documents.change(name, (doc) => {
        const record = { sessionId: userText, createdAt: '2026-11-01T10:00:00.000Z', source: 'import', userText }
        doc.getMap('captures').set('x', record)
      })
    const bury = (name: string, isDead: boolean) =>
      vault.documents.change(name, (doc) => {
        if (isDead) doc.getMap('tombstones').set('x', { at: '2026-11-02T10:00:00.000Z' })
        else doc.getMap('tombstones').delete('x')
      })
    const shown = async () => (await vault.captures.list({}, { limit: 9 })).items.map(({ userText }) => userText)
    await put('journal:2026-11.1', 'second')
    expect(await shown()).toEqual(['second'])
    await put('journal:2026-11.0', 'first')
    expect(await shown()).toEqual(['first'])
    await bury('journal:2026-11.0', true)
    expect(await shown()).toEqual(['second'])
    expect((await vault.sessions.list({ limit: 9 })).items.map(({ id }) => id)).toEqual(['second'])
    await bury('journal:2026-11.0', false)
    expect(await shown()).toEqual(['first'])
    await vault.captures.delete(['x'])
    expect(await shown()).toEqual([])
    await vault.captures.restore(['x'])
    expect(await shown()).toEqual(['first'])
  })
})

describe('compaction', () => {
  it('merges the rows of a document and loses nothing', async () => {
    const { vault, reopen } = await openTestVault(store.database, { tuning: { compactRows: 5 } })
    const name = 'journal:2026-11.0'
    // An update that still waits for what it builds on survives as well.
    const doc = new Y.Doc()
    doc.getMap('captures').set('x', 1)
    const early = Y.encodeStateVector(doc)
    doc
      .getMap('captures')
      .set('y', { sessionId: 'w', createdAt: '2026-11-01T00:00:00Z', source: 'text', userText: 'waited' })
    await vault.documents.apply(name, Y.encodeStateAsUpdate(doc, early))
    for (let number = 0; number < 30; number++) await vault.captures.add(typed(`${number}`))
    const rows = await updatesOf(vault.id, name)
    expect(rows.length).toBeLessThan(10)
    expect(rows.at(-1)?.seq).toBe(31)
    const again = await reopen()
    await again.documents.apply(name, Y.encodeStateAsUpdate(doc))
    expect((await again.captures.list({}, { limit: 99 })).items).toHaveLength(31)
    await again.rebuild()
    expect((await again.captures.list({}, { limit: 99 })).items).toHaveLength(31)
    await again.captures.add(typed('more'))
    expect((await updatesOf(vault.id, name)).at(-1)?.seq).toBeGreaterThan(31)
  })

  it('is given up when rows are there that this process does not know', async () => {
    const { log, warnings } = keepingLog()
    const { vault } = await openTestVault(store.database, { tuning: { compactRows: 3 }, log })
    await vault.notes.create({ title: 'n', body: '' })
    for (let number = 0; number < 3; number++) await vault.captures.add(typed(`${number}`))
    // Another process compacts, so to say.
    await store.database.query(
      `delete from doc_updates where vault_id = $1 and doc = 'journal:2026-11.0' and seq = 2`,
      [vault.id],
    )
    await vault.captures.add(typed('last'))
    await vault.close()
    expect(warnings).toEqual([{ error: error('internal'), doc: 'journal:2026-11.0' }])
    expect((await updatesOf(vault.id, 'journal:2026-11.0')).map(({ seq }) => seq)).toEqual([1, 3, 4])
  })
})

describe('a damaged update', () => {
  it('is named, and a rebuild that meets it changes nothing', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    await vault.captures.add(typed('one'))
    const { id } = await vault.notes.create({ title: 'n', body: 'b' })
    await store.database.query(`update doc_updates set "update" = '\\x0102030405' where vault_id = $1 and doc = $2`, [
      vault.id,
      `note:${id}`,
    ])
    const again = await reopen()
    await expect(again.notes.edit(id, { body: 'x' })).rejects.toMatchObject({
      code: 'vault-damaged',
      params: { document: `note:${id}`, seq: 1 },
    })
    await expect(again.rebuild()).rejects.toMatchObject({ code: 'vault-damaged' })
    expect((await again.notes.get(id)).body).toBe('b')
    await again.captures.add(typed('two'))
    expect((await again.captures.list({}, { limit: 9 })).items).toHaveLength(2)
  })
})

describe('rebuild', () => {
  it('recreates rows from documents alone, counts documents, and tells what is there', async () => {
    const { vault } = await openTestVault(store.database, { tuning: { journalCaptures: 2 } })
    for (let number = 0; number < 5; number++) await vault.captures.add(typed(`${number}`))
    await vault.notes.create({ title: 'n', body: 'b' })
    await vault.settings.set({ theme: 'dark' })
    const before = await shadowsOf(store.database, vault.id)
    for (const table of ['captures', 'sessions', 'notes', 'settings', 'doc_records']) {
      await store.database.query(`delete from ${table} where vault_id = $1`, [vault.id])
    }
    await store.database.query(
      `insert into sessions (vault_id, id, doc, created_at) values ($1, 'nobody knows', 'journal:2026-11.0', now())`,
      [vault.id],
    )
    const seen: [number, number][] = []
    const heard: VaultChange[] = []
    vault.onChange((change) => heard.push(change))
    await vault.rebuild((done, total) => seen.push([done, total]))
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5].map((done) => [done, 5]))
    const ids = (before.captures ?? []).map(({ id }) => id)
    expect(heard).toEqual([
      {
        captures: ids,
        sessions: ['s'],
        notes: [expect.any(String)],
        documents: [],
        collections: false,
        settings: true,
      },
    ])
  })

  it('leaves running jobs to run again, other jobs and spending alone', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add(typed('one'))
    await store.database.query(`update jobs set state = 'running' where vault_id = $1`, [vault.id])
    await store.database.query(
      `insert into jobs (vault_id, kind, subject, state, attempts, not_before)
      values ($1, 'export', 'x', 'waiting', 0, now()), ($1, 'index', 'capture:gone', 'failed', 5, now())`,
      [vault.id],
    )
    await store.database.query(
      `insert into spending (vault_id, id, at, provider, model, input_tokens, output_tokens, cost_micro_usd)
      values ($1, 'x', now(), 'p', 'm', 1, 1, 1)`,
      [vault.id],
    )
    await vault.rebuild()
    expect(
      await store.database.query('select kind, subject, state, again from jobs where vault_id = $1 order by kind', [
        vault.id,
      ]),
    ).toEqual([
      { kind: 'concepts', subject: `capture:${id}`, state: 'running', again: true },
      { kind: 'export', subject: 'x', state: 'waiting', again: false },
      { kind: 'fold', subject: 'concepts', state: 'waiting', again: false },
      { kind: 'index', subject: `capture:${id}`, state: 'running', again: true },
      // Proposals are no derived work: they stand in a document.
      { kind: 'propose', subject: `capture:${id}`, state: 'running', again: false },
    ])
    expect(await store.database.query('select id from spending where vault_id = $1', [vault.id])).toHaveLength(1)
  })

  it('can be stopped, and then nothing has changed', async () => {
    const { vault } = await openTestVault(store.database, { tuning: { journalCaptures: 1 } })
    for (let number = 0; number < 3; number++) await vault.captures.add(typed(`${number}`))
    const before = await shadowsOf(store.database, vault.id)
    const stop = new AbortController()
    const rebuilding = vault.rebuild((done) => {
      if (done === 1) stop.abort()
    }, stop.signal)
    await expect(rebuilding).rejects.toEqual(error('cancelled'))
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    await vault.captures.add(typed('still works'))
  })
})
