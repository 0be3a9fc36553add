import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasPhrase, phrasesOf } from './phrases.ts'

describe('phrases', () => {
  it.each([
    ['what is "gradient descent" good for', ['gradient descent']],
    ['„tiefes Lernen“ und «apprentissage profond»', ['tiefes Lernen', 'apprentissage profond']],
    ['"unclosed phrase', []],
    ['"" "…"', []],
  ])('of %j are %j', (query, phrases) => {
    expect(phrasesOf(query)).toEqual(phrases)
  })

  it('are none in prose that names things in quotation marks', () => {
    expect(phrasesOf(`${'many words of prose '.repeat(4)} and "a name"`)).toEqual([])
  })

  it('stand word for word, whatever stands between', () => {
    expect(hasPhrase('We use Gradient-\ndescent here.', 'gradient descent')).toBe(true)
    expect(hasPhrase('The gradient of the descent.', 'gradient descent')).toBe(false)
    expect(hasPhrase('Regional gradients descent.', 'gradient descent')).toBe(false)
    expect(hasPhrase('机器学习的注意力机制', '注意力')).toBe(true)
  })

  it('are found in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (query) => {
        for (const phrase of phrasesOf(query)) expect(hasPhrase(phrase, phrase)).toBe(true)
      }),
    )
  })
})
