import { expect, test } from 'vitest'
import { tableRows } from './table-rows.ts'

const texts = (text: string) =>
  tableRows({ text, start: 0, end: text.length }).map((row) => row.map((cell) => cell.text))

test.each([
  [
    'Planet | Moons\nMars | 2',
    [
      ['Planet', 'Moons'],
      ['Mars', '2'],
    ],
  ],
  ['| a |  | c |', [['a', '', 'c']]],
  ['alone', [['alone']]],
  [
    'a | b\n\nc | d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
])('%j has the rows %j', (text, rows) => {
  expect(texts(text)).toEqual(rows)
})

test('a cell knows its place in the document', () => {
  const text = 'Planet | Moons\n| Mars | 2 |'
  for (const cell of tableRows({ text, start: 50, end: 50 + text.length }).flat())
    expect(text.slice(cell.start - 50, cell.end - 50)).toBe(cell.text)
})
