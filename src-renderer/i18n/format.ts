import { useTranslation } from 'react-i18next'
import { dayDistance } from '../library/days.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Dates, times, sizes and sums as the language of the screens writes them. */
export interface Formats {
  time(instant: string): string
  day(instant: string): string
  /** From one day to another, both included, in as few letters as tell it. */
  days(from: string, to: string): string
  /** "Today", "Yesterday", a weekday, or a date: what tells most in fewest letters. */
  dayName(instant: string): string
  /** Day and time. */
  moment(instant: string): string
  number(value: number): string
  bytes(value: number): string
  dollars(value: number): string
  percent(share: number): string
  /** A figure that is only compared with others of its kind: three digits tell. */
  score(value: number): string
  /** A part of a score, with all figures at the same place. */
  part(value: number): string
  /** Minutes and seconds: 3:07. */
  duration(seconds: number): string
  milliseconds(value: number): string
}

export function formats(locale: string, now: () => Date): Formats {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const thisYear = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'long' })
  const otherYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const number = new Intl.NumberFormat(locale)
  const score = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const part = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const dates = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const datesOfYears = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const day = (instant: string) => {
    const date = new Date(instant)
    return (date.getFullYear() === now().getFullYear() ? thisYear : otherYear).format(date)
  }
  const dayName = (instant: string) => {
    const date = new Date(instant)
    const distance = dayDistance(date, now())
    if (distance === 0 || distance === -1) return capitalise(relative.format(distance, 'day'), locale)
    return distance < 0 && distance > -7 ? weekday.format(date) : day(instant)
  }
  return {
    time: (instant) => time.format(new Date(instant)),
    day,
    days(from, to) {
      const [first, last] = [new Date(from), new Date(to)]
      const isThisYear = first.getFullYear() === now().getFullYear() && last.getFullYear() === first.getFullYear()
      return (isThisYear ? dates : datesOfYears).formatRange(first, last)
    },
    dayName,
    moment: (instant) => `${dayName(instant)}, ${time.format(new Date(instant))}`,
    number: (value) => number.format(value),
    bytes(value) {
      const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3))
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: UNITS[step] as string,
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: step < 2 ? 0 : 1,
      }).format(value / 1_000 ** step)
    },
    dollars: (value) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'USD',
        minimumFractionDigits: 2,
        maximumFractionDigits: value !== 0 && Math.abs(value) < 0.1 ? 4 : 2,
      }).format(value),
    percent: (share) => percent.format(share),
    score: (value) => score.format(value),
    part: (value) => part.format(value),
    duration: (seconds) => {
      const whole = Math.floor(seconds)
      return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
    },
    milliseconds: (value) =>
      value < 1_000
        ? `${number.format(Math.round(value))} ms`
        : `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value / 1_000)} s`,
  }
}

function capitalise(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
}

/** The reader's own region of the language on the screens, such as en-GB, so that dates look as at home. */
function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language
}

export function useFormats(): Formats {
  const { i18n } = useTranslation()
  return formatsOf(localeOf(i18n.language))
}

/** Made once for each locale and time zone, which a formatter keeps and a traveller changes: a dozen formatters for every row that is drawn would take longer than the row. */
const made = new Map<string, Formats>()

function formatsOf(locale: string): Formats {
  const name = `${locale} ${new Date().getTimezoneOffset()}`
  const kept = made.get(name) ?? formats(locale, () => new Date())
  made.set(name, kept)
  return kept
}
