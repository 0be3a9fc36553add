import type { IncomingMessage } from 'node:http'
import { type Article, matching } from './articles.ts'

/** An answer before it is sent. */
export interface Reply {
  status?: number
  type?: string
  body: string
}

/** Plays one source: gets the request below its part of the server, and what was sent with it. */
export type Wire = (asked: {
  path: string
  query: URLSearchParams
  body: string
  request: IncomingMessage
  base: string
}) => Reply

export const SCRIPTED_KEY = 'scripted-key-1'

const json = (value: unknown, status = 200): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
})
const slug = ({ title }: Article) => encodeURIComponent(title.replaceAll(' ', '_'))
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** As engines mark the words that matched. */
function marked(text: string, query: string): string {
  const words = query.match(/[\p{L}]{4,}/gu) ?? []
  return words.reduce(
    (shown, word) => shown.replace(new RegExp(`\\b${word}\\b`, 'i'), '<strong>$&</strong>'),
    escaped(text),
  )
}

const searxng: Wire = ({ path, query, base }) => {
  if (path !== '/search' || query.get('format') !== 'json') return { status: 403, body: 'Forbidden' }
  const q = query.get('q') ?? ''
  const results = matching(q, query.get('language') ?? undefined).map((article) => ({
    url: `${base}/page/${slug(article)}`,
    title: article.title,
    content: article.text,
    engine: 'scripted',
    score: 1,
  }))
  return json({ query: q, number_of_results: results.length, results, answers: [], infoboxes: [], suggestions: [] })
}

const anyJson: Wire = ({ query, base }) => {
  const items = matching(query.get('q') ?? '').map((article) => ({
    link: `${base}/page/${slug(article)}`,
    name: article.title,
    snippet: marked(article.text, query.get('q') ?? ''),
  }))
  return json({ data: { items } })
}

const tavily: Wire = ({ path, request, body, base }) => {
  if (request.headers.authorization !== `Bearer ${SCRIPTED_KEY}`)
    return json({ detail: { error: 'Unauthorized' } }, 401)
  if (request.method !== 'POST' || path !== '/search') return json({ detail: 'Not Found' }, 404)
  const { query } = JSON.parse(body) as { query: string }
  const results = matching(query).map((article) => ({
    title: article.title,
    url: `${base}/page/${slug(article)}`,
    content: article.text,
    score: 0.9,
    raw_content: null,
  }))
  return json({ query, answer: null, images: [], results, response_time: 0.1 })
}

const brave: Wire = ({ path, request, query, base }) => {
  if (request.headers['x-subscription-token'] !== SCRIPTED_KEY) return json({ type: 'ErrorResponse', status: 401 }, 401)
  if (path !== '/res/v1/web/search') return json({ type: 'ErrorResponse', status: 404 }, 404)
  const q = query.get('q') ?? ''
  const found = matching(q)
  const results = found.map((article) => {
    const [first = '', ...rest] = article.text.split(/(?<=\.) /)
    return {
      title: article.title,
      url: `${base}/page/${slug(article)}`,
      description: marked(first, q),
      extra_snippets: rest.map(escaped),
    }
  })
  return json({ type: 'search', query: { original: q }, ...(found.length > 0 && { web: { type: 'search', results } }) })
}

const wikipedia: Wire = ({ path, query }) => {
  const [, language = 'en', rest = ''] = /^\/(\w+)(\/.*)$/.exec(path) ?? []
  if (rest !== '/w/api.php' || query.get('action') !== 'query')
    return json({ error: { code: 'badvalue', info: 'scripted' } })
  const found = matching(query.get('gsrsearch') ?? '', language)
  if (found.length === 0) return json({ batchcomplete: true })
  const pages = found.map((article, at) => ({
    pageid: at + 1,
    ns: 0,
    title: article.title,
    index: at + 1,
    extract: article.text,
    fullurl: `https://${language}.wikipedia.org/wiki/${slug(article)}`,
  }))
  // As the API does: by their number, not by how well they fit.
  return json({ batchcomplete: true, query: { pages: pages.reverse() } })
}

const arxiv: Wire = ({ query }) => {
  const asked = (query.get('search_query') ?? '').replace(/all:|AND/g, ' ')
  const entries = matching(asked, 'en').map(
    (article, at) => `
  <entry>
    <id>http://arxiv.org/abs/2601.0000${at + 1}v1</id>
    <updated>2026-01-02T00:00:00Z</updated>
    <published>2026-01-02T00:00:00Z</published>
    <title>On ${escaped(article.title)}</title>
    <summary>  ${escaped(article.text).replaceAll('. ', '.\n  ')}
    </summary>
    <author><name>Ada Writer</name></author>
    <author><name>Ben Reader</name></author>
    <link href="http://arxiv.org/abs/2601.0000${at + 1}v1" rel="alternate" type="text/html"/>
  </entry>`,
  )
  const feed = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <title type="html">ArXiv Query</title>
  <opensearch:totalResults>${entries.length}</opensearch:totalResults>${entries.join('')}
</feed>`
  return { type: 'application/atom+xml; charset=utf-8', body: feed }
}

const page: Wire = ({ path }) => {
  const title = decodeURIComponent(path.slice(1)).replaceAll('_', ' ')
  const [article] = matching(title).filter((one) => one.title === title)
  if (!article) return { status: 404, type: 'text/html', body: '<p>Not here</p>' }
  const body = `<!doctype html><html><head><title>${escaped(article.title)}</title><script>steal()</script></head>
<body><nav>Home Log in</nav><article><h1>${escaped(article.title)}</h1><p>${escaped(article.text)}</p></article></body></html>`
  return { type: 'text/html; charset=utf-8', body }
}

export const WIRES = { searxng, json: anyJson, tavily, brave, wikipedia, arxiv, page } satisfies Record<string, Wire>
