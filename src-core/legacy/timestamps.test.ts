import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEpoch, readTimestamp } from './timestamps.ts'

it.each([
  ['2024-05-01 09:30:00', '2024-05-01T09:30:00.000Z'],
  ['2024-05-01T09:30:00', '2024-05-01T09:30:00.000Z'],
  ['2024-05-01 09:30:00.123456', '2024-05-01T09:30:00.123Z'],
  ['2024-05-01T09:30:00Z', '2024-05-01T09:30:00.000Z'],
  ['2024-05-01T09:30:00.5+02:00', '2024-05-01T07:30:00.500Z'],
  ['2024-05-01T09:30:00-0530', '2024-05-01T15:00:00.000Z'],
  ['2024-02-29 00:00', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01 00:00:00', '0001-01-01T00:00:00.000Z'],
])('reads %s', (text, instant) => {
  expect(readTimestamp(text)).toBe(instant)
})

it.each([
  '',
  'now',
  '2024-02-30 10:00:00',
  '2024-05-01 24:00:00',
  '2024-13-01 00:00:00',
  '2024-05-01',
  '0000-01-01 00:00:00',
  '0001-01-01 00:00:00+01:00',
])('does not read %j', (text) => {
  expect(readTimestamp(text)).toBeNull()
})

it('reads every second of v1, and throws at nothing', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(Date.UTC(9999, 0)), noInvalidDate: true }), (date) => {
      const text = date.toISOString().slice(0, 19).replace('T', ' ')
      expect(readTimestamp(text)).toBe(`${text.replace(' ', 'T')}.000Z`)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) =>
      [readTimestamp(text), readEpoch(text)].every((read) => read === null || !Number.isNaN(Date.parse(read))),
    ),
  )
})

it('takes numbers for seconds or milliseconds since 1970 where they fall into our time', () => {
  expect(['1714556000', '1714556000123', '2024', '20240501', '1e400'].map(readEpoch)).toEqual([
    '2024-05-01T09:33:20.000Z',
    '2024-05-01T09:33:20.123Z',
    null,
    null,
    null,
  ])
})
