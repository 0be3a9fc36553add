import { expect, test } from 'vitest'
import { extendTo, keepOnly, NOTHING_CHOSEN, toggle } from './selection.ts'

const ids = ['a', 'b', 'c', 'd', 'e']
const chosen = (selection: { chosen: ReadonlySet<string> }) => [...selection.chosen].sort().join('')

test('one by one', () => {
  const two = toggle(toggle(NOTHING_CHOSEN, 'a'), 'c')
  expect(chosen(two)).toBe('ac')
  expect(chosen(toggle(two, 'a'))).toBe('c')
})

test('a range, in either direction, added to what was chosen', () => {
  const start = toggle(toggle(NOTHING_CHOSEN, 'a'), 'd')
  expect(chosen(extendTo(start, ids, 'b', null))).toBe('abcd')
  expect(chosen(extendTo(start, ids, 'e', null))).toBe('ade')
  expect(chosen(extendTo(NOTHING_CHOSEN, ids, 'c', 'b'))).toBe('bc')
  expect(chosen(extendTo(NOTHING_CHOSEN, ids, 'c', null))).toBe('c')
})

test('rows that are gone are not chosen any more', () => {
  const all = extendTo(NOTHING_CHOSEN, ids, 'e', 'a')
  expect(chosen(keepOnly(all, ['b', 'c']))).toBe('bc')
  expect(keepOnly(all, ids)).toBe(all)
})
