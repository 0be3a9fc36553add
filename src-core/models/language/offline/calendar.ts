import { dayIn } from './days.ts'
import type { TutorLanguage } from './language.ts'
import { zoneOf } from './places.ts'
import { fold } from './words.ts'

/** What somebody wants to know of the calendar or the clock, as the tool for dates takes it. */
export interface CalendarWish {
  about: 'now' | 'day' | 'until'
  input: { at?: string; zone?: string; until?: string; add?: Record<string, number> }
  /** As they named it; '' where they named none. */
  place: string
  language: TutorLanguage
}

/** Longest text in which such a wish is looked for, in UTF-16 code units. */
const LONGEST_LOOK = 160

interface CalendarWords {
  /** Now, here or in a `place`, or after some time that stands there instead. */
  now: RegExp
  /** Yesterday, tomorrow and their like, as days from now. */
  near: RegExp
  days: Readonly<Record<string, number>>
  /** Which day of the week a `date` is. */
  weekday: RegExp
  /** How many days it is until a `date`. */
  until: RegExp
  /** "3 weeks", with the unit it means. */
  spans: readonly (readonly [RegExp, 'days' | 'weeks' | 'months' | 'years'])[]
}

/** All are tested on folded text without signs at its ends. */
const WORDS: Record<TutorLanguage, CalendarWords> = {
  en: {
    now: /^(?:what time is it|what(?:'s| is) the (?:current )?(?:time|date)|what(?:'s| is) today's date|(?:what|which) (?:day|date|weekday)(?: of the week)? (?:is|will|would|do|have)(?: it| we| today)*(?: be| have)?)(?: today| now| right now| currently| at the moment)*(?: in (?<place>.+?))?(?: from)?(?: today| now| right now| currently| at the moment)*$/,
    near: /^(?:(?:what|which) (?:day|date|weekday)(?: of the week)? (?:is|was|will)(?: it)?(?: be)? (?<day>tomorrow|yesterday|the day after tomorrow|the day before yesterday)|what(?:'s| is| was) (?<whose>tomorrow|yesterday)'s date)$/,
    days: { tomorrow: 1, yesterday: -1, 'the day after tomorrow': 2, 'the day before yesterday': -2 },
    weekday:
      /^(?:what|which) (?:day|weekday)(?: of the week)? (?:is|was|will|does|did)(?: it)?(?: on| the)* (?<date>.+?)(?: be| fall on| on)?$/,
    until:
      /^how (?:many days|long)(?: is it| are there| are left| is left| do i have| remain)?(?: until| till| to) (?<date>.+)$/,
    spans: [
      [/^(\d{1,5}) days?$/, 'days'],
      [/^(\d{1,4}) weeks?$/, 'weeks'],
      [/^(\d{1,4}) months?$/, 'months'],
      [/^(\d{1,3}) years?$/, 'years'],
    ],
  },
  de: {
    now: /^(?:wie spat ist(?: es)?|wie ?viel uhr (?:ist|haben wir)(?: es)?|(?:welche[rsn]?|was fur ein(?:en)?) (?:wochentag|tag|datum) (?:ist|haben wir|ware?)(?: es)?|(?:was|welches) ist das datum|der wievielte ist|den wievielten haben wir)(?: heute| jetzt| gerade| es| denn)*(?: in (?<place>.+?))?(?: heute| jetzt| gerade)*$/,
    near: /^(?:(?:welche[rsn]?|was fur ein(?:en)?) (?:wochentag|tag|datum)|der wievielte) (?:ist|war|haben wir|hatten wir) (?<day>morgen|ubermorgen|gestern|vorgestern)$/,
    days: { morgen: 1, ubermorgen: 2, gestern: -1, vorgestern: -2 },
    weekday:
      /^(?:(?:welcher|was fur ein) (?:wochentag|tag) (?:ist|war|wird)|auf welchen (?:wochentag|tag) (?:fallt|fiel))(?: am| der| den)* (?<date>.+?)(?: sein)?$/,
    until: /^wie (?:viele tage|lange)(?: sind es| ist es| dauert es)?(?: noch)?(?: bis| bis zum| bis zu) (?<date>.+)$/,
    spans: [
      [/^(\d{1,5}) tag(?:en|e)?$/, 'days'],
      [/^(\d{1,4}) wochen?$/, 'weeks'],
      [/^(\d{1,4}) monate?n?$/, 'months'],
      [/^(\d{1,3}) jahre?n?$/, 'years'],
    ],
  },
  es: {
    now: /^(?:que hora (?:es|sera)|que (?:dia|fecha)(?: de la semana)? (?:es|tenemos|sera)|cual es la (?:fecha|hora)|a (?:que|cuanto|cuantos)(?: dia)? estamos|en que (?:dia|fecha) estamos)(?: hoy| ahora| de hoy)*(?: (?:en|dentro de) (?<place>.+?))?(?: hoy| ahora)*$/,
    near: /^que (?:dia|fecha)(?: de la semana)? (?:es|sera|fue|era) (?<day>manana|pasado manana|ayer|anteayer)$/,
    days: { manana: 1, 'pasado manana': 2, ayer: -1, anteayer: -2 },
    weekday: /^(?:que|en que) dia(?: de la semana)? (?:es|fue|sera|cae|cayo)(?: el)? (?<date>.+)$/,
    until: /^cuant(?:os dias|o)(?: tiempo)? (?:faltan?|quedan?|hay)(?: para| hasta)(?: el| la)? (?<date>.+)$/,
    spans: [
      [/^(\d{1,5}) dias?$/, 'days'],
      [/^(\d{1,4}) semanas?$/, 'weeks'],
      [/^(\d{1,4}) mes(?:es)?$/, 'months'],
      [/^(\d{1,3}) anos?$/, 'years'],
    ],
  },
}

const LEAD = /^(?:(?:please|hey|ok|okay|and|so|tell me|bitte|und|sag mir|por favor|oye|y|dime)\s+)+/

/**
 * What the words want to know of calendar and clock; undefined where they ask for anything else, or name a place or day that is not known.
 * @param today the day it is for the learner, as `2026-11-26`
 */
export function calendarWishIn(text: string, likely: TutorLanguage, today: string): CalendarWish | undefined {
  if (text.length > LONGEST_LOOK) return undefined
  const said = fold(text)
    .replace(/[¿?¡!"“”„«»]/g, ' ')
    .replace(/[.,;:](?=\s|$)/g, (sign, at: number, all: string) => (/\d\.$/.test(all.slice(0, at + 1)) ? sign : ' '))
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LEAD, '')
  const languages = [likely, ...(['en', 'de', 'es'] as const).filter((language) => language !== likely)]
  for (const language of languages) {
    const wish = wishIn(said, language, today)
    if (wish) return { ...wish, language }
  }
  return undefined
}

function wishIn(said: string, language: TutorLanguage, today: string): Omit<CalendarWish, 'language'> | undefined {
  const { now, near, days, weekday, until, spans } = WORDS[language]
  const day = near.exec(said)?.groups
  if (day) return { about: 'day', input: { add: { days: days[day.day ?? day.whose ?? ''] ?? 0 } }, place: '' }
  const end = dateOf(until, said, language, today, 'next')
  if (end) return { about: 'until', input: { at: today, until: end }, place: '' }
  const date = dateOf(weekday, said, language, today, 'this')
  if (date) return { about: 'day', input: { at: date }, place: '' }
  const found = now.exec(said)
  if (!found) return undefined
  const place = found.groups?.place
  if (place === undefined) return { about: 'now', input: {}, place: '' }
  for (const [span, unit] of spans) {
    const count = span.exec(place)?.[1]
    if (count !== undefined) return { about: 'day', input: { add: { [unit]: Number(count) } }, place: '' }
  }
  const zone = zoneOf(place)
  return zone === undefined ? undefined : { about: 'now', input: { zone }, place }
}

/** @param year which one is meant where none is named: this one, or the one in which the day comes next */
function dateOf(pattern: RegExp, said: string, language: TutorLanguage, today: string, year: 'this' | 'next') {
  const named = pattern.exec(said)?.groups?.date
  const day = named === undefined ? undefined : dayIn(named, language)
  if (!day) return undefined
  const present = Number(today.slice(0, 4))
  const isOver = year === 'next' && day.monthDay < today.slice(5)
  return `${day.year ?? (isOver ? present + 1 : present)}-${day.monthDay}`
}
