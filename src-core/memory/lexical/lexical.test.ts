import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chunkRow, type LexicalIndexFixture, lexicalIndexSuite } from '../../../test/suites/lexical-index-suite.ts'
import { TEMPLATE_CACHE } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { type Database, openStore } from '../../store/index.ts'
import { type NewChunk, writeChunks } from '../chunk-rows.ts'
import { ResidentChunks } from '../resident-chunks.ts'
import { Bm25Index } from './bm25.ts'
import { FullTextIndex } from './full-text.ts'
import { ResidentLexicalIndex } from './resident.ts'
import type { LexicalIndex } from './types.ts'

const VAULT = 'vault'

async function onPglite(make: (db: Database) => LexicalIndex): Promise<LexicalIndexFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-lexical-'))
  const open = () =>
    openStore({
      dataDir,
      cacheDir: TEMPLATE_CACHE,
      host: 'cli',
      clock: systemClock,
      log: silentLog,
      statementTimeoutMs: 60_000,
    })
  let store = await open()
  let index = make(store.database)
  return {
    vaultId: VAULT,
    get db() {
      return store.database
    },
    get index() {
      return index
    },
    async reopen() {
      await store.close()
      store = await open()
      index = make(store.database)
    },
    async close() {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

lexicalIndexSuite('BM25 on PGlite', () => onPglite((db) => new Bm25Index(db, VAULT)))
lexicalIndexSuite('full text on PGlite', () => onPglite((db) => new FullTextIndex(db, VAULT)))

/** Reads the chunks before every search, since the suite writes them behind its back. */
function residentIndex(db: Database): LexicalIndex {
  const stored = new Bm25Index(db, VAULT)
  return {
    prepare: () => stored.prepare(),
    repair: () => stored.repair(),
    search: async (terms, options) => {
      const chunks = new ResidentChunks({ db, vaultId: VAULT, clock: systemClock, log: silentLog })
      await chunks.whenResident()
      return new ResidentLexicalIndex(stored, chunks).search(terms, options)
    },
  }
}
lexicalIndexSuite('BM25 in memory', () => onPglite(residentIndex))

const INDEXES = { 'BM25 on PGlite': (db: Database) => new Bm25Index(db, VAULT), 'BM25 in memory': residentIndex }

describe('words that are spread over the chunks of a text', () => {
  let fixture: LexicalIndexFixture
  beforeAll(async () => {
    fixture = await onPglite(INDEXES['BM25 on PGlite'])
    await fixture.index.prepare()
  })
  afterAll(() => fixture.close())
  beforeEach(() => fixture.db.query('delete from chunks'))

  const note = (captureId: string, texts: readonly string[]): NewChunk[] =>
    texts.map((text, ordinal) =>
      chunkRow(ordinal, text, { id: `${captureId}-${ordinal}`, captureId, kind: 'note', field: 'noteText', ordinal }),
    )
  const others = Array.from({ length: 20 }, (_, number) =>
    chunkRow(number, `Letter ${number} about bread, water and the weather of the week.`),
  )
  const find = async (make: (db: Database) => LexicalIndex, ...terms: string[]) =>
    (await make(fixture.db).search(terms, { limit: 10 })).map(({ chunkId, score }) => ({ chunkId, score }))

  const spread = note('spread', [
    'A glacier moves slowly down from where snow falls.',
    'At its end it leaves a moraine of stones behind.',
    'The valley below has the shape of a trough.',
  ])
  const repeated = note('repeated', ['The glacier and the moraine are closed.', 'Tickets are sold here until five.'])

  for (const [name, make] of Object.entries(INDEXES)) {
    it(`speak for the text together, ${name}`, async () => {
      await writeChunks(fixture.db, VAULT, [...others, ...spread, ...repeated])
      const [best] = await find(make, 'glacier', 'moraine', 'valley', 'trough')
      expect(best?.chunkId).toBe('spread-2')
      const found = await find(make, 'glacier', 'moraine', 'valley')
      // The chunk that has two of three words stands before those that have one, which their surroundings lift to near it.
      const scores = new Map(found.map(({ chunkId, score }) => [chunkId, score]))
      const lifted = Math.max(...spread.map(({ id }) => scores.get(id) ?? 0))
      expect(lifted).toBeGreaterThan(0.75 * Math.max(...scores.values()))
    })

    it(`do not count from far away, nor from another text, ${name}`, async () => {
      const long = note('long', [
        'A glacier moves.',
        ...Array.from({ length: 8 }, (_, place) => `Page ${place}.`),
        'A valley.',
      ])
      const alone = chunkRow(100, 'A glacier moves.')
      await writeChunks(fixture.db, VAULT, [...others, ...long, alone])
      const found = await find(make, 'glacier', 'valley')
      expect(found.map(({ chunkId }) => chunkId).sort()).toEqual(['chunk-00100', 'long-0', 'long-9'])
    })
  }

  it('are weighed alike by both', async () => {
    await writeChunks(fixture.db, VAULT, [...others, ...spread, ...repeated])
    const [stored, resident] = await Promise.all(
      Object.values(INDEXES).map((make) => find(make, 'glacier', 'glacier', 'valley', 'bread')),
    )
    expect(stored?.map(({ chunkId }) => chunkId)).toEqual(resident?.map(({ chunkId }) => chunkId))
    for (const [place, { score }] of (resident ?? []).entries()) {
      expect(Math.abs((stored?.[place]?.score ?? 0) - score)).toBeLessThan(0.1 * (resident?.[0]?.score ?? 0))
    }
  })
})
