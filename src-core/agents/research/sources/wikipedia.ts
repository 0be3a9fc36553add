import { z } from 'zod'
import { jsonFrom, notUnderstood, type Reach } from '../ask-party.ts'
import { plainText } from '../plain-text.ts'
import type { ResearchSource } from '../types.ts'
import { titleOf, webAddress } from '../web-results.ts'

const MOST_ARTICLES = 4
/** What else stands where the language of a wiki does; a language that is none is asked in English. */
const LANGUAGE = /^[a-z]{2,3}$/

const answerForm = z.object({
  error: z.unknown().optional(),
  query: z
    .object({
      pages: z.array(
        z.object({
          title: z.string(),
          fullurl: z.string(),
          index: z.number().catch(0),
          extract: z.string().catch(''),
        }),
      ),
    })
    .optional(),
})

/**
 * Wikipedia in the language of the question: a search, with the lead of each article found, in one request of the MediaWiki API
 * (`generator=search`, `prop=extracts|info`).
 * @param server `{language}` in its address stands for the language
 */
export function wikipedia(reach: Reach, server: { baseUrl: string; isOwn: boolean }): ResearchSource {
  const baseFor = (language: string) =>
    server.baseUrl.replace('{language}', LANGUAGE.test(language) && language !== 'und' ? language : 'en')
  const party = { name: 'Wikipedia', hasKey: false }
  return {
    name: 'wikipedia',
    kind: 'wikipedia',
    allowedAs: 'wikipedia',
    pauseMs: 500,
    leaving: ({ words, language }) => ({ to: new URL(baseFor(language)).host, sends: words }),
    async ask({ words, language }, signal) {
      const base = baseFor(language)
      const asked = new URLSearchParams({
        action: 'query',
        format: 'json',
        formatversion: '2',
        generator: 'search',
        gsrsearch: words,
        gsrlimit: String(MOST_ARTICLES),
        gsrnamespace: '0',
        prop: 'extracts|info',
        inprop: 'url',
        exintro: '1',
        explaintext: '1',
        exlimit: String(MOST_ARTICLES),
      })
      const answer = await jsonFrom(reach, party, {
        address: `${base}/w/api.php?${asked}`,
        signal,
        ...(server.isOwn && { trustedOrigin: new URL(base).origin }),
      })
      const read = answerForm.safeParse(answer)
      if (!read.success || read.data.error !== undefined) throw notUnderstood(party)
      return (read.data.query?.pages ?? [])
        .sort((a, b) => a.index - b.index)
        .flatMap(({ title, fullurl, extract }) => {
          const url = webAddress(fullurl)
          const text = plainText(extract)
          return url && text !== '' ? [{ url, text, title: titleOf(title, url) }] : []
        })
    },
  }
}
