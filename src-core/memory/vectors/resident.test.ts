import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../test/vault-world.ts'
import { ManualClock, silentLog } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { type NewChunk, writeChunks } from '../chunk-rows.ts'
import { PgvectorIndex } from './pgvector.ts'
import { ResidentVectors } from './resident.ts'

const VAULT = 'vault'
const QUERY = Float32Array.of(1, 0)

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const chunk = (id: string): NewChunk => ({
  id,
  captureId: `of-${id}`,
  kind: 'capture',
  field: 'userText',
  ordinal: 0,
  start: 0,
  end: 4,
  text: 'text',
  terms: 'text',
  language: 'en',
  sessionId: 's',
  source: 'text',
  createdAt: new Date('2026-03-01T12:00:00Z'),
  heading: [],
  place: null,
})
/** A vector of unit length whose cosine to the query is `cosine`. */
const vectorOf = (id: string, cosine: number) => ({
  chunkId: id,
  vector: Float32Array.of(cosine, Math.sqrt(1 - cosine ** 2)),
  place: chunk(id),
})
const idsOf = async (index: ResidentVectors, limit = 10) =>
  (await index.search(QUERY, { limit })).map(({ chunkId }) => chunkId)

async function open(limits: { mostWhole?: number; mostResident?: number } = {}) {
  const stored = new PgvectorIndex(store.database, VAULT, 'model-a')
  await stored.prepare()
  await stored.clear()
  await store.database.query('delete from chunks')
  await writeChunks(store.database, VAULT, ['a', 'b', 'c', 'd'].map(chunk))
  return {
    stored,
    index: new ResidentVectors(stored, {
      clock: new ManualClock(),
      log: silentLog,
      ...limits,
    }),
  }
}

describe('resident vectors', () => {
  it('answer the same before, while and after they are read', async () => {
    const { stored, index } = await open()
    await stored.add([vectorOf('a', 0.5), vectorOf('b', 0.9)])
    const first = idsOf(index)
    const added = index.add([vectorOf('c', 0.7)])
    expect(await first).toEqual(['b', 'a'])
    await added
    expect(await idsOf(index)).toEqual(['b', 'c', 'a'])
    await index.whenResident()
    expect(await idsOf(index)).toEqual(['b', 'c', 'a'])
    await index.prune(['of-b'], [])
    await index.add([vectorOf('a', 0.99)])
    expect(await idsOf(index)).toEqual(['a', 'c'])
  })

  it('leave what is too many to Postgres, and take it back once there is less', async () => {
    const { index } = await open({ mostResident: 2 })
    await index.whenResident()
    await index.add([vectorOf('a', 0.1), vectorOf('b', 0.2), vectorOf('c', 0.3)])
    expect(await idsOf(index)).toEqual(['c', 'b', 'a'])
    expect([...(await index.compare(['a'], { vector: QUERY, middleOf: [] })).keys()]).toEqual(['a'])
    await index.clear()
    await index.add([vectorOf('d', 0.4)])
    await index.whenResident()
    expect(await idsOf(index)).toEqual(['d'])
  })

  it('are not read where they are too many, only counted', async () => {
    const { stored, index } = await open({ mostResident: 2 })
    await stored.add([vectorOf('a', 0.1), vectorOf('b', 0.2), vectorOf('c', 0.3)])
    let pages = 0
    const page = stored.page.bind(stored)
    stored.page = (...question) => {
      pages += 1
      return page(...question)
    }
    await index.whenResident()
    expect(pages).toBe(0)
    expect(await idsOf(index)).toEqual(['c', 'b', 'a'])
  })

  it('find by rounded vectors in a large vault, within filters too, and compare exactly', async () => {
    const { stored, index } = await open({ mostWhole: 2 })
    await index.add([vectorOf('a', 0.1), vectorOf('b', 0.9)])
    await index.whenResident()
    await index.add([vectorOf('c', 0.5), vectorOf('d', 0.7)])
    const asked: string[] = []
    stored.search = async () => {
      asked.push('search')
      return []
    }
    const found = await index.search(QUERY, { limit: 10 })
    expect(found.map(({ chunkId }) => chunkId)).toEqual(['b', 'd', 'c', 'a'])
    for (const [at, cosine] of [0.9, 0.7, 0.5, 0.1].entries()) expect(found[at]?.cosine).toBeCloseTo(cosine, 1)
    expect(found[3]?.cosine, 'as bytes hold it').not.toBeCloseTo(0.1, 4)
    const filters = { exclude: ['of-b'], fields: ['userText' as const] }
    expect((await index.search(QUERY, { filters, limit: 2 })).map(({ chunkId }) => chunkId)).toEqual(['d', 'c'])
    expect(asked).toEqual([])
    // Fewer are left than were asked for: only Postgres knows whether there are more.
    await index.search(QUERY, { filters, limit: 4 })
    await index.search(QUERY, { filters: { sessionId: 's' }, limit: 2 })
    expect(asked).toEqual(['search', 'search'])
    const compared = await index.compare(['a'], { vector: QUERY, middleOf: ['b'] })
    expect(compared.get('a')?.cosine).toBeCloseTo(0.1, 6)
    await index.prune(['of-b'], [])
    expect(await idsOf(index)).toEqual(['d', 'c', 'a'])
  })
})
