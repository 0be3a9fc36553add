import type { SearchHit } from '../../../src-core/contract/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, instant, usageError, wholeNumber } from '../command.ts'
import { harmless, shownTime, type Terminal } from '../terminal.ts'

export interface SearchOptions {
  limit: string
  from?: string
  to?: string
  session?: string
  source?: string[]
}

const CATCH_UP_MS = 60_000
const SOURCES = ['text', 'voice', 'note', 'import', 'cli'] as const
type Source = (typeof SOURCES)[number]

/** Finds by words and by meaning. */
export async function search(context: CommandContext, words: string[], options: SearchOptions): Promise<void> {
  const { terminal, json, signal } = context
  const request = {
    query: words.join(' '),
    limit: wholeNumber(options.limit, 'limit', 1, 100),
    filters: {
      ...(options.from && { from: instant(options.from, 'from') }),
      ...(options.to && { to: instant(options.to, 'to') }),
      ...(options.session && { sessionId: options.session }),
      ...(options.source && { sources: options.source.map(knownSource) }),
    },
  }
  const client = await context.client()
  await catchUp(client, context, CATCH_UP_MS)
  const result = await client.search.query(request, { signal })
  if (json) return terminal.json(result)
  if (!result.semantic) terminal.remark('The models are not running: found by words alone.')
  if (result.hits.length === 0) terminal.remark('Nothing was found.')
  for (const hit of result.hits) printHit(terminal, hit)
}

function knownSource(name: string): Source {
  const found = SOURCES.find((source) => source === name)
  if (!found) throw usageError(`--source must be one of ${SOURCES.join(', ')}.`)
  return found
}

function printHit(terminal: Terminal, hit: SearchHit): void {
  const snippet = hit.snippet
    .map(({ text, marked }) => (marked ? terminal.strong(harmless(text)) : harmless(text)))
    .join('')
    .replace(/\s+/g, ' ')
  terminal.line(`${shownTime(hit.when)}  ${hit.captureId}  (${why(hit)})`)
  terminal.line(`  ${snippet}`)
}

function why({ why: reason }: SearchHit): string {
  const parts = [
    ...(reason.lexicalRank ? [`words ${reason.words.map(harmless).join(' ')}`] : []),
    ...(reason.semanticRank ? [`meaning${reason.cosine === undefined ? '' : ` ${reason.cosine.toFixed(2)}`}`] : []),
  ]
  return parts.join(', ')
}
