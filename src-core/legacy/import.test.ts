import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  extendV1,
  type FixtureRow,
  fingerprint,
  makePostgresDump,
  makeV1,
  TEST_APOLOGIES,
  TEST_APOLOGY,
  type Variant,
} from '../../test/v1-fixtures.ts'
import { openTestStore, openTestVault, shadowsOf } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { createLegacy, type DerivedAudit, type Legacy, type Progress } from './index.ts'
import { APOLOGIES } from './mapping.ts'

let store: Store
let folder: string
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-v1-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const silent = () => undefined
/** The index is the memory's; test/import-v1.test.ts has the real one. */
const noIndex: Omit<DerivedAudit, 'search'> = { audit: async () => [], pending: async () => 0 }

async function openLegacy(
  index: Omit<DerivedAudit, 'search'> = noIndex,
): Promise<{ legacy: Legacy; vault: OpenVault }> {
  const { vault, clock } = await openTestVault(store.database, { limits: { textLength: 10_000 } })
  const derived = { ...index, search: (query: string) => withAllWords(vault.id, query) }
  const legacy = createLegacy({ vault, store, derived, clock, textLength: 10_000, apologies: TEST_APOLOGIES })
  return { legacy, vault }
}

async function withAllWords(vaultId: string, query: string): Promise<string[]> {
  const rows = await store.database.query<{ id: string }>(
    `select id from captures where vault_id = $1
    and (select bool_and(user_text || coalesce(agent_text, '') ilike '%' || word || '%') from unnest($2::text[]) as word)`,
    [vaultId, query.split(' ')],
  )
  return rows.map(({ id }) => id)
}

const file = () => join(folder, 'learning_captures.db')

/** Everything that v1 is known to have stored, and what hands and restores did to it. */
const FAULTY: FixtureRow[] = [
  {
    session: 'a:b/c d 🎓',
    user: 'Ümläut Straße 漢字 🎉',
    agent: 'Grüße',
    metadata: '{"source": "twilio", "n": "\\u00e9"}',
  },
  { session: 'second', timestamp: '2024-05-01 09:30:00', user: 'one of the same second' },
  { session: 'second', timestamp: '2024-05-01 09:30:00', user: 'two of the same second' },
  { id: 17, session: 'second', timestamp: '2024-05-01 09:30:00', user: 'after a gap' },
  { user: 'no time', timestamp: null },
  { user: 'a number', timestamp: '1714556000' },
  { user: 'a small number', timestamp: '2024' },
  { user: 'nonsense', timestamp: 'last tuesday' },
  { user: 'restored', timestamp: '2024-05-02T10:00:00.123456+02:00' },
  { user: 'what is osmosis', agent: TEST_APOLOGY },
  { user: '  ', agent: 'I did not hear you.' },
  { user: 'blank answer', agent: ' ' },
  { user: 'odd metadata', metadata: 'not json' },
  { user: 'no metadata', metadata: null },
  { user: 'nul \u0000 inside', agent: 'ok' },
  { user: 'twice', session: 'd' },
  { user: 'twice', session: 'd' },
  { session: '', user: 'no session' },
  { session: 'x'.repeat(600), user: 'long session' },
  { user: 'y'.repeat(10_001), session: 'long' },
]

describe('a file of v1', () => {
  it('knows the three failure replies of v1', () => {
    expect([...APOLOGIES.keys()].map((sha256) => sha256.slice(0, 8))).toEqual(['7d02e7e0', 'aed7c07f', '1f01f076'])
  })

  it.each(['A', 'B', 'C', 'E'] as Variant[])('of variant %s comes over whole, and stays as it was', async (variant) => {
    makeV1(file(), FAULTY, variant)
    const before = fingerprint(file())
    const { legacy, vault } = await openLegacy()
    const seen: Progress[] = []
    const { added, dump, inspection } = await legacy.execute({ path: file() }, (progress) => seen.push(progress))
    expect(added).toBe(FAULTY.length - 1)
    expect(dump).toMatch(/before-import-v1\.tar\.gz$/)
    expect(inspection.variant).toBe({ A: 'v1', B: 'v1-with-embeddings', C: 'v1-with-sessions', E: 'v1' }[variant])
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['reading', 'dumping', 'writing']))
    expect(fingerprint(file())).toEqual(before)
    const report = await legacy.verify({ path: file() }, silent)
    expect(report).toMatchObject({
      ok: true,
      rows: 20,
      refused: 1,
      counts: {},
      checked: { documents: 19, tables: 19, captures: 19 },
    })
    const shadows = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(shadows)
    expect(await legacy.list()).toMatchObject([{ state: 'complete', captures: 19, rows: 20 }])
    expect(fingerprint(file())).toEqual(before)
  })

  it('of variant D, a dump of the later Postgres, comes over whole, again and again', async () => {
    const dump = join(folder, 'captures.sql')
    const rows: FixtureRow[] = [
      {
        id: 4,
        session: 'a:b/c d 🎓',
        user: 'Ümläut 漢字\ttab\nline\r\\back\u2028slash \\N',
        agent: '\\.',
        metadata: '{"source": "twilio"}',
      },
      { id: 7, user: 'whole second', timestamp: '2024-05-02 10:00:00', metadata: null },
      { id: 9, user: 'no time', timestamp: null },
      { id: 10, user: 'what is osmosis', agent: TEST_APOLOGY },
      { id: 11, user: '', agent: '' },
    ]
    makePostgresDump(dump, rows)
    const before = fingerprint(dump)
    const { legacy, vault } = await openLegacy()
    const { added, inspection } = await legacy.execute({ path: dump }, silent)
    expect([added, inspection.variant, inspection.name]).toEqual([5, 'postgres', 'captures.sql'])
    const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 10 })
    expect(items.map(({ userText }) => userText).sort()).toEqual(rows.map(({ user }) => user).sort())
    expect(items.find(({ userText }) => userText.startsWith('Ümläut'))).toMatchObject({
      sessionId: 'a:b/c d 🎓',
      createdAt: '2024-05-01T09:30:00.123Z',
      answer: { text: '\\.' },
      metadata: { v1: { id: '4', timestamp: '2024-05-01 09:30:00.123456', metadata: { source: 'twilio' } } },
    })
    expect(await legacy.verify({ path: dump }, silent)).toMatchObject({ ok: true, rows: 5, counts: {} })
    expect(await legacy.execute({ path: dump }, silent)).toMatchObject({ added: 0, known: 5 })
    expect(await legacy.rollBack(inspection.importId, silent)).toMatchObject({ removed: 5 })
    expect(fingerprint(dump)).toEqual(before)
  })

  it('keeps ids, sessions, instants, order within a second, metadata and answers', async () => {
    makeV1(file(), FAULTY)
    const { legacy, vault } = await openLegacy()
    await legacy.execute({ path: file() }, silent)
    const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 100 })
    const by = (text: string) => items.find(({ userText }) => userText.startsWith(text))
    expect(by('Ümläut')).toMatchObject({
      sessionId: 'a:b/c d 🎓',
      createdAt: '2024-05-01T09:30:00.000Z',
      answer: { text: 'Grüße', provider: 'v1' },
      metadata: { v1: { id: '1', timestamp: '2024-05-01 09:30:00', metadata: { source: 'twilio', n: 'é' } } },
    })
    const second = await vault.captures.list({ sessionId: 'second', order: 'oldest' }, { limit: 10 })
    expect(second.items.map(({ userText }) => userText)).toEqual([
      'one of the same second',
      'two of the same second',
      'after a gap',
    ])
    expect(by('no time')).toMatchObject({
      createdAt: '2024-05-01T09:30:00.000Z',
      metadata: { v1: { timestamp: null } },
    })
    expect(by('a number')?.createdAt).toBe('2024-05-01T09:33:20.000Z')
    expect(by('a small')).toMatchObject({
      createdAt: '2024-05-01T09:33:20.000Z',
      metadata: { v1: { flags: ['timestamp-numeric'] } },
    })
    expect(by('restored')?.createdAt).toBe('2024-05-02T08:00:00.123Z')
    expect(by('what is osmosis')).toMatchObject({
      answer: null,
      metadata: { v1: { agentText: TEST_APOLOGY, flags: ['apology-rate-limit'] } },
    })
    expect(by('odd metadata')?.metadata.v1).toMatchObject({ metadata: 'not json', flags: ['metadata-unreadable'] })
    expect(by('nul \uFFFD inside')?.metadata.v1).toMatchObject({ flags: ['text-malformed'] })
    expect(by('long session')?.metadata.v1).toMatchObject({ sessionId: 'x'.repeat(600), flags: ['session-renamed'] })
  })

  it('is told of by a dry run, which writes nothing', async () => {
    makeV1(file(), FAULTY)
    const { legacy, vault } = await openLegacy()
    const before = await shadowsOf(store.database, vault.id)
    const names = await vault.documents.names()
    const report = await legacy.inspect({ path: folder }, silent)
    expect(report).toMatchObject({
      rows: 20,
      fresh: 19,
      known: 0,
      duplicates: 1,
      changed: 0,
      refused: [{ id: '33', reason: 'text-too-long' }],
      from: '2024-05-01T09:30:00.000Z',
      to: '2024-05-02T08:00:00.123Z',
    })
    expect(Object.fromEntries(report.flags.map(({ flag, rows }) => [flag, rows]))).toEqual({
      'apology-rate-limit': 1,
      'blank-user': 1,
      'blank-answer': 1,
      'timestamp-missing': 1,
      'timestamp-numeric': 2,
      'timestamp-unreadable': 1,
      'metadata-unreadable': 1,
      'text-malformed': 1,
      'session-renamed': 2,
    })
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    expect(await vault.documents.names()).toEqual(names)
  })

  it('never trusts the stale full-text index', async () => {
    makeV1(file(), [{ user: 'first words' }, { user: 'second words' }])
    const database = new DatabaseSync(file())
    database.exec("update captures set user_text = 'changed words' where id = 1; delete from captures where id = 2")
    database.close()
    const { legacy, vault } = await openLegacy()
    await legacy.execute({ path: file() }, silent)
    const { items } = await vault.captures.list({}, { limit: 10 })
    expect(items.map(({ userText }) => userText)).toEqual(['changed words'])
    expect(await legacy.verify({ path: file() }, silent)).toMatchObject({ ok: true, rows: 1 })
  })
})

describe('importing again', () => {
  const older: FixtureRow[] = [{ user: 'one' }, { user: 'two' }]
  const later: FixtureRow[] = [{ user: 'three' }, { user: 'four', session: 'new' }]
  const tablesOf = async (vault: OpenVault) => {
    const { captures = [], sessions } = await shadowsOf(store.database, vault.id)
    return {
      captures: captures.map(({ metadata, doc: _, ...row }) => ({ ...row, v1: (metadata as { v1: unknown }).v1 })),
      sessions,
    }
  }

  it('gives the same vault: the same file twice, an older and a newer copy in any order', async () => {
    const old = join(folder, 'old.db')
    makeV1(old, older)
    copyFileSync(old, file())
    extendV1(file(), later)
    const vaults: OpenVault[] = []
    for (const order of [[file()], [old, file()], [file(), old, old, file()]]) {
      const { legacy, vault } = await openLegacy()
      const added: number[] = []
      for (const path of order) added.push((await legacy.execute({ path }, silent)).added)
      expect(added.reduce((sum, n) => sum + n)).toBe(4)
      expect(await legacy.verify({ path: file() }, silent)).toMatchObject({ ok: true })
      vaults.push(vault)
    }
    const [first, ...others] = await Promise.all(vaults.map(tablesOf))
    for (const other of others) expect(other).toEqual(first)
  })

  it('keeps two databases apart, and both versions of a row that was changed by hand', async () => {
    const other = join(folder, 'other.db')
    makeV1(file(), older)
    makeV1(other, [{ user: 'another one' }, { user: 'another two', session: 't' }])
    const { legacy, vault } = await openLegacy()
    await legacy.execute({ path: file() }, silent)
    expect(await legacy.inspect({ path: other }, silent)).toMatchObject({ fresh: 2, changed: 1 })
    await legacy.execute({ path: other }, silent)
    expect((await vault.captures.list({}, { limit: 10 })).items).toHaveLength(4)
    expect((await legacy.verify({ path: file() }, silent)).ok).toBe(true)
    expect((await legacy.verify({ path: other }, silent)).ok).toBe(true)
  })

  it('goes on after it was stopped, without a second dump', async () => {
    makeV1(
      file(),
      Array.from({ length: 1_700 }, (_, n) => ({ user: `said ${n}` })),
    )
    const { legacy, vault } = await openLegacy()
    const stop = new AbortController()
    const stopping = legacy.execute(
      { path: file() },
      ({ phase, done }) => phase === 'writing' && done >= 1_000 && stop.abort(),
      stop.signal,
    )
    await expect(stopping).rejects.toMatchObject({ code: 'cancelled' })
    expect(await legacy.list()).toMatchObject([{ state: 'paused', captures: 1_000 }])
    expect(await legacy.verify({ path: file() }, silent)).toMatchObject({
      ok: false,
      counts: { 'document-missing': 700 },
    })
    const again = await legacy.execute({ path: file() }, silent)
    expect(again).toMatchObject({ added: 700, known: 1_000 })
    expect(await legacy.list()).toMatchObject([{ state: 'complete', captures: 1_700 }])
    expect(vault.id).toBeTruthy()
  })

  it('refuses to run twice at once', async () => {
    makeV1(file(), older)
    const { legacy } = await openLegacy()
    const running = legacy.execute({ path: file() }, silent)
    await expect(legacy.execute({ path: file() }, silent)).rejects.toMatchObject({ code: 'legacy-busy' })
    await running
  })
})

it('brings what only Redis had, checks it, takes it back, and never a caller’s number', async () => {
  makeV1(file(), [{ session: 'twilio_CA1', user: 'stored', timestamp: '2024-05-01 09:30:00' }])
  const redis = join(folder, 'redis.json')
  const turn = (user: string, at: string, agent = `answer to ${user}`) => ({
    timestamp: `2024-05-01T09:${at}`,
    user,
    agent,
  })
  writeFileSync(
    redis,
    JSON.stringify({
      'session:twilio_CA1:context': JSON.stringify([
        turn('stored', '30:00.4', 'answered'),
        turn('lost in SQLite', '31:00.5'),
      ]),
      'session:twilio_CA1:metadata': JSON.stringify({ source: 'twilio', from_number: '+4915112345678' }),
      'session:b:context': JSON.stringify([turn('another that was lost', '40:00')]),
    }),
  )
  const place = { path: file(), redis }
  const { legacy, vault } = await openLegacy()
  expect(await legacy.inspect(place, silent)).toMatchObject({
    rows: 1,
    fresh: 3,
    redis: { sessions: 2, exchanges: 3, missing: 2, phoneNumbers: 1, unreadable: 0 },
  })
  const { added, inspection } = await legacy.execute(place, silent)
  expect(added).toBe(3)
  const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 10 })
  expect(items.map(({ userText, answer }) => [userText, answer?.text])).toEqual([
    ['stored', 'answered'],
    ['lost in SQLite', 'answer to lost in SQLite'],
    ['another that was lost', 'answer to another that was lost'],
  ])
  expect(JSON.stringify(await shadowsOf(store.database, vault.id))).not.toContain('4915112345678')
  expect(await legacy.verify(place, silent)).toMatchObject({
    ok: true,
    checked: { documents: 3, captures: 3 },
    counts: {},
  })
  expect(await legacy.execute(place, silent)).toMatchObject({ added: 0, known: 1 })
  expect(await legacy.rollBack(inspection.importId, silent)).toMatchObject({ removed: 3 })
})

describe('verify', () => {
  it('finds every kind of difference', async () => {
    makeV1(file(), [{ user: 'one' }, { user: 'two' }, { user: 'three' }, { user: 'four' }])
    const { legacy, vault } = await openLegacy({
      ...noIndex,
      audit: async (ids) =>
        ids.map((captureId, index) => ({
          captureId,
          ...{ chunks: 2, missingChunks: 1, superfluousChunks: 1, missingVectors: 1 },
          ...{ isReadForConcepts: index > 0, missingConcepts: 2 },
        })),
    })
    const { inspection } = await legacy.execute({ path: file() }, silent)
    const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 10 })
    const [one, two, three] = items.map(({ id }) => id) as [string, string, string]
    const sql = (text: string, id: string) => store.database.query(text, [vault.id, id])
    await sql(`update captures set user_text = 'forged' where vault_id = $1 and id = $2`, one)
    await sql('delete from captures where vault_id = $1 and id = $2', two)
    await vault.documents.change('journal:2024-05.0', (doc) => {
      const captures = doc.getMap('captures')
      captures.set(three, { ...(captures.get(three) as object), userText: 'forged' })
    })
    await vault.imports.add([
      {
        id: `v1-8000000000000001-${'0'.repeat(32)}`,
        sessionId: 's',
        createdAt: '2024-05-01T00:00:00Z',
        userText: 'smuggled',
        answer: null,
        metadata: { import: inspection.importId },
      },
    ])
    const report = await legacy.verify({ path: file() }, silent)
    expect(report.ok).toBe(false)
    expect(report.counts).toEqual({
      'table-differs': 2,
      'table-missing': 1,
      'document-differs': 1,
      'not-in-source': 1,
      'chunks-missing': 4,
      'chunks-superfluous': 4,
      'vectors-missing': 4,
      'concepts-missing': 4,
      'not-found-by-search': 1,
    })
  })

  it('does not hold against the vault what the learner did', async () => {
    makeV1(file(), [{ user: 'one' }, { user: 'two' }, { user: 'three' }])
    const { legacy, vault } = await openLegacy()
    await legacy.execute({ path: file() }, silent)
    const { items } = await vault.captures.list({ order: 'oldest' }, { limit: 10 })
    const [one, two, three] = items.map(({ id }) => id) as [string, string, string]
    await vault.captures.edit(one, { userText: 'better' })
    await vault.captures.delete([two])
    await vault.captures.answer(three, {
      ...(items[2]?.answer as NonNullable<(typeof items)[0]['answer']>),
      provider: 'offline',
      text: 'anew',
    })
    const report = await legacy.verify({ path: file() }, silent)
    expect(report).toMatchObject({ ok: true, changedSince: { edited: 1, deleted: 1, answered: 1 } })
  })
})

describe('rollback', () => {
  it('takes away exactly what the import brought, and says what stays', async () => {
    makeV1(file(), [
      { user: 'one', session: 'a' },
      { user: 'two', session: 'a' },
      { user: 'three', session: 'b' },
      { user: 'four', session: 'c' },
    ])
    const { legacy, vault } = await openLegacy()
    const own = await vault.captures.add({ sessionId: 'own', source: 'text', userText: 'mine' })
    const before = await shadowsOf(store.database, vault.id)
    const { inspection } = await legacy.execute({ path: file() }, silent)
    const { items } = await vault.captures.list({ source: 'import', order: 'oldest' }, { limit: 10 })
    const edited = items[0]?.id as string
    await vault.captures.edit(edited, { userText: 'one, and better' })
    const added = await vault.captures.add({ sessionId: 'b', source: 'text', userText: 'said since' })
    await vault.sessions.rename('b', 'Named')
    const report = await legacy.rollBack(inspection.importId, silent)
    expect(report).toEqual({
      importId: inspection.importId,
      removed: 3,
      kept: { edited: [edited], answered: [], added: [added.id], named: ['b'] },
    })
    const left = (await vault.captures.list({}, { limit: 10 })).items.map(({ id }) => id)
    expect(left.sort()).toEqual([own.id, edited, added.id].sort())
    expect((await vault.sessions.list({ limit: 10 })).items.map(({ id }) => id).sort()).toEqual(['a', 'b', 'own'])
    expect(await legacy.list()).toMatchObject([{ state: 'partly-rolled-back', captures: 1 }])
    expect(await legacy.execute({ path: file() }, silent)).toMatchObject({ added: 3, known: 1 })
    expect((await legacy.verify({ path: file() }, silent)).ok).toBe(true)
    await vault.captures.delete([edited, added.id])
    await legacy.rollBack(inspection.importId, silent)
    const after = await shadowsOf(store.database, vault.id)
    expect({ captures: after.captures, sessions: after.sessions }).toEqual({
      captures: before.captures,
      sessions: before.sessions,
    })
    expect(await legacy.execute({ path: file() }, silent)).toMatchObject({ added: 3 })
  })

  it('knows only imports that there were', async () => {
    const { legacy } = await openLegacy()
    await expect(legacy.rollBack('v1-nothing', silent)).rejects.toMatchObject({ code: 'not-found' })
  })
})
