import { describe, expect, test } from 'vitest'
import { echoes } from './echo.ts'
import { countTerms, TermIds } from './lexical/term-ids.ts'

const ids = new TermIds()
const speaking = (chunkId: string, score: number, terms: string) => ({ chunkId, score, ...countTerms(terms, ids) })

describe('the echo of the best', () => {
  test('lifts what shares the rare words of the best, and not what shares those of all', () => {
    const others = Array.from({ length: 20 }, (_, index) =>
      speaking(`other-${index}`, 0.1, `common filler${index} word`),
    )
    const found = echoes([
      speaking('best', 1, 'common chloroplast stroma'),
      ...others,
      speaking('kin', 0.1, 'chloroplast stroma lumen'),
    ])
    expect(found.get('best')).toBe(1)
    expect(found.get('kin') ?? 0).toBeGreaterThan(0.5)
    expect(Math.max(...others.map(({ chunkId }) => found.get(chunkId) ?? 0))).toBeLessThan(0.3)
  })

  test('is between 0 and 1, also for texts without words', () => {
    expect([...echoes([speaking('a', 1, ''), speaking('b', 0.5, '')])]).toEqual([
      ['a', 0],
      ['b', 0],
    ])
    expect(echoes([])).toEqual(new Map())
  })
})
