import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Files, makeZip, readWhole } from '../../../test/portable-sources.ts'
import { contentOf, openPortableWorld } from '../../../test/portable-world.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import type { Store } from '../../store/index.ts'

/**
 * Packages of Anki in each of its forms: `collection.anki2` and `.anki21` of schema 11, whose note types and decks are JSON in `col`, and
 * `collection.anki21b` of schema 18, compressed, with tables for both and a collation `unicase` that only Anki has (github.com/ankitects/anki, rslib/src/storage/schema11.sql and
 * upgrades; proto/anki/import_export.proto).
 */

let folder: string
let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-anki-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const NOTE = 1_600_000_000_123
const CARD = 1_600_000_000_456
const REVIEWS = [
  { id: 1_600_100_000_000, ease: 3, ivl: -600, lastIvl: -60, factor: 0, time: 4_321, type: 0 },
  { id: 1_600_200_000_000, ease: 4, ivl: 4, lastIvl: -600, factor: 2_500, time: 2_100, type: 0 },
  { id: 1_600_900_000_000, ease: 1, ivl: 1, lastIvl: 4, factor: 2_300, time: 9_999, type: 1 },
]
const FLDS = 'What bends light?<br><img src="lens 1.png">\u001f<b>A&nbsp;lens</b>[sound:word.mp3]'

const COMMON = `
create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null,
  tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null,
  usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null, factor integer not null,
  reps integer not null, lapses integer not null, left integer not null, odue integer not null, odid integer not null, flags integer not null,
  data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null,
  lastIvl integer not null, factor integer not null, time integer not null, type integer not null);`

function collection(schema: 11 | 18): Buffer {
  const path = join(folder, `collection-${schema}`)
  rmSync(path, { force: true })
  const database = new DatabaseSync(path)
  database.exec(COMMON)
  if (schema === 11) {
    database.exec('create table col (id integer primary key, models text not null, decks text not null)')
    const models = { 7: { name: 'Basic (and reversed)', flds: [{ name: 'Front' }, { name: 'Back' }] } }
    const decks = { 1: { name: 'Default' }, 2: { name: 'Physics::Optics' } }
    database.prepare('insert into col values (1, ?, ?)').run(JSON.stringify(models), JSON.stringify(decks))
  } else {
    database.exec(`create table col (id integer primary key, models text not null, decks text not null);
      insert into col values (1, '', '');
      create table notetypes (id integer not null primary key, name text not null collate nocase);
      create table fields (ntid integer not null, ord integer not null, name text not null collate nocase, primary key (ntid, ord)) without rowid;
      create table decks (id integer primary key not null, name text not null collate nocase);
      create unique index idx_notetypes_name on notetypes (name);
      create unique index idx_fields_name_ntid on fields (name, ntid);
      create unique index idx_decks_name on decks (name);
      insert into notetypes values (7, 'Basic (and reversed)');
      insert into fields values (7, 0, 'Front'), (7, 1, 'Back');
      insert into decks values (1, 'Default'), (2, 'Physics' || char(31) || 'Optics');`)
  }
  database
    .prepare("insert into notes values (?, 'gu1d', 7, 1600000500, -1, ' optics  light ', ?, 0, 0, 0, '')")
    .run(NOTE, FLDS)
  database
    .prepare(
      'insert into cards values (?, ?, 2, ?, 1600000600, -1, 2, 2, 900, 4, 2300, 3, 1, 0, 0, 0, 0, \'{"pos":1}\')',
    )
    .run(CARD, NOTE, 0)
  database
    .prepare("insert into cards values (?, ?, 2, ?, 1600000600, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, '')")
    .run(CARD + 1, NOTE, 1)
  for (const { id, ease, ivl, lastIvl, factor, time, type } of REVIEWS) {
    database
      .prepare('insert into revlog values (?, ?, -1, ?, ?, ?, ?, ?, ?)')
      .run(id, CARD, ease, ivl, lastIvl, factor, time, type)
  }
  // SQLite makes no column with a collation that it does not have.
  database.enableDefensive(false)
  database.exec(
    "pragma writable_schema = on; update sqlite_master set sql = replace(sql, 'collate nocase', 'COLLATE unicase')",
  )
  database.close()
  return readFileSync(path)
}

/** An older collection that only asks for an update, as newer packages hold beside the real one. */
function pleaseUpdate(): Buffer {
  const path = join(folder, 'please-update')
  rmSync(path, { force: true })
  const database = new DatabaseSync(path)
  database.exec(`${COMMON} create table col (id integer primary key, models text not null, decks text not null);
    insert into col values (1, '{}', '{}');
    insert into notes values (1, 'x', 1, 1, -1, '', 'Please update to the latest Anki version' || char(31), 0, 0, 0, '');`)
  database.close()
  return readFileSync(path)
}

/** A message of one field 1 of bytes. */
const bytesField = (bytes: Buffer) => Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes])
const mediaEntry = (name: string) => bytesField(Buffer.concat([bytesField(Buffer.from(name)), Buffer.from([0x10, 3])]))

const PICTURE = 'PNG of a lens'
const SOUND = 'MP3 of a word'
const OLD_MEDIA = { media: '{"0":"lens 1.png","1":"word.mp3"}', 0: PICTURE, 1: SOUND }
const packages = (): [name: string, files: Files][] => [
  ['old.apkg', { 'collection.anki2': collection(11), ...OLD_MEDIA }],
  ['middle.apkg', { 'collection.anki2': pleaseUpdate(), 'collection.anki21': collection(11), ...OLD_MEDIA }],
  [
    'new.colpkg',
    {
      meta: Buffer.from([0x08, 3]),
      'collection.anki2': pleaseUpdate(),
      'collection.anki21b': zstdCompressSync(collection(18)),
      media: zstdCompressSync(Buffer.concat([mediaEntry('lens 1.png'), mediaEntry('word.mp3')])),
      0: zstdCompressSync(Buffer.from(PICTURE)),
      1: zstdCompressSync(Buffer.from(SOUND)),
    },
  ],
]

describe.each([0, 1, 2])('package %i', (index) => {
  it('has note types, decks, tags, cards, every review and the media, through the vault and out again', async () => {
    const [name, files] = packages()[index] as [string, Files]
    const path = await makeZip(join(folder, name), files)
    const { kind, attachments, problems } = await readWhole(path)
    expect([kind, attachments, problems]).toEqual(['anki', ['lens 1.png', 'word.mp3'], []])

    const [first, second] = [await openPortableWorld(store, folder, 1), await openPortableWorld(store, folder, 2)]
    const { counts } = await first.importFrom(path)
    expect(counts).toMatchObject({ notes: 1, present: 0 })
    const [note] = (await contentOf(first)).notes
    expect(note).toMatchObject({
      title: 'What bends light?',
      body: '**Front**\n\nWhat bends light?\n![](lens 1.png)\n\n**Back**\n\nA lens[sound:word.mp3]',
      createdAt: new Date(NOTE).toISOString(),
      updatedAt: '2020-09-13T12:35:00.000Z',
    })
    const anki = note?.metadata?.anki as { cards: { reviews: object[] }[] }
    expect(note?.metadata).toMatchObject({ from: 'anki', tags: ['optics', 'light'] })
    expect(anki).toMatchObject({
      guid: 'gu1d',
      noteType: 'Basic (and reversed)',
      fields: [
        { name: 'Front', value: FLDS.split('\u001f')[0] },
        { name: 'Back', value: FLDS.split('\u001f')[1] },
      ],
      cards: [
        {
          id: CARD,
          ord: 0,
          deck: 'Physics::Optics',
          due: 900,
          ivl: 4,
          factor: 2_300,
          reps: 3,
          lapses: 1,
          reviews: REVIEWS,
        },
        { id: CARD + 1, ord: 1, deck: 'Physics::Optics', reviews: [] },
      ],
    })
    expect(anki.cards[0]?.reviews).toHaveLength(REVIEWS.length)

    const kept = (note?.metadata?.attachments ?? []) as { name: string; sha256: string }[]
    const texts = await Promise.all(
      kept.map(async ({ sha256 }) => Buffer.from(await first.blobs.get(sha256)).toString()),
    )
    expect(texts).toEqual([PICTURE, SOUND])

    for (const format of ['jsonl', 'markdown'] as const) {
      const target = join(folder, `${format}.zip`)
      await first.exportTo(format, target)
      await second.importFrom(target)
      expect((await contentOf(second)).notes).toEqual((await contentOf(first)).notes)
      for (const { id } of (await second.portable.imports()).filter(({ rolledBackAt }) => !rolledBackAt))
        await second.vault.deliveries.rollBack(id)
    }
  })
})

describe('a package that is not whole', () => {
  it('brings notes without media when their list cannot be read', async () => {
    const files = { 'collection.anki2': collection(11), media: '{"0": ', 0: PICTURE }
    const { notes, attachments, problems } = await readWhole(await makeZip(join(folder, 'a.apkg'), files))
    expect([notes.length, attachments, problems]).toEqual([1, [], [['malformed', 'media']]])
  })

  it.each([
    [
      'a collection that was cut',
      () => ({ 'collection.anki21b': zstdCompressSync(collection(18)).subarray(0, 400), media: '' }),
    ],
    ['a collection that is no database', () => ({ 'collection.anki2': 'not SQLite', media: '{}' })],
  ])('is refused for %s', async (_, files) => {
    const path = await makeZip(join(folder, 'b.apkg'), files())
    await expect(readWhole(path)).rejects.toMatchObject({ code: 'import-not-understood' })
  })

  it('as a database of another program is refused, and points to the import from v1', async () => {
    const path = join(folder, 'learning_captures.db')
    const database = new DatabaseSync(path)
    database.exec('create table captures (id integer primary key)')
    database.close()
    await expect(readWhole(path)).rejects.toMatchObject({
      code: 'import-not-understood',
      advice: expect.stringContaining('v1'),
    })
  })
})
