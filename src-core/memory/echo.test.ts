import { describe, expect, test } from 'vitest'
import { Echo, type Speaking } from './echo.ts'
import { countTerms, TermIds } from './lexical/term-ids.ts'

const ids = new TermIds()
const echo = new Echo()
const speaking = (score: number, terms: string): Speaking => ({ score, counted: countTerms(terms, ids) })
const echoes = (...texts: Speaking[]) => [...echo.of(texts, ids.size)]

describe('the echo of the best', () => {
  test('lifts what shares the rare words of the best, and not what shares those of all', () => {
    const others = Array.from({ length: 20 }, (_, index) => speaking(0.1, `common filler${index} word`))
    const [best, ...rest] = echoes(
      speaking(1, 'common chloroplast stroma'),
      ...others,
      speaking(0.1, 'chloroplast stroma lumen'),
    )
    expect(best).toBe(1)
    expect(rest.pop()).toBeGreaterThan(0.5)
    expect(Math.max(...rest)).toBeLessThan(0.3)
  })

  test('is between 0 and 1, also for texts without words', () => {
    expect(echoes(speaking(1, ''), speaking(0.5, ''))).toEqual([0, 0])
    expect(echoes()).toEqual([])
  })

  test('says the same again, whatever was searched in between', () => {
    const texts = [
      speaking(1, 'osmosis membrane water'),
      speaking(0.5, 'water table'),
      speaking(0.2, 'osmosis gradient'),
    ]
    const before = echoes(...texts)
    echoes(speaking(1, 'membrane osmosis osmosis'), speaking(1, 'gradient'), speaking(0.1, 'table'))
    expect(echoes(...texts)).toEqual(before)
  })
})
