import { z } from 'zod'
import { LvaError } from '../../../kernel/index.ts'
import { jsonFrom, notUnderstood, type Reach } from '../ask-party.ts'
import type { ResearchSource } from '../types.ts'
import { MOST_RESULTS, webResults } from '../web-results.ts'

/** A search engine that is asked with a key. */
export interface KeyedServer {
  /** Empty where there is none: then `ask` says so. */
  apiKey: string
  /** Without a slash at its end. */
  baseUrl: string
  /** Whether the address is the learner's own, from the configuration; it may then be on this machine. */
  isOwn: boolean
}

const list = z.array(z.unknown())
const tavilyAnswer = z.object({ results: list })
const braveAnswer = z.object({ web: z.object({ results: list.optional() }).nullish() })

/** Tavily: `POST /search` with a bearer key; `results[]` are `{ title, url, content }`. */
export function tavily(reach: Reach, server: KeyedServer): ResearchSource {
  return keyed(reach, server, {
    name: 'tavily',
    title: 'Tavily',
    request: (key, words) => ({
      path: '/search',
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: words, max_results: MOST_RESULTS, search_depth: 'basic', include_answer: false }),
    }),
    results: (answer) => tavilyAnswer.safeParse(answer).data?.results,
  })
}

/** Brave: `GET /res/v1/web/search` with `X-Subscription-Token`; `web.results[]` are `{ title, url, description, extra_snippets }`. */
export function brave(reach: Reach, server: KeyedServer): ResearchSource {
  return keyed(reach, server, {
    name: 'brave',
    title: 'Brave Search',
    request: (key, words) => ({
      path: `/res/v1/web/search?${new URLSearchParams({ q: words, count: String(MOST_RESULTS) })}`,
      headers: { 'x-subscription-token': key },
    }),
    results(answer) {
      const read = braveAnswer.safeParse(answer)
      // Nothing found is said by leaving the part out.
      return read.success ? (read.data.web?.results ?? []) : undefined
    },
  })
}

interface Wire {
  name: 'tavily' | 'brave'
  title: string
  request(key: string, words: string): { path: string; method?: 'POST'; headers: Record<string, string>; body?: string }
  /** Undefined for an answer of another form. */
  results(answer: unknown): unknown[] | undefined
}

function keyed(reach: Reach, { apiKey, baseUrl, isOwn }: KeyedServer, wire: Wire): ResearchSource {
  const party = { name: wire.title, hasKey: true }
  const { origin, host } = new URL(baseUrl)
  return {
    name: wire.name,
    kind: 'web',
    allowedAs: wire.name,
    pauseMs: 1_000,
    leaving: ({ words }) => ({ to: host, sends: words }),
    async ask({ words }, signal) {
      const key = apiKey.trim()
      if (key === '') throw keyMissing(wire.title)
      // A line break in it would end the header.
      if (!/^[\x21-\x7e]+$/.test(key)) throw keyRefused(wire.title)
      const { path, ...request } = wire.request(key, words)
      const answer = await jsonFrom(reach, party, {
        ...request,
        address: `${baseUrl}${path}`,
        signal,
        ...(isOwn && { trustedOrigin: origin }),
      })
      const results = wire.results(answer)
      if (!results) throw notUnderstood(party)
      return webResults(results)
    },
  }
}

function keyMissing(name: string): LvaError {
  return new LvaError('source-key-missing', `There is no key for ${name}.`, {
    advice: 'Put one into Settings, Research, or choose who searches the web there.',
    params: { name },
  })
}

function keyRefused(name: string): LvaError {
  return new LvaError('source-key-refused', `The key for ${name} holds characters that no key has.`, {
    advice: 'Copy it again from the provider into Settings, Research, and test it there.',
    params: { name },
  })
}
