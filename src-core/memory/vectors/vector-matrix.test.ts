import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { type Named, VectorMatrix } from './vector-matrix.ts'

const row = (chunkId: string, vector: number[], captureId = chunkId) => ({
  chunkId,
  captureId,
  vector: Float32Array.from(vector),
})
type Row = ReturnType<typeof row>
const put = (matrix: VectorMatrix<Row>, one: Row) => matrix.set(one, one.vector)

describe('a matrix of vectors', () => {
  test('gives the same as sorting all of them, whatever was set, replaced and pruned before', () => {
    const value = fc.integer({ min: -8, max: 8 })
    const vector = fc.array(value, { minLength: 5, maxLength: 5 })
    const step = fc.oneof(
      fc.record({ set: fc.integer({ min: 0, max: 30 }), vector }),
      fc.record({ prune: fc.integer({ min: 0, max: 6 }), kept: fc.integer({ min: 0, max: 30 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), vector, fc.integer({ min: 1, max: 12 }), (steps, asked, limit) => {
        const matrix = new VectorMatrix<Row>()
        const model = new Map<string, ReturnType<typeof row>>()
        for (const each of steps) {
          if ('set' in each) {
            const one = row(`chunk-${each.set}`, each.vector, `capture-${each.set % 7}`)
            put(matrix, one)
            model.set(one.chunkId, one)
          } else {
            const [capture, kept] = [`capture-${each.prune}`, `chunk-${each.kept}`]
            matrix.prune(new Set([capture]), new Set([kept]))
            for (const one of model.values())
              if (one.captureId === capture && one.chunkId !== kept) model.delete(one.chunkId)
          }
        }
        const query = Float32Array.from(asked)
        const dot = (a: Float32Array) => a.reduce((sum, part, at) => sum + part * (query[at] ?? 0), 0)
        const cosines = [...model.values()].map((one) => dot(one.vector)).sort((a, b) => b - a)
        const found = matrix.nearest(query, limit)
        expect(matrix.size).toBe(model.size)
        expect(found.map(({ cosine }) => cosine)).toEqual(cosines.slice(0, limit))
        for (const { chunkId, captureId, cosine } of found) {
          expect(model.get(chunkId)).toMatchObject({ captureId })
          expect(dot(model.get(chunkId)?.vector ?? query)).toBe(cosine)
        }
      }),
    )
  })

  test('looks only at what the filter lets through', () => {
    const matrix = new VectorMatrix<Row>()
    for (const [id, x] of [
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ] as const)
      put(matrix, row(id, [x]))
    const query = Float32Array.of(1)
    const ids = (accepts?: (one: Row) => boolean) => matrix.nearest(query, 5, accepts).map(({ chunkId }) => chunkId)
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(ids(({ captureId }) => captureId !== 'a')).toEqual(['b', 'c'])
    expect(ids(() => false)).toEqual([])
  })

  test('compares with a query and with the middle of some', () => {
    const matrix = new VectorMatrix<Row>()
    put(matrix, row('x', [1, 0]))
    put(matrix, row('y', [0, 1]))
    const compared = matrix.compare(['x', 'y', 'unknown'], { vector: Float32Array.of(0, 1), middleOf: ['x', 'y'] })
    expect([...compared.keys()]).toEqual(['x', 'y'])
    expect(compared.get('x')?.cosine).toBe(0)
    expect(compared.get('y')?.cosine).toBe(1)
    expect(compared.get('x')?.likeness).toBeCloseTo(Math.SQRT1_2, 6)
    expect(matrix.compare(['x'], { vector: Float32Array.of(1, 0), middleOf: [] }).get('x')?.likeness).toBe(0)
  })

  test('rounded to bytes finds nearly the same, whatever was replaced and pruned before', () => {
    const random = seededRandom(11)
    const unit = () => {
      const vector = Float32Array.from({ length: 100 }, () => random.fraction() - 0.5)
      const length = Math.hypot(...vector)
      return vector.map((value) => value / length)
    }
    const exact = new VectorMatrix<Named>()
    const rounded = new VectorMatrix<Named>('int8')
    const both = [exact, rounded]
    for (let at = 0; at < 3_000; at += 1) {
      const vector = unit()
      for (const matrix of both) matrix.set({ chunkId: `c${at % 2_500}`, captureId: `of-${at % 50}` }, vector)
    }
    for (const matrix of both) matrix.prune(new Set(['of-7', 'of-49']), new Set(['c7']))
    const made = exact.as('int8')
    let found = 0
    for (let round = 0; round < 20; round += 1) {
      const query = unit()
      const cosineOf = new Map(exact.nearest(query, 3_000).map(({ chunkId, cosine }) => [chunkId, cosine]))
      const nearest = rounded.nearest(query, 50)
      expect(made.nearest(query, 50)).toEqual(nearest)
      for (const { chunkId, cosine } of nearest)
        expect(Math.abs(cosine - (cosineOf.get(chunkId) ?? 2))).toBeLessThan(0.01)
      const ids = new Set(nearest.map(({ chunkId }) => chunkId))
      found += exact.nearest(query, 50).filter(({ chunkId }) => ids.has(chunkId)).length
    }
    expect(rounded.size).toBe(exact.size)
    expect(found / (20 * 50)).toBeGreaterThan(0.97)
  })

  test('refuses a vector of another model', () => {
    const matrix = new VectorMatrix<Row>()
    put(matrix, row('x', [1, 0]))
    expect(() => put(matrix, row('y', [1]))).toThrow(RangeError)
  })
})
