import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedWeb, startScriptedWeb } from '../../../test/scripted-web/server.ts'
import { SCRIPTED_KEY } from '../../../test/scripted-web/wires.ts'
import { researchSourceSuite } from '../../../test/suites/research-source-suite.ts'
import { parseDocument } from '../../capture/index.ts'
import { configSchema, systemClock } from '../../kernel/index.ts'
import { createGuardedFetch } from '../../net/index.ts'
import type { Reach } from './ask-party.ts'
import { plainText } from './plain-text.ts'
import { arxiv } from './sources/arxiv.ts'
import { addressesIn, givenAddress, type ReadPage } from './sources/given-address.ts'
import { jsonEndpoint, searxng } from './sources/json-endpoint.ts'
import { brave, tavily } from './sources/keyed-search.ts'
import { wikipedia } from './sources/wikipedia.ts'
import { webResults } from './web-results.ts'

const readPage: ReadPage = ({ bytes, isHtml }, signal) =>
  parseDocument(
    { bytes, format: isHtml ? 'html' : 'text', name: 'page' },
    { limits: configSchema.parse({}).documents, onProgress: () => undefined, signal },
  )
const keyed = (web: ScriptedWeb, part: string, apiKey = SCRIPTED_KEY) => ({
  apiKey,
  baseUrl: `${web.url}/${part}`,
  isOwn: true,
})

researchSourceSuite('SearXNG', {
  part: 'searxng',
  open: (reach, web) => searxng(reach, { address: `${web.url}/searxng` }),
})
researchSourceSuite('an endpoint that answers JSON', {
  part: 'json',
  open: (reach, web) => jsonEndpoint(reach, { address: `${web.url}/json/find?q={query}`, results: 'data.items' }),
})
researchSourceSuite('Tavily', { part: 'tavily', open: (reach, web) => tavily(reach, keyed(web, 'tavily')) })
researchSourceSuite('Brave', { part: 'brave', open: (reach, web) => brave(reach, keyed(web, 'brave')) })
researchSourceSuite('Wikipedia', {
  part: 'wikipedia',
  open: (reach, web) => wikipedia(reach, { baseUrl: `${web.url}/wikipedia/{language}`, isOwn: true }),
})
researchSourceSuite('arXiv', {
  part: 'arxiv',
  open: (reach, web) => arxiv(reach, { baseUrl: `${web.url}/arxiv`, isOwn: true }),
})
researchSourceSuite('a given address', {
  part: 'page',
  open: (reach) => givenAddress(reach, readPage),
  wordsFor: (web, article) => `${web.url}/page/${article}`,
  failsOnNothing: true,
})

describe('sources of research', () => {
  let web: ScriptedWeb
  let reach: Reach
  const signal = new AbortController().signal
  const ask = (words: string, language = 'en') => ({ words, language })

  beforeAll(async () => {
    web = await startScriptedWeb()
    reach = { fetch: createGuardedFetch({ clock: systemClock }), answerKb: 64, timeoutMs: 20_000 }
  })
  afterAll(() => web.close())
  beforeEach(() => web.reset())

  it('may be a server on this machine where the learner typed it in, and there alone', async () => {
    const own = searxng(reach, { address: `${web.url}/searxng` })
    expect(await own.ask(ask('photosynthesis'), signal)).not.toEqual([])
    await expect(
      givenAddress(reach, readPage).ask(ask(`${web.url}/page/Photosynthesis`), signal),
    ).rejects.toMatchObject({
      code: 'address-refused',
    })
    const configured = wikipedia(reach, { baseUrl: `${web.url}/wikipedia/{language}`, isOwn: false })
    await expect(configured.ask(ask('photosynthesis'), signal)).rejects.toMatchObject({ code: 'address-refused' })
  })

  it.each(['', '/', '/search', '/search/'])('of a SearXNG are typed with %j or without', async (end) => {
    const [first] = await searxng(reach, { address: `${web.url}/searxng${end}` }).ask(ask('photosynthesis'), signal)
    expect(first?.title).toBe('Photosynthesis')
  })

  it('are asked for Wikipedia in the language of the question', async () => {
    const source = wikipedia(reach, { baseUrl: `${web.url}/wikipedia/{language}`, isOwn: true })
    expect((await source.ask(ask('Photosynthese', 'de'), signal))[0]?.url).toBe(
      'https://de.wikipedia.org/wiki/Photosynthese',
    )
    expect((await source.ask(ask('fotosíntesis', 'es'), signal))[0]?.url).toMatch(/^https:\/\/es\.wikipedia/)
    expect((await source.ask(ask('photosynthesis', '../evil'), signal))[0]?.url).toMatch(/^https:\/\/en\.wikipedia/)
  })

  it('name authors and year of a paper', async () => {
    const [paper] = await arxiv(reach, { baseUrl: `${web.url}/arxiv`, isOwn: true }).ask(ask('photosynthesis'), signal)
    expect(paper).toMatchObject({
      title: 'On Photosynthesis (Ada Writer, Ben Reader, 2026)',
      url: 'https://arxiv.org/abs/2601.00001v1',
    })
  })

  it.each([tavily, brave])('say what is wrong with a key, and never show it', async (open) => {
    const part = open === tavily ? 'tavily' : 'brave'
    await expect(open(reach, keyed(web, part, '')).ask(ask('x'), signal)).rejects.toMatchObject({
      code: 'source-key-missing',
    })
    await expect(open(reach, keyed(web, part, 'a\nb')).ask(ask('x'), signal)).rejects.toMatchObject({
      code: 'source-key-refused',
    })
    expect(web.seen).toEqual([])
    const refused = open(reach, keyed(web, part, 'wrong-key-77')).ask(ask('x'), signal)
    await expect(refused).rejects.toMatchObject({ code: 'source-key-refused' })
    await refused.catch((error) =>
      expect(String(error.message) + JSON.stringify(error.params)).not.toContain('wrong-key-77'),
    )
  })

  it.each(['', 'example.org', 'ftp://example.org', 'http://u:p@example.org'])(
    'say that an address does not fit: %j',
    (address) => {
      expect(() => searxng(reach, { address })).toThrow(expect.objectContaining({ code: 'source-address-invalid' }))
    },
  )

  it('need to know where the words go, and where the results are', async () => {
    expect(() => jsonEndpoint(reach, { address: `${web.url}/json/find`, results: '' })).toThrow(
      expect.objectContaining({ code: 'source-address-invalid' }),
    )
    const elsewhere = jsonEndpoint(reach, { address: `${web.url}/json/find?q={query}`, results: 'data.constructor' })
    await expect(elsewhere.ask(ask('photosynthesis'), signal)).rejects.toMatchObject({ code: 'source-not-understood' })
  })
})

describe('results of a search', () => {
  it('are taken only with a web address and words', () => {
    const results = webResults([
      { url: 'javascript:alert(1)', title: 'x', content: 'words' },
      { url: 'https://example.org/a', title: '', content: 'words &amp; more' },
      { url: 'https://example.org/b', title: 'b' },
      { url: 7, title: 'c', content: 'words' },
      null,
      'text',
      { link: 'http://example.org/d', name: '<b>D</b>', snippet: 'w'.repeat(50_000) },
    ])
    expect(results).toMatchObject([
      { url: 'https://example.org/a', title: 'example.org', text: 'words & more' },
      { url: 'http://example.org/d', title: 'D' },
    ])
    expect(results[1]?.text.length).toBe(20_000)
  })

  it('lose their marks and keep their signs', () => {
    expect(plainText('a <strong>b</strong> &lt; c &#39;d&#x27; 3 < 4 &bogus;\n\n e')).toBe(
      "a b < c 'd' 3 < 4 &bogus; e",
    )
    expect(plainText('&#0;&#x110000;')).toBe('&#0;&#x110000;')
  })
})

describe('addresses in what the learner says', () => {
  it('are found without what stands behind them, each once', () => {
    expect(
      addressesIn(
        'Read https://example.org/a?b=c, (https://en.wikipedia.org/wiki/Cell_(biology)). And “http://example.org/b”! https://example.org/a?b=c.',
      ),
    ).toEqual(['https://example.org/a?b=c', 'https://en.wikipedia.org/wiki/Cell_(biology)', 'http://example.org/b'])
    expect(addressesIn('no address, example.org is none, http:// neither')).toEqual([])
  })
})
