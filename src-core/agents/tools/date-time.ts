import { z } from 'zod'
import { type Clock, LvaError } from '../../kernel/index.ts'
import type { Tool } from './tool.ts'
import {
  addMonths,
  asUtc,
  checkedZone,
  daysIn,
  fromUtc,
  instantOf,
  offsetAt,
  type WallTime,
  wallTimeAt,
} from './zoned-time.ts'

const DAY_MS = 86_400_000
const WHEN =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2}))?)?$/

const zone = z.string().min(1).max(60)
const when = z.string().min(1).max(40)
const amount = z.number().int().min(-100_000).max(100_000).optional()

const input = z.object({
  at: when.optional().describe('2026-11-26 or 2026-11-26T15:30, in the time zone `zone`. Left out: now.'),
  zone: zone.optional().describe("IANA time zone such as Asia/Tokyo. Left out: the learner's."),
  until: when.optional().describe('Tells how long it is from `at` to here, in the same form and zone.'),
  add: z
    .object({ years: amount, months: amount, weeks: amount, days: amount, hours: amount, minutes: amount })
    .optional()
    .describe('Moves `at` by this; negative numbers go back.'),
  showIn: zone.optional().describe('Another time zone to show the result in.'),
})

type Asked = z.output<typeof input>

/** A moment, or a whole day where no time was named. */
interface Moment {
  wall: WallTime
  hasTime: boolean
}

/**
 * Dates and times by the calendar.
 * @param timeZone of the learner, IANA; left out, the machine's
 */
export function dateTimeTool({ clock, timeZone }: { clock: Clock; timeZone?: string }): Tool<Asked> {
  return {
    name: 'date_time',
    description:
      'Tells the present date and time in any time zone, the weekday of a date, how long it is between two dates, what date lies so many days, ' +
      'weeks or months from another, and converts between time zones. Use it instead of reckoning dates yourself.',
    input,
    effect: 'reads',
    run: async (asked) => {
      const here = checkedZone(asked.zone ?? timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
      const start = asked.at === undefined ? nowIn(here) : read(asked.at)
      const moved = asked.add ? move(start, asked.add, here) : start
      const lines = [shown(moved, here)]
      if (asked.showIn !== undefined) lines.push(shown(inZone(moved, here, checkedZone(asked.showIn)), asked.showIn))
      if (asked.until !== undefined) lines.push(...between(moved, read(asked.until), here))
      return { text: lines.join('\n'), isForeign: false, about: aboutOf(moved) }
    },
  }

  function nowIn(here: string): Moment {
    return { wall: wallTimeAt(clock.now(), here), hasTime: true }
  }
}

/** @throws LvaError bad-input for a day that the calendar does not have */
function read(written: string): Moment {
  const found = WHEN.exec(written.trim())?.groups
  const of = (name: string) => Number(found?.[name] ?? 0)
  const wall = {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  }
  const isDay =
    wall.year > 0 && wall.month >= 1 && wall.month <= 12 && wall.day >= 1 && wall.day <= daysIn(wall.year, wall.month)
  if (!found || !isDay || wall.hour > 23 || wall.minute > 59 || wall.second > 59) {
    throw new LvaError('bad-input', 'There is no such date.', { advice: 'Write it as 2026-11-26 or 2026-11-26T15:30.' })
  }
  return { wall, hasTime: found.hour !== undefined }
}

/** Years to days go by the calendar, so that noon stays noon; hours and minutes are time that passes. */
function move({ wall, hasTime }: Moment, by: NonNullable<Asked['add']>, here: string): Moment {
  const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0 } = by
  const inMonth = addMonths(wall, years * 12 + months)
  const onDay = fromUtc(asUtc({ ...inMonth, day: inMonth.day + weeks * 7 + days }))
  const passes = (hours * 60 + minutes) * 60_000
  const moved = passes === 0 && !hasTime ? onDay : wallTimeAt(instantOf(onDay, here) + passes, here)
  if (!(moved.year >= 1 && moved.year <= 9_999)) {
    throw new LvaError('bad-input', 'That date lies too far away.', { advice: 'Stay between the years 1 and 9999.' })
  }
  return { wall: moved, hasTime: hasTime || passes !== 0 }
}

function inZone({ wall }: Moment, here: string, there: string): Moment {
  return { wall: wallTimeAt(instantOf(wall, here), there), hasTime: true }
}

function between(from: Moment, to: Moment, here: string): string[] {
  const [first, last] = asUtc(from.wall) <= asUtc(to.wall) ? [from, to] : [to, from]
  const days = dayNumber(last.wall) - dayNumber(first.wall)
  const direction = first === from ? 'after' : 'before'
  const lines = [`${shown(to, here)} is ${plural(days, 'day')} ${direction} it${calendarSpan(first.wall, last.wall)}.`]
  if (from.hasTime && to.hasTime) {
    const minutes = Math.abs(Math.round((instantOf(to.wall, here) - instantOf(from.wall, here)) / 60_000))
    lines.push(`Time that passes: ${plural(Math.floor(minutes / 60), 'hour')} and ${plural(minutes % 60, 'minute')}.`)
  }
  return lines
}

/** "(2 years, 1 month and 3 days)" where it is a month or longer. */
function calendarSpan(first: WallTime, last: WallTime): string {
  const day = (wall: WallTime) => dayNumber(wall)
  let months = (last.year - first.year) * 12 + last.month - first.month
  if (day(addMonths(first, months)) > day(last)) months -= 1
  if (months < 1) return ''
  const rest = day(last) - day(addMonths(first, months))
  const parts = [plural(Math.floor(months / 12), 'year'), plural(months % 12, 'month'), plural(rest, 'day')]
  return ` (${parts.filter((part) => !part.startsWith('0 ')).join(', ')})`
}

function dayNumber({ year, month, day }: WallTime): number {
  return asUtc({ year, month, day, hour: 0, minute: 0, second: 0 }) / DAY_MS
}

function shown({ wall, hasTime }: Moment, here: string): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }).format(asUtc(wall))
  const date = isoDate(wall)
  if (!hasTime) return `${weekday}, ${date}`
  const minutes = Math.round(offsetAt(instantOf(wall, here), here) / 60_000)
  const sign = minutes < 0 ? '-' : '+'
  const offset = `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
  return `${weekday}, ${date}, ${two(wall.hour)}:${two(wall.minute)} in ${here} (UTC${offset})`
}

function aboutOf({ wall, hasTime }: Moment): string {
  return hasTime ? `${isoDate(wall)} ${two(wall.hour)}:${two(wall.minute)}` : isoDate(wall)
}

function isoDate({ year, month, day }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function plural(count: number, of: string): string {
  return `${count} ${of}${count === 1 ? '' : 's'}`
}
