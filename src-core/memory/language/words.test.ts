import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentWords, usualForm } from './terms.ts'
import { wordsOf } from './words.ts'

describe('wordsOf', () => {
  it('finds words with their places, in any writing', () => {
    const text = `It's 3 naïve cafe\u0301s — “don’t”, привет!`
    expect([...wordsOf(text)].map((word) => word.text)).toEqual([
      "It's",
      '3',
      'naïve',
      'cafe\u0301s',
      'don’t',
      'привет',
    ])
  })

  it('gives exact, ordered places for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let end = 0
        for (const word of wordsOf(text)) {
          expect(text.slice(word.start, word.end)).toBe(word.text)
          expect(word.start).toBeGreaterThanOrEqual(end)
          end = word.end
        }
      }),
    )
  })
})

describe('usualForm', () => {
  it('is the same for forms of one word, and nothing for stop words', () => {
    expect(usualForm('Transformers')).toBe(usualForm('transforming'))
    expect(usualForm('don’t')).toBe(usualForm("don't"))
    expect(usualForm('THE')).toBeUndefined()
  })

  it('leaves what carries meaning', () => {
    expect(contentWords('What did I say about the attention heads?')).toEqual(['say', 'attent', 'head'])
  })
})
