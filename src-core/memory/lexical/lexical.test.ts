import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LexicalIndexFixture, lexicalIndexSuite } from '../../../test/suites/lexical-index-suite.ts'
import { TEMPLATE_CACHE } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { type Database, openStore } from '../../store/index.ts'
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
