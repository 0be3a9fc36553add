import { expect, test } from 'vitest'
import type { DocumentBlock } from '../../src-core/contract/index.ts'
import { beginsAt, blockAt, piecesOf } from './reading.ts'

const block = { text: 'Water is split here.', start: 100, end: 120 }
const pieces = (...args: Parameters<typeof piecesOf>) => piecesOf(...args).map(({ text, mark }) => `${mark}:${text}`)

test('a passage that begins and ends in other blocks marks the whole of this one', () => {
  expect(pieces(block, { start: 90, end: 300 }, [], null)).toEqual(['passage:Water is split here.'])
})

test('words that are looked for stand out from the passage around them', () => {
  const found = [
    { start: 106, end: 108 },
    { start: 115, end: 119 },
    { start: 130, end: 135 },
  ]
  expect(pieces(block, { start: 100, end: 114 }, found, found[1] ?? null)).toEqual([
    'passage:Water ',
    'found:is',
    'passage: split',
    'none: ',
    'current:here',
    'none:.',
  ])
})

test('a block without any is one piece', () => {
  expect(pieces(block, { start: 120, end: 130 }, [{ start: 10, end: 100 }], null)).toEqual([
    'none:Water is split here.',
  ])
})

test('the block of a place, also between two blocks', () => {
  const blocks = [{ start: 0 }, { start: 10 }, { start: 40 }]
  expect([0, 9, 10, 39, 40, 900].map((place) => blockAt(blocks, place))).toEqual([0, 0, 1, 1, 2, 2])
  expect(blockAt([], 5)).toBe(0)
})

test('a page begins where its number changes, and nothing begins without a place', () => {
  const at = (place: DocumentBlock['place']): DocumentBlock => ({
    kind: 'paragraph',
    text: 'x',
    start: 0,
    end: 1,
    place,
  })
  expect(beginsAt(at({ page: 1 }), undefined)).toBe(true)
  expect(beginsAt(at({ page: 1 }), at({ page: 1 }))).toBe(false)
  expect(beginsAt(at({ page: 2 }), at({ page: 1 }))).toBe(true)
  expect(beginsAt(at({ second: 4 }), at({ second: 1 }))).toBe(false)
  expect(beginsAt(at(null), at({ page: 1 }))).toBe(false)
})

test('a passage over the end of a page is marked on both', () => {
  const last = { text: 'Light is bent', start: 0, end: 13 }
  const next = { text: 'in water. A new matter.', start: 15, end: 38 }
  const passage = { start: 0, end: 24 }
  expect(pieces(last, passage, [], null)).toEqual(['passage:Light is bent'])
  expect(pieces(next, passage, [], null)).toEqual(['passage:in water.', 'none: A new matter.'])
})
