import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src-core/kernel/index.ts'
import type { SearchFilters } from '../../src-core/memory/index.ts'
import type { ChunkPlace, ChunkVector, VectorIndex } from '../../src-core/memory/vectors/types.ts'

/** What an implementation brings: empty indexes of one vault. `chunks` are told of before their vectors, for those that join with the table. */
export interface VectorIndexFixture {
  open(modelId: string): Promise<VectorIndex>
  storeChunks(chunks: readonly { chunkId: string; place: ChunkPlace }[]): Promise<void>
  close(): Promise<void>
  /** Whether vectors of several models can stand side by side in one index. */
  readonly keepsOtherModels: boolean
}

const DIMENSIONS = 384
const random = seededRandom(7)

function unitVector(): Float32Array {
  const vector = Float32Array.from({ length: DIMENSIONS }, () => random.fraction() - 0.5)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

function chunkVector(number: number, place: Partial<ChunkPlace> = {}): ChunkVector {
  return {
    chunkId: `chunk-${String(number).padStart(4, '0')}`,
    vector: unitVector(),
    place: {
      captureId: `capture-${number}`,
      field: 'userText',
      sessionId: 'one',
      source: 'text',
      createdAt: new Date('2026-03-01T12:00:00Z'),
      language: 'en',
      text: 'text',
      ...place,
    },
  }
}

/** What every `VectorIndex` must do. An implementation is finished when this passes. */
export function vectorIndexSuite(name: string, setup: () => Promise<VectorIndexFixture>): void {
  describe(`vector index: ${name}`, () => {
    let fixture: VectorIndexFixture
    let index: VectorIndex

    beforeAll(async () => {
      fixture = await setup()
      index = await fixture.open('model-a')
    })
    afterAll(async () => fixture?.close())
    beforeEach(async () => {
      await index.prepare()
      await index.clear()
    })

    const store = async (vectors: ChunkVector[]) => {
      await fixture.storeChunks(vectors)
      await index.add(vectors)
    }

    it('gives the nearest first, exactly', async () => {
      const vectors = Array.from({ length: 200 }, (_, number) => chunkVector(number))
      await store(vectors)
      const query = unitVector()
      const expected = vectors
        .map(({ chunkId, vector }) => ({ chunkId, cosine: cosine(vector, query) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, 20)
      const found = await index.search(query, { limit: 20 })
      expect(found.map((match) => match.chunkId)).toEqual(expected.map((match) => match.chunkId))
      for (const [rank, match] of found.entries()) {
        expect(match.cosine).toBeCloseTo(expected[rank]?.cosine ?? 0, 4)
        expect(match.captureId).toBe(`capture-${Number(match.chunkId.slice(6))}`)
      }
    })

    it('finds a vector by itself with cosine 1, and its opposite with -1', async () => {
      const vector = chunkVector(1)
      await store([vector])
      expect((await index.search(vector.vector, { limit: 1 }))[0]?.cosine).toBeCloseTo(1, 4)
      const opposite = vector.vector.map((value) => -value)
      expect((await index.search(opposite, { limit: 1 }))[0]?.cosine).toBeCloseTo(-1, 4)
    })

    it('finds nothing in an empty index', async () => {
      expect(await index.search(unitVector(), { limit: 5 })).toEqual([])
      expect(await index.count()).toBe(0)
      expect(await index.owners()).toEqual([])
    })

    it('replaces the vector of a chunk', async () => {
      const before = chunkVector(1)
      await store([before])
      const after = { ...before, vector: unitVector() }
      await index.add([after])
      expect(await index.count()).toBe(1)
      expect((await index.search(after.vector, { limit: 1 }))[0]?.cosine).toBeCloseTo(1, 4)
    })

    it('knows which chunks have a vector', async () => {
      await store([chunkVector(1), chunkVector(2)])
      expect(await index.known(['chunk-0001', 'chunk-0003'])).toEqual(new Set(['chunk-0001']))
      expect(await index.known([])).toEqual(new Set())
      await index.add([])
      expect(await index.count()).toBe(2)
    })

    it('filters before it counts to the limit', async () => {
      const near = Array.from({ length: 50 }, (_, number) => chunkVector(number))
      const special: Partial<ChunkPlace>[] = [
        { sessionId: 'two' },
        { source: 'voice' },
        { field: 'agentText' },
        { createdAt: new Date('2026-04-01T00:00:00Z') },
        { field: 'noteText', source: 'note', sessionId: null },
      ]
      await store([...near, ...special.map((place, number) => chunkVector(100 + number, place))])
      const query = near[0]?.vector ?? unitVector()
      const idsWith = async (filters: SearchFilters) =>
        (await index.search(query, { filters, limit: 3 })).map((match) => match.chunkId)
      expect(await idsWith({ sessionId: 'two' })).toEqual(['chunk-0100'])
      expect(await idsWith({ sources: ['voice'] })).toEqual(['chunk-0101'])
      expect(await idsWith({ fields: ['agentText'] })).toEqual(['chunk-0102'])
      expect(await idsWith({ from: '2026-04-01T00:00:00Z' })).toEqual(['chunk-0103'])
      expect(await idsWith({ from: '2026-03-01T12:00:00.001Z', to: '2026-04-01T00:00:00Z' })).toEqual([])
      expect(await idsWith({ sources: ['note'], fields: ['noteText'] })).toEqual(['chunk-0104'])
      expect(await idsWith({ sources: [] })).toEqual([])
      expect(await idsWith({ sessionId: "'; drop table chunks; --" })).toEqual([])
      expect(await idsWith({ sessionId: 'two', exclude: ['capture-100'] })).toEqual([])
      expect(await idsWith({ sessionId: 'two', within: ['capture-100'] })).toEqual(await idsWith({ sessionId: 'two' }))
      expect(await idsWith({ sessionId: 'two', within: [] })).toEqual([])
      expect(await idsWith({ to: '2026-03-01T12:00:00.001Z' })).toHaveLength(3)
    })

    it('prunes the vectors of captures, but the ones to keep', async () => {
      await store([
        chunkVector(1, { captureId: 'a' }),
        chunkVector(2, { captureId: 'a' }),
        chunkVector(3, { captureId: 'b' }),
        chunkVector(4, { captureId: 'c' }),
      ])
      await index.prune(['a', 'b', 'nobody'], ['chunk-0002', 'chunk-0004'])
      expect(await index.known(['chunk-0001', 'chunk-0002', 'chunk-0003', 'chunk-0004'])).toEqual(
        new Set(['chunk-0002', 'chunk-0004']),
      )
      expect((await index.owners()).sort()).toEqual(['a', 'c'])
    })

    it('keeps the vectors of another model out of sight until they are dropped', async (context) => {
      if (!fixture.keepsOtherModels) return context.skip()
      const other = await fixture.open('model-b')
      const vector = chunkVector(1)
      await store([vector])
      expect(await other.known([vector.chunkId])).toEqual(new Set())
      const short = { ...chunkVector(2), vector: new Float32Array([0.6, 0.8]) }
      await other.add([short])
      expect(await other.search(new Float32Array([1, 0]), { limit: 5 })).toMatchObject([{ chunkId: 'chunk-0002' }])
      expect(await index.search(vector.vector, { limit: 5 })).toHaveLength(1)
      await other.dropOtherModels()
      expect(await index.count()).toBe(0)
      expect(await other.count()).toBe(1)
      await other.clear()
    })

    it('stops when it is told to', async () => {
      await store([chunkVector(1)])
      const signal = AbortSignal.abort(new DOMException('Stopped.', 'AbortError'))
      await expect(index.search(unitVector(), { limit: 1, signal })).rejects.toBeDefined()
    })
  })
}
