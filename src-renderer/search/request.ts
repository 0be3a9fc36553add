import type { SearchHit, SearchRequest } from '../../src-core/contract/index.ts'

export const RANGES = ['any', 'today', 'week', 'month', 'year', 'custom'] as const
export type Range = (typeof RANGES)[number]

/** What stands in the address of the Search place. */
export interface SearchAddress {
  q?: string
  range?: Range
  /** Local dates, YYYY-MM-DD, both included; for the range `custom`. */
  from?: string
  to?: string
  source?: SearchHit['source']
  session?: string
  /** One document, a collection of documents, or a tag on them. */
  document?: string
  collection?: string
  tag?: string
  /** Id of a concept that is mentioned. */
  concept?: string
  /** ISO 639-1. */
  language?: string
  /** Words of time are words; words are taken as they were typed. */
  asWords?: true | undefined
  asTyped?: true | undefined
  /** Whether the page also shows how search came to its results. */
  judging?: true
}

const DAYS: Partial<Record<Range, number>> = { today: 0, week: 6, month: 29, year: 364 }
/** Results asked for. */
const LIMIT = 50

/** The request for an address. Ranges are whole days of the reader's own clock. */
export function searchRequest(
  {
    q = '',
    range = 'any',
    from,
    to,
    source,
    session,
    document,
    collection,
    tag,
    concept,
    language,
    asWords,
    asTyped,
    judging,
  }: SearchAddress,
  now: Date,
): SearchRequest {
  const days = DAYS[range]
  const start = days === undefined ? (range === 'custom' && from ? localDay(from, 0) : undefined) : dayBefore(now, days)
  const end = range === 'custom' && to ? localDay(to, 1) : undefined
  return {
    query: q,
    limit: LIMIT,
    ...(asWords && { ignorePeriod: true }),
    ...(asTyped && { ignoreCorrections: true }),
    ...(judging && { explain: true }),
    filters: {
      ...(start && { from: start.toISOString() }),
      ...(end && { to: end.toISOString() }),
      ...(session && { sessionId: session }),
      ...(source && { sources: [source] }),
      ...(document && { documentId: document }),
      ...(collection && { collectionId: collection }),
      ...(tag && { tag }),
      ...(concept && { concept }),
      ...(language && { languages: [language] }),
    },
  }
}

/** True where something besides the words decides what is found. */
export function isFiltered({ range = 'any', ...rest }: SearchAddress): boolean {
  const { source, session, document, collection, tag, concept, language } = rest
  const chosen = [source, session, document, collection, tag, concept, language]
  return range !== 'any' || chosen.some((value) => value !== undefined)
}

function dayBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
}

/** Undefined for what is not a date; a date field that is being typed into is that for a while. */
function localDay(date: string, later: number): Date | undefined {
  const [year, month, day] = date.split('-').map(Number)
  if (!year || !month || !day) return undefined
  return new Date(year, month - 1, day + later)
}
