import { expect, test } from 'vitest'
import { dayDistance, groupByDay } from './days.ts'

const local = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString()

test('groups by the day of the reader, not of Greenwich', () => {
  const items = [
    { id: 'c', at: local(3, 1) },
    { id: 'b', at: local(2, 23) },
    { id: 'a', at: local(2, 0) },
  ]
  const rows = groupByDay(
    items,
    ({ id }) => id,
    ({ at }) => at,
  )
  expect(rows.map((row) => (row.kind === 'day' ? '-' : row.item.id)).join('')).toBe('-c-ba')
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
})

test('counts days across a change of the clocks', () => {
  expect(dayDistance(new Date(2026, 2, 30, 23), new Date(2026, 2, 28, 1))).toBe(2)
  expect(dayDistance(new Date(2026, 9, 24, 1), new Date(2026, 9, 26, 23))).toBe(-2)
})
