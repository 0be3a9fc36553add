import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ResearchSource } from '../../src-core/agents/research/types.ts'
import { ManualClock } from '../../src-core/kernel/index.ts'
import { createGuardedFetch } from '../../src-core/net/index.ts'
import { ARTICLES } from '../scripted-web/articles.ts'
import { type ScriptedWeb, startScriptedWeb, type WebPart } from '../scripted-web/server.ts'
import { SCRIPTED_KEY } from '../scripted-web/wires.ts'

const KB = 64
const TIMEOUT_MS = 8_000

export interface SourceFixture {
  /** The part of the scripted web that plays it. */
  part: WebPart
  open(
    reach: { fetch: ReturnType<typeof createGuardedFetch>; answerKb: number; timeoutMs: number },
    web: ScriptedWeb,
  ): ResearchSource
  /** What it is asked for the article on photosynthesis, when it is not asked with words. */
  wordsFor?(web: ScriptedWeb, article: 'Photosynthesis' | 'nothing'): string
  /** Whether what it says when it finds nothing is an error of its own. */
  failsOnNothing?: boolean
}

/** What every source of research must do, whatever its wire. */
export function researchSourceSuite(name: string, fixture: SourceFixture): void {
  describe(`${name} as a source of research`, () => {
    const { part } = fixture
    let web: ScriptedWeb
    let clock: ManualClock
    let source: ResearchSource

    beforeAll(async () => {
      web = await startScriptedWeb()
    })
    afterAll(() => web.close())
    beforeEach(() => {
      web.reset()
      clock = new ManualClock()
      const fetch = createGuardedFetch({ clock, isAllowed: (ip) => ip === '127.0.0.1' })
      source = fixture.open({ fetch, answerKb: KB, timeoutMs: TIMEOUT_MS }, web)
    })

    const question = (article: 'Photosynthesis' | 'nothing' = 'Photosynthesis') => ({
      words: fixture.wordsFor?.(web, article) ?? (article === 'nothing' ? 'zzzz' : 'photosynthesis calvin cycle'),
      language: 'en',
    })
    const ask = (signal = new AbortController().signal) => source.ask(question(), signal)

    it('finds what was asked, the best first, word for word and with its address', async () => {
      const [first, ...rest] = await ask()
      expect(first?.title).toContain('Photosynthesis')
      expect(first?.url).toMatch(/^https?:\/\/\S+$/)
      const sentence =
        'The Calvin cycle then binds carbon dioxide to sugar in the stroma, and needs no light of its own.'
      expect(ARTICLES[0]?.text).toContain(sentence)
      expect(first?.text).toContain(sentence)
      expect(first?.text).not.toMatch(/[<>]|&amp;/)
      expect(rest.length).toBeLessThan(5)
    })

    it('sends what it says it sends, to whom it says, and nothing that names the learner', async () => {
      const { to, sends } = source.leaving(question())
      await ask()
      expect(web.seen).toHaveLength(1)
      const [seen] = web.seen
      expect(new URL(web.url).host).toBe(to)
      const sent = `${decodeURIComponent((seen?.url ?? '').replaceAll('+', ' '))} ${seen?.body}`
      if (part === 'page') expect(sends).toBe(`${web.url}/page${seen?.url}`)
      else expect(sent).toContain(sends)
      expect(Object.keys(seen?.headers ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/cookie|referer|origin|accept-language/)]),
      )
      expect(seen?.headers['user-agent']).toMatch(/^LearningVoiceAgent\//)
    })

    if (!fixture.failsOnNothing) {
      it('finds nothing where there is nothing', async () => {
        expect(await source.ask(question('nothing'), new AbortController().signal)).toEqual([])
      })
    }

    it.each([
      ['large', 'answer-too-large'],
      ['bomb', 'answer-too-large'],
      ['binary', 'answer-not-text'],
      ['loop', 'address-unreachable'],
      ['cut', 'address-unreachable'],
      ['metadata', 'address-refused'],
    ] as const)('says what is wrong with an answer: %s', async (wrong, code) => {
      web.fault(part, wrong)
      const failed = ask()
      await expect(failed).rejects.toMatchObject({ code })
      await failed.catch((error) =>
        expect(JSON.stringify({ ...error, text: String(error) })).not.toContain(SCRIPTED_KEY),
      )
    })

    if (part !== 'page') {
      it.each([
        ['page', 'source-not-understood'],
        [429, 'source-rate-limited'],
        [400, 'source-refused'],
        [500, 'source-unavailable'],
        [503, 'source-unavailable'],
      ] as const)('names the source that answers with %s', async (wrong, code) => {
        web.fault(part, wrong)
        await expect(ask()).rejects.toMatchObject({ code, params: { name: expect.stringMatching(/\w/) } })
      })
    }

    it.each(['hang', 'drip'] as const)('waits no longer than it may: %s', async (wrong) => {
      web.fault(part, wrong)
      const failed = expect(ask()).rejects.toMatchObject({ code: 'timeout' })
      await web.asked(part)
      clock.advance(TIMEOUT_MS)
      await failed
    })

    it('stops when it is asked to', async () => {
      web.fault(part, 'hang')
      const stop = new AbortController()
      const failed = expect(ask(stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
      await web.asked(part)
      stop.abort()
      await failed
    })
  })
}
