import type { SearchHit, SearchResult } from '../../../src-core/contract/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, usageError, wholeNumber } from '../command.ts'
import { harmless, shownDay, shownTime, type Terminal } from '../terminal.ts'
import { catchUpWithConcepts } from './concepts.ts'
import { type FilterOptions, plainFilters, resolvedFilters } from './search-filters.ts'

export interface SearchOptions extends FilterOptions {
  limit: string
  mode: string
  asTyped?: boolean
  explain?: boolean
}

const CATCH_UP_MS = 60_000
const MODES = ['hybrid', 'lexical', 'semantic'] as const
/** Rows of each ranking that are printed, in characters of text each. */
const RANKED = 10
const GLIMPSE = 70

/** Finds by words and by meaning. */
export async function search(context: CommandContext, words: string[], options: SearchOptions): Promise<void> {
  const { terminal, json, signal } = context
  const mode = MODES.find((known) => known === options.mode)
  if (!mode) throw usageError(`--mode must be one of ${MODES.join(', ')}.`)
  const request = {
    query: words.join(' '),
    limit: wholeNumber(options.limit, 'limit', 1, 100),
    mode,
    ...(options.asTyped && { ignorePeriod: true, ignoreCorrections: true }),
    ...(options.explain && { explain: true }),
  }
  const plain = plainFilters(options)
  const client = await context.client()
  await catchUp(client, context, CATCH_UP_MS)
  if (options.concept !== undefined) await catchUpWithConcepts(client, context)
  const filters = { ...plain, ...(await resolvedFilters(client, options, signal)) }
  const result = await client.search.query({ ...request, filters }, { signal })
  if (json) return terminal.json(result)
  tell(terminal, result)
  for (const hit of result.hits) printHit(terminal, hit)
  if (options.explain) printExplanation(terminal, result)
}

/** What a reader should know of the result, beside it. */
function tell(terminal: Terminal, { hits, known, semantic, understood }: SearchResult): void {
  const { period, emptyPeriod, corrections, undated, order } = understood
  if (!semantic) terminal.remark('The models are not running: found by words alone.')
  for (const { typed, read } of corrections)
    terminal.remark(
      `Searched also for ${read.map(harmless).join(', ')}, because no text has "${harmless(typed)}" (--as-typed).`,
    )
  if (period) terminal.remark(`"${harmless(period.text)}" was read as ${shownPeriod(period)} (--as-typed).`)
  if (emptyPeriod)
    terminal.remark(
      `Nothing that fits is from "${harmless(emptyPeriod.text)}" (${shownPeriod(emptyPeriod)}): this is from other times.`,
    )
  if (undated !== null) terminal.remark(`Nothing tells when "${harmless(undated)}" is or was, so it is no filter.`)
  if (order === 'newest') terminal.remark('The newest first.')
  if (hits.length === 0) terminal.remark('Nothing was found.')
  else if (!known) terminal.remark('This is not in your memory. The nearest that is:')
}

function shownPeriod(period: NonNullable<SearchResult['understood']['period']>): string {
  const from = period.from === null ? 'the beginning' : shownDay(period.from)
  const to = period.to === null ? 'now' : shownDay(new Date(Date.parse(period.to) - 1).toISOString())
  const event = period.event
    ? ` (${harmless(period.event.name)}: ${shownDay(period.event.day)}, by ${period.event.captureId})`
    : ''
  return `${from} to ${to}${event}`
}

function printHit(terminal: Terminal, hit: SearchHit): void {
  const snippet = hit.snippet
    .map(({ text, marked }) => (marked ? terminal.strong(harmless(text)) : harmless(text)))
    .join('')
    .replace(/\s+/g, ' ')
  terminal.line(`${shownTime(hit.when)}  ${hit.captureId}  (${why(hit)})`)
  const where = [...hit.heading, ...placeWords(hit.place)].map(harmless).join(' › ')
  if (where !== '') terminal.line(`  ${where}`)
  terminal.line(`  ${snippet}`)
  if (hit.alike.length > 0) terminal.line(`  also said in ${hit.alike.map(({ captureId }) => captureId).join(', ')}`)
}

/** Where in a document, or in which picture, something stands. */
function placeWords(place: SearchHit['place']): string[] {
  if (!place) return []
  const { page, endPage, slide, picture, sheet, row, chapter, second } = place
  if (picture !== undefined) return [`picture ${picture}`]
  if (page !== undefined) return [endPage === undefined ? `page ${page}` : `pages ${page}–${endPage}`]
  if (slide !== undefined) return [`slide ${slide}`]
  if (sheet !== undefined) return [sheet, ...(row === undefined ? [] : [`row ${row}`])]
  if (second !== undefined) return [shownSeconds(second)]
  if (row !== undefined) return [`row ${row}`]
  return chapter === undefined ? [] : [`chapter ${chapter}`]
}

/** As players show it: 1:02:05. */
function shownSeconds(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}

function why({ why: reason }: SearchHit): string {
  const parts = [
    ...(reason.lexicalRank ? [`words ${reason.words.map(harmless).join(' ')}`] : []),
    ...(reason.semanticRank ? [`meaning${reason.cosine === undefined ? '' : ` ${reason.cosine.toFixed(2)}`}`] : []),
  ]
  return parts.join(', ')
}

function printExplanation(terminal: Terminal, { hits, explanation, understood, timings }: SearchResult): void {
  terminal.line()
  terminal.line(
    `looked for: ${understood.terms.map(harmless).join(' ')}; language ${understood.language ?? 'not told'}`,
  )
  for (const {
    captureId,
    score,
    relevance,
    why: { parts },
  } of hits)
    terminal.line(`${score.toFixed(3)} = ${partsOf(parts, score)}; relevance ${relevance.toFixed(2)}  ${captureId}`)
  for (const side of ['lexical', 'semantic'] as const) {
    terminal.line(side === 'lexical' ? 'by words (BM25):' : 'by meaning (cosine):')
    for (const { score, text } of explanation?.[side].slice(0, RANKED) ?? [])
      terminal.line(`  ${score.toFixed(3)}  ${harmless(text).replace(/\s+/g, ' ').slice(0, GLIMPSE)}`)
  }
  if (explanation) terminal.line(`shares: ${partsText(explanation.shares)}`)
  terminal.line(
    `ms: ${Object.entries(timings)
      .map(([part, ms]) => `${part.replace('Ms', '')} ${ms.toFixed(1)}`)
      .join(', ')}`,
  )
}

/** The parts of a score, with what neighbouring turns lent. */
function partsOf(parts: SearchHit['why']['parts'], score: number): string {
  const own = Object.values(parts).reduce((sum, part) => sum + part, 0)
  return `${partsText(parts)} + neighbours ${Math.max(0, score - own).toFixed(3)}`
}

function partsText(parts: SearchHit['why']['parts']): string {
  return Object.entries(parts)
    .map(([part, value]) => `${part} ${value.toFixed(3)}`)
    .join(' + ')
}
