import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvertedIndex } from './inverted-index.ts'

const [K1, B] = [1.6, 0.75]

/** BM25 as the formula says, text by text. */
function bm25(texts: ReadonlyMap<string, string[]>, asked: readonly string[]): Map<string, number> {
  const all = [...texts.values()]
  const average = all.reduce((sum, { length }) => sum + length, 0) / all.length
  const scores = new Map<string, number>()
  for (const [id, words] of texts) {
    let score = 0
    for (const term of asked) {
      const having = all.filter((other) => other.includes(term)).length
      const count = words.filter((word) => word === term).length
      const rarity = Math.log(1 + (all.length - having + 0.5) / (having + 0.5))
      score += (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + (B * words.length) / average))
    }
    if (score > 0) scores.set(id, score)
  }
  return scores
}

describe('an inverted index', () => {
  test('scores as BM25 does, whatever was set, replaced and deleted before', () => {
    const word = fc.constantFrom('cell', 'light', 'sugar', 'water', 'leaf')
    const words = fc.array(word, { minLength: 1, maxLength: 6 })
    const step = fc.record({ id: fc.integer({ min: 0, max: 9 }), words: fc.option(words) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), words, fc.integer({ min: 1, max: 12 }), (steps, asked, limit) => {
        const index = new InvertedIndex<{ id: string }>()
        const model = new Map<string, string[]>()
        for (const { id: number, words: text } of steps) {
          const id = `chunk-${number}`
          if (text) {
            index.set({ id }, text.join(' '))
            model.set(id, text)
          } else {
            index.delete(id)
            model.delete(id)
          }
        }
        const expected = bm25(model, asked)
        const found = index.search(asked, limit)
        expect(index.size).toBe(model.size)
        expect(found).toHaveLength(Math.min(limit, expected.size))
        for (const { item, score } of found) expect(score).toBeCloseTo(expected.get(item.id) ?? 0, 5)
        const least = found.at(-1)?.score ?? 0
        for (const [id, score] of expected)
          if (!found.some(({ item }) => item.id === id)) expect(score).toBeLessThanOrEqual(least + 1e-5)
      }),
    )
  })

  test('stays right when most of what it held is gone', () => {
    const index = new InvertedIndex<{ id: string }>()
    for (let at = 0; at < 3_000; at += 1) index.set({ id: `chunk-${at}` }, `common word${at}`)
    for (let at = 0; at < 2_999; at += 1) index.delete(`chunk-${at}`)
    expect(index.search(['common', 'word5'], 10).map(({ item }) => item.id)).toEqual(['chunk-2999'])
    expect(index.get('chunk-2999')?.counted.length).toBe(2)
  })

  test('gives equal scores in the order of their ids, and only what is accepted', () => {
    const index = new InvertedIndex<{ id: string }>()
    for (const id of ['c', 'a', 'b']) index.set({ id }, 'leaf')
    const ids = (accepts?: (item: { id: string }) => boolean) =>
      index.search(['leaf'], 5, accepts).map(({ item }) => item.id)
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(ids(({ id }) => id !== 'b')).toEqual(['a', 'c'])
    expect(index.search(['unknown'], 5)).toEqual([])
  })
})
