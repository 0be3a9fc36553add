import { describe, expect, it } from 'vitest'
import { meanFigures, measureRanking } from './ranking-measures.ts'

describe('measureRanking', () => {
  it('is 1 for a ranking that nothing could better', () => {
    const relevant = new Map([
      ['a', 2],
      ['b', 1],
    ])
    expect(measureRanking(['a', 'b', 'x'], relevant)).toEqual({ ndcg10: 1, recall5: 1, recall10: 1, recall100: 1 })
  })

  it('counts gains by rank and recall by depth', () => {
    const relevant = new Map([
      ['a', 2],
      ['b', 1],
    ])
    const ranking = ['x', 'b', ...Array.from({ length: 5 }, (_, index) => `y${index}`), 'a']
    const ideal = 2 + 1 / Math.log2(3)
    const figures = measureRanking(ranking, relevant)
    expect(figures.ndcg10).toBeCloseTo((1 / Math.log2(3) + 2 / Math.log2(9)) / ideal, 12)
    expect(figures).toMatchObject({ recall5: 0.5, recall10: 1, recall100: 1 })
  })

  it('is 0 where nothing was found', () => {
    expect(measureRanking([], new Map([['a', 1]]))).toEqual({ ndcg10: 0, recall5: 0, recall10: 0, recall100: 0 })
  })
})

describe('meanFigures', () => {
  it('is the mean of each figure', () => {
    const zero = { ndcg10: 0, recall5: 0, recall10: 0, recall100: 0 }
    const one = { ndcg10: 1, recall5: 1, recall10: 1, recall100: 0.5 }
    expect(meanFigures([zero, one])).toEqual({ ndcg10: 0.5, recall5: 0.5, recall10: 0.5, recall100: 0.25 })
  })
})
