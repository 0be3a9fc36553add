import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeRawZip } from '../../test/raw-zip.ts'
import { fingerprint, makePostgresDump, makeV1, manyRows } from '../../test/v1-fixtures.ts'
import { findFile } from './find-file.ts'
import type { V1Row } from './row.ts'
import { V1Source } from './source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-v1-bad-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'learning_captures.db')

async function readAll(path: string): Promise<V1Row[]> {
  const found = await findFile(path)
  try {
    const source = await V1Source.open(found.path)
    try {
      const rows: V1Row[] = []
      for await (const some of source.rows()) rows.push(...some)
      return rows
    } finally {
      await source.close()
    }
  } finally {
    found.release()
  }
}

function database(sql: string): void {
  const made = new DatabaseSync(file())
  made.exec(sql)
  made.close()
}

describe('a file that is none of v1', () => {
  it.each([
    ['empty', 'legacy-not-v1', () => writeFileSync(file(), '')],
    ['JSON', 'legacy-not-v1', () => writeFileSync(file(), JSON.stringify([...manyRows(50)]))],
    ['text', 'legacy-not-v1', () => writeFileSync(file(), 'Dear diary, today '.repeat(1_000))],
    ['encrypted', 'legacy-not-v1', () => writeFileSync(file(), crypto.getRandomValues(new Uint8Array(8_192)))],
    ['of another program', 'legacy-not-v1', () => database('create table bookmarks (url text)')],
    [
      'with other columns',
      'legacy-not-v1',
      () => database('create table captures (id integer primary key, photo blob)'),
    ],
    ['a header alone', 'legacy-not-v1', () => writeFileSync(file(), `SQLite format 3\u0000${'\u0007'.repeat(500)}`)],
    ['missing', 'legacy-not-found', () => undefined],
  ] as [string, string, () => void][])('%s is refused', async (_, code, make) => {
    make()
    await expect(readAll(file())).rejects.toMatchObject({ code })
  })

  it('ten gigabytes of nothing are refused, at once', async () => {
    writeFileSync(file(), '')
    truncateSync(file(), 10 * 2 ** 30)
    await expect(readAll(file())).rejects.toMatchObject({ code: 'legacy-not-v1' })
  })

  it.each([0.3, 0.6, 0.95])('cut off at %d of its length, is refused as damaged', async (share) => {
    makeV1(file(), [...manyRows(3_000)])
    truncateSync(file(), Math.floor((fingerprint(file()) as { size: number }).size * share))
    await expect(readAll(file())).rejects.toMatchObject({ code: 'legacy-damaged' })
  })
})

describe('a dump of Postgres', () => {
  it.each([
    ['in the form of pg_restore', 'legacy-not-v1', () => writeFileSync(file(), 'PGDMP\u0001\u000f')],
    [
      'of another table',
      'legacy-not-v1',
      (text: string) => writeFileSync(file(), text.replaceAll('captures', 'pictures')),
    ],
    [
      'without the texts',
      'legacy-not-v1',
      (text: string) => writeFileSync(file(), text.replaceAll('user_text', 'photo')),
    ],
    [
      'cut in the middle of a row',
      'legacy-damaged',
      (text: string) => writeFileSync(file(), text.slice(0, text.lastIndexOf('said') - 3)),
    ],
    [
      'cut between two rows',
      'legacy-damaged',
      (text: string) => writeFileSync(file(), text.slice(0, text.lastIndexOf('s\t2\t'))),
    ],
    [
      'with an id that is none',
      'legacy-damaged',
      (text: string) => writeFileSync(file(), text.replace('s\t1\t', 's\tone\t')),
    ],
  ] as [string, string, (text: string) => void][])('%s is refused', async (_, code, make) => {
    makePostgresDump(file(), [{ user: 'said one' }, { user: 'said two' }])
    make(readFileSync(file(), 'utf8'))
    await expect(readAll(file())).rejects.toMatchObject({ code })
  })
})

describe('a file in use', () => {
  it('is read as v1 last committed it, and stays as it is', async () => {
    makeV1(file(), [{ user: 'committed' }])
    const writing = new DatabaseSync(file())
    // A cache this small spills what is not committed into the file.
    writing.exec('pragma cache_size = 2; begin exclusive')
    const insert = writing.prepare("insert into captures (session_id, user_text, agent_text) values ('s', ?, 'a')")
    for (let n = 0; n < 200; n += 1) insert.run(`not committed ${n} ${'x'.repeat(500)}`)
    const before = fingerprint(file())
    const rows = await readAll(file())
    expect(rows.map(({ userText }) => userText)).toEqual(['committed'])
    expect(fingerprint(file())).toEqual(before)
    writing.exec('rollback')
    writing.close()
  })

  it('is read with what still lies in its write-ahead log', async () => {
    makeV1(file(), [{ user: 'in the file' }])
    const writing = new DatabaseSync(file())
    writing.exec(
      "pragma journal_mode = wal; insert into captures (session_id, user_text, agent_text) values ('s', 'in the log', 'a')",
    )
    const before = fingerprint(file())
    expect((await readAll(file())).map(({ userText }) => userText)).toEqual(['in the file', 'in the log'])
    expect(fingerprint(file())).toEqual(before)
    writing.close()
  })

  it('is refused when it changes meanwhile', async () => {
    makeV1(file(), [{ user: 'one' }])
    const found = await findFile(file())
    database("insert into captures (session_id, user_text, agent_text) values ('s', 'two', 'a')")
    expect(() => found.checkUnchanged()).toThrow(expect.objectContaining({ code: 'legacy-changed' }))
  })
})

it('reads odd content: bytes that are no UTF-8, NUL, numbers, blobs, ids of 64 bits', async () => {
  makeV1(file(), [])
  database(`
    insert into captures (id, session_id, user_text, agent_text) values (-3, 's', cast(x'48ff69' as text), 'a');
    insert into captures (id, session_id, user_text, agent_text) values (9223372036854775807, 's', 'a' || char(0) || 'b', x'6162');
    insert into captures (id, session_id, timestamp, user_text, agent_text) values (5, 5, 1.5, 7, 8.5)`)
  const rows = await readAll(file())
  expect(rows.map(({ id, userText, agentText, malformed }) => [id, userText, agentText, malformed])).toEqual([
    ['-3', 'H\uFFFDi', 'a', true],
    ['5', '7', '8.5', false],
    ['9223372036854775807', 'a\uFFFDb', 'ab', true],
  ])
  expect(rows[1]).toMatchObject({ timestamp: '1.5', timestampIsNumber: true })
})

describe('a folder', () => {
  it('is searched in itself first, then in data, and says what it does not read', async () => {
    const inData = join(folder, 'data', 'learning_captures.db')
    makeV1(inData, [{ user: 'in data' }])
    expect((await readAll(folder)).map(({ userText }) => userText)).toEqual(['in data'])
    copyFileSync(inData, file())
    const found = await findFile(folder)
    expect([found.path, found.others]).toEqual([file(), [inData]])
  })

  it('without a database is said to have none', async () => {
    mkdirSync(join(folder, 'empty'))
    await expect(readAll(join(folder, 'empty'))).rejects.toMatchObject({ code: 'legacy-not-found' })
  })
})

describe('a zip', () => {
  const zip = () => join(folder, 'backup.zip')

  it('is read, and leaves nothing behind', async () => {
    makeV1(file(), [{ user: 'packed' }])
    writeRawZip(zip(), [{ name: 'notes.txt' }, { name: 'old/learning_captures.db', content: readFileSync(file()) }])
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('lva-v1-') && !name.includes('-bad-'))
    expect((await readAll(zip())).map(({ userText }) => userText)).toEqual(['packed'])
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('lva-v1-') && !name.includes('-bad-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })

  it.each([
    [
      'names that climb out',
      () => writeRawZip(zip(), [{ name: '../../learning_captures.db', content: Buffer.from('x') }]),
      'legacy-archive-refused',
    ],
    [
      'absolute names',
      () => writeRawZip(zip(), [{ name: '/etc/learning_captures.db', content: Buffer.from('x') }]),
      'legacy-archive-refused',
    ],
    [
      'a bomb',
      () => writeRawZip(zip(), [{ name: 'learning_captures.db', content: Buffer.alloc(100 * 2 ** 20) }]),
      'legacy-archive-refused',
    ],
    [
      'a bomb that lies about its size',
      () =>
        writeRawZip(zip(), [
          { name: 'learning_captures.db', content: Buffer.alloc(100 * 2 ** 20), claimedSize: 1_000 },
        ]),
      'legacy-archive-refused',
    ],
    ['no database', () => writeRawZip(zip(), [{ name: 'other.db', content: Buffer.from('x') }]), 'legacy-not-found'],
    ['no zip in it', () => writeFileSync(zip(), 'PK but not really'), 'legacy-archive-refused'],
  ] as [string, () => void, string][])('with %s is refused', async (_, make, code) => {
    make()
    await expect(readAll(zip())).rejects.toMatchObject({ code })
  })
})
