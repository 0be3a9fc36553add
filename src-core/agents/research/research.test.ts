import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type ScriptedWeb, startScriptedWeb } from '../../../test/scripted-web/server.ts'
import { configSchema, LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import { createGuardedFetch } from '../../net/index.ts'
import { type Asked, type Capture, DEFAULT_SETTINGS, type Settings, type TurnKind } from '../../vault/index.ts'
import type { McpTool } from '../mcp/mcp-servers.ts'
import type { AgentHelp } from '../orchestrator/agent.ts'
import type { ConsentDecision, Leaving } from '../orchestrator/consents.ts'
import { NOTHING_FOUND } from '../orchestrator/findings.ts'
import { createResearchDesk, type ResearchDesk } from './desk.ts'
import { research } from './research.ts'
import type { FoundText } from './types.ts'

const COMPARE = 'Compare photosynthesis and cellular respiration in detail'

describe('the research agent', () => {
  let web: ScriptedWeb
  let clock: ManualClock
  let settings: Settings
  let desk: ResearchDesk
  let consents: Leaving[]
  let decide: () => ConsentDecision | 'late'
  let asked: Asked[]
  let hits: { text: string; relevance: number }[]
  let model: LanguageModel
  let replies: (string | Error | 'hang')[]
  let prompts: string[]
  let stop: AbortController

  beforeAll(async () => {
    web = await startScriptedWeb()
  })
  afterAll(() => web.close())

  beforeEach(() => {
    web.reset()
    clock = new ManualClock()
    settings = { ...DEFAULT_SETTINGS, research: 'on', researchWeb: 'searxng', researchWebUrl: `${web.url}/searxng` }
    consents = []
    decide = () => 'once'
    asked = []
    hits = []
    replies = []
    prompts = []
    stop = new AbortController()
    model = {
      provider: 'compatible',
      model: 'scripted',
      async *stream({ system, signal }) {
        prompts.push(system)
        const reply = replies.shift() ?? ''
        if (reply instanceof Error) throw reply
        if (reply === 'hang')
          await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
        yield { type: 'delta', text: reply }
        yield {
          type: 'end',
          usage: { inputTokens: 1, outputTokens: 1, costUsd: 0 },
          model: 'scripted',
          stopReason: 'end',
        }
      },
      async check() {},
    }
    const kept = new Map<string, { found: FoundText[]; at: string }>()
    desk = createResearchDesk({
      config: configSchema.parse({
        agents: {
          research: {
            wikipedia: { baseUrl: `${web.url}/wikipedia/{language}` },
            arxiv: { baseUrl: `${web.url}/arxiv` },
            answerKb: 64,
          },
        },
      }).agents.research,
      settings: {
        get: async () => settings,
        set: async (patch) => {
          settings = { ...settings, ...patch }
          return settings
        },
      },
      keys: async () => ({}),
      fetch: createGuardedFetch({ clock, isAllowed: (ip) => ip === '127.0.0.1' }),
      readPage: async ({ bytes }) => ({
        title: 'A page',
        text: new TextDecoder().decode(bytes).replace(/<[^>]*>/g, ' '),
      }),
      cache: {
        get: async (key) => kept.get(key),
        put: async (key, found) => void kept.set(key, { found: [...found], at: new Date(clock.now()).toISOString() }),
        size: async () => ({ bytes: 0, answers: kept.size }),
        clear: async () => kept.clear(),
      },
      clock,
      log: silentLog,
    })
  })

  const offline = () => {
    model = { ...model, provider: 'offline' }
  }
  const taskOf = (said: string, kind: TurnKind = 'complex') => ({
    capture: { id: 'c', sessionId: 's', userText: said } as Capture,
    kind,
    provider: undefined,
    isAgain: false,
    soFar: NOTHING_FOUND,
  })
  const help = () =>
    ({
      research: desk,
      search: async () => ({ hits }),
      languageModel: async () => model,
      signal: stop.signal,
      tell: () => undefined,
      consent: async (leaving: Leaving) => {
        consents.push(leaving)
        return decide()
      },
      asking: (leaving: Leaving) => {
        const entry: Asked = { ...leaving, outcome: 'late' }
        asked.push(entry)
        return (ended: object) => void Object.assign(entry, ended)
      },
      clock,
      log: silentLog,
    }) as unknown as AgentHelp
  const lookUp = (said = COMPARE) => research.run(taskOf(said), help())
  const parts = () => web.seen.map(({ part }) => part).sort()

  describe('takes part', () => {
    const wanted = (said: string, kind: TurnKind) => research.isWanted?.(taskOf(said, kind), help())
    it('in turns that want depth, and in others where an address is given', async () => {
      expect(await wanted(COMPARE, 'complex')).toBe(true)
      expect(await wanted('Read https://example.org/a', 'simple')).toBe(true)
      expect(await wanted('Hello', 'simple')).toBe(false)
    })
    it('never while research is off, which it is at first', async () => {
      settings = DEFAULT_SETTINGS
      expect(await wanted(COMPARE, 'complex')).toBe(false)
      expect(await wanted('Read https://example.org/a', 'simple')).toBe(false)
    })
  })

  it('finds passages of several sources, quotes them with their addresses, and says what was sent to whom', async () => {
    offline()
    const { sources = [], addition = '' } = await lookUp()
    expect(parts()).toEqual(['searxng', 'wikipedia'])
    expect(sources.length).toBeGreaterThan(1)
    for (const [at, source] of sources.entries()) {
      expect(source.number).toBe(at + 1)
      expect(source.url).toMatch(/^https?:\/\//)
    }
    const [first] = sources
    expect(addition).toContain(`“${first?.quote}” [1]`)
    const host = new URL(web.url).host
    expect(asked).toEqual([
      { to: host, sends: 'photosynthesis cellular respiration', outcome: 'answered' },
      { to: host, sends: 'photosynthesis cellular respiration', outcome: 'answered' },
    ])
    expect(prompts).toEqual([])
  })

  it('asks nobody for what memory holds, unless the learner wants what is new', async () => {
    hits = [
      { text: 'I learned that photosynthesis needs light.', relevance: 0.9 },
      { text: 'Cellular respiration happens in mitochondria.', relevance: 0.8 },
    ]
    expect(await lookUp()).toEqual({})
    expect(web.seen).toEqual([])
    await lookUp('Look up photosynthesis and cellular respiration')
    expect(parts()).toEqual(['searxng', 'wikipedia'])
  })

  it.each([
    COMPARE,
    'What are photosynthesis and cellular respiration?',
    'Explain photosynthesis, cellular respiration',
  ])('is not content with what was only asked before: %s', async (text) => {
    hits = [{ text, relevance: 1 }]
    await lookUp()
    expect(parts()).toHaveLength(2)
  })

  it('asks for what memory holds only in part, or not surely', async () => {
    hits = [{ text: 'I learned that photosynthesis needs light.', relevance: 0.9 }]
    await lookUp()
    expect(parts()).toHaveLength(2)
    web.reset()
    hits = [{ text: 'photosynthesis and cellular respiration', relevance: 0.3 }]
    await lookUp()
    expect(asked.slice(2).map(({ outcome }) => outcome)).toEqual(['kept', 'kept'])
  })

  it('asks arXiv at its pace where research is spoken of', async () => {
    offline()
    settings = { ...settings, researchWeb: 'none', researchWikipedia: false }
    const said = 'What do papers say about attention?'
    expect((await lookUp(said)).sources?.[0]).toMatchObject({ kind: 'arxiv' })
    expect(parts()).toEqual(['arxiv'])
    const second = lookUp('What do papers say about photosynthesis?')
    await vi.waitFor(() => expect(clock.sleeping).toBeGreaterThan(1))
    expect(parts()).toEqual(['arxiv'])
    clock.advance(3_000)
    await second
    expect(parts()).toEqual(['arxiv', 'arxiv'])
  })

  it('reads the page that the learner names, and nothing else', async () => {
    offline()
    const { sources } = await lookUp(`What does ${web.url}/page/Photosynthesis say about the Calvin cycle?`)
    expect(parts()).toEqual(['page'])
    expect(sources?.[0]).toMatchObject({ kind: 'address', url: `${web.url}/page/Photosynthesis` })
    expect(sources?.[0]?.quote).toContain('Calvin cycle')
  })

  it('sends nothing twice within a day', async () => {
    offline()
    const first = await lookUp()
    const again = await lookUp()
    expect(web.seen).toHaveLength(2)
    expect(again.sources).toEqual(first.sources)
    expect(asked.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'kept', 'kept'])
  })

  describe('where the learner is asked first', () => {
    beforeEach(() => {
      offline()
      settings = { ...settings, research: 'ask' }
    })

    it('shows exactly what goes to whom, and sends it when they say so', async () => {
      const host = new URL(web.url).host
      await lookUp()
      expect(consents).toEqual([
        { to: host, sends: 'photosynthesis cellular respiration' },
        { to: host, sends: 'photosynthesis cellular respiration' },
      ])
      expect(web.seen).toHaveLength(2)
      expect(settings.researchAllowed).toEqual([])
    })

    it.each(['no', 'late'] as const)('sends nothing when they say "%s"', async (said) => {
      decide = () => said
      expect(await lookUp()).toEqual({})
      expect(web.seen).toEqual([])
      expect(asked.map(({ outcome }) => outcome)).toEqual(['refused', 'refused'])
    })

    it('remembers for whom they need not be asked again: a server of theirs by its origin', async () => {
      decide = () => 'always'
      await lookUp()
      expect([...settings.researchAllowed].sort()).toEqual([web.url, 'wikipedia'].sort())
      consents.length = 0
      clock.advance(1_000)
      await lookUp('Explain attention in depth')
      expect(consents).toEqual([])
      await Promise.all([desk.disallow({ allowedAs: web.url }), desk.disallow({ allowedAs: 'arxiv' })])
      expect(settings.researchAllowed).toEqual(['wikipedia'])
    })

    it('asks for nothing that is kept', async () => {
      await lookUp()
      consents.length = 0
      await lookUp()
      expect(consents).toEqual([])
    })
  })

  describe('with a language model', () => {
    it('has it choose searches among the sources that there are, and write from fenced quotes', async () => {
      replies = [
        'wikipedia | en | photosynthesis light\nevil | en | secrets',
        'It turns light into chemical energy [2].',
      ]
      const { addition, sources } = await lookUp()
      expect(parts()).toEqual(['wikipedia'])
      expect(asked).toMatchObject([{ sends: 'photosynthesis light', outcome: 'answered' }])
      expect(addition).toBe('It turns light into chemical energy [2].')
      expect(prompts[1]).toContain(`<source number="1">\n${sources?.[0]?.title}\n${sources?.[0]?.quote}`)
    })

    it.each([
      ['fails', new LvaError('provider-unavailable', 'Down.')],
      ['says what no source holds', 'Napoleon lost at Waterloo in 1815 [1].'],
      ['names no source', 'Light matters.'],
      ['says nothing', ''],
    ])('quotes the sources themselves where it %s', async (_, reply) => {
      replies = ['', reply]
      expect((await lookUp()).addition).toMatch(/“.+” \[1\]/s)
    })

    it('does not wait for one that hangs', async () => {
      replies = ['hang', 'hang']
      const looking = lookUp()
      await vi.waitFor(() => expect(prompts).toHaveLength(1))
      clock.advance(1_200)
      await vi.waitFor(() => expect(prompts).toHaveLength(2))
      clock.advance(2_000)
      expect((await looking).addition).toMatch(/“.+” \[1\]/s)
    })
  })

  describe('when a source goes wrong', () => {
    beforeEach(offline)

    it.each([
      ['large', 'answer-too-large'],
      ['bomb', 'answer-too-large'],
      ['binary', 'answer-not-text'],
      ['loop', 'address-unreachable'],
      ['metadata', 'address-refused'],
      ['page', 'source-not-understood'],
      [500, 'source-unavailable'],
      [429, 'source-rate-limited'],
    ] as const)('gives what the others found, and says why one is missing: %s', async (wrong, error) => {
      web.fault('searxng', wrong)
      const { sources } = await lookUp()
      expect(sources?.every(({ kind }) => kind === 'wikipedia')).toBe(true)
      expect(sources?.length).toBeGreaterThan(0)
      expect(asked).toMatchObject([{ outcome: 'failed', error }, { outcome: 'answered' }])
    })

    it.each(['hang', 'drip'] as const)('waits for it no longer than its time: %s', async (wrong) => {
      web.fault('searxng', wrong)
      const looking = lookUp()
      await web.asked('searxng')
      await vi.waitFor(() => expect(asked).toMatchObject([{ outcome: 'late' }, { outcome: 'answered' }]))
      clock.advance(4_000)
      expect((await looking).sources?.length).toBeGreaterThan(0)
      expect(asked[0]?.outcome).toBe('late')
    })

    it('fails with the reason of the first when all do', async () => {
      web.fault('searxng', 500)
      web.fault('wikipedia', 'binary')
      await expect(lookUp()).rejects.toMatchObject({ code: 'source-unavailable' })
    })

    it('leaves one alone that takes no more questions', async () => {
      settings = { ...settings, researchWikipedia: false }
      web.fault('searxng', 429)
      await expect(lookUp()).rejects.toMatchObject({ code: 'source-rate-limited' })
      web.fault('searxng', null)
      await expect(lookUp()).rejects.toMatchObject({ code: 'source-rate-limited' })
      expect(web.seen).toHaveLength(1)
      clock.advance(30_000)
      expect((await lookUp()).sources?.length).toBeGreaterThan(0)
    })

    it('names what is not set up rightly', async () => {
      settings = { ...settings, researchWeb: 'tavily', researchWikipedia: false }
      await expect(lookUp()).rejects.toMatchObject({ code: 'source-key-missing', params: { name: 'Tavily' } })
      settings = { ...settings, researchWeb: 'searxng', researchWebUrl: 'nowhere' }
      await expect(lookUp()).rejects.toMatchObject({ code: 'source-address-invalid' })
    })
  })

  it('stops with the turn', async () => {
    web.fault('searxng', 'hang')
    web.fault('wikipedia', 'hang')
    const failed = expect(lookUp()).rejects.toMatchObject({ name: 'AbortError' })
    await web.asked('wikipedia')
    stop.abort()
    await failed
  })

  describe('servers that the learner added', () => {
    let calls: { name: string; input: unknown }[]
    let answer: () => Promise<{ text: string; isError: boolean; at: string }>
    const TEXT = 'Photosynthesis builds sugar, and cellular respiration burns it again.'
    const tool = (): McpTool => ({
      name: 'Library__search',
      server: 'Library',
      toolName: 'search',
      allowedAs: 'mcp:1',
      description: 'Searches the library.',
      input: z.record(z.string(), z.unknown()),
      parameters: { type: 'object', properties: { query: { type: 'string' } } },
      effect: 'leaves',
      ask: async () => answer(),
      run: () => Promise.reject(new Error('not run as a tool of a conversation')),
    })
    const withServers = (tools: McpTool[] = [tool()]) => ({ ...help(), mcpTools: async () => tools }) as AgentHelp
    const ask = (given = withServers()) => research.run(taskOf(COMPARE), given)

    beforeEach(() => {
      settings = { ...settings, researchWeb: 'none', researchWikipedia: false, researchArxiv: false }
      calls = [{ name: 'Library__search', input: { query: 'photosynthesis' } }]
      answer = async () => ({ text: TEXT, isError: false, at: '2026-01-01T00:00:00.000Z' })
      const { stream } = model
      model = {
        ...model,
        async *stream(request) {
          if (!request.tools) return yield* stream(request)
          expect(request.tools.map(({ name }) => name)).toEqual(['Library__search'])
          for (const [at, call] of calls.entries()) yield { type: 'tool-call', call: { id: `${at}`, ...call } }
        },
      }
    })

    it('are asked what the model chooses, and quoted as sources without an address', async () => {
      const { sources, addition } = await ask()
      expect(sources).toEqual([
        { number: 1, kind: 'mcp', title: 'Library: search', url: null, quote: TEXT, at: '2026-01-01T00:00:00.000Z' },
      ])
      expect(addition).toContain(`“${TEXT}” [1]`)
      expect(asked).toEqual([{ to: 'Library', sends: 'search {"query":"photosynthesis"}', outcome: 'answered' }])
    })

    it('hear nothing that the learner does not let out', async () => {
      settings = { ...settings, research: 'ask' }
      decide = () => 'no'
      answer = () => Promise.reject(new Error('asked all the same'))
      expect(await ask()).toEqual({})
      expect(consents).toEqual([{ to: 'Library', sends: 'search {"query":"photosynthesis"}' }])
      expect(asked).toMatchObject([{ outcome: 'refused' }])
      decide = () => 'always'
      answer = async () => ({ text: TEXT, isError: false, at: '2026-01-01T00:00:00.000Z' })
      await ask()
      await ask()
      expect(consents).toHaveLength(2)
      expect(settings.researchAllowed).toEqual(['mcp:1'])
    })

    it('are asked at most three things at once, and only with tools that there are', async () => {
      calls = [
        { name: 'create_note', input: { title: 'x' } },
        { name: 'Library__search', input: 'no object' },
        ...Array.from({ length: 5 }, (_, number) => ({ name: 'Library__search', input: { query: `${number}` } })),
      ]
      await ask()
      expect(asked).toHaveLength(1)
      calls = calls.slice(2)
      await ask()
      expect(asked).toHaveLength(4)
    })

    it('that hang, die or fail end no turn', async () => {
      answer = () => new Promise(() => undefined)
      const late = ask()
      late.catch(() => undefined)
      await vi.waitFor(() => expect(asked).toHaveLength(1))
      clock.advance(4_000)
      await expect(late).rejects.toMatchObject({ code: 'timeout' })
      expect(asked).toMatchObject([{ outcome: 'late' }])
      answer = () => Promise.reject(new LvaError('mcp-server-ended', 'It ended.'))
      await expect(ask()).rejects.toMatchObject({ code: 'mcp-server-ended' })
      answer = async () => ({ text: 'No such book.', isError: true, at: '' })
      expect(await ask()).toEqual({})
    })

    it('are left alone by the offline tutor, and where there are none', async () => {
      offline()
      expect(await ask()).toEqual({})
      model = { ...model, provider: 'compatible' }
      expect(await ask(withServers([]))).toEqual({})
      expect(asked).toEqual([])
    })
  })
})
