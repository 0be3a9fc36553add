import { expect, it } from 'vitest'
import { quickSession } from './use-keep.ts'

it('names one session a day, by the local date', () => {
  expect(quickSession(new Date(2026, 0, 9, 23, 59))).toBe('quick-2026-01-09')
})
