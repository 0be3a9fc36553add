import { expect, test } from 'vitest'
import { readPasted } from './pasted.ts'

test.each([
  ['https://example.org/a?b#c', { kind: 'address', url: 'https://example.org/a?b#c' }],
  ['  http://example.org\n', { kind: 'address', url: 'http://example.org' }],
  ['en.wikipedia.org/wiki/Softmax', { kind: 'address', url: 'https://en.wikipedia.org/wiki/Softmax' }],
  ['www.bücher.de', { kind: 'address', url: 'https://www.bücher.de' }],
  ['See https://example.org', { kind: 'text', text: 'See https://example.org' }],
  ['photosynthesis', { kind: 'text', text: 'photosynthesis' }],
  ['3.14', { kind: 'text', text: '3.14' }],
  ['javascript:alert(1)', { kind: 'text', text: 'javascript:alert(1)' }],
  [' \n ', { kind: 'nothing' }],
])('%j is %j', (given, expected) => {
  expect(readPasted(given)).toEqual(expected)
})
