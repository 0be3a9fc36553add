import { describe, expect, it } from 'vitest'
import { abbreviationsOf } from './abbreviations.ts'

const pairs = (sentence: string) =>
  abbreviationsOf(sentence, 0).map(({ short, long }) => `${short.text} = ${long.text}`)

describe('abbreviations', () => {
  it.each([
    ['Machine learning (ML) is fun.', ['ML = Machine learning']],
    ['We used ML (machine learning) today.', ['ML = machine learning']],
    ['The heat shock protein (HSP) and messenger RNA (mRNA).', ['HSP = heat shock protein', 'mRNA = messenger RNA']],
    ['Das Zentrale Nervensystem (ZNS) leitet.', ['ZNS = Zentrale Nervensystem']],
    ['It rained (Monday).', []],
    ['A result (see 3) and a word (NO).', []],
    ['Energy (E) and mass.', []],
  ])('of "%s"', (sentence, expected) => {
    expect(pairs(sentence)).toEqual(expected)
  })

  it('have their places in the text', () => {
    const text = 'Before. Machine learning (ML) here.'
    const [found] = abbreviationsOf(text.slice(8), 8)
    expect([found?.short, found?.long].map((place) => text.slice(place?.start, place?.end))).toEqual([
      'ML',
      'Machine learning',
    ])
  })
})
