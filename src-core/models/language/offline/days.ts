import type { TutorLanguage } from './language.ts'
import { fold } from './words.ts'

/** Days that have a name, folded; month and day. */
const NAMED_DAYS: Readonly<Record<string, string>> = {
  ...{
    christmas: '12-25',
    'christmas eve': '12-24',
    'new year': '01-01',
    "new year's": '01-01',
    "new year's day": '01-01',
  },
  ...{ weihnachten: '12-25', heiligabend: '12-24', neujahr: '01-01', silvester: '12-31' },
  ...{ navidad: '12-25', nochebuena: '12-24', 'ano nuevo': '01-01', nochevieja: '12-31' },
}

/** The day that a text names, all of it: `2026-11-26`, "November 26", "26. November 2026", "26 de noviembre". Folded. */
export function dayIn(
  text: string,
  language: TutorLanguage,
): { year: string | undefined; monthDay: string } | undefined {
  const named = NAMED_DAYS[text]
  if (named !== undefined) return { year: undefined, monthDay: named }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (iso) return { year: iso[1], monthDay: `${iso[2]}-${iso[3]}` }
  const figures = language === 'en' ? null : /^(\d{1,2})[./](\d{1,2})[./](\d{4})?$/.exec(text)
  if (figures) return { year: figures[3], monthDay: `${two(figures[2])}-${two(figures[1])}` }
  const months = monthsOf(language)
  const month = `(${months.join('|')})`
  const dayFirst = new RegExp(
    `^(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of| de)? ${month}(?:,? (?:de |del )?(\\d{4}))?$`,
  ).exec(text)
  if (dayFirst)
    return { year: dayFirst[3], monthDay: `${two(months.indexOf(dayFirst[2] ?? '') + 1)}-${two(dayFirst[1])}` }
  const monthFirst = new RegExp(`^${month} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?$`).exec(text)
  if (!monthFirst) return undefined
  return { year: monthFirst[3], monthDay: `${two(months.indexOf(monthFirst[1] ?? '') + 1)}-${two(monthFirst[2])}` }
}

/** Names of the months, January first, folded. */
function monthsOf(language: TutorLanguage): string[] {
  const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) => fold(format.format(Date.UTC(2026, month, 15))))
}

function two(figure: string | number | undefined): string {
  return String(figure).padStart(2, '0')
}
