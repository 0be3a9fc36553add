/** How sheets show numbers. Dates are days since an evening of 1899, shown as a date by the format of their cell. */

/** Digits that programs for sheets show; beyond them is the error of binary fractions. */
const DIGITS = 15

/** Last date of the programs that make sheets, the end of the year 9999. */
const MOST_DAYS = 2_958_466

/** Whether a number format shows a date or a time (ECMA-376 part 1, 18.8.30). @param code its own, for a format that is not built in */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 45 && id <= 47)
  // Letters that are shown as they are, or only as wide, or fill (`_D_M`, `*-`), tell nothing.
  return /[dmyhs]/i.test(code.replace(/"[^"]*"|[\\_*].|\[[^\]]*\]|General/gi, ''))
}

/** `days` since the last day of 1899, or since 1904 began, as an ISO date, with the time where there is one. */
export function sheetDate(days: number, is1904: boolean): string | undefined {
  if (!(days >= 0 && days < MOST_DAYS)) return undefined
  // Excel holds 1900 for a leap year: before its 60th day the count is one less.
  const since1970 = days + (is1904 ? 1_462 : days < 60 ? 1 : 0) - 25_569
  const [date = '', time = ''] = new Date(Math.round(since1970 * 86_400) * 1_000).toISOString().split('T')
  const clock = time.slice(0, 8)
  if (days < 1 && !is1904) return clock
  return clock === '00:00:00' ? date : `${date} ${clock}`
}

/** What a number is by the format of its cell. */
export type NumberKind = 'number' | 'date' | 'elapsed' | 'percent'

/** @param code the format's own, for one that is not built in */
export function numberKind(id: number, code: string | undefined): NumberKind {
  const shown = code?.replace(/"[^"]*"|\\./g, '')
  // Hours beyond 24, or minutes or seconds beyond 60.
  if (shown === undefined ? id === 46 : /\[(?:h+|m+|s+)\]/i.test(shown)) return 'elapsed'
  if (shown === undefined ? id === 9 || id === 10 : shown.includes('%')) return 'percent'
  return isDateFormat(id, code) ? 'date' : 'number'
}

/** A number as its reader sees it, dates as ISO dates; it is not rounded. */
export function shownNumber(value: number, kind: NumberKind, is1904: boolean): string {
  if (kind === 'percent') return `${plain(value * 100)}%`
  return (kind === 'date' && sheetDate(value, is1904)) || (kind === 'elapsed' && elapsedTime(value)) || plain(value)
}

function plain(value: number): string {
  return `${Number(value.toPrecision(DIGITS))}`
}

/** `days` as hours, minutes and seconds. */
function elapsedTime(days: number): string | undefined {
  if (!(days >= 0 && days < MOST_DAYS)) return undefined
  const seconds = Math.round(days * 86_400)
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
