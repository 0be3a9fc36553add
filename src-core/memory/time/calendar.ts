import { countOf, MONTHS, SEASONS, SHORT_MONTHS, UNITS, WEEKDAYS } from './time-words.ts'

const HOUR = 3_600_000

export function startOf(now: Date, later = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + later)
}

export function daysFrom(now: Date, later: number, length: number): [Date, Date] {
  return [startOf(now, later), startOf(now, later + length)]
}

/** Hours of one day, counted from its midnight; 28 is four in the morning after. */
export function hoursFrom(now: Date, later: number, from: number, to: number): [Date, Date] {
  const [y, m, d] = [now.getFullYear(), now.getMonth(), now.getDate() + later]
  return [new Date(y, m, d, from), new Date(y, m, d, to)]
}

/** The last Saturday and Sunday that have begun. */
export function lastWeekend(now: Date): [Date, Date] {
  return daysFrom(now, -((now.getDay() + 1) % 7), 2)
}

/** The last so many days, weeks, months or years, with today. */
export function recent(count: string | undefined, what: string | undefined, now: Date): [Date, Date] {
  return [back(countOf(count), what, now), startOf(now, 1)]
}

/** Around the day so long ago: that day, and of weeks, months and years the whole one. */
export function ago(count: string | undefined, what: string | undefined, now: Date): [Date, Date] | undefined {
  return whole(what, -countOf(count), now)
}

export function back(count: number, what: string | undefined, now: Date): Date {
  const [y, m, d] = [now.getFullYear(), now.getMonth(), now.getDate()]
  switch (UNITS[what ?? '']) {
    case 'week':
      return new Date(y, m, d - 7 * count)
    case 'month':
      return new Date(y, m - count, d)
    case 'year':
      return new Date(y - count, m, d)
    default:
      return new Date(y, m, d - count)
  }
}

/** A whole day, week, month or year, `later` of them after the present one. */
export function whole(what: string | undefined, later: number, now: Date): [Date, Date] {
  const [y, m] = [now.getFullYear(), now.getMonth()]
  switch (UNITS[what ?? '']) {
    case 'week': {
      const sinceMonday = (now.getDay() + 6) % 7
      return daysFrom(now, 7 * later - sinceMonday, 7)
    }
    case 'month':
      return [new Date(y, m + later, 1), new Date(y, m + later + 1, 1)]
    case 'year':
      return [new Date(y + later, 0, 1), new Date(y + later + 1, 0, 1)]
    default:
      return daysFrom(now, later, 1)
  }
}

export function date(y: number, m: number, d: number): [Date, Date] | undefined {
  const from = new Date(y, m, d)
  return from.getMonth() === m && from.getDate() === d ? [from, new Date(y, m, d + 1)] : undefined
}

/** Days of one month, both inclusive. */
export function daysOf(
  first: string | undefined,
  last: string | undefined,
  m: string | undefined,
  y: string | undefined,
  now: Date,
): [Date, Date] | undefined {
  const from = dayOf(m, first, y, now)?.[0]
  const to = from && date(from.getFullYear(), from.getMonth(), Number(last))?.[1]
  return from && to && to > from ? [from, to] : undefined
}

export function partOfMonth(
  first: number,
  last: number,
  m: string | undefined,
  y: string | undefined,
  now: Date,
): [Date, Date] | undefined {
  const found = monthOf(m, y || undefined, now)
  if (!found) return undefined
  const [from, end] = found
  const to = new Date(from.getFullYear(), from.getMonth(), last + 1)
  return [new Date(from.getFullYear(), from.getMonth(), first), to < end ? to : end]
}

export function relativeTo(which: string | undefined, now: Date): string {
  return String(now.getFullYear() - (/last|letzt|vergangen|vorig|pasado/.test(which ?? '') ? 1 : 0))
}

export function monthsOf(y: number, first: number, count: number): [Date, Date] {
  return [new Date(y, first, 1), new Date(y, first + count, 1)]
}

/** A quarter of a year; without a year, the last one that has begun. @param q from 1 */
export function quarterOf(q: number, y: string | undefined, now: Date): [Date, Date] {
  const own = monthsOf(y ? Number(y) : now.getFullYear(), 3 * q - 3, 3)
  return y || own[0] <= now ? own : monthsOf(now.getFullYear() - 1, 3 * q - 3, 3)
}

/** A quarter by its ordinal; the last one (5) is that of its year, and without a year the one before the present. */
export function ordinalQuarter(which: number, y: string | undefined, now: Date): [Date, Date] {
  return which === 5 && !y ? quarterFrom(now, -1) : quarterOf(Math.min(4, which), y, now)
}

/** The quarter of the year so many after the present one. */
export function quarterFrom(now: Date, later: number): [Date, Date] {
  return monthsOf(now.getFullYear(), 3 * (Math.floor(now.getMonth() / 3) + later), 3)
}

/** Seven days of a month, of which the first begins with it and the last (5) ends with it. */
export function weekOfMonth(
  week: number,
  m: string | undefined,
  y: string | undefined,
  now: Date,
): [Date, Date] | undefined {
  const found = monthOf(m, y || undefined, now)
  if (!found) return undefined
  const [from, to] = found
  return week === 5 ? daysFrom(to, -7, 7) : daysFrom(from, 7 * (week - 1), 7)
}

/** Days of a whole week, month or year about its beginning, middle or end. @param begin @param end shares of it, from 0 to 1 */
export function partOf(
  begin: number,
  end: number,
  what: string | undefined,
  later: number,
  now: Date,
): [Date, Date] | undefined {
  if (UNITS[what ?? ''] === 'day') return undefined
  const [from, to] = whole(what, later, now)
  const days = Math.round((to.getTime() - from.getTime()) / (24 * HOUR))
  return [startOf(from, Math.floor(begin * days)), startOf(from, Math.ceil(end * days))]
}

/** The last such day of a month that is not ahead. */
export function dayOfMonth(d: number, now: Date): [Date, Date] | undefined {
  for (let earlier = 0; earlier < 3; earlier++) {
    const month = new Date(now.getFullYear(), now.getMonth() - earlier, 1)
    const day = date(month.getFullYear(), month.getMonth(), d)
    if (day && day[0] <= now) return day
  }
  return undefined
}

/** The last time that these days of December, or of the January after, had begun. @param first from the first of December */
export function daysSinceDecember(first: number, length: number, now: Date): [Date, Date] {
  const own = new Date(now.getFullYear(), 11, first)
  return daysFrom(own <= now ? own : new Date(now.getFullYear() - 1, 11, first), 0, length)
}

export function seasonOf(name: string | undefined, y: number): [Date, Date] | undefined {
  const first = SEASONS[name ?? '']
  return first === undefined ? undefined : monthsOf(y, first, 3)
}

/** The last season of that name that has begun. */
export function presentSeason(name: string | undefined, now: Date): [Date, Date] | undefined {
  const own = seasonOf(name, now.getFullYear())
  return own && own[0] <= now ? own : seasonOf(name, now.getFullYear() - 1)
}

/** The last season of that name that is over. */
export function lastSeason(name: string | undefined, now: Date): [Date, Date] | undefined {
  const own = seasonOf(name, now.getFullYear())
  return own && own[1] <= now ? own : seasonOf(name, now.getFullYear() - 1)
}

/** "A few" days, weeks, months or years ago: from six of them ago to one. */
export function someAgo(what: string | undefined, now: Date): [Date, Date] {
  return [back(6, what, now), back(1, what, now)]
}

/** From so many hours ago to so many hours ago. */
export function hoursAgo(from: number, to: number, now: Date): [Date, Date] {
  return [new Date(now.getTime() - from * HOUR), new Date(now.getTime() - to * HOUR)]
}

/** Hours of the last such day before today. */
export function hoursOfWeekday(
  name: string | undefined,
  from: number,
  to: number,
  now: Date,
): [Date, Date] | undefined {
  const day = lastWeekday(name, now)?.[0]
  return day && hoursFrom(day, 0, from, to)
}

/** Only what can be read one way: 3/4 is in March for some, in April for others. */
export function slashedDate(first: number, second: number, y: number): [Date, Date] | undefined {
  const readings = [date(y, second - 1, first), date(y, first - 1, second)].filter((one) => one !== undefined)
  return readings.length === 1 || first === second ? readings[0] : undefined
}

/** The last such day that is not ahead. */
export function lastDate(d: number, m: number, now: Date): [Date, Date] | undefined {
  const own = date(now.getFullYear(), m - 1, d)
  return own && own[0] > now ? date(now.getFullYear() - 1, m - 1, d) : own
}

function numberOfMonth(name: string | undefined): number | undefined {
  const own = (name ?? '').replace('.', '')
  return MONTHS[own] ?? SHORT_MONTHS[own]
}

/** Without a year, the last such day that is not ahead. */
export function dayOf(
  m: string | undefined,
  d: string | undefined,
  y: string | undefined,
  now: Date,
): [Date, Date] | undefined {
  const monthNumber = numberOfMonth(m)
  if (monthNumber === undefined) return undefined
  if (y) return date(Number(y), monthNumber, Number(d))
  const isAhead = new Date(now.getFullYear(), monthNumber, Number(d)) > now
  return date(now.getFullYear() - (isAhead ? 1 : 0), monthNumber, Number(d))
}

/** Without a year, the last such month that has begun. */
export function monthOf(m: string | undefined, y: string | undefined, now: Date): [Date, Date] | undefined {
  const monthNumber = numberOfMonth(m)
  if (monthNumber === undefined) return undefined
  const yearNumber = y ? Number(y) : now.getFullYear() - (monthNumber > now.getMonth() ? 1 : 0)
  return [new Date(yearNumber, monthNumber, 1), new Date(yearNumber, monthNumber + 1, 1)]
}

/** The last such day before today. */
export function lastWeekday(name: string | undefined, now: Date): [Date, Date] | undefined {
  const day = WEEKDAYS[name ?? '']
  if (day === undefined) return undefined
  const before = (now.getDay() - day + 7) % 7 || 7
  return daysFrom(now, -before, 1)
}
