/** A stretch of time that a query speaks of; open where it only begins or only ends. */
export interface Period {
  /** The words that say so. */
  text: string
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  to?: Date
}

/** Which side of a day is meant: `since` and `until` with it, `after` and `before` without. */
export type Side = 'since' | 'after' | 'before' | 'until'

const HOUR = 3_600_000

type Unit = 'day' | 'week' | 'month' | 'year'

export const UNITS: Record<string, Unit> = {
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
    ['eleven', 'elf', 'once'],
    ['twelve', 'zwölf', 'doce'],
    ['thirteen', 'dreizehn', 'trece'],
    ['fourteen', 'vierzehn', 'catorce'],
    ['fifteen', 'fünfzehn', 'quince'],
  ],
  0,
)

export const MONTHS = places(
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

/** Short names of months; they are months only beside a day or a year. */
const SHORT_MONTHS = places(
  [
    ['jan', 'ene'],
    ['feb'],
    ['mar', 'mrz'],
    ['apr', 'abr'],
    [],
    ['jun'],
    ['jul'],
    ['aug', 'ago'],
    ['sep', 'sept'],
    ['oct', 'okt'],
    ['nov'],
    ['dec', 'dez', 'dic'],
  ],
  0,
)

/** Months of the year in which a season begins, from 0. */
const SEASONS: Record<string, number> = {
  ...seasons(2, 'spring frühling frühjahr primavera'),
  ...seasons(5, 'summer sommer verano'),
  ...seasons(8, 'autumn fall herbst otoño'),
  ...seasons(11, 'winter invierno'),
}

/** First and last day of a part of a month; they overlap, as nobody counts. */
const PARTS: readonly [names: string, first: number, last: number][] = [
  ['early|(?:the )?(?:beginning|start) of|anfang|(?:principios|comienzos|inicios) de', 1, 11],
  ['mid|(?:the )?middle of|mitte|mediados de', 9, 21],
  ['late|(?:the )?end of|ende|(?:finales|fines) de', 20, 31],
]

/** Parts of a day by their hours; 28 is four in the morning after. */
const DAY_PARTS: readonly [names: string, from: number, to: number][] = [
  ['morning|morgen|früh|vormittag|(?:por|en) la mañana', 4, 12],
  ['noon|mittag|al mediodía', 11, 15],
  ['afternoon|nachmittag|(?:por|en) la tarde', 12, 19],
  ['evening|night|abend|nacht|(?:por|en) la noche', 17, 28],
]

export const WEEKDAYS = places(
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

export const unit = `(${alternatives(UNITS)})`
export const number = `(\\d{1,3}|${alternatives(NUMBERS)})`
export const month = `(${alternatives(MONTHS)})`
export const weekday = `(${alternatives(WEEKDAYS)})`
export const year = '((?:19|20)\\d{2})'
const anyMonth = `(${alternatives(MONTHS)}|(?:${alternatives(SHORT_MONTHS)})\\.?)`
const season = `(${alternatives(SEASONS)})`
const dayNumber = '(\\d{1,2})(?:st|nd|rd|th|\\.)?'
const ofYear = `(?:,? (?:of |de(?:l)? )?${year})?`
const relativeYear =
  '(last year|(?:letzten|vergangenen|vorigen) jahres|letztes jahr|(?:el )?año pasado|this year|dieses jahres|dieses jahr|este año)'
const few = 'a few|a couple of|several|some|ein paar|einigen|mehreren|unos|unas|algunos|algunas|varios|varias|un par de'
const hour = 'hours?|stunden?|horas?'

type Reading = [pattern: string, read: (found: string[], now: Date) => [Date, Date] | undefined]

/** Two days of one month: "from the 5th to the 9th of November", "del 3 al 10 de octubre". */
const RANGES: readonly Reading[] = [
  [
    `(?:between|from|zwischen|vom|von|entre|del|desde)(?: the| dem| el)? ${dayNumber} (?:and|to|until|till|und|bis|y|al|a|hasta)(?: the| dem| zum| el)? ${dayNumber}(?: of| de)? ${anyMonth}${ofYear}`,
    ([first, last, m, y], now) => daysOf(first, last, m, y, now),
  ],
  [
    `(?:del |vom |on )?${dayNumber}\\s?[-–]\\s?${dayNumber}(?: of| de)? ${anyMonth}${ofYear}`,
    ([first, last, m, y], now) => daysOf(first, last, m, y, now),
  ],
  [
    `${anyMonth} ${dayNumber}\\s?[-–]\\s?${dayNumber}(?:,? ${year})?`,
    ([m, first, last, y], now) => daysOf(first, last, m, y, now),
  ],
]

/** What the words say, tried in this order. Weeks begin on Monday; days, weeks, months and years are whole, by the clock of the reader. */
const READINGS: readonly Reading[] = [
  ...PARTS.map(
    ([names, first, last]): Reading => [
      `(?:(?:in|at|a|since|im) )?(?:${names})[\\s-]+${month}${ofYear}`,
      ([m, y], now) => partOfMonth(first, last, m, y, now),
    ],
  ),
  [
    `(?:(?:in|im|en|during) )?${month} (?:of |del |de )?${relativeYear}`,
    ([m, which], now) => monthOf(m, relativeTo(which, now), now),
  ],
  [`${relativeYear},? (?:in|im|en) ${month}`, ([which, m], now) => monthOf(m, relativeTo(which, now), now)],
  [
    `(?:(?:in|during|over|im|en|el) )?(?:the |el )?${season},? (?:of |de(?:l)? )?${year}`,
    ([name, y]) => seasonOf(name, Number(y)),
  ],
  [
    `(?:(?:in|during|over|im) )?(?:last|this past|letzten|letzter|letztem|letztes|vergangenen|vorigen) ${season}`,
    ([name], now) => lastSeason(name, now),
  ],
  [`(?:el|la|en el|en la) ${season} pasad[oa]`, ([name], now) => lastSeason(name, now)],
  [
    `(?:in |during )?(?:the )?(first|second) half of ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'first' ? 0 : 6, 6),
  ],
  [
    `(?:in der )?(erste|zweite)n? (?:jahreshälfte|hälfte)(?: des jahres| von)? ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'erste' ? 0 : 6, 6),
  ],
  [
    `(?:en )?la (primera|segunda) mitad de(?:l)? ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'primera' ? 0 : 6, 6),
  ],
  [`(?:in |during |im |en )?q([1-4]) (?:of |de )?${year}`, ([q, y]) => monthsOf(Number(y), (Number(q) - 1) * 3, 3)],
  [
    `(?:the )?(?:${few}) ${unit} (?:ago|back)|vor (?:${few}) ${unit}|hace (?:${few}) ${unit}`,
    (found, now) =>
      someAgo(
        found.find((what) => what !== ''),
        now,
      ),
  ],
  ['(?:the )?other day', (_, now) => recent('7', 'days', now)],
  ['(?:the )?other week', (_, now) => recent('4', 'weeks', now)],
  [
    `(?:the )?${unit} before last|(?:in der |im |in dem )?vorletzte[nrsm]? ${unit}|(?:la|el) ${unit} antepasad[oa]`,
    (found, now) =>
      whole(
        found.find((what) => what !== ''),
        -2,
        now,
      ),
  ],
  ['(?:in |within |over |during )?(?:the )?(?:last|past) fortnight', (_, now) => recent('2', 'weeks', now)],
  ['a fortnight ago', (_, now) => ago('2', 'weeks', now)],
  [
    `(?:(?:in|within|over|during|for) )?(?:the |den |der |las |los )?(?:last|past|letzten|vergangenen|últim[oa]s) ${number} (?:${hour})`,
    ([count], now) => hoursAgo(countOf(count), 0, now),
  ],
  [
    '(?:(?:in|within|over|during) )?the (?:last|past) hour|in der letzten stunde|(?:en )?la última hora|half an hour ago|vor einer halben stunde|hace media hora',
    (_, now) => hoursAgo(1, 0, now),
  ],
  [
    `${number} (?:${hour}) (?:ago|back)|(?:vor|hace) ${number} (?:${hour})`,
    (found, now) => {
      const count = countOf(found.find((what) => what !== ''))
      return hoursAgo(count + 1, Math.max(0, count - 1), now)
    },
  ],
  ...DAY_PARTS.flatMap(([names, from, to]): Reading[] => [
    [`(?:yesterday|gestern|ayer)\\s(?:${names})`, (_, now) => hoursFrom(now, -1, from, to)],
    [`(?:this|today|heute|hoy)\\s(?:${names})`, (_, now) => hoursFrom(now, 0, from === 4 ? 0 : from, to)],
    [
      `(?:(?:on|last|this|this past|am|letzten|letzte|diesen|el|este) )*${weekday}\\s?(?:${names})`,
      ([name], now) => hoursOfWeekday(name, from, to, now),
    ],
  ]),
  ['esta tarde', (_, now) => hoursFrom(now, 0, 12, 20)],
  ['tonight|esta noche', (_, now) => hoursFrom(now, 0, 17, 28)],
  [`(?:on |am |vom |el )?(\\d{1,2})\\.(\\d{1,2})\\.${year}`, ([d, m, y]) => date(Number(y), Number(m) - 1, Number(d))],
  [`(?:am|vom|el) (\\d{1,2})/(\\d{1,2})/${year}`, ([d, m, y]) => date(Number(y), Number(m) - 1, Number(d))],
  [
    `(?:on )?(\\d{1,2})/(\\d{1,2})/${year}`,
    ([first, second, y]) => slashedDate(Number(first), Number(second), Number(y)),
  ],
  ['(?:am|vom) (\\d{1,2})\\.(\\d{1,2})\\.', ([d, m], now) => lastDate(Number(d), Number(m), now)],
  ['el (\\d{1,2})/(\\d{1,2})', ([d, m], now) => lastDate(Number(d), Number(m), now)],
  [`(?:(?:en|durante) )?(?:los|las) ${number} últim[oa]s ${unit}`, ([count, what], now) => recent(count, what, now)],
  ['day before yesterday|vorgestern|anteayer|antes de ayer', (_, now) => daysFrom(now, -2, 1)],
  ['last night|gestern abend|gestern nacht|anoche', (_, now) => hoursFrom(now, -1, 18, 28)],
  ['yesterday|gestern|ayer', (_, now) => daysFrom(now, -1, 1)],
  ['this morning|heute morgen|heute früh|heute vormittag|esta mañana', (_, now) => hoursFrom(now, 0, 0, 12)],
  [
    '(?:last|this past|letztes|vergangenes|am) (?:weekend|wochenende)|over the weekend|el fin de semana(?: pasado)?',
    (_, now) => lastWeekend(now),
  ],
  ['today|heute|hoy', (_, now) => daysFrom(now, 0, 1)],
  [`seit ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [`desde hace ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [
    `(?:(?:in|within|over|during|for) the )?(?:last|past|previous) ${number} ${unit}`,
    ([count, what], now) => recent(count, what, now),
  ],
  [
    `(?:in den |während der )?(?:letzten|vergangenen) ${number} ${unit}`,
    ([count, what], now) => recent(count, what, now),
  ],
  [`(?:en )?(?:los|las) últim[oa]s ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [`${number} ${unit} (?:ago|back)`, ([count, what], now) => ago(count, what, now)],
  [`vor ${number} ${unit}`, ([count, what], now) => ago(count, what, now)],
  [`hace ${number} ${unit}`, ([count, what], now) => ago(count, what, now)],
  [`(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?) ${unit}`, ([what], now) => whole(what, -1, now)],
  [`(?:la|el) ${unit} pasad[oa]`, ([what], now) => whole(what, -1, now)],
  [`(?:la|el) pasad[oa] ${unit}`, ([what], now) => whole(what, -1, now)],
  [`(?:this|diese[nrsm]?|est[ae]) ${unit}`, ([what], now) => whole(what, 0, now)],
  [`(?:on |am |el )?${year}-(\\d{2})-(\\d{2})`, ([y, m, d]) => date(Number(y), Number(m) - 1, Number(d))],
  [`(?:on )?${anyMonth} (\\d{1,2})(?:st|nd|rd|th)?(?:,? ${year})?`, ([m, d, y], now) => dayOf(m, d, y, now)],
  [
    `(?:on |am |el )?(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of| de)? ${anyMonth}(?:(?:,| of| de|) ${year})?`,
    ([d, m, y], now) => dayOf(m, d, y, now),
  ],
  [
    `(?:in|since last|im|en|during|en el mes de) ${month}(?:(?: of| de|) ${year})?`,
    ([m, y], now) => monthOf(m, y, now),
  ],
  [`(?:(?:in|im|en|during) )?${anyMonth} (?:of |de )?${year}`, ([m, y], now) => monthOf(m, y, now)],
  [
    `(?:on|last|(?:on )?th(?:is|e) past|this|am|(?:am )?letzte[nm]|(?:am )?vergangenen|diesen|el|este) ${weekday}(?: pasado)?`,
    ([name], now) => lastWeekday(name, now),
  ],
  [
    `(?:in|im jahr|im jahre|en|en el año|during) ${year}`,
    ([y]) => [new Date(Number(y), 0, 1), new Date(Number(y) + 1, 0, 1)],
  ],
]

/** Days that need a word before them to be one: "since Monday", "vor März". A bare year further back is history. */
const POINTS: readonly Reading[] = [
  ...READINGS,
  [`${month}(?:(?: of| de|) ${year})?`, ([m, y], now) => monthOf(m, y, now)],
  [weekday, ([name], now) => lastWeekday(name, now)],
  ['(20\\d{2})', ([y]) => [new Date(Number(y), 0, 1), new Date(Number(y) + 1, 0, 1)]],
]

/** The words that open or close a stretch of time, with what may stand between them and the day. */
const SIDES: readonly [side: Side, pattern: string][] = [
  ['since', '(?:ever )?since|seit(?: dem| der)?|desde(?: el| la)?'],
  ['before', '(?<!day )before|prior to|vor(?: dem| der)?|antes de(?:l| la| el)?'],
  ['after', '(?<!day )after|nach(?: dem| der)?|después de(?:l| la| el)?|tras(?: el| la)?'],
  ['until', 'until|till|up to|bis(?: zum| zur)?|hasta(?: el| la)?'],
]
export const SIDE_WORDS: readonly [side: Side, pattern: RegExp][] = SIDES.map(([side, pattern]) => [
  side,
  words(pattern),
])

const BETWEEN: readonly [opening: RegExp, middle: string][] = [
  [words('between|from'), 'and|to|until|till'],
  [words('zwischen|von|vom'), 'und|bis(?: zum)?'],
  [words('entre|de|desde'), 'y|a|hasta'],
]

/** Words by which a query speaks of a time, in lower case: none of them is a slip of the pen, whether texts have it or not. */
export const TIME_WORDS: ReadonlySet<string> = new Set([
  ...Object.keys({ ...UNITS, ...NUMBERS, ...MONTHS, ...WEEKDAYS }),
  ...`last past previous latest newest recent recently lately ago ever since before after until till between today yesterday night morning weekend
    fortnight early late mid beginning afternoon evening hour hours vorletzte vorletzten vorletzter anfang mitte ende antepasado antepasada principios
    mediados finales spring summer autumn winter frühling sommer herbst primavera verano otoño invierno stunde stunden hora horas
    letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes vergangenem vorige vorigen voriger voriges vorigem diese
    diesen dieser dieses diesem zuletzt kürzlich neulich letztens seit nach zwischen heute gestern vorgestern morgen früh vormittag abend nacht wochenende
    pasado pasada última último últimas últimos últimamente recientemente hace desde hasta antes después tras entre esta este ayer anteayer anoche mañana`.split(
    /\s+/,
  ),
])

const READABLE_RANGES = RANGES.map(([pattern, read]) => [words(pattern), read] as const)
const READABLE = READINGS.map(([pattern, read]) => [words(pattern), read] as const)
const READABLE_POINTS = POINTS.map(([pattern, read]) => [beginning(pattern), read] as const)

/**
 * The time that a query speaks of, in English, German or Spanish: `yesterday`, `im März`, `hace dos semanas`.
 * @param now the reader's present; days begin by the clock of this machine
 */
export function periodOf(query: string, now: Date): Period | undefined {
  return between(query, now) ?? plain(query, now, READABLE_RANGES) ?? sided(query, now) ?? plain(query, now, READABLE)
}

function plain(query: string, now: Date, readable: typeof READABLE): Period | undefined {
  for (const [pattern, read] of readable) {
    const match = pattern.exec(query)
    if (!match) continue
    const [text, ...found] = match
    const period = read(lowered(found), now)
    if (period) return { text: text.trim(), from: period[0], to: period[1] }
  }
  return undefined
}

/** "since Monday", "vor März", "hasta ayer". */
function sided(query: string, now: Date): Period | undefined {
  for (const [side, pattern] of SIDE_WORDS) {
    const match = pattern.exec(query)
    if (!match) continue
    const end = match.index + match[0].length
    const point = pointAt(query.slice(end), now)
    if (point) return { text: query.slice(match.index, end + point.length), ...onSide(side, point.from, point.to) }
  }
  return undefined
}

/** "between Monday and Thursday", "von März bis Mai", "entre marzo y mayo". */
function between(query: string, now: Date): Period | undefined {
  for (const [opening, middle] of BETWEEN) {
    const match = opening.exec(query)
    if (!match) continue
    const end = match.index + match[0].length
    const first = pointAt(query.slice(end), now)
    const joint = first && beginning(middle).exec(query.slice(end + first.length))
    if (!joint) continue
    const last = pointAt(query.slice(end + first.length + joint[0].length), now)
    if (!last || last.to <= first.from) continue
    const length = first.length + joint[0].length + last.length
    return { text: query.slice(match.index, end + length), from: first.from, to: last.to }
  }
  return undefined
}

export function onSide(side: Side, from: Date, to: Date): { from?: Date; to?: Date } {
  switch (side) {
    case 'since':
      return { from }
    case 'after':
      return { from: to }
    case 'before':
      return { to: from }
    case 'until':
      return { to }
  }
}

/** The day, week, month or year that a text begins with. @returns with the length of its words, blanks before them included */
function pointAt(text: string, now: Date): { from: Date; to: Date; length: number } | undefined {
  for (const [pattern, read] of READABLE_POINTS) {
    const match = pattern.exec(text)
    if (!match) continue
    const [all, ...found] = match
    const point = read(lowered(found), now)
    if (point) return { from: point[0], to: point[1], length: all.length }
  }
  return undefined
}

function lowered(found: readonly (string | undefined)[]): string[] {
  return found.map((part) => (part ?? '').toLowerCase())
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

function seasons(first: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(' ').map((name) => [name, first]))
}

function alternatives(names: Record<string, unknown>): string {
  return Object.keys(names)
    .sort((a, b) => b.length - a.length)
    .join('|')
}

/** As `words`, at the beginning of a text but for blanks. */
function beginning(pattern: string): RegExp {
  return new RegExp(`^\\s+(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}-])`, 'iu')
}

export function words(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}-])`, 'iu')
}

export function startOf(now: Date, later = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + later)
}

function daysFrom(now: Date, later: number, length: number): [Date, Date] {
  return [startOf(now, later), startOf(now, later + length)]
}

/** Hours of one day, counted from its midnight; 28 is four in the morning after. */
function hoursFrom(now: Date, later: number, from: number, to: number): [Date, Date] {
  const [y, m, d] = [now.getFullYear(), now.getMonth(), now.getDate() + later]
  return [new Date(y, m, d, from), new Date(y, m, d, to)]
}

/** The last Saturday and Sunday that have begun. */
function lastWeekend(now: Date): [Date, Date] {
  return daysFrom(now, -((now.getDay() + 1) % 7), 2)
}

export function countOf(text = ''): number {
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

/** Days of one month, both inclusive. */
function daysOf(
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

function partOfMonth(
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

function relativeTo(which: string | undefined, now: Date): string {
  return String(now.getFullYear() - (/last|letzt|vergangen|vorig|pasado/.test(which ?? '') ? 1 : 0))
}

function monthsOf(y: number, first: number, count: number): [Date, Date] {
  return [new Date(y, first, 1), new Date(y, first + count, 1)]
}

function seasonOf(name: string | undefined, y: number): [Date, Date] | undefined {
  const first = SEASONS[name ?? '']
  return first === undefined ? undefined : monthsOf(y, first, 3)
}

/** The last season of that name that is over. */
function lastSeason(name: string | undefined, now: Date): [Date, Date] | undefined {
  const own = seasonOf(name, now.getFullYear())
  return own && own[1] <= now ? own : seasonOf(name, now.getFullYear() - 1)
}

/** "A few" days, weeks, months or years ago: from six of them ago to one. */
function someAgo(what: string | undefined, now: Date): [Date, Date] {
  return [back(6, what, now), back(1, what, now)]
}

/** From so many hours ago to so many hours ago. */
function hoursAgo(from: number, to: number, now: Date): [Date, Date] {
  return [new Date(now.getTime() - from * HOUR), new Date(now.getTime() - to * HOUR)]
}

/** Hours of the last such day before today. */
function hoursOfWeekday(name: string | undefined, from: number, to: number, now: Date): [Date, Date] | undefined {
  const day = lastWeekday(name, now)?.[0]
  return day && hoursFrom(day, 0, from, to)
}

/** Only what can be read one way: 3/4 is in March for some, in April for others. */
function slashedDate(first: number, second: number, y: number): [Date, Date] | undefined {
  const readings = [date(y, second - 1, first), date(y, first - 1, second)].filter((one) => one !== undefined)
  return readings.length === 1 || first === second ? readings[0] : undefined
}

/** The last such day that is not ahead. */
function lastDate(d: number, m: number, now: Date): [Date, Date] | undefined {
  const own = date(now.getFullYear(), m - 1, d)
  return own && own[0] > now ? date(now.getFullYear() - 1, m - 1, d) : own
}

function numberOfMonth(name: string | undefined): number | undefined {
  const own = (name ?? '').replace('.', '')
  return MONTHS[own] ?? SHORT_MONTHS[own]
}

/** Without a year, the last such day that is not ahead. */
function dayOf(
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
function monthOf(m: string | undefined, y: string | undefined, now: Date): [Date, Date] | undefined {
  const monthNumber = numberOfMonth(m)
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
