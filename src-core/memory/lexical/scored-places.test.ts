import { describe, expect, it } from 'vitest'
import { scoresBetween } from './scored-places.ts'

describe('scoresBetween', () => {
  it('keeps what is known and reads the rest off the line between', () => {
    expect(scoresBetween([10, 8, undefined, undefined, 2])).toEqual([10, 8, 6, 4, 2])
    expect(scoresBetween([3])).toEqual([3])
    expect(scoresBetween([])).toEqual([])
  })

  it('never rises where the known scores fall', () => {
    const scores = scoresBetween([9, undefined, 9, undefined, undefined, 1, undefined, 0.5])
    expect(scores).toHaveLength(8)
    for (const [place, score] of scores.entries()) expect(score).toBeLessThanOrEqual(scores[place - 1] ?? score)
  })
})
