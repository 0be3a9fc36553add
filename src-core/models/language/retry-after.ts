/** Longest wait that a header is believed to ask for, in milliseconds; also keeps a wild number out of the arithmetic. */
const LONGEST_MS = 24 * 3_600_000

/**
 * Milliseconds that a provider asks to be left alone, from `retry-after-ms`, or `retry-after` in seconds or as an HTTP date
 * (RFC 9110 §10.2.3). Undefined when it does not ask or cannot be understood.
 * @param nowMs milliseconds since 1970, against which a date is read
 */
export function readRetryAfter(header: (name: string) => string | null, nowMs: number): number | undefined {
  const precise = readNumber(header('retry-after-ms'))
  if (precise !== undefined) return clamp(precise)
  const text = header('retry-after')
  const seconds = readNumber(text)
  if (seconds !== undefined) return clamp(seconds * 1_000)
  // A date of HTTP begins with its weekday; `Date.parse` would take "-5" for a year.
  const date = text !== null && /^\s*[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : clamp(date - nowMs)
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), LONGEST_MS)
}
