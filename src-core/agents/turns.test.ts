import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { idMaker, LvaError, ManualClock, seededRandom, silentLog } from '../kernel/index.ts'
import type { SearchHit, SearchRequest } from '../memory/index.ts'
import type { LanguageEvent, LanguageModel, LanguageRequest } from '../models/index.ts'
import type { Answer, Capture, Vault } from '../vault/index.ts'
import { DRAWN_WITHIN_MS, FirstWords } from './first-words.ts'
import { createTurns, type Turns } from './turns.ts'
import type { TurnEvent } from './types.ts'

const USAGE = { inputTokens: 10, outputTokens: 3, costUsd: 0.001 }

/** Captures in memory, as a vault keeps them. */
class FakeCaptures {
  readonly all: Capture[] = []
  readonly #newId = idMaker(new ManualClock(), seededRandom(1))
  readonly #clock = new ManualClock()

  async add(input: {
    sessionId: string
    source: Capture['source']
    userText: string
    audioSha256?: string | null
  }): Promise<Capture> {
    this.#clock.advance(1_000)
    const capture: Capture = {
      id: this.#newId(),
      createdAt: new Date(this.#clock.now()).toISOString(),
      editedAt: null,
      answer: null,
      metadata: {},
      ...input,
      audioSha256: input.audioSha256 ?? null,
    }
    this.all.push(capture)
    return { ...capture }
  }

  async answer(id: string, answer: Answer): Promise<Capture> {
    const capture = this.#find(id)
    capture.answer = answer
    return { ...capture }
  }

  async get(id: string): Promise<Capture> {
    return { ...this.#find(id) }
  }

  async list(filter: { sessionId?: string; to?: string }, page: { limit: number }) {
    const items = this.all
      .filter((capture) => capture.sessionId === filter.sessionId && capture.createdAt < (filter.to ?? '~'))
      .reverse()
      .slice(0, page.limit)
    return { items, next: null }
  }

  #find(id: string): Capture {
    const capture = this.all.find((one) => one.id === id)
    if (!capture) throw new LvaError('not-found', 'No such capture.')
    return capture
  }
}

/** Streams what the test says; remembers what it was asked. */
class ScriptedModel implements LanguageModel {
  readonly provider = 'compatible'
  readonly model = 'scripted'
  requests: LanguageRequest[] = []
  script: (request: LanguageRequest) => AsyncIterable<LanguageEvent> = async function* () {
    yield { type: 'delta', text: 'You said it ' }
    yield { type: 'delta', text: 'before [1].' }
    yield { type: 'end', usage: USAGE, model: 'scripted-2', stopReason: 'end' }
  }

  stream(request: LanguageRequest): AsyncIterable<LanguageEvent> {
    this.requests.push(request)
    return this.script(request)
  }

  async check(): Promise<void> {}
}

const DEADLINES = { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 }
const PARTS = { words: 0, meaning: 0, likeness: 0, echo: 0 }

function hit(captureId: string, text: string): SearchHit {
  return {
    captureId,
    kind: 'capture',
    sessionId: 'other',
    chunkId: `${captureId}/0`,
    field: 'userText',
    start: 0,
    end: text.length,
    snippet: [],
    text,
    when: '2026-01-01T00:00:00.000Z',
    source: 'text',
    heading: [],
    place: null,
    score: 1,
    relevance: 0.9,
    why: { words: [], cosine: 0.7, parts: PARTS },
    language: 'en',
    alike: [],
  }
}

describe('turns', () => {
  let captures: FakeCaptures
  let model: ScriptedModel
  let hits: SearchHit[]
  let searches: SearchRequest[]
  let turns: Turns
  let firstWords: FirstWords
  let clock: ManualClock

  beforeEach(() => {
    captures = new FakeCaptures()
    model = new ScriptedModel()
    hits = [hit('earlier', 'Attention weighs every token.')]
    searches = []
    clock = new ManualClock()
    firstWords = new FirstWords(clock)
    turns = createTurns({
      vault: { captures } as unknown as Vault,
      search: async (request) => {
        searches.push(request)
        return {
          hits,
          known: true,
          semantic: true,
          timings: { embedMs: 0, lexicalMs: 0, semanticMs: 0, fuseMs: 0 },
          understood: {
            text: '',
            language: null,
            terms: [],
            phrases: [],
            corrections: [],
            period: null,
            emptyPeriod: null,
            undated: null,
            order: 'relevance',
          },
        }
      },
      languageModel: async () => model,
      maxOutputTokens: 100,
      deadlines: DEADLINES,
      firstWords,
      clock,
      newId: idMaker(clock, seededRandom(2)),
      log: silentLog,
    })
  })

  const say = (text: string, sessionId: string | null = 's') => ({ sessionId, text, source: 'text' as const })

  async function collect(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
    const all: TurnEvent[] = []
    for await (const event of events) all.push(event)
    return all
  }

  it('lets the learner try first, then gives hints, and the answer when they want it', async () => {
    const asked = async (text: string) => {
      const events = await collect(turns.send({ ...say(text), mode: 'ask-first' }))
      const [, , , ...rest] = events
      const done = rest.find((event) => event.type === 'done')
      return done?.type === 'done' ? done.capture : undefined
    }
    const first = await asked('Why does attention work?')
    expect(first?.metadata).toEqual({ mode: 'ask-first' })
    expect(first?.answer).toMatchObject({ mode: 'ask-first', step: 'attempt' })
    expect(model.requests.at(-1)?.system).toContain('Do not answer this yet')
    expect((await asked('It weighs tokens'))?.answer?.step).toBe('hint')
    expect(model.requests.at(-1)?.guidance).toEqual({
      mode: 'ask-first',
      step: 'hint',
      hint: 1,
      question: 'Why does attention work?',
    })
    // What was said since the question is no memory of what was known before it.
    expect(searches.at(-1)?.query).toBe('Why does attention work?')
    expect(searches.at(-1)?.filters?.exclude).toContain(first?.id)
    expect((await asked('Show me the answer.'))?.answer?.step).toBe('answer')
    expect(model.requests.at(-1)?.system).toContain('answer this fully and at once')
  })

  it('lets background work wait until the first word is drawn, and no longer', async () => {
    const busy: [TurnEvent['type'], boolean][] = []
    for await (const { type } of turns.send(say('Why?'))) busy.push([type, firstWords.isBusy()])
    expect(busy.find(([type]) => type === 'started')).toEqual(['started', true])
    expect(busy.find(([type]) => type === 'delta')).toEqual(['delta', true])
    clock.advance(DRAWN_WITHIN_MS)
    await Promise.resolve()
    expect(firstWords.isBusy()).toBe(false)
    model.script = () => {
      throw new LvaError('network-down', 'No network.')
    }
    await expect(collect(turns.send(say('And now?')))).rejects.toMatchObject({ code: 'network-down' })
    expect(firstWords.isBusy()).toBe(false)
  })

  it('brings along what a turn needs while it is composed, and not again for a while', async () => {
    await turns.prepare()
    await turns.prepare()
    expect(searches).toHaveLength(1)
    expect(captures.all).toEqual([])
    clock.advance(60_000)
    await turns.prepare()
    expect(searches).toHaveLength(2)
    // Whoever has just said something needs nothing more.
    clock.advance(60_000)
    await collect(turns.send(say('Why?')))
    const { length } = searches
    await turns.prepare()
    expect(searches).toHaveLength(length)
  })

  it('asks again in the mode in which it was said', async () => {
    await collect(turns.send({ ...say('Why?'), mode: 'socratic' }))
    const [capture] = captures.all
    await collect(turns.retry(capture?.id ?? ''))
    expect(model.requests.at(-1)?.system).toContain('one question at a time')
    // Its session goes on like that, another one does not.
    await collect(turns.send(say('Why?')))
    expect(model.requests.at(-1)?.guidance).toMatchObject({ mode: 'socratic' })
    await collect(turns.send(say('Why?', 'another')))
    expect(model.requests.at(-1)?.guidance).toBeUndefined()
  })

  it('stores what was said, names what it found, streams, and stores the answer with what it used', async () => {
    const events = await collect(turns.send(say('attention?')))
    const seen = events.filter((event) => event.type !== 'agent' || event.agent === 'conversation')
    expect(seen.map((event) => event.type)).toEqual([
      'started',
      'kind',
      'agent',
      'memory',
      'delta',
      'delta',
      'agent',
      'done',
    ])
    const stored = captures.all[0]
    expect(stored?.userText).toBe('attention?')
    expect(stored?.answer).toMatchObject({
      text: 'You said it before [1].',
      provider: 'compatible',
      model: 'scripted-2',
      inputTokens: 10,
      outputTokens: 3,
      costUsd: 0.001,
      ending: 'complete',
      kind: 'simple',
      agentsUsed: [
        {
          agent: 'conversation',
          outcome: 'done',
          model: 'scripted-2',
          inputTokens: 10,
          outputTokens: 3,
          costUsd: 0.001,
        },
        { agent: 'analysis', outcome: 'done', model: null },
      ],
      analysis: { by: 'device', intent: 'question' },
    })
    expect(stored?.answer?.citations.map((citation) => citation.captureId)).toEqual(['earlier'])
  })

  it('has stored what was said before anybody is asked', async () => {
    model.script = () => {
      expect(captures.all).toHaveLength(1)
      throw new LvaError('provider-unavailable', 'Down.')
    }
    await expect(collect(turns.send(say('x')))).rejects.toMatchObject({ code: 'provider-unavailable' })
    expect(captures.all[0]?.answer).toBeNull()
  })

  it('stores nothing of an answer that failed in the middle, and can ask again', async () => {
    const whole = model.script
    model.script = async function* () {
      yield { type: 'delta', text: 'Half an ans' }
      throw new LvaError('provider-stream-cut', 'Cut.')
    }
    await expect(collect(turns.send(say('x')))).rejects.toMatchObject({ code: 'provider-stream-cut' })
    const [capture] = captures.all
    expect(capture?.answer).toBeNull()
    model.script = whole
    const events = await collect(turns.retry(capture?.id ?? ''))
    expect(events.at(-1)).toMatchObject({ type: 'done', capture: { id: capture?.id } })
    expect(captures.all).toHaveLength(1)
    expect(captures.all[0]?.answer?.text).toBe('You said it before [1].')
  })

  it('keeps what came so far when the learner stops', async () => {
    let wasStopped = false
    model.script = async function* ({ signal }) {
      yield { type: 'delta', text: 'So far' }
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          wasStopped = true
          reject(signal.reason)
        }),
      )
    }
    for await (const event of turns.send(say('x'))) {
      if (event.type === 'delta') break
    }
    await turns.idle()
    expect(wasStopped).toBe(true)
    expect(captures.all[0]?.answer).toMatchObject({ text: 'So far', ending: 'stopped', costUsd: null })
  })

  it('keeps no answer when the learner stops before the first word', async () => {
    const stop = new AbortController()
    model.script = async function* ({ signal }) {
      stop.abort()
      yield* []
      throw signal?.reason
    }
    await expect(collect(turns.send(say('x'), stop.signal))).rejects.toBeDefined()
    expect(captures.all[0]?.answer).toBeNull()
  })

  it('gives the model the session so far, and lets it cite what was said in it', async () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7]) await collect(turns.send(say(`turn ${n}`)))
    hits = [hit(captures.all[6]?.id ?? '', 'turn 7'), hit('earlier', 'Attention weighs every token.')]
    await collect(turns.send(say('turn 8')))
    const request = model.requests.at(-1)
    expect(request?.messages.filter((message) => message.role === 'user').map((message) => message.text)).toEqual([
      'turn 3',
      'turn 4',
      'turn 5',
      'turn 6',
      'turn 7',
      'turn 8',
    ])
    expect(request?.passages.map((passage) => passage.captureId)).toEqual([captures.all[6]?.id, 'earlier'])
    expect(request?.system).toContain('Attention weighs every token.')
  })

  it('grounds an answer only in what the learner said, and not in the turn itself', async () => {
    for await (const event of turns.send(say('Attention weighs every word.'))) {
      // The index may have been quicker than the search.
      if (event.type === 'started') hits.unshift(hit(event.capture.id, 'Attention weighs every word.'))
    }
    expect(searches).toHaveLength(1)
    expect(searches[0]?.filters?.fields).toEqual(['userText', 'noteText', 'documentText', 'pictureText'])
    expect(model.requests[0]?.passages.map(({ captureId }) => captureId)).toEqual(['earlier'])
  })

  it('looks up what an answer needs while what was said is being stored', async () => {
    const add = captures.add.bind(captures)
    const searched = Promise.withResolvers<void>()
    captures.add = async (input) => {
      await searched.promise
      return add(input)
    }
    const events = collect(turns.send(say('x')))
    while (searches.length === 0) await setImmediate()
    expect(captures.all).toEqual([])
    searched.resolve()
    expect((await events).at(-1)?.type).toBe('done')
    expect(searches).toHaveLength(1)
  })

  it('searches once where it asks back, for the question that was asked first', async () => {
    for (const text of ['Why does attention work?', 'It weighs tokens'])
      await collect(turns.send({ ...say(text), mode: 'ask-first' }))
    expect(searches.map(({ query }) => query)).toEqual(['Why does attention work?', 'Why does attention work?'])
  })

  it('answers without memory when memory cannot be searched', async () => {
    const clock = new ManualClock()
    const blind = createTurns({
      vault: { captures } as unknown as Vault,
      search: () => Promise.reject(new LvaError('internal', 'No.')),
      languageModel: async () => model,
      maxOutputTokens: 100,
      deadlines: DEADLINES,
      clock,
      newId: idMaker(clock, seededRandom(2)),
      log: silentLog,
    })
    const events = await collect(blind.send(say('x')))
    expect(events.find((event) => event.type === 'memory')).toMatchObject({ citations: [] })
    expect(captures.all[0]?.answer?.citations).toEqual([])
  })

  it('begins a session when none is named', async () => {
    const [started] = await collect(turns.send(say('x', null)))
    expect(started).toMatchObject({ type: 'started' })
    expect(captures.all[0]?.sessionId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses an answer of nothing', async () => {
    model.script = async function* () {
      yield { type: 'end', usage: USAGE, model: 'scripted', stopReason: 'refusal' }
    }
    await expect(collect(turns.send(say('x')))).rejects.toMatchObject({ code: 'provider-refused' })
    expect(captures.all[0]?.answer).toBeNull()
  })
})
