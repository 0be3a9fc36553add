import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffText, type Hunk } from './text-diff.ts'

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
      { numRuns: 2_000 },
    )
  })

  it('leaves what stands between two edits alone', () => {
    expect(diffText('the cat sat on the mat', 'the dog sat on the rug')).toEqual([
      { start: 4, removed: 3, inserted: 'dog' },
      { start: 19, removed: 3, inserted: 'rug' },
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
