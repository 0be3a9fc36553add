import type { LanguageRequest, ToolCall, ToolResult } from '../../types.ts'
import { calculationIn } from './calculation.ts'
import { type CalendarWish, calendarWishIn } from './calendar.ts'
import { detectLanguage, type TutorLanguage } from './language.ts'
import { PHRASES } from './phrases.ts'
import { fold } from './words.ts'

/** What the tutor asks a tool of this device for, and how it tells what that gave. */
export interface Reckoning {
  call: Omit<ToolCall, 'id'>
  /** The answer; undefined where the result is not understood. */
  tell(result: ToolResult): string | undefined
}

const RESULT = /(?<near>Exactly|About) (?<value>\S+?)(?:, exactly (?<fraction>\S+))?\s*(?:\n|$)/
const MOMENT = /(?<date>\d{4}-\d{2}-\d{2})(?:, (?<time>\d{2}:\d{2}))?/
const DISTANCE = /(?<date>\d{4}-\d{2}-\d{2}) is (?<days>\d+) days? (?<direction>after|before) it/
const LOCALES = { en: 'en-GB', de: 'de', es: 'es' }

/**
 * The tool that the learner's words clearly ask for: the calculator for figures, the calendar for days and times. Undefined for all other
 * words, where no such tool is offered, and for figures that the learner wants to find out for themselves.
 */
export function reckoningIn(
  { messages, guidance, tools = [] }: Pick<LanguageRequest, 'messages' | 'guidance' | 'tools'>,
  { nowMs, timeZone }: { nowMs: number; timeZone: string | undefined },
): Reckoning | undefined {
  const isHintedAt = guidance !== undefined && guidance.step !== 'answer'
  const said = messages.filter(({ role, toolResults }) => role === 'user' && !toolResults).map(({ text }) => text)
  const asked = guidance?.question ?? said.at(-1)
  if (asked === undefined) return undefined
  const isOffered = (name: string) => tools.some((tool) => tool.name === name)
  // Figures alone may belong to any language; what came before then decides.
  const likely = detectLanguage(/\p{L}{2}/u.test(asked) ? asked : said.slice(-4).join(' '))
  const calculation = isOffered('calculate') && !isHintedAt ? calculationIn(asked, likely) : undefined
  if (calculation) {
    const { expression, language } = calculation
    return {
      call: { name: 'calculate', input: { expression } },
      tell: (result) => tellCalculation(result, expression, language),
    }
  }
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(nowMs)
  const wish = isOffered('date_time') ? calendarWishIn(asked, likely, today) : undefined
  if (!wish) return undefined
  const input = { ...wish.input, ...(!wish.input.zone && timeZone !== undefined && { zone: timeZone }) }
  return { call: { name: 'date_time', input }, tell: (result) => tellMoment(result, wish, asked) }
}

/** The tool that these words alone clearly ask for. */
export function reckonedWish(text: string, likely: TutorLanguage): 'calculate' | 'date_time' | undefined {
  if (calculationIn(text, likely)) return 'calculate'
  // Whether they ask for a date does not hang on the day.
  return calendarWishIn(text, likely, '2026-01-01') ? 'date_time' : undefined
}

function tellCalculation(
  { text, isError }: ToolResult,
  expression: string,
  language: TutorLanguage,
): string | undefined {
  const { reckoned, ask } = PHRASES[language]
  if (isError) return reckoned.impossible
  const found = RESULT.exec(text)?.groups
  if (!found) return undefined
  const own = (figures = '') => (language === 'en' ? figures : figures.replace('.', ','))
  const shown = expression
    .replaceAll('*', '×')
    .replace(/(?<=[+×/(^]) ?-|^-/g, (sign) => sign.replace('-', '−'))
    .replace(/ of /g, ` ${reckoned.of} `)
    .replace(/\d+\.\d+/g, (figures) => own(figures))
  const sign = found.near === 'Exactly' ? '=' : '≈'
  const fraction = found.fraction ? ` (${reckoned.exactly} ${found.fraction})` : ''
  return `${shown} ${sign} ${own(found.value)}${fraction}. ${reckoned.here} ${ask.whatNow[0]}`
}

function tellMoment({ text, isError }: ToolResult, wish: CalendarWish, asked: string): string | undefined {
  const { language, about, place } = wish
  const { reckoned, ask } = PHRASES[language]
  if (isError) return reckoned.noSuchDay
  const question = ask.whatNow[0]
  if (about === 'until') {
    const found = DISTANCE.exec(text)?.groups
    if (!found) return undefined
    const days = Number(found.days) * (found.direction === 'after' ? 1 : -1)
    return `${reckoned.until(shownDay(found.date ?? '', language), days)} ${question}`
  }
  const found = MOMENT.exec(text)?.groups
  if (!found) return undefined
  const day = shownDay(found.date ?? '', language)
  if (about === 'day' || found.time === undefined) return `${reckoned.day(day)} ${question}`
  return `${reckoned.now(day, found.time, place === '' ? '' : asWritten(asked, place))} ${question}`
}

/** "Friday, 27 November 2026", as the language writes it. */
function shownDay(date: string, language: TutorLanguage): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
  } as Intl.DateTimeFormatOptions)
  return format.format(Date.parse(`${date}T00:00:00Z`))
}

/** The place as the learner wrote it. */
function asWritten(text: string, place: string): string {
  const words = text.replace(/[?!.,;¿¡]+(?=\s|$)/g, '').split(/\s+/)
  const length = place.split(' ').length
  const at = words.findIndex((_, from) => fold(words.slice(from, from + length).join(' ')) === place)
  return at < 0 ? place : words.slice(at, at + length).join(' ')
}
