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
export const SHORT_MONTHS = places(
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
export const SEASONS: Record<string, number> = {
  ...seasons(2, 'spring frühling frühjahr primavera'),
  ...seasons(5, 'summer sommer verano'),
  ...seasons(8, 'autumn fall herbst otoño'),
  ...seasons(11, 'winter invierno'),
}

/** Which week of a month or quarter of a year; the last one is 5. */
export const ORDINALS = places(
  [
    ['first', 'erste', 'ersten', 'primer', 'primera'],
    ['second', 'zweite', 'zweiten', 'segundo', 'segunda'],
    ['third', 'dritte', 'dritten', 'tercer', 'tercera'],
    ['fourth', 'vierte', 'vierten', 'cuarto', 'cuarta'],
    ['last', 'letzte', 'letzten', 'último', 'última'],
  ],
  1,
)

/** First and last day of a part of a month; they overlap, as nobody counts. */
export const PARTS: readonly [names: string, first: number, last: number][] = [
  ['early|(?:the )?(?:beginning|start) of|anfang|(?:principios|comienzos|inicios) de', 1, 11],
  ['mid|(?:the )?middle of|mitte|mediados de', 9, 21],
  ['late|(?:the )?end of|ende|(?:finales|fines) de', 20, 31],
]

/** Parts of a day by their hours; 28 is four in the morning after. */
export const DAY_PARTS: readonly [names: string, from: number, to: number][] = [
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

/** Words by which a query speaks of a time, in lower case: none of them is a slip of the pen, whether texts have it or not. */
export const TIME_WORDS: ReadonlySet<string> = new Set([
  ...Object.keys({ ...UNITS, ...NUMBERS, ...MONTHS, ...WEEKDAYS }),
  ...`last past previous latest newest recent recently lately ago ever since before after until till between today yesterday night morning weekend
    fortnight early late mid beginning afternoon evening hour hours vorletzte vorletzten vorletzter anfang mitte ende antepasado antepasada principios
    mediados finales spring summer autumn winter frühling sommer herbst primavera verano otoño invierno stunde stunden hora horas
    quarter quartal trimestre anderthalb christmas weihnachten navidad
    letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes vergangenem vorige vorigen voriger voriges vorigem diese
    diesen dieser dieses diesem zuletzt kürzlich neulich letztens seit nach zwischen heute gestern vorgestern morgen früh vormittag abend nacht wochenende
    pasado pasada última último últimas últimos últimamente recientemente hace desde hasta antes después tras entre esta este ayer anteayer anoche mañana`.split(
    /\s+/,
  ),
])

/* Patterns for `words` and `beginning`; each takes what it names as one group, but for `few` and `hour`, which take none. */

export const unit = `(${alternatives(UNITS)})`
export const number = `(\\d{1,3}|${alternatives(NUMBERS)})`
export const month = `(${alternatives(MONTHS)})`
export const weekday = `(${alternatives(WEEKDAYS)})`
export const year = '((?:19|20)\\d{2})'
export const anyMonth = `(${alternatives(MONTHS)}|(?:${alternatives(SHORT_MONTHS)})\\.?)`
export const ordinal = `(${alternatives(ORDINALS)})`
export const season = `(${alternatives(SEASONS)})`
export const dayNumber = '(\\d{1,2})(?:st|nd|rd|th|\\.)?'
export const ofYear = `(?:,? (?:of |de(?:l)? )?${year})?`
export const relativeYear =
  '(last year|(?:letzten|vergangenen|vorigen) jahres|letztes jahr|(?:el )?año pasado|this year|dieses jahres|dieses jahr|este año)'
export const few =
  'a few|a couple of|several|some|ein paar|einigen|mehreren|unos|unas|algunos|algunas|varios|varias|un par de'
export const hour = 'hours?|stunden?|horas?'

/** Where the words of a pattern stand in a text, whole, in any case. */
export function words(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}-])`, 'iu')
}

/** As `words`, at the beginning of a text but for blanks. */
export function beginning(pattern: string): RegExp {
  return new RegExp(`^\\s+(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}-])`, 'iu')
}

/** What a number says, in figures or in words; 1 where it says none. */
export function countOf(text = ''): number {
  return /^\d+$/.test(text) ? Number(text) : (NUMBERS[text.replace(/\s+/g, ' ')] ?? 1)
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
