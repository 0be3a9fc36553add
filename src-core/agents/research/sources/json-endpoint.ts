import { LvaError } from '../../../kernel/index.ts'
import { jsonFrom, notUnderstood, type Reach } from '../ask-party.ts'
import type { ResearchSource } from '../types.ts'
import { webResults } from '../web-results.ts'

const PLACE = '{query}'

/** A server that the learner typed in. */
export interface OwnServer {
  /** As typed. */
  address: string
}

/**
 * A SearXNG: `GET <address>/search?q=…&format=json&language=…`, of which `results[]` are `{ url, title, content }`. It may be on this
 * machine or in the learner's network. @throws LvaError source-address-invalid
 */
export function searxng(reach: Reach, { address }: OwnServer): ResearchSource {
  const base = ownAddress(address, 'SearXNG')
  return endpoint(reach, 'searxng', base, 'results', ({ words, language }) => {
    const url = new URL(base)
    // Typed with `/search` or without.
    url.pathname = `${url.pathname.replace(/(?:\/search)?\/?$/, '')}/search`
    url.search = new URLSearchParams({ q: words, format: 'json', language }).toString()
    return url.href
  })
}

/**
 * Any server that answers a search with JSON: the address has `{query}` where the words go, and `results` says where in the answer the list
 * is, as names with dots between. @throws LvaError source-address-invalid
 */
export function jsonEndpoint(reach: Reach, { address, results }: OwnServer & { results: string }): ResearchSource {
  const base = ownAddress(address.replace(PLACE, 'query'), 'The search address')
  if (!address.includes(PLACE)) throw invalid('The search address', 'It needs {query} where the words go.')
  return endpoint(reach, 'json', base, results.trim() || 'results', ({ words }) =>
    address.trim().replaceAll(PLACE, encodeURIComponent(words)),
  )
}

function endpoint(
  reach: Reach,
  name: 'searxng' | 'json',
  { origin, host }: URL,
  path: string,
  addressOf: (question: { words: string; language: string }) => string,
): ResearchSource {
  const party = { name: host, hasKey: false }
  return {
    name,
    kind: 'web',
    allowedAs: origin,
    pauseMs: 1_000,
    leaving: ({ words }) => ({ to: host, sends: words }),
    async ask(question, signal) {
      const answer = await jsonFrom(reach, party, { address: addressOf(question), trustedOrigin: origin, signal })
      const list = at(answer, path)
      if (!Array.isArray(list)) throw notUnderstood(party)
      return webResults(list)
    },
  }
}

/** What stands in JSON at names with dots between; numbers count into lists. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined
    return (inner as Record<string, unknown>)[name]
  }, value)
}

function ownAddress(address: string, name: string): URL {
  const typed = address.trim()
  if (!/^https?:\/\//i.test(typed) || !URL.canParse(typed))
    throw invalid(name, 'It must begin with http:// or https://.')
  const url = new URL(typed)
  if (url.username !== '' || url.password !== '') throw invalid(name, 'It must hold no name and password.')
  return url
}

function invalid(name: string, why: string): LvaError {
  return new LvaError('source-address-invalid', `The address of ${name} does not fit. ${why}`, {
    advice:
      'Correct it in Settings, Research: http://127.0.0.1:8888 for a SearXNG, https://example.org/find?q={query} for another.',
    params: { name },
  })
}
