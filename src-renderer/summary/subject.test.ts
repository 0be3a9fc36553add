import { describe, expect, test } from 'vitest'
import { localDay } from '../i18n/local-day.ts'
import { daysAfter, isSameSubject, noonOf, readDay, subjectOf } from './subject.ts'

describe('what is summed up', () => {
  test('is the session that the address names, else its day, else today', () => {
    const now = new Date(2026, 10, 26, 23, 59)
    expect(subjectOf({ session: 's', day: '2026-11-01' }, now)).toEqual({ session: 's' })
    expect(subjectOf({ day: '2026-11-01' }, now)).toEqual({ day: '2026-11-01' })
    expect(subjectOf({}, now)).toEqual({ day: '2026-11-26' })
  })

  test('is the same only for the same session or day', () => {
    expect(isSameSubject({ session: 'a' }, { session: 'a' })).toBe(true)
    expect(isSameSubject({ session: '2026-11-26' }, { day: '2026-11-26' })).toBe(false)
    expect(isSameSubject({ day: '2026-11-25' }, { day: '2026-11-26' })).toBe(false)
  })
})

describe('days', () => {
  test('are local ones, from their first minute to their last', () => {
    expect(localDay(new Date(2026, 0, 5, 0, 0))).toBe('2026-01-05')
    expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
    expect(localDay(noonOf('2026-03-29'))).toBe('2026-03-29')
  })

  test('follow one another across months, years and changes of clocks', () => {
    expect(daysAfter('2026-02-28', 1)).toBe('2026-03-01')
    expect(daysAfter('2026-01-01', -1)).toBe('2025-12-31')
    expect(daysAfter('2026-03-28', 2)).toBe('2026-03-30')
    expect(daysAfter('2026-10-25', 1)).toBe('2026-10-26')
  })

  test('that are in no calendar are nonsense', () => {
    expect(readDay('2026-11-26')).toBe('2026-11-26')
    for (const value of ['2026-02-30', '2026-13-01', '26.11.2026', '', undefined, 20261126]) {
      expect(readDay(value)).toBeUndefined()
    }
  })
})
