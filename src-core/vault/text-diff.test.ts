import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffText, type Hunk, mergeTexts } from './text-diff.ts'

function apply(text: string, hunks: Hunk[]): string {
  let result = ''
  let place = 0
  for (const hunk of hunks) {
    result += text.slice(place, hunk.start) + hunk.inserted
    place = hunk.start + hunk.removed
  }
  return result + text.slice(place)
}

describe('diffText', () => {
  it('turns any text into any other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '😀', '😁', 'é'), maxLength: 40 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, diffText(before, after))).toBe(after)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('leaves what stands between two edits alone', () => {
    expect(diffText('the cat sat on the mat', 'the dog sat on the rug')).toEqual([
      { start: 4, removed: 3, inserted: 'dog' },
      { start: 19, removed: 3, inserted: 'rug' },
    ])
    expect(diffText('一二三四五', '一七三八五')).toEqual([
      { start: 1, removed: 1, inserted: '七' },
      { start: 3, removed: 1, inserted: '八' },
    ])
  })

  it('replaces whole words, not the letters in which they differ, and only the letter that was typed into one', () => {
    expect(diffText('one two three', 'one (my words) three')).toEqual([
      { start: 4, removed: 3, inserted: '(my words)' },
    ])
    expect(diffText('teh atention is', 'the attention is')).toEqual([
      { start: 1, removed: 2, inserted: 'he' },
      { start: 5, removed: 0, inserted: 't' },
    ])
  })

  it('never splits a surrogate pair', () => {
    expect(diffText('a😀b', 'a😁b')).toEqual([{ start: 1, removed: 2, inserted: '😁' }])
  })

  it('replaces the middle as a whole when the texts have little in common', () => {
    const before = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x4e00 + index)).join('')
    const after = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x6e00 + index)).join('')
    expect(diffText(`[${before}]`, `[${after}]`)).toEqual([{ start: 1, removed: 3_000, inserted: after }])
  })
})

describe('mergeTexts', () => {
  it('makes both changes', () => {
    expect(mergeTexts('the cat sat', 'the big cat sat', 'the cat slept')).toBe('the big cat slept')
    expect(mergeTexts('abc', '', 'abc')).toBe('')
    expect(mergeTexts('one two', 'one 2', 'one 2')).toBe('one 2')
  })

  it('keeps what was written into a stretch that the other side removed', () => {
    expect(mergeTexts('one two three', 'one', 'one two NEW three')).toBe('oneNEW ')
    expect(mergeTexts('one two three', 'one two NEW three', 'one')).toBe('oneNEW ')
  })

  it('is the change of one side when the other has none', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '😀'), maxLength: 20 })
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeTexts(base, changed, base)).toBe(changed)
        expect(mergeTexts(base, base, changed)).toBe(changed)
        expect(mergeTexts(base, changed, changed)).toBe(changed)
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })
})
