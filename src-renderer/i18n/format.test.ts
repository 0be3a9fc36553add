import { describe, expect, test } from 'vitest'
import { formats } from './format.ts'

const now = () => new Date(2026, 10, 18, 12)
const at = (day: number, hour = 9, month = 10, year = 2026) => new Date(year, month, day, hour, 5).toISOString()

describe('formats', () => {
  const english = formats('en-GB', now)
  const german = formats('de', now)

  test('days are named as people name them', () => {
    expect(english.dayName(at(18, 0))).toBe('Today')
    expect(english.dayName(at(17, 23))).toBe('Yesterday')
    expect(english.dayName(at(16))).toBe('Monday')
    expect(english.dayName(at(11))).toContain('11 November')
    expect(english.dayName(at(11, 9, 10, 2024))).toBe('11 November 2024')
    expect(german.dayName(at(17))).toBe('Gestern')
    // Whether there is a zero before the nine differs between versions of the locale data.
    expect(english.moment(at(18))).toMatch(/^Today, 0?9:05$/)
  })

  test('sizes, sums and durations', () => {
    expect(english.bytes(0)).toBe('0 bytes')
    expect(english.bytes(4_200)).toBe('4 kB')
    expect(english.bytes(4_250_000)).toBe('4.3 MB')
    expect(german.bytes(4_250_000)).toBe('4,3 MB')
    expect(english.dollars(0.0031)).toBe('US$0.0031')
    expect(english.dollars(12)).toBe('US$12.00')
    expect(english.duration(187.9)).toBe('3:07')
    expect(english.milliseconds(340.4)).toBe('340 ms')
    expect(german.milliseconds(1_240)).toBe('1,2 s')
  })
})
