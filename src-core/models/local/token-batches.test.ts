import fc from 'fast-check'
import { expect, it } from 'vitest'
import { slicesOf } from './slices.ts'
import { batchByLength } from './token-batches.ts'

const sorted = (indexes: number[]) => [...indexes].sort((a, b) => a - b)
const all = (count: number) => Array.from({ length: count }, (_, index) => index)

it('puts every row into one batch within the limits, short rows first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 256 }), { maxLength: 200 }), (lengths) => {
      const limits = { rows: 16, tokens: 1_024 }
      const batches = batchByLength(lengths, limits)
      expect(sorted(batches.flat())).toEqual(all(lengths.length))
      for (const batch of batches) {
        const longest = Math.max(...batch.map((index) => lengths[index] ?? 0))
        expect(batch.length).toBeLessThanOrEqual(limits.rows)
        expect(longest * batch.length).toBeLessThanOrEqual(limits.tokens)
      }
      const inOrder = batches.flat().map((index) => lengths[index] ?? 0)
      expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
    }),
    { seed: 1 },
  )
})

it('gives a row that is longer than a batch a batch of its own', () => {
  expect(batchByLength([10, 5_000, 10], { rows: 16, tokens: 1_024 })).toEqual([[0, 2], [1]])
})

it('puts every text into one slice of at most 64 texts or 16,000 characters', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 150 }), (lengths) => {
      const texts = lengths.map((length) => 'x'.repeat(length))
      const slices = slicesOf(texts)
      expect(sorted(slices.flat())).toEqual(all(texts.length))
      for (const slice of slices) {
        const characters = slice.reduce((sum, index) => sum + (lengths[index] ?? 0), 0)
        expect(slice.length).toBeLessThanOrEqual(64)
        expect(slice.length === 1 || characters <= 16_000).toBe(true)
      }
    }),
    { seed: 2, numRuns: 50 },
  )
})
