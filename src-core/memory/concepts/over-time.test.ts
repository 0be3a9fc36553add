import { describe, expect, test } from 'vitest'
import { beginningOf, unitFor } from './over-time.ts'

const DAY_MS = 24 * 3_600_000

describe('periods', () => {
  test.each([
    [0, 'day'],
    [14, 'day'],
    [15, 'week'],
    [120, 'week'],
    [400, 'month'],
    [2_000, 'year'],
  ])('a history of %i days is told by the %s', (days, unit) => {
    expect(unitFor(days * DAY_MS)).toBe(unit)
  })

  test.each([
    ['day', new Date(2026, 10, 26)],
    ['week', new Date(2026, 10, 23)],
    ['month', new Date(2026, 10, 1)],
    ['year', new Date(2026, 0, 1)],
  ] as const)('the %s of a Thursday evening begins', (unit, beginning) => {
    expect(beginningOf(new Date(2026, 10, 26, 21, 30), unit)).toEqual(beginning)
  })

  test('a Sunday belongs to the week before', () => {
    expect(beginningOf(new Date(2026, 10, 29, 12), 'week')).toEqual(new Date(2026, 10, 23))
  })
})
