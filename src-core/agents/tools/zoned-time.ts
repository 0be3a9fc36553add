import { LvaError } from '../../kernel/index.ts'

/** Date and time as a clock on the wall shows them; months count from 1. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws LvaError bad-input for a name that no time zone has */
export function checkedZone(zone: string): string {
  formatOf(zone)
  return zone
}

/** What clocks in a time zone show at an instant in milliseconds. */
export function wallTimeAt(instant: number, zone: string): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  }
}

/** Milliseconds by which clocks in a time zone are ahead of UTC at an instant. */
export function offsetAt(instant: number, zone: string): number {
  const second = Math.floor(instant / 1_000) * 1_000
  return asUtc(wallTimeAt(second, zone)) - second
}

/**
 * The instant at which clocks in a time zone show this. A time that is skipped when clocks go forward is read as so much later; one that comes
 * twice is the first of the two, as calendars do it (RFC 5545 §3.3.5).
 */
export function instantOf(wall: WallTime, zone: string): number {
  const utc = asUtc(wall)
  const before = utc - offsetAt(utc - DAY_MS, zone)
  const after = utc - offsetAt(utc + DAY_MS, zone)
  const holds = (instant: number) => instant + offsetAt(instant, zone) === utc
  const found = [before, after].filter(holds)
  return found.length > 0 ? Math.min(...found) : before
}

/** The same figures read as UTC, in milliseconds. Days and months beyond their end go on in the next ones. */
export function asUtc({ year, month, day, hour, minute, second }: WallTime): number {
  // Not Date.UTC: it takes the years 0 to 99 for those of the last century.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date.getTime()
}

export function fromUtc(instant: number): WallTime {
  const date = new Date(instant)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

/** So many months on, by the calendar; the 31st of a shorter month is its last day. */
export function addMonths(wall: WallTime, months: number): WallTime {
  const count = wall.year * 12 + (wall.month - 1) + months
  const year = Math.floor(count / 12)
  const month = count - year * 12 + 1
  return { ...wall, year, month, day: Math.min(wall.day, daysIn(year, month)) }
}

export function daysIn(year: number, month: number): number {
  return fromUtc(asUtc({ year, month: month + 1, day: 0, hour: 0, minute: 0, second: 0 })).day
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    formats.set(zone, format)
    return format
  } catch (cause) {
    throw new LvaError('bad-input', 'There is no time zone of that name.', {
      advice: 'Name it as Asia/Tokyo, Europe/Berlin or UTC.',
      cause,
    })
  }
}
