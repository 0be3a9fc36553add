import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spokenSentences } from './spoken-sentences.ts'

const parts = (text: string) => [...spokenSentences(text)]

it('cuts at the ends of sentences, paragraphs and list items, and not within', () => {
  expect(parts('It costs 3.50 today. Is that much?  No!')).toEqual(['It costs 3.50 today.', 'Is that much?', 'No!'])
  expect(parts('A title\n\nA line\nthat goes on')).toEqual(['A title', 'A line that goes on'])
  expect(parts('Two things:\n- one\n- two')).toEqual(['Two things:', '- one', '- two'])
})

it('writes signs as the voice says them', () => {
  expect(parts('“Größe” — naïve… €5 ≥ 4°')).toEqual(['"Grosse" , naive... 5 euros is at least 4 degrees'])
  expect(parts('## **Bold** `code` [1]')).toEqual(['Bold code 1'])
})

it('leaves out what the voice cannot say', () => {
  expect(parts('Hi 😀!')).toEqual(['Hi !'])
  expect(parts('Привет мир')).toEqual([])
  expect(parts('')).toEqual([])
})

it('makes short parts of ASCII of any text, and loses no word of an English one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      for (const part of parts(text)) {
        expect(part).toMatch(/^[\x20-\x7e]{1,200}$/)
        expect(part).toMatch(/[a-z0-9]/i)
      }
    }),
    { seed: 6, numRuns: 200 },
  )
  const word = fc.stringMatching(/^[a-z]{1,12}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.constantFrom(' ', ', ', '. ', '; ')), { maxLength: 200 }), (words) => {
      const text = words.map(([letters, mark]) => letters + mark).join('')
      expect(
        parts(text)
          .join(' ')
          .match(/[a-z]+/g) ?? [],
      ).toEqual(words.map(([letters]) => letters))
    }),
    { seed: 7, numRuns: 100 },
  )
})
