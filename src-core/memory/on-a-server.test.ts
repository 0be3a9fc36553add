import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../test/postgres-server.ts'
import { lexicalIndexSuite } from '../../test/suites/lexical-index-suite.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../kernel/index.ts'
import { hashEmbedder } from '../models/index.ts'
import { type Database, migrate, openServer, readMigrations } from '../store/index.ts'
import { openVault } from '../vault/index.ts'
import { createMemory } from './index.ts'
import { FullTextIndex } from './lexical/full-text.ts'

/** A server without the extensions, as Debian packages it. */
async function openDatabase(url: string): Promise<Database> {
  const db = await openServer({ url, clock: systemClock, log: silentLog, statementTimeoutMs: 30_000 })
  await migrate(db, readMigrations(), systemClock)
  return db
}

lexicalIndexSuite('full text on a server', async () => {
  const server = await startPostgresServer()
  let db = await openDatabase(server.url)
  return {
    vaultId: 'vault',
    get db() {
      return db
    },
    get index() {
      return new FullTextIndex(db, 'vault')
    },
    async reopen() {
      await db.close()
      db = await openDatabase(server.url)
    },
    async close() {
      await db.close()
      await server.close()
    },
  }
})

describe('memory on a server without extensions', () => {
  let server: PostgresServer
  let db: Database
  beforeAll(async () => {
    server = await startPostgresServer()
    db = await openDatabase(server.url)
  })
  afterAll(async () => {
    await db?.close()
    await server?.close()
  })

  it('finds by words and by meaning, and makes its vectors again after a start', async () => {
    const parts = { clock: systemClock, log: silentLog }
    const newId = idMaker(systemClock, systemRandom)
    const vault = await openVault({ ...parts, db, newId, limits: { textLength: 10_000 } })
    const open = () =>
      createMemory({
        ...parts,
        database: db,
        vault,
        embedder: hashEmbedder(),
        config: { limits: { queryLength: 2_000 } },
      })
    let memory = await open()
    const capture = await vault.captures.add({
      sessionId: 's',
      source: 'text',
      userText: 'Attention weighs every token.',
    })
    await memory.index.idle()
    for (const mode of ['hybrid', 'lexical', 'semantic'] as const) {
      const { hits } = await memory.search({ query: 'attention token', mode })
      expect(hits.map((hit) => hit.captureId)).toEqual([capture.id])
    }
    await memory.close()
    memory = await open()
    await memory.index.idle()
    expect(await memory.index.progress()).toMatchObject({ indexed: 1, pending: 0 })
    await vault.captures.delete([capture.id])
    await memory.index.idle()
    expect((await memory.search({ query: 'attention' })).hits).toEqual([])
    await memory.close()
    await vault.close()
  })
})
