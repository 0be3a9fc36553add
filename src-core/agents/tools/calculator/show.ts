import type { Value } from './evaluate.ts'
import { type Fraction, isWhole, toDouble } from './fraction.ts'

/** Longest whole number that is written out, in digits. */
const MOST_DIGITS = 400
/** Longest decimal that is written out, in places. */
const MOST_PLACES = 20
/** Significant digits of what is not exact. */
const SIGNIFICANT = 14
/** A fraction with no larger parts is shown beside its decimal. */
const SMALL = 10_000n

export interface Shown {
  text: string
  /** Whether the text is the value itself. */
  isExact: boolean
}

/** A value in digits, with `.` before the decimals. */
export function show(value: Value): Shown {
  if (typeof value === 'number') return { text: near(value), isExact: false }
  if (isWhole(value)) return wholeNumber(value.top)
  const places = decimalPlaces(value)
  if (places !== undefined) return { text: decimal(value, places), isExact: true }
  const size = value.top < 0n ? -value.top : value.top
  const fraction = size <= SMALL && value.bottom <= SMALL ? `, exactly ${value.top}/${value.bottom}` : ''
  return { text: near(toDouble(value)) + fraction, isExact: false }
}

function wholeNumber(value: bigint): Shown {
  const digits = value.toString()
  if (digits.length <= MOST_DIGITS) return { text: digits, isExact: true }
  const sign = value < 0n ? '-' : ''
  const plain = sign ? digits.slice(1) : digits
  return { text: `${sign}${plain[0]}.${plain.slice(1, SIGNIFICANT)}e+${plain.length - 1}`, isExact: false }
}

/** How many decimals write it exactly: none do for a third. */
function decimalPlaces({ bottom }: Fraction): number | undefined {
  let rest = bottom
  let twos = 0
  let fives = 0
  for (; rest % 2n === 0n && twos <= MOST_PLACES; rest /= 2n) twos += 1
  for (; rest % 5n === 0n && fives <= MOST_PLACES; rest /= 5n) fives += 1
  const places = Math.max(twos, fives)
  return rest === 1n && places <= MOST_PLACES ? places : undefined
}

function decimal({ top, bottom }: Fraction, places: number): string {
  const scaled = (top * 10n ** BigInt(places)) / bottom
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

function near(value: number): string {
  return Number(value.toPrecision(SIGNIFICANT)).toString()
}
