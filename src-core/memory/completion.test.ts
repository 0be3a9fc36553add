import { describe, expect, it } from 'vitest'
import { completionsOf, unfinishedWord } from './completion.ts'

describe('unfinishedWord', () => {
  it.each([
    ['atten', 'atten'],
    ['self Atten', 'atten'],
    ['atten ', undefined],
    ['atten?', undefined],
    ['a', undefined],
    ['what about the', undefined],
    ["don'", undefined],
    ['', undefined],
    ['one two three four five six seven eight nine', undefined],
    ['внима', 'внима'],
  ])('of %j is %j', (query, word) => {
    expect(unfinishedWord(query)).toBe(word)
  })
})

describe('completionsOf', () => {
  it('gives the words that begin so, the most frequent first', () => {
    expect(completionsOf('atten', ['Attention is all you need. Attentive?', 'attention', 'at ten'])).toEqual([
      'attention',
      'attentive',
    ])
  })

  it('gives nothing where the word itself stands, in any form', () => {
    expect(completionsOf('transform', ['The transformation of transformers.'])).toEqual([])
    expect(completionsOf('cat', ['category', 'cats'])).toEqual([])
  })
})
