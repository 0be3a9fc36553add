import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ThinkFilter } from './think-tags.ts'

function filtered(pieces: string[]): string {
  const filter = new ThinkFilter()
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end()
}

it.each([
  ['<think>Let me see.</think>\n\nThe answer.', 'The answer.'],
  ['  <think></think>Answer', 'Answer'],
  ['No thinking here.', 'No thinking here.'],
  ['An answer about <think>tags</think>.', 'An answer about <think>tags</think>.'],
  ['<thinking>kept</thinking>', '<thinking>kept</thinking>'],
  ['<think>never closed', ''],
  ['<thi', '<thi'],
  ['', ''],
])('turns %j into %j, however it is cut', (text, expected) => {
  expect(filtered([text])).toBe(expected)
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
      expect(filtered(places.slice(1).map((end, index) => text.slice(places[index], end)))).toBe(expected)
    }),
    { numRuns: 60 },
  )
})

it('passes everything on that does not begin with a thought', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (pieces) => {
      const text = pieces.join('')
      fc.pre(!text.trimStart().startsWith('<think>'))
      expect(filtered(pieces)).toBe(text)
    }),
    { numRuns: 200 },
  )
})
