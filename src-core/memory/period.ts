/** A stretch of time that a query speaks of. */
export interface Period {
  /** The words that say so. */
  text: string
  /** Inclusive. */
  from: Date
  /** Exclusive. */
  to: Date
}

type Unit = 'day' | 'week' | 'month' | 'year'

const UNITS: Record<string, Unit> = {
  ...named('day', 'day days tag tage tagen día días dia dias'),
  ...named('week', 'week weeks woche wochen semana semanas'),
  ...named('month', 'month months monat monate monaten mes meses'),
  ...named('year', 'year years jahr jahre jahren jahres año años ano anos'),
}

const NUMBERS = places(
  [
    [''],
    ['a', 'an', 'one', 'ein', 'eine', 'einem', 'einer', 'un', 'una'],
    ['two', 'couple of', 'zwei', 'dos'],
    ['three', 'drei', 'tres'],
    ['four', 'vier', 'cuatro'],
    ['five', 'fünf', 'cinco'],
    ['six', 'sechs', 'seis'],
    ['seven', 'sieben', 'siete'],
    ['eight', 'acht', 'ocho'],
    ['nine', 'neun', 'nueve'],
    ['ten', 'zehn', 'diez'],
  ],
  0,
)

const MONTHS = places(
  [
    ['january', 'januar', 'enero'],
    ['february', 'februar', 'febrero'],
    ['march', 'märz', 'marzo'],
    ['april', 'abril'],
    ['may', 'mai', 'mayo'],
    ['june', 'juni', 'junio'],
    ['july', 'juli', 'julio'],
    ['august', 'agosto'],
    ['september', 'septiembre'],
    ['october', 'oktober', 'octubre'],
    ['november', 'noviembre'],
    ['december', 'dezember', 'diciembre'],
  ],
  0,
)

const WEEKDAYS = places(
  [
    ['sunday', 'sonntag', 'domingo'],
    ['monday', 'montag', 'lunes'],
    ['tuesday', 'dienstag', 'martes'],
    ['wednesday', 'mittwoch', 'miércoles'],
    ['thursday', 'donnerstag', 'jueves'],
    ['friday', 'freitag', 'viernes'],
    ['saturday', 'samstag', 'sonnabend', 'sábado'],
  ],
  0,
)

const unit = `(${alternatives(UNITS)})`
const number = `(\\d{1,3}|${alternatives(NUMBERS)})`
const month = `(${alternatives(MONTHS)})`
const weekday = `(${alternatives(WEEKDAYS)})`
const year = '((?:19|20)\\d{2})'

type Reading = [pattern: RegExp, read: (found: string[], now: Date) => [Date, Date] | undefined]

/** What the words say, tried in this order. Weeks begin on Monday; days, weeks, months and years are whole, by the clock of the reader. */
const READINGS: readonly Reading[] = [
  [words('day before yesterday|vorgestern|anteayer|antes de ayer'), (_, now) => daysFrom(now, -2, 1)],
  [words('yesterday|gestern|ayer'), (_, now) => daysFrom(now, -1, 1)],
  [words('today|heute|hoy'), (_, now) => daysFrom(now, 0, 1)],
  [
    words(`(?:in the |over the |during the )?(?:last|past|previous) ${number} ${unit}`),
    ([count, what], now) => recent(count, what, now),
  ],
  [
    words(`(?:in den |während der )?(?:letzten|vergangenen) ${number} ${unit}`),
    ([count, what], now) => recent(count, what, now),
  ],
  [words(`(?:en )?(?:los|las) últim[oa]s ${number} ${unit}`), ([count, what], now) => recent(count, what, now)],
  [words(`${number} ${unit} ago`), ([count, what], now) => ago(count, what, now)],
  [words(`vor ${number} ${unit}`), ([count, what], now) => ago(count, what, now)],
  [words(`hace ${number} ${unit}`), ([count, what], now) => ago(count, what, now)],
  [
    words(`(?:last|previous|letzte[nrs]?|vergangene[nrs]?|vorige[nrs]?) ${unit}`),
    ([what], now) => whole(what, -1, now),
  ],
  [words(`(?:la|el) ${unit} pasad[oa]`), ([what], now) => whole(what, -1, now)],
  [words(`(?:this|diese[nrsm]?|est[ae]) ${unit}`), ([what], now) => whole(what, 0, now)],
  [words(`(?:on |am |el )?${year}-(\\d{2})-(\\d{2})`), ([y, m, d]) => date(Number(y), Number(m) - 1, Number(d))],
  [words(`(?:on )?${month} (\\d{1,2})(?:st|nd|rd|th)?(?:,? ${year})?`), ([m, d, y], now) => dayOf(m, d, y, now)],
  [
    words(`(?:on |am |el )?(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of| de)? ${month}(?:(?:,| of| de|) ${year})?`),
    ([d, m, y], now) => dayOf(m, d, y, now),
  ],
  [
    words(`(?:in|since last|im|en|during|en el mes de) ${month}(?:(?: of| de|) ${year})?`),
    ([m, y], now) => monthOf(m, y, now),
  ],
  [words(`${month} (?:of |de )?${year}`), ([m, y], now) => monthOf(m, y, now)],
  [words(`(?:on|last|am|letzten|el) ${weekday}(?: pasado)?`), ([name], now) => lastWeekday(name, now)],
  [
    words(`(?:in|im jahr|im jahre|en|en el año|during) ${year}`),
    ([y]) => [new Date(Number(y), 0, 1), new Date(Number(y) + 1, 0, 1)],
  ],
]

/**
 * The time that a query speaks of, in English, German or Spanish: `yesterday`, `im März`, `hace dos semanas`.
 * @param now the reader's present; days begin by the clock of this machine
 */
export function periodOf(query: string, now: Date): Period | undefined {
  for (const [pattern, read] of READINGS) {
    const match = pattern.exec(query)
    if (!match) continue
    const [text, ...found] = match
    const period = read(
      found.map((part) => (part ?? '').toLowerCase()),
      now,
    )
    if (period) return { text: text.trim(), from: period[0], to: period[1] }
  }
  return undefined
}

function named(unit: Unit, names: string): Record<string, Unit> {
  return Object.fromEntries(names.split(' ').map((name) => [name, unit]))
}

/** Each name with its place in the list. */
function places(names: string[][], first: number): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((group, place) => group.filter((name) => name !== '').map((name) => [name, place + first])),
  )
}

function alternatives(names: Record<string, unknown>): string {
  return Object.keys(names)
    .sort((a, b) => b.length - a.length)
    .join('|')
}

function words(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}-])`, 'iu')
}

function startOf(now: Date, later = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + later)
}

function daysFrom(now: Date, later: number, length: number): [Date, Date] {
  return [startOf(now, later), startOf(now, later + length)]
}

function countOf(text = ''): number {
  return /^\d+$/.test(text) ? Number(text) : (NUMBERS[text.replace(/\s+/g, ' ')] ?? 1)
}

/** The last so many days, weeks, months or years, with today. */
function recent(count: string | undefined, what: string | undefined, now: Date): [Date, Date] {
  return [back(countOf(count), what, now), startOf(now, 1)]
}

/** Around the day so long ago: that day, and of weeks, months and years the whole one. */
function ago(count: string | undefined, what: string | undefined, now: Date): [Date, Date] | undefined {
  return whole(what, -countOf(count), now)
}

function back(count: number, what: string | undefined, now: Date): Date {
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
function whole(what: string | undefined, later: number, now: Date): [Date, Date] {
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

function date(y: number, m: number, d: number): [Date, Date] | undefined {
  const from = new Date(y, m, d)
  return from.getMonth() === m && from.getDate() === d ? [from, new Date(y, m, d + 1)] : undefined
}

/** Without a year, the last such day that is not ahead. */
function dayOf(
  m: string | undefined,
  d: string | undefined,
  y: string | undefined,
  now: Date,
): [Date, Date] | undefined {
  const monthNumber = MONTHS[m ?? '']
  if (monthNumber === undefined) return undefined
  if (y) return date(Number(y), monthNumber, Number(d))
  const isAhead = new Date(now.getFullYear(), monthNumber, Number(d)) > now
  return date(now.getFullYear() - (isAhead ? 1 : 0), monthNumber, Number(d))
}

/** Without a year, the last such month that has begun. */
function monthOf(m: string | undefined, y: string | undefined, now: Date): [Date, Date] | undefined {
  const monthNumber = MONTHS[m ?? '']
  if (monthNumber === undefined) return undefined
  const yearNumber = y ? Number(y) : now.getFullYear() - (monthNumber > now.getMonth() ? 1 : 0)
  return [new Date(yearNumber, monthNumber, 1), new Date(yearNumber, monthNumber + 1, 1)]
}

/** The last such day before today. */
function lastWeekday(name: string | undefined, now: Date): [Date, Date] | undefined {
  const day = WEEKDAYS[name ?? '']
  if (day === undefined) return undefined
  const before = (now.getDay() - day + 7) % 7 || 7
  return daysFrom(now, -before, 1)
}
