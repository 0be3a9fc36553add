/** Whole numbers count as seconds or milliseconds since 1970 where they fall into these years. */
const FIRST = Date.UTC(2020, 0, 1)
const LAST = Date.UTC(2100, 0, 1)

const SPELLING =
  /^\s*(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?\s*$/i

/**
 * An instant of v1 or of what was restored into it (docs/import-v1.md §2): `2024-05-01 09:30:00`, also with `T`, a fraction, `Z` or an
 * offset. Without one it is UTC.
 * @returns ISO 8601 in UTC with milliseconds, or null when it is none
 */
export function readTimestamp(text: string): string | null {
  const parts = SPELLING.exec(text)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3)))
  // What does not exist, such as February 30 or 25 o'clock, would roll over.
  const isReal =
    year >= 1 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  if (!isReal) return null
  const offset = parts[9] === undefined ? 0 : (Number(parts[10]) * 60 + Number(parts[11] ?? 0)) * 60_000
  return isoOf(date.getTime() - (parts[9] === '-' ? -offset : offset))
}

/** Seconds or milliseconds since 1970. @returns null when it is neither */
export function readEpoch(text: string): string | null {
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  const ms = [value * 1_000, value].find((candidate) => candidate >= FIRST && candidate < LAST)
  return ms === undefined ? null : isoOf(Math.trunc(ms))
}

function isoOf(ms: number): string | null {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date.toISOString() : null
}
