import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock, silentLog } from '../../kernel/index.ts'
import type { PeriodTopics, TopicPassage } from '../../memory/index.ts'
import type { LanguageModel, LanguageRequest } from '../../models/index.ts'
import type { Answer, Capture, Citation, Source } from '../../vault/index.ts'
import type { AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import { joined, NOTHING_FOUND } from '../orchestrator/findings.ts'
import type { TurnEvent } from '../types.ts'
import { synthesis } from './synthesis.ts'

const AT = '2026-11-26T12:00:00.000Z'

const ANSWER: Answer = {
  text: 'You wrote that Rayleigh explained the blue sky in 1905 [1].',
  provider: 'compatible',
  model: 'scripted',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  citations: [],
  agentsUsed: [],
  ending: 'complete',
  createdAt: AT,
}
const CITATION: Citation = {
  ...{ number: 1, captureId: 'old', kind: 'capture', field: 'userText', start: 0, end: 45, when: AT },
  text: 'Rayleigh explained the blue sky in 1905.',
}
const SOURCE: Source = {
  ...{ number: 2, kind: 'wikipedia', title: 'Rayleigh scattering', url: 'https://en.wikipedia.org/wiki/X', at: AT },
  quote: 'Lord Rayleigh explained the blue sky in 1871.',
}

const capture = (userText: string, more: Partial<Capture> = {}): Capture => ({
  ...{ id: 'now', sessionId: 's', createdAt: AT, editedAt: null, source: 'text', userText, answer: null },
  ...{ audioSha256: null, metadata: {}, ...more },
})
const passage = (captureId: string, text: string): TopicPassage => ({
  ...{ kind: 'capture', captureId, field: 'userText', start: 0, end: text.length, text, when: AT },
})
const concept = (name: string) => ({ name, variants: [{ id: name, text: name, count: 1 }] })

describe('the synthesis agent', () => {
  let written: string | null
  let requests: LanguageRequest[]
  let events: TurnEvent[]
  let kept: PeriodTopics
  let captures: Capture[]
  let gaps: string[]
  let asked: { from: string; to: string }[]
  let period: { from: string | null; to: string | null } | null

  beforeEach(() => {
    written = null
    requests = []
    events = []
    asked = []
    period = null
    gaps = []
    captures = []
    kept = { captures: 0, notes: 0, documents: 0, topics: [] }
  })

  const model = (): LanguageModel => ({
    provider: written === null ? 'offline' : 'compatible',
    model: 'scripted',
    async *stream(request) {
      requests.push(request)
      for (const text of written?.match(/\s*\S+\s*?/g) ?? []) yield { type: 'delta', text }
      yield {
        type: 'end',
        usage: { inputTokens: 1, outputTokens: 1, costUsd: 0 },
        model: 'scripted',
        stopReason: 'end',
      }
    },
    async check() {},
  })

  function run(task: Partial<Task> & Pick<Task, 'capture' | 'kind'>, isLate = false): Promise<Finding> {
    const clock = new ManualClock(Date.parse(AT))
    const help = {
      languageModel: async () => model(),
      search: async () => ({ understood: { period } }),
      concepts: {
        topics: async (request: { from: string; to: string }) => {
          asked.push(request)
          return kept
        },
        gaps: async () => gaps.map(concept),
        list: async () => ['Photosynthesis', 'Chloroplast', 'Basalt'].map(concept),
      },
      vault: { captures: { list: async () => ({ items: captures, next: null }) } },
      maxOutputTokens: 1_000,
      clock,
      log: silentLog,
      signal: new AbortController().signal,
      tell: (event: TurnEvent) => events.push(event),
    } as unknown as AgentHelp
    const whole: Task = { provider: undefined, isAgain: false, soFar: NOTHING_FOUND, ...task }
    return isLate && synthesis.standIn ? synthesis.standIn(whole, help) : synthesis.run(whole, help)
  }

  describe('over the findings of others', () => {
    const soFar = {
      ...NOTHING_FOUND,
      answer: ANSWER,
      citations: [CITATION],
      sources: [SOURCE],
      additions: [{ agent: 'research' as const, text: 'Wikipedia has 1871 [2].', createdAt: AT }],
      nextNumber: 3,
    }
    const compare = (userText = 'Compare when the blue sky was explained.') =>
      run({ capture: capture(userText), kind: 'complex', soFar })
    /** The addition as the learner sees it. */
    const shown = (finding: Finding) =>
      joined([
        {
          run: { agent: 'conversation', ms: 1, outcome: 'done' },
          finding: { answer: { ...ANSWER, citations: [CITATION], sources: [SOURCE] } },
          startedFrom: 1,
          endedAt: AT,
        },
        { run: { agent: 'synthesis', ms: 1, outcome: 'done' }, finding, startedFrom: 3, endedAt: AT },
      ]).additions[0]?.text

    it('names what disagrees without a model, with both figures and both places, in words that hold', async () => {
      const finding = await compare()
      expect(finding.addition).toBe(
        'Two places give different figures: “Rayleigh explained the blue sky in 1905” [1], but “Lord Rayleigh explained the blue sky in 1871” [2].',
      )
      expect(shown(finding)).toBe(finding.addition)
      expect(finding.followUps).toEqual(['Which is right: 1905 or 1871?'])
      expect(requests).toEqual([])
    })

    it('does so in the language of the question', async () => {
      const german = await compare('Vergleiche, wann das Blau des Himmels erklärt wurde.')
      expect(german.addition).toContain('Zwei Stellen nennen verschiedene Zahlen')
      const spanish = await compare('¿Compara cuándo se explicó el azul del cielo?')
      expect(spanish.addition).toContain('Dos lugares dan cifras distintas')
    })

    it('gives the model question, answer, additions and numbered findings, all fenced, and takes its words and questions', async () => {
      written = 'Your note has 1905 [1], Wikipedia has 1871 [2].\n? When was it measured?\n? Who came before?'
      const finding = await compare()
      expect(finding).toEqual({
        addition: 'Your note has 1905 [1], Wikipedia has 1871 [2].',
        followUps: ['When was it measured?', 'Who came before?'],
      })
      expect(requests[0]?.system).toContain('<finding number="2" kind="wikipedia">')
      expect(requests[0]?.system).toContain('<addition>\nWikipedia has 1871 [2].')
      expect(requests[0]?.messages.at(-1)?.text).toBe('Compare when the blue sky was explained.')
    })

    it('adds only what disagrees where the model has nothing to add', async () => {
      written = 'NOTHING'
      expect((await compare()).addition).toContain('different figures')
    })

    it('asks no model where nobody has found anything, and asks on from the concepts of the turn', async () => {
      written = 'Never said.'
      const finding = await run({
        capture: capture('Compare photosynthesis and the chloroplast in detail.'),
        kind: 'complex',
        soFar: { ...NOTHING_FOUND, answer: { ...ANSWER, text: 'They belong together.' } },
      })
      expect(requests).toEqual([])
      expect(finding).toEqual({
        followUps: ['How are Photosynthesis and Chloroplast connected?', 'What is still unclear about Photosynthesis?'],
      })
    })

    it('stands in for a model that is late', async () => {
      written = 'Too late.'
      expect((await run({ capture: capture('Compare it.'), kind: 'complex', soFar }, true)).addition).toContain('1871')
    })
  })

  describe('asked about the learning over time', () => {
    const lookBack = (userText = 'What did I learn about this week?') =>
      run({ capture: capture(userText), kind: 'insight' })

    beforeEach(() => {
      kept = {
        ...{ captures: 4, notes: 1, documents: 0 },
        topics: [
          {
            ...{ conceptId: 'p', name: 'Photosynthesis', texts: 3 },
            passages: [passage('a', 'Photosynthesis makes glucose.'), passage('b', 'Light splits water.')],
          },
          {
            ...{ conceptId: 'g', name: 'Glucose', texts: 1 },
            passages: [passage('a', 'Photosynthesis makes glucose.')],
          },
          { ...{ conceptId: 'k', name: 'Basalt', texts: 1 }, passages: [passage('c', 'Basalt is cooled lava.')] },
        ],
      }
      captures = [capture('Why does ATP synthase turn?', { id: 'open' }), capture('I rested.', { id: 'told' })]
      gaps = ['Basalt']
    })

    it('sums up by topics without a model, each place word for word and once, what is open, and what could come next', async () => {
      const { answer, followUps } = await lookBack()
      expect(answer?.text.split('\n')).toEqual([
        expect.stringMatching(/^From November 19 to November 26 you kept 4 thoughts and 1 note\.$/),
        '- **Photosynthesis** (3 times): “Photosynthesis makes glucose” [1] “Light splits water” [2]',
        '- **Basalt**: “Basalt is cooled lava” [3]',
        'Still open: Why does ATP synthase turn?',
        'What could come next: you mention Basalt, but hardly connect it with the rest yet.',
      ])
      expect(answer).toMatchObject({ provider: 'offline', costUsd: 0 })
      expect(answer?.citations.map(({ captureId }) => captureId)).toEqual(['a', 'b', 'c'])
      expect(followUps).toEqual([
        'Why does ATP synthase turn?',
        'How are Photosynthesis and Basalt connected?',
        'What is still unclear about Basalt?',
      ])
      expect(events.map(({ type }) => type)).toEqual(['memory', 'delta'])
    })

    it('looks at the last seven days where no time is named, else at the time that the words name', async () => {
      await lookBack()
      period = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T00:00:00.000Z' }
      await lookBack()
      expect(asked).toMatchObject([
        { from: '2026-11-19T12:00:00.000Z', to: AT, without: 'now' },
        { from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T00:00:00.000Z' },
      ])
    })

    it('has no answer where memory holds nothing of that time', async () => {
      kept = { captures: 0, notes: 0, documents: 0, topics: [] }
      expect(await lookBack()).toEqual({})
      expect(events).toEqual([])
    })

    it('has the model sum up the numbered places; what does not hold is taken out, and its questions are not in the answer', async () => {
      written = 'You kept that light splits water [2]. Basalt is 4 km thick [3].\n? Where does the water go?'
      const { answer, followUps } = await lookBack()
      expect(answer?.text).toBe('You kept that light splits water [2]. Basalt is 4 km thick [?].')
      expect(answer?.citations.map(({ number }) => number)).toEqual([2])
      expect(followUps).toEqual(['Where does the water go?'])
      const told = events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('')
      expect(told.trim()).toBe('You kept that light splits water [2]. Basalt is 4 km thick [3].')
      expect(requests[0]?.system).toContain('4 captures, 1 notes, 0 documents')
      expect(requests[0]?.system).toContain('<topic texts="3">\nPhotosynthesis\n</topic>')
    })

    it('proposes a card where the learner has said what something is, in their words and with their place', async () => {
      const document = { ...passage('d', 'Glucose is a sugar.'), kind: 'document' as const }
      kept.topics.push({ conceptId: 's', name: 'Glucose', texts: 1, passages: [document] })
      const { cards } = await lookBack()
      expect(cards).toEqual([
        { front: 'What is “Basalt”?', back: 'Basalt is cooled lava.', source: passage('c', 'Basalt is cooled lava.') },
      ])
    })

    it('answers in the language of the question', async () => {
      expect((await lookBack('Was habe ich diese Woche gelernt?')).answer?.text).toContain(
        '4 Gedanken und 1 Notiz festgehalten',
      )
      expect((await lookBack('¿Qué aprendí esta semana?')).answer?.text).toContain('guardaste 4 pensamientos y 1 nota')
    })

    it('quotes and counts where the model says nothing', async () => {
      written = ''
      expect((await lookBack()).answer).toMatchObject({ provider: 'offline', text: expect.stringContaining('Basalt') })
    })

    it('stands in for a model that is late', async () => {
      written = 'Too late.'
      const { answer } = await run({ capture: capture('What did I learn?'), kind: 'insight' }, true)
      expect(answer?.provider).toBe('offline')
      expect(requests).toEqual([])
    })
  })
})
