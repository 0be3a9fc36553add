import { expect, test } from 'vitest'
import { directionOf } from './direction.ts'

test.each([
  ['', 'ltr'],
  ['12 + 3', 'ltr'],
  ['Attention', 'ltr'],
  ['注意力', 'ltr'],
  ['שלום world', 'rtl'],
  ['«مرحبا»', 'rtl'],
  ['1. ދިވެހި', 'rtl'],
  ['hello שלום', 'ltr'],
])('%j runs %s', (text, direction) => {
  expect(directionOf(text)).toBe(direction)
})
