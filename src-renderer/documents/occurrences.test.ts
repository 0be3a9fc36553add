import fc from 'fast-check'
import { expect, test } from 'vitest'
import { occurrences } from './occurrences.ts'

const found = (text: string, words: string) => occurrences(text, words).map(({ start, end }) => text.slice(start, end))

test.each([
  ['Oxygen, and more oxygen.', 'oxygen', ['Oxygen', 'oxygen']],
  ['El café está aquí', 'CAFE ESTA', ['café está']],
  ['cafe\u0301 noir', 'café', ['cafe\u0301']],
  ['water\n   is split', 'water is', ['water\n   is']],
  ['aaaa', 'aa', ['aa', 'aa']],
  ['🎉 done 🎉', '🎉', ['🎉', '🎉']],
  ['nothing', '  ', []],
  ['a.b', '.', ['.']],
])('in %j, %j stands at %j', (text, words, expected) => {
  expect(found(text, words)).toEqual(expected)
})

test('any piece of any text is found in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
      const signs = [...text]
      const [from = 0, to = 0] = [a % signs.length, b % (signs.length + 1)].sort((x, y) => x - y)
      const piece = signs.slice(from, to).join('')
      fc.pre(occurrences(piece, piece).length > 0)
      expect(occurrences(text, piece).length).toBeGreaterThan(0)
    }),
  )
})
