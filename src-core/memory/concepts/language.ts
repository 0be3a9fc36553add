import * as lists from 'stopword'

/** Words of many languages that carry no meaning of their own: they tell the language, and where phrases end. */

/** Languages that are told apart, by their code of three letters. */
const LANGUAGES = [
  'eng',
  'deu',
  'spa',
  'fra',
  'ita',
  'por',
  'nld',
  'swe',
  'dan',
  'fin',
  'pol',
  'ces',
  'rus',
  'ukr',
  'tur',
  'ell',
  'ara',
  'hin',
  'zho',
  'jpn',
  'kor',
  'tha',
  'vie',
  'ind',
] as const
export type TextLanguage = (typeof LANGUAGES)[number]

const sets = new Map<TextLanguage, ReadonlySet<string>>()

export function stopWordsOf(language: TextLanguage): ReadonlySet<string> {
  const known = sets.get(language)
  if (known) return known
  const words = new Set((lists as unknown as Record<string, readonly string[]>)[language] ?? [])
  sets.set(language, words)
  return words
}

const calendars = new Map<TextLanguage, ReadonlySet<string>>()
/** A week, and the middle of each month. */
const DAYS = Array.from({ length: 7 }, (_, day) => new Date(2026, 0, day + 1))
const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(2026, month, 15))

/** Names of months and weekdays, in lower case, alone and as they stand in a date. */
export function calendarWordsOf(language: TextLanguage): ReadonlySet<string> {
  const known = calendars.get(language)
  if (known) return known
  const names = (days: readonly Date[], options: Intl.DateTimeFormatOptions, part: string) => {
    const format = new Intl.DateTimeFormat(language, options)
    return days.flatMap((day) => format.formatToParts(day).filter(({ type }) => type === part))
  }
  const words = new Set(
    [
      ...names(MONTHS, { month: 'long' }, 'month'),
      ...names(MONTHS, { month: 'long', day: 'numeric' }, 'month'),
      ...names(DAYS, { weekday: 'long' }, 'weekday'),
    ].map(({ value }) => value.toLowerCase()),
  )
  calendars.set(language, words)
  return words
}

/** Most words that are looked at. */
const SAMPLE = 400
/** A language is taken for sure only when so many of the words are its little ones. */
const SURE = 0.12

/** The language with the most little words among these; English where nothing speaks for another. */
export function languageOf(words: readonly string[]): TextLanguage {
  const sample = words.slice(0, SAMPLE).map((word) => word.toLowerCase())
  let best: { language: TextLanguage; share: number } = { language: 'eng', share: 0 }
  for (const language of LANGUAGES) {
    const stop = stopWordsOf(language)
    const share = sample.filter((word) => stop.has(word)).length / Math.max(1, sample.length)
    if (share > best.share) best = { language, share }
  }
  if (best.share >= SURE) return best.language
  const text = sample.join('')
  if (/\p{Script=Hiragana}|\p{Script=Katakana}/u.test(text)) return 'jpn'
  if (/\p{Script=Han}/u.test(text)) return 'zho'
  if (/\p{Script=Thai}/u.test(text)) return 'tha'
  if (/\p{Script=Hangul}/u.test(text)) return 'kor'
  if (/\p{Script=Cyrillic}/u.test(text)) return 'rus'
  return 'eng'
}
