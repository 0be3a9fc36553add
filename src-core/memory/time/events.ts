import { sentencesIn } from '../../kernel/index.ts'
import { languageOf } from '../language/languages.ts'
import { formOf } from '../language/terms.ts'
import { wordsOf } from '../language/words.ts'
import type { Place } from '../types.ts'
import { startOf } from './calendar.ts'
import { onSide, type Period, SIDE_WORDS, type Side } from './period.ts'
import { countOf, MONTHS, month, number, UNITS, unit, WEEKDAYS, weekday, words, year } from './time-words.ts'

/** An event by which a query names a time: "before the statistics exam", "nach der Vorlesung über Zellen". */
export interface NamedEvent {
  /** The words that say so, the side included. */
  text: string
  side: Side
  /** The event alone, as it was named. */
  name: string
  /** Stems that a text must have to speak of it: the kind of event, and what tells it from others of its kind. */
  stems: string[][]
  /** What is told of while it lasts, so that whoever speaks of it without a date was there just then. */
  isAttended: boolean
}

/** A passage that may tell when the event is or was. */
export interface Telling extends Place {
  text: string
  /** When it was said. */
  when: Date
}

/** Events that learners name times by, in English, German and Spanish. */
const ATTENDED = new Set(
  'lecture lectures class seminar lesson workshop meeting talk conference tutorial vorlesung seminar seminarstunde stunde unterricht übung vortrag treffen tagung workshop clase lección seminario taller charla conferencia reunión'.split(
    ' ',
  ),
)
const DATED =
  'exam exams examination test quiz midterm midterms finals presentation deadline interview holidays holiday vacation break trip course semester term prüfung klausur prüfungen test referat präsentation abgabe ferien urlaub reise kurs semester examen exámenes prueba parcial presentación entrega entrevista vacaciones viaje curso semestre'.split(
    ' ',
  )
const KINDS = new Set([...ATTENDED, ...DATED])
/** In German the kind is the end of one word: Statistikprüfung. */
const COMPOUND = /(?:prüfung|klausur|vorlesung|seminar|übung|vortrag|referat|abgabe|ferien)$/iu
const ATTENDED_COMPOUND = /(?:vorlesung|seminar|übung|vortrag)$/iu
const STOP = /[.?!,;:]/

const DETERMINER = words(
  'the|my|our|this|that|last|der|die|das|dem|den|meiner|meinem|meine|unserer|unserem|el|la|los|las|mi|nuestra|nuestro|l|del|al',
)
const JOINT = /^\s+(?:on|about|of|in|with|from|über|zu|zur|zum|in|bei|mit|von|sobre|de|del|en|con)\s+/iu
/** Words between determiner and kind ("the first statistics exam"), and after "on", "über", "sobre". */
const MOST_BEFORE = 3
const MOST_AFTER = 3

/**
 * The event that a query tells a time by, as it may be named: with what follows it ("the exam about cells"), which may as well be what the query
 * is about, and then without.
 */
export function eventsIn(query: string): NamedEvent[] {
  for (const [side, pattern] of SIDE_WORDS) {
    const match = pattern.exec(query)
    const named = match && nameAt(query, match.index + match[0].length)
    if (!named) continue
    return named.ends.map((end) => {
      const name = query.slice(named.start, end)
      const { isAttended } = named
      return { text: query.slice(match.index, end), side, name, stems: stemsOf(name), isAttended }
    })
  }
  return []
}

function nameAt(
  query: string,
  from: number,
): { start: number; ends: [number, ...number[]]; isAttended: boolean } | undefined {
  const following = Array.from(wordsOf(query.slice(from)), ({ text, start, end }) => ({
    text,
    start: from + start,
    end: from + end,
  }))
  const first = following.findIndex(({ text }) => !DETERMINER.test(text))
  const kind = following.slice(first, first + MOST_BEFORE + 1).find(({ text }) => isKind(text))
  const begin = following[first]
  if (!begin || !kind || STOP.test(query.slice(from, kind.start))) return undefined
  const joint = JOINT.exec(query.slice(kind.end))
  const joined = kind.end + (joint?.[0].length ?? 0)
  const tail = joint && [...wordsOf(query.slice(joined).split(STOP, 1)[0] ?? '')].slice(0, MOST_AFTER).at(-1)
  return {
    start: begin.start,
    ends: tail ? [joined + tail.end, kind.end] : [kind.end],
    isAttended: ATTENDED.has(kind.text.toLowerCase()) || ATTENDED_COMPOUND.test(kind.text),
  }
}

function isKind(word: string): boolean {
  return KINDS.has(word.toLowerCase()) || COMPOUND.test(word)
}

/** Stems of each word that says something, in the languages of the lists. */
function stemsOf(text: string): string[][] {
  return Array.from(wordsOf(text), ({ text: word }) => formsOf(word))
    .filter((forms) => forms.length === LANGUAGES.length)
    .map((forms) => [...new Set(forms)])
}

const LANGUAGES = ['en', 'de', 'es'].map(languageOf)

function formsOf(word: string): string[] {
  return LANGUAGES.flatMap((language) => formOf(word, language) ?? [])
}

/**
 * When the event is or was, by the latest passage that says it, since dates move: with a date in the sentence that names the event, or, where such events are told
 * of while they last, by the day on which it was told.
 */
export function dateOf(event: NamedEvent, tellings: readonly Telling[]): { telling: Telling; day: Date } | undefined {
  const latest = tellings.toSorted((a, b) => b.when.getTime() - a.when.getTime())
  const speaking = latest.flatMap((telling) => {
    const sentence = sentenceAbout(event, telling.text)
    return sentence === undefined ? [] : [{ telling, sentence }]
  })
  for (const { telling, sentence } of speaking) {
    const day = dateTold(sentence, telling.when)
    if (day) return { telling, day }
  }
  const attended = event.isAttended ? speaking[0] : speaking.find(({ sentence }) => IS_PAST.test(sentence))
  return attended && { telling: attended.telling, day: startOf(attended.telling.when) }
}

/** What comes of the event's day: the part of time that the query means. */
export function periodBy({ text, side }: NamedEvent, day: Date): Period {
  return { text, ...onSide(side, day, startOf(day, 1)) }
}

function sentenceAbout({ stems }: NamedEvent, text: string): string | undefined {
  return Array.from(sentencesIn(text), (sentence) => sentence.text).find((sentence) => {
    // A question about it says nothing of it.
    if (/[?？]\s*$/.test(sentence)) return false
    const has = new Set(Array.from(wordsOf(sentence), ({ text: word }) => formsOf(word)).flat())
    return stems.every((forms) => forms.some((form) => has.has(form)))
  })
}

/** Somebody tells of what they have just had. */
const IS_PAST = words(
  'was|had|passed|failed|just|took|wrote|war|hatte|hatten|bestanden|geschrieben|gerade|fue|tuve|tuvimos|hice|aprobé|pasé',
)

type Telltale = [pattern: RegExp, read: (found: string[], said: Date) => Date | undefined]

/** Dates as people tell them of what lies ahead or has just been. */
const TELLTALES: readonly Telltale[] = [
  [words(`${year}-(\\d{2})-(\\d{2})`), ([y, m, d]) => validDay(Number(y), Number(m) - 1, Number(d))],
  [
    words(`${month} (\\d{1,2})(?:st|nd|rd|th)?(?:,? ${year})?`),
    ([m, d, y], said) => nearest(MONTHS[m ?? ''], d, y, said),
  ],
  [
    words(`(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of| de)? ${month}(?:(?:,| of| de|) ${year})?`),
    ([d, m, y], said) => nearest(MONTHS[m ?? ''], d, y, said),
  ],
  [/(?<![\p{N}.])(\d{1,2})\.(\d{1,2})\.(20\d{2})?(?!\p{N})/u, ([d, m, y], said) => nearest(Number(m) - 1, d, y, said)],
  [words('day after tomorrow|übermorgen|pasado mañana'), (_, said) => startOf(said, 2)],
  [words('tomorrow|(?<!heute )(?<!gestern )morgen|(?<!la )(?<!esta )mañana'), (_, said) => startOf(said, 1)],
  [words('yesterday|gestern|ayer'), (_, said) => startOf(said, -1)],
  [words('today|heute|hoy|tonight'), (_, said) => startOf(said)],
  [words(`in ${number} ${unit}`), ([count, what], said) => ahead(count, what, said)],
  [words(`dentro de ${number} ${unit}`), ([count, what], said) => ahead(count, what, said)],
  [words(`(?:last|letzten|el pasado) ${weekday}`), ([name], said) => dayOfWeek(name, said, -1)],
  [words(weekday), ([name], said) => dayOfWeek(name, said, 1)],
]

/** The day that a sentence tells, as it was meant when it was said. */
export function dateTold(sentence: string, said: Date): Date | undefined {
  for (const [pattern, read] of TELLTALES) {
    const match = pattern.exec(sentence)
    if (!match) continue
    const day = read(
      match.slice(1).map((part) => (part ?? '').toLowerCase()),
      said,
    )
    if (day) return day
  }
  return undefined
}

function validDay(y: number, m: number, d: number): Date | undefined {
  const day = new Date(y, m, d)
  return day.getMonth() === m && day.getDate() === d ? day : undefined
}

/** Without a year, the such day that is nearest to when it was said. */
function nearest(m: number | undefined, d: string | undefined, y: string | undefined, said: Date): Date | undefined {
  if (m === undefined || m < 0 || m > 11) return undefined
  if (y) return validDay(Number(y), m, Number(d))
  const days = [-1, 0, 1].flatMap((years) => validDay(said.getFullYear() + years, m, Number(d)) ?? [])
  const distance = (day: Date) => Math.abs(day.getTime() - said.getTime())
  return days.sort((a, b) => distance(a) - distance(b))[0]
}

function ahead(count: string | undefined, what: string | undefined, said: Date): Date | undefined {
  const counted = UNITS[what ?? '']
  if (counted !== 'day' && counted !== 'week') return undefined
  return startOf(said, (counted === 'week' ? 7 : 1) * countOf(count))
}

function dayOfWeek(name: string | undefined, said: Date, direction: 1 | -1): Date | undefined {
  const day = WEEKDAYS[name ?? '']
  if (day === undefined) return undefined
  const distance = (direction * (day - said.getDay()) + 7) % 7 || 7
  return startOf(said, direction * distance)
}
