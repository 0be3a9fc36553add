import { loadXml, type XmlNode } from '../../../capture/index.ts'
import { notUnderstood, type Reach, textFrom } from '../ask-party.ts'
import { plainText } from '../plain-text.ts'
import type { ResearchSource } from '../types.ts'
import { titleOf, webAddress } from '../web-results.ts'

const MOST_PAPERS = 4
/** A feed is flat. */
const DEEPEST = 16
const AUTHORS_SHOWN = 3

/**
 * arXiv's API: an Atom feed whose entries are papers with title, authors and abstract; what is wrong with a question comes as an entry too.
 * It asks for one connection at a time and three seconds between two requests.
 */
export function arxiv(reach: Reach, { baseUrl, isOwn }: { baseUrl: string; isOwn: boolean }): ResearchSource {
  const { origin, host } = new URL(baseUrl)
  const party = { name: 'arXiv', hasKey: false }
  return {
    name: 'arxiv',
    kind: 'arxiv',
    allowedAs: 'arxiv',
    pauseMs: 3_000,
    leaving: ({ words }) => ({ to: host, sends: searchOf(words) }),
    async ask({ words }, signal) {
      const search = searchOf(words)
      if (search === '') return []
      const asked = new URLSearchParams({
        search_query: search,
        start: '0',
        max_results: String(MOST_PAPERS),
        sortBy: 'relevance',
      })
      const feed = await textFrom(reach, party, {
        address: `${baseUrl}/api/query?${asked}`,
        accept: 'application/atom+xml',
        signal,
        ...(isOwn && { trustedOrigin: origin }),
      })
      const xml = await loadXml()
      return entriesOf(xml, feed, party).flatMap((entry) => {
        const textIn = (name: string) => xml.textOf(childOf(entry, name)).trim()
        const url = webAddress(textIn('id').replace(/^http:\/\/arxiv\.org\//, 'https://arxiv.org/'))
        const text = plainText(textIn('summary'))
        if (!url || text === '' || url.includes('/api/errors')) return []
        return [{ url, text, title: titleOf(`${textIn('title')}${byline(xml, entry)}`, url) }]
      })
    },
  }
}

/** All of the words, wherever they stand; letters and digits alone, since the rest is grammar to arXiv. */
function searchOf(words: string): string {
  const terms = words.match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? []
  return terms.map((term) => `all:${term}`).join(' AND ')
}

type Xml = Awaited<ReturnType<typeof loadXml>>

function entriesOf({ readXml, descendants }: Xml, feed: string, party: { name: string; hasKey: boolean }): XmlNode[] {
  let root: XmlNode
  try {
    root = readXml(new TextEncoder().encode(feed), DEEPEST)
  } catch (error) {
    throw notUnderstood(party, error)
  }
  if (!root.children.some((child) => typeof child !== 'string' && child.name === 'feed')) throw notUnderstood(party)
  return [...descendants(root, 'entry')]
}

function byline({ descendants, textOf }: Xml, entry: XmlNode): string {
  const names = [...descendants(entry, 'author')].map((author) => textOf(childOf(author, 'name')).trim())
  const year = /^\d{4}/.exec(textOf(childOf(entry, 'published')))?.[0]
  const shown = names.length > AUTHORS_SHOWN ? [...names.slice(0, AUTHORS_SHOWN), 'et al.'] : names
  const facts = [shown.join(', '), year].filter(Boolean)
  return facts.length > 0 ? ` (${facts.join(', ')})` : ''
}

function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((one): one is XmlNode => typeof one !== 'string' && one.name === name)
}
