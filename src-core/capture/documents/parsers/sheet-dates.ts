/** How sheets write dates: as days since an evening of 1899, shown as a date by the format of their cell. */

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
