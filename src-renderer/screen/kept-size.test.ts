import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSmaller, keptSize, MOST_PIXELS } from './kept-size.ts'

describe('what is kept of a screen', () => {
  it.each([
    [1_920, 1_080],
    [5_120, 2_880],
    [10_240, 2_880],
  ])('is all of it at %i × %i', (width, height) => {
    expect(keptSize({ width, height })).toEqual({ width, height })
  })

  it('has fewer pixels where two screens of 8K stand side by side, in the same form', () => {
    const seen = { width: 15_360, height: 4_320 }
    const kept = keptSize(seen)
    expect(kept).toEqual({ width: 11_925, height: 3_354 })
    expect(isSmaller(kept, seen)).toBe(true)
  })

  it('is bounded whatever there is, never empty, and as large as it may be', () => {
    const side = fc.integer({ min: 1, max: 200_000 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const kept = keptSize({ width, height })
        expect(kept.width * kept.height).toBeLessThanOrEqual(MOST_PIXELS)
        expect(Math.max(kept.width, kept.height)).toBeLessThan(16_384)
        expect(Math.min(kept.width, kept.height)).toBeGreaterThanOrEqual(1)
        const isWhole = !isSmaller(kept, { width, height })
        const isFull = Math.max(kept.width, kept.height) >= 15_999 || kept.width * kept.height > MOST_PIXELS * 0.9
        expect(isWhole || isFull).toBe(true)
      }),
    )
  })
})
