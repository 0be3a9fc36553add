import type { SummaryOf } from '../../src-core/contract/index.ts'
import { localDay } from '../i18n/local-day.ts'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/

/** Noon of a local day, so that no change of clocks moves it to another. */
export function noonOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, 12)
}

/** The day that many days later; earlier where `days` is negative. */
export function daysAfter(day: string, days: number): string {
  const noon = noonOf(day)
  noon.setDate(noon.getDate() + days)
  return localDay(noon)
}

/** A day of the calendar, or undefined where it says nonsense. */
export function readDay(value: unknown): string | undefined {
  return typeof value === 'string' && DAY.test(value) && localDay(noonOf(value)) === value ? value : undefined
}

/** What the address of the place names: a session, else a day, else today. */
export function subjectOf({ session, day }: { session?: string; day?: string }, now: Date): SummaryOf {
  return session === undefined ? { day: day ?? localDay(now) } : { session }
}

export function isSameSubject(one: SummaryOf, other: SummaryOf): boolean {
  return nameOf(one) === nameOf(other)
}

/** Names it among all subjects. */
export function nameOf(of: SummaryOf): string {
  return 'session' in of ? `session ${of.session}` : `day ${of.day}`
}
