import { expect, test } from 'vitest'
import { answerPieces } from './answer-pieces.ts'

const show = (...input: Parameters<typeof answerPieces>) =>
  answerPieces(...input)
    .map((piece) => {
      if (piece.kind === 'unsupported') return '<?>'
      if (piece.kind === 'citation') return `<${piece.number}>`
      return piece.marked ? `(${piece.text})` : piece.text
    })
    .join('|')

test('citations that exist become links, other brackets stay text', () => {
  expect(show('You said so [1], and [2, 3]. See [9] and a[0].', 0, new Set([1, 2, 3]), null)).toBe(
    'You said so |<1>|, and |<2>|<3>|. See [9] and a[0].',
  )
  expect(show('[1]', 0, new Set(), null)).toBe('[1]')
  expect(show('So it is [?], they say', 0, new Set(), null)).toBe('So it is |<?>|, they say')
})

test('marks a stretch wherever the run of text stands', () => {
  expect(show('One. Two. Three.', 0, new Set(), { start: 5, end: 9 })).toBe('One. |(Two.)| Three.')
  expect(show('Two. Three.', 100, new Set(), { start: 90, end: 104 })).toBe('(Two.)| Three.')
  expect(show('One', 0, new Set(), { start: 50, end: 60 })).toBe('One')
  expect(show('So [1] it is.', 10, new Set([1]), { start: 10, end: 23 })).toBe('(So )|<1>|( it is.)')
})
