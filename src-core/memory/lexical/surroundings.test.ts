import { describe, expect, it } from 'vitest'
import { scoresAmongSurroundings } from './surroundings.ts'
import { countTerms, TermIds } from './term-ids.ts'

const ids = new TermIds()
const text = (words: string) => countTerms(words, ids)
const weights = new Map(['ice', 'sea'].map((term) => [ids.idOf(term), 1]))

describe('scores among surroundings', () => {
  it('stay as they are where each text is one chunk', () => {
    const found = ['ice sea', 'ice'].map((words, place) => ({
      score: 2 - place,
      own: text(words),
      around: [text(words)],
    }))
    expect(scoresAmongSurroundings(found, weights, 2)).toEqual([2, 1])
  })

  it('rise, among equals, with words that stand beside', () => {
    const [own, sea, sand] = ['ice and snow', 'sea and wind', 'sand and sun'].map(text) as [
      ReturnType<typeof text>,
      ReturnType<typeof text>,
      ReturnType<typeof text>,
    ]
    const found = [
      { score: 1, own, around: [own, sand] },
      { score: 1, own, around: [own, sea] },
    ]
    const [dry = 0, wet = 0] = scoresAmongSurroundings(found, weights, 3)
    expect(wet).toBe(1)
    expect(dry).toBeLessThan(1)
    expect(dry).toBeGreaterThan(0.5)
  })

  it('are never more than the best was', () => {
    const found = ['ice', 'ice ice', 'sea'].map((words, place) => ({
      score: 3 - place,
      own: text(words),
      around: [text(words), text('ice sea')],
    }))
    const scores = scoresAmongSurroundings(found, weights, 1)
    expect(Math.max(...scores)).toBeLessThanOrEqual(3)
    expect(Math.min(...scores)).toBeGreaterThan(0)
  })

  it('are none of nothing', () => expect(scoresAmongSurroundings([], weights, 1)).toEqual([]))
})
