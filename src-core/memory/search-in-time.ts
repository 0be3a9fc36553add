import type { Clock } from '../kernel/index.ts'
import { usualForm } from './language/terms.ts'
import { wordsOf } from './language/words.ts'
import { latestIn, newestFirst } from './recency.ts'
import { asksForSomething, RELEVANT } from './relevance.ts'
import { dateOf, eventsIn, type NamedEvent, periodBy, type Telling } from './time/events.ts'
import { type Period, periodOf } from './time/period.ts'
import type { Place, SearchFilters, SearchHit, SearchRequest, SearchResult, UnderstoodPeriod } from './types.ts'

export interface InTimeParts {
  clock: Clock
  /** Searches for a text within filters, whatever it says of time. */
  within(request: SearchRequest, text: string, filters: SearchFilters | undefined): Promise<SearchResult>
  /** The newest of what the filters leave. */
  newest(request: SearchRequest, text: string, filters: SearchFilters | undefined): Promise<SearchResult>
  /** Passages that speak of an event. */
  tellings(event: NamedEvent, request: SearchRequest): Promise<Telling[]>
}

/** Hits that a search brings unless it is asked for more or fewer. */
export const DEFAULT_LIMIT = 20
/** A query with more words is prose, whose times are about its matter and not about when something was said. */
const LONGEST_ASKED = 30
/** Hits among which the newest relevant ones are looked for. */
const AMONG = 50

const QUESTION = /[^.!?？]*[?？]/gu

type Times = Pick<SearchResult['understood'], 'period' | 'emptyPeriod'>

interface Time {
  period?: Period
  event?: NonNullable<UnderstoodPeriod['event']>
  /** Name of an event whose day nobody told. */
  undated?: string
}

/**
 * Reads what a query says of time, and searches accordingly: a time becomes a filter and leaves the words that are looked for; an event becomes
 * a time by what memory tells of it; where the newest is asked for, time orders what is relevant.
 */
export function searchInTime({ clock, within, newest, tellings }: InTimeParts): InTimeParts['within'] {
  async function timeOf(text: string, request: SearchRequest): Promise<Time> {
    const period = periodOf(text, new Date(clock.now()))
    if (period) return { period }
    const events = eventsIn(text)
    for (const event of events) {
      const found = dateOf(event, await tellings(event, request))
      if (!found) continue
      const { day, telling } = found
      return {
        period: periodBy(event, day),
        event: { name: event.name, day: day.toISOString(), ...placeOf(telling) },
      }
    }
    return events[0] ? { undated: events.at(-1)?.name ?? events[0].name } : {}
  }

  return async (request, text, filters) => {
    const isProse = [...wordsOf(text)].length > LONGEST_ASKED
    if (request.ignorePeriod || isProse) return within(request, text, filters)
    const isOpen = filters?.from === undefined && filters?.to === undefined
    const phrases = filters?.phrases ?? []
    // What is to stand word for word is no time.
    const spoken = without(text, phrases)
    const time: Time = isOpen ? await timeOf(spoken, request) : {}
    const { period } = time
    const latest = latestIn(spoken)
    const rest = without(text, [period?.text, latest])
    const asksMore = asksForSomething(rest) || phrases.length > 0
    const { limit = DEFAULT_LIMIT } = request
    const read = period ? understoodPeriod(period, time.event ?? null) : null
    const told = (result: SearchResult, order: 'relevance' | 'newest', times: Times): SearchResult => ({
      ...result,
      hits: (order === 'newest' ? newestFirst(result.hits) : result.hits).slice(0, limit),
      understood: {
        ...result.understood,
        text: text.trim(),
        ...times,
        undated: time.undated ?? null,
        order,
      },
    })
    const bounded = period ? { ...filters, ...boundsOf(period) } : filters
    if (!asksMore && (period || latest))
      return told(await newest(request, text, bounded), 'newest', { period: read, emptyPeriod: null })
    const order = latest ? 'newest' : 'relevance'
    const asked = latest ? { ...request, limit: Math.max(AMONG, limit) } : request
    if (period) {
      const result = await within(asked, rest, bounded)
      if (result.hits.length > 0) return told(result, order, { period: read, emptyPeriod: null })
    }
    const result = await within(asked, without(text, [latest]), filters)
    // "The revolutions of 1848" are no words about when something was said, where memory tells of 1848.
    const isMatter = read?.event === null && result.hits.some((hit) => speaksOf(hit, read.text))
    return told(result, order, { period: null, emptyPeriod: isMatter ? null : read })
  }
}

/** Whether a relevant text tells of a time; a question about it, and what was answered to one, do not. */
function speaksOf({ relevance, field, text }: SearchHit, time: string): boolean {
  const told = text.replace(QUESTION, ' ')
  const held = new Set(Array.from(wordsOf(told), (word) => usualForm(word.text)))
  const sought = Array.from(wordsOf(time), (word) => usualForm(word.text)).filter((form) => form !== undefined)
  return field !== 'agentText' && relevance >= RELEVANT && sought.length > 0 && sought.every((form) => held.has(form))
}

function placeOf({ captureId, kind, field, start, end }: Telling): Place {
  return { captureId, kind, field, start, end }
}

function without(text: string, parts: readonly (string | undefined)[]): string {
  return parts.reduce<string>((rest, part) => (part === undefined ? rest : rest.replace(part, ' ')), text)
}

function boundsOf({ from, to }: Period): Pick<SearchFilters, 'from' | 'to'> {
  return { ...(from && { from: from.toISOString() }), ...(to && { to: to.toISOString() }) }
}

function understoodPeriod({ text, from, to }: Period, event: UnderstoodPeriod['event']): UnderstoodPeriod {
  return { text, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, event }
}
