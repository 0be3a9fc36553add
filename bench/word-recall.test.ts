import { describe, expect, it } from 'vitest'
import { wordRecall } from './word-recall.ts'

describe('word recall', () => {
  it('counts each expected word as often as it is found', () => {
    expect(wordRecall(['a', 'b', 'a', 'c'], ['a', 'c', 'c'])).toBe(0.5)
    expect(wordRecall(['a'], [])).toBe(0)
    expect(wordRecall([], ['a'])).toBe(1)
  })
})
