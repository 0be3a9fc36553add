import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chunkRow } from '../../test/suites/lexical-index-suite.ts'
import { openTestStore } from '../../test/vault-world.ts'
import { ManualClock, silentLog } from '../kernel/index.ts'
import type { Database, Store } from '../store/index.ts'
import { deleteChunks, type NewChunk, readChunks, writeChunks } from './chunk-rows.ts'
import { Bm25Index } from './lexical/bm25.ts'
import { ResidentLexicalIndex } from './lexical/resident.ts'
import { ResidentChunks, type WrittenChunks } from './resident-chunks.ts'

const VAULT = 'vault'
const NOTHING = { captures: [], notes: [], documents: [] }

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

let db: Database
beforeEach(async () => {
  db = store.database
  await db.query('delete from chunks')
})

function open(options: { mostResident?: number; db?: Database; clock?: ManualClock } = {}) {
  const chunks = new ResidentChunks({ db, vaultId: VAULT, clock: new ManualClock(), log: silentLog, ...options })
  const stored = new Bm25Index(db, VAULT)
  const lexical = new ResidentLexicalIndex(stored, chunks)
  return { chunks, lexical, find: async (term: string) => idsOf(await lexical.search([term], { limit: 10 })) }
}

const idsOf = (matches: readonly { chunkId: string }[]) => matches.map(({ chunkId }) => chunkId).sort()

/** What the indexer does. */
async function write(chunks: ResidentChunks, written: Partial<WrittenChunks>): Promise<void> {
  const { owners = [], keptIds = [], rows = [] } = written
  await db.transaction(async (tx) => {
    await deleteChunks(tx, VAULT, owners, keptIds)
    await writeChunks(tx, VAULT, rows)
  })
  chunks.written({ owners, keptIds, rows })
}

const turn = (number: number, minute: number, text = 'leaf'): NewChunk =>
  chunkRow(number, text, { sessionId: 'session', createdAt: new Date(Date.UTC(2026, 2, 1, 12, minute)) })

describe('chunks in memory', () => {
  it('answer the same before, while and after they are read', async () => {
    await writeChunks(db, VAULT, [chunkRow(1, 'leaf'), chunkRow(2, 'stem')])
    const { chunks, find } = open()
    await new Bm25Index(db, VAULT).prepare()
    expect(await find('leaf')).toEqual(['chunk-00001'])
    expect(chunks.isReady()).toBe(false)
    await write(chunks, { rows: [chunkRow(3, 'leaf')] })
    await chunks.whenResident()
    expect(chunks.isReady()).toBe(true)
    expect(await find('leaf')).toEqual(['chunk-00001', 'chunk-00003'])
  })

  it('give up what the indexer replaces, and keep what it keeps', async () => {
    const { chunks, find } = open()
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(1, 'leaf'), chunkRow(2, 'leaf', { captureId: 'capture-1' })] })
    const owners = [{ kind: 'capture' as const, id: 'capture-1' }]
    await write(chunks, { owners, keptIds: ['chunk-00002'], rows: [] })
    expect(await find('leaf')).toEqual(['chunk-00002'])
    await write(chunks, { owners, keptIds: [], rows: [] })
    expect(await find('leaf')).toEqual([])
  })

  it('never find, nor show, what the vault has deleted a moment ago', async () => {
    const { chunks, find } = open()
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(1, 'leaf'), chunkRow(2, 'leaf')] })
    expect([...(await chunks.rows(['chunk-00001'])).keys()]).toEqual(['chunk-00001'])
    await db.query(`delete from chunks where capture_id = 'capture-1'`)
    chunks.changed({ ...NOTHING, captures: ['capture-1', 'capture-2'] })
    expect(await find('leaf')).toEqual(['chunk-00002'])
    expect([...(await chunks.rows(['chunk-00001', 'chunk-00002'])).keys()]).toEqual(['chunk-00002'])
  })

  it('show a row as it is now', async () => {
    const { chunks } = open()
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(1, 'leaf')] })
    await chunks.rows(['chunk-00001'])
    await write(chunks, { rows: [chunkRow(1, 'leaf', { heading: ['Plants'] })] })
    expect((await chunks.rows(['chunk-00001'])).get('chunk-00001')?.heading).toEqual(['Plants'])
  })

  it('show all of a small memory, and what was written since, without a statement', async () => {
    await writeChunks(db, VAULT, [chunkRow(1, 'leaf')])
    let statements = 0
    const query: Database['query'] = (text, parameters, options) => {
      statements += 1
      return store.database.query(text, parameters, options)
    }
    const { chunks } = open({ db: { ...store.database, query } })
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(2, 'stem')] })
    const before = statements
    const shown = await chunks.rows(['chunk-00001', 'chunk-00002'])
    expect([...shown.values()].map(({ text }) => text)).toEqual([chunkRow(1, 'leaf').text, chunkRow(2, 'stem').text])
    expect(statements).toBe(before)
    const read = await readChunks(db, VAULT, ['chunk-00001', 'chunk-00002'])
    expect(shown).toEqual(read)
  })

  it('know the turns before and after one, by their time', async () => {
    const { chunks } = open()
    await chunks.whenResident()
    await write(chunks, { rows: [turn(1, 1), turn(3, 3), turn(2, 2)] })
    const around = (number: number) => chunks.neighbours([`capture-${number}`]).get(`capture-${number}`)
    expect(around(2)).toEqual(['capture-1', 'capture-3'])
    expect(around(1)).toEqual([undefined, 'capture-2'])
    await write(chunks, { owners: [{ kind: 'capture', id: 'capture-2' }] })
    expect(around(1)).toEqual([undefined, 'capture-3'])
    expect(around(9)).toEqual([])
  })

  it('leave what is too many to Postgres', async () => {
    const { chunks, find } = open({ mostResident: 1 })
    await new Bm25Index(db, VAULT).prepare()
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(1, 'leaf'), chunkRow(2, 'leaf')] })
    expect(chunks.isReady()).toBe(false)
    expect(await find('leaf')).toEqual(['chunk-00001', 'chunk-00002'])
  })

  it('are not read where they are too many, only counted', async () => {
    await writeChunks(db, VAULT, [chunkRow(1, 'leaf'), chunkRow(2, 'leaf')])
    const asked: string[] = []
    const watched: Database = {
      ...db,
      query: (...question: Parameters<Database['query']>) => {
        asked.push(question[0])
        return db.query(...question)
      },
    } as Database
    const { chunks } = open({ mostResident: 1, db: watched })
    await chunks.whenResident()
    expect(chunks.isReady()).toBe(false)
    expect(asked).toEqual([expect.stringContaining('count(*)')])
    const all = open({ mostResident: 2 }).chunks
    await all.whenResident()
    expect(all.isReady()).toBe(true)
  })

  it('leave phrases to Postgres, and filter the rest themselves', async () => {
    const { chunks, lexical } = open()
    await new Bm25Index(db, VAULT).prepare()
    await chunks.whenResident()
    await write(chunks, { rows: [chunkRow(1, 'green leaf'), chunkRow(2, 'leaf green', { field: 'agentText' })] })
    const find = async (filters: Parameters<typeof lexical.search>[1]['filters']) =>
      idsOf(await lexical.search(['leaf'], { limit: 10, filters }))
    expect(await find({ phrases: ['green leaf'] })).toEqual(['chunk-00001'])
    expect(await find({ fields: ['agentText'] })).toEqual(['chunk-00002'])
    expect(await find({ exclude: ['capture-1'] })).toEqual(['chunk-00002'])
  })

  it('are read again some time after they could not be', async () => {
    const clock = new ManualClock()
    let isDown = true
    let asked = 0
    const flaky: Database = {
      ...db,
      query: async (...question: Parameters<Database['query']>) => {
        asked += 1
        if (isDown) throw new Error('down')
        return db.query(...question)
      },
    } as Database
    const { chunks } = open({ db: flaky, clock })
    await chunks.whenResident()
    expect(chunks.isReady()).toBe(false)
    expect(chunks.isReady()).toBe(false)
    expect(asked).toBe(1)
    isDown = false
    clock.advance(31_000)
    await chunks.whenResident()
    expect(chunks.isReady()).toBe(true)
  })
})
