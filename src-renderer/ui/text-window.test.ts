import { expect, test } from 'vitest'
import { earlier, firstWindow, later } from './text-window.ts'

test('short texts are whole, and so are those with a short rest', () => {
  expect(firstWindow(0, null)).toEqual({ from: 0, to: 0 })
  expect(firstWindow(4_300, null)).toEqual({ from: 0, to: 4_300 })
})

test('long texts begin with a part and grow on request', () => {
  const first = firstWindow(3_000_000, null)
  expect(first).toEqual({ from: 0, to: 4_000 })
  expect(later(first, 3_000_000)).toEqual({ from: 0, to: 24_000 })
  expect(later(first, 20_000)).toEqual({ from: 0, to: 20_000 })
})

test('the place that is looked for is always inside, and only its surroundings', () => {
  const around = firstWindow(3_000_000, { start: 1_500_000, end: 1_500_600 })
  expect(around).toEqual({ from: 1_498_000, to: 1_502_000 })
  expect(earlier(around, 3_000_000)).toEqual({ from: 1_478_000, to: 1_502_000 })
  expect(firstWindow(9_000, { start: 100, end: 8_990 })).toEqual({ from: 0, to: 9_000 })
  expect(earlier({ from: 15_000, to: 20_000 }, 30_000)).toEqual({ from: 0, to: 20_000 })
})
