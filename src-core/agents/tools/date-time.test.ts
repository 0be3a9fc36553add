import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../kernel/index.ts'
import { dateTimeTool } from './date-time.ts'
import { asUtc, fromUtc, instantOf, wallTimeAt } from './zoned-time.ts'

const clock = new ManualClock(Date.UTC(2026, 10, 26, 20, 30))
const tool = dateTimeTool({ clock, timeZone: 'Europe/Berlin' })

async function told(asked: object): Promise<string> {
  return (await tool.run(tool.input.parse(asked), {} as never)).text
}

describe('date_time', () => {
  it('tells now where the learner is, and elsewhere, where it may be another day', async () => {
    expect(await told({})).toBe('Thursday, 2026-11-26, 21:30 in Europe/Berlin (UTC+01:00)')
    expect(await told({ zone: 'Asia/Tokyo' })).toBe('Friday, 2026-11-27, 05:30 in Asia/Tokyo (UTC+09:00)')
    expect(await told({ zone: 'Asia/Kathmandu' })).toContain('02:15 in Asia/Kathmandu (UTC+05:45)')
  })

  it('converts between time zones with the summer time of that day', async () => {
    const asked = { at: '2026-07-01T09:00', zone: 'America/New_York', showIn: 'Europe/London' }
    expect(await told(asked)).toBe(
      'Wednesday, 2026-07-01, 09:00 in America/New_York (UTC-04:00)\nWednesday, 2026-07-01, 14:00 in Europe/London (UTC+01:00)',
    )
  })

  it('tells weekdays', async () => {
    expect(await told({ at: '1969-07-20' })).toBe('Sunday, 1969-07-20')
    expect(await told({ at: '2028-02-29' })).toBe('Tuesday, 2028-02-29')
  })

  it('counts days by the calendar and hours by the clock', async () => {
    expect(await told({ at: '2026-11-26', until: '2026-12-24' })).toContain('Thursday, 2026-12-24 is 28 days after it.')
    expect(await told({ at: '2024-01-31', until: '2026-03-01' })).toContain(
      '760 days after it (2 years, 1 month, 1 day)',
    )
    expect(await told({ at: '2026-12-24', until: '2026-12-23' })).toContain('1 day before it')
    // That night has 25 hours.
    const night = { at: '2026-10-24T12:00', until: '2026-10-25T12:00' }
    expect(await told(night)).toContain('Time that passes: 25 hours and 0 minutes.')
  })

  it('moves dates: noon stays noon, hours are time that passes, and a month may be shorter', async () => {
    expect(await told({ at: '2026-10-24T12:00', add: { days: 1 } })).toContain('2026-10-25, 12:00')
    expect(await told({ at: '2026-10-24T12:00', add: { hours: 24 } })).toContain('2026-10-25, 11:00')
    expect(await told({ at: '2026-01-31', add: { months: 1 } })).toBe('Saturday, 2026-02-28')
    expect(await told({ at: '2026-03-15', add: { weeks: -2, days: -1 } })).toBe('Saturday, 2026-02-28')
    expect(await told({ at: '2028-02-29', add: { years: 1 } })).toBe('Wednesday, 2029-02-28')
  })

  it('reads a time that clocks skip as so much later, and one that comes twice as the first', () => {
    const at = (hour: number, minute: number, month: number, day: number) =>
      new Date(instantOf({ year: 2026, month, day, hour, minute, second: 0 }, 'Europe/Berlin')).toISOString()
    expect(at(2, 30, 3, 29)).toBe('2026-03-29T01:30:00.000Z')
    expect(at(2, 30, 10, 25)).toBe('2026-10-25T00:30:00.000Z')
  })

  it('refuses days that are none, zones that are none, and what lies beyond the calendar', async () => {
    for (const at of ['2026-02-29', '2026-13-01', '2026-00-10', 'tomorrow', '2026-01-01T25:00', '0000-01-01']) {
      await expect(told({ at })).rejects.toMatchObject({ code: 'bad-input' })
    }
    await expect(told({ zone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(told({ add: { years: 9_000 } })).rejects.toMatchObject({ code: 'bad-input' })
    expect(tool.input.safeParse({ add: { days: 1e9 } }).success).toBe(false)
  })

  it('finds back to the instant from what clocks show, in any zone, but for the hour that comes twice', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kathmandu',
    )
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1) / 1_000, max: Date.UTC(2060, 0, 1) / 1_000 })
    fc.assert(
      fc.property(instants, zones, (seconds, zone) => {
        const instant = seconds * 1_000
        const back = instantOf(wallTimeAt(instant, zone), zone)
        expect(wallTimeAt(back, zone)).toEqual(wallTimeAt(instant, zone))
        expect(back).toBeLessThanOrEqual(instant)
        expect(instant - back).toBeLessThanOrEqual(3_600_000)
        expect(asUtc(fromUtc(instant))).toBe(instant)
      }),
    )
  })
})
