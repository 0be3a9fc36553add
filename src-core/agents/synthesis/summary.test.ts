import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerOf } from '../../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { silentLog } from '../../kernel/index.ts'
import type { ConceptGraph, PeriodTopics } from '../../memory/index.ts'
import type { LanguageModel, LanguageRequest } from '../../models/index.ts'
import type { Store } from '../../store/index.ts'
import { createSummaries, type SummaryEvent, type SummaryOf } from './summary.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(() => store.close())

const NOTHING: PeriodTopics = { captures: 0, notes: 0, documents: 0, topics: [] }

describe('a summary of a session or day', () => {
  let world: Awaited<ReturnType<typeof openTestVault>>
  let requests: LanguageRequest[]
  let asked: Parameters<ConceptGraph['topics']>[0][]
  let written: string | null
  let kept: PeriodTopics
  /** Called after each piece of words. */
  let meanwhile: () => void

  beforeEach(async () => {
    world = await openTestVault(store.database)
    requests = []
    asked = []
    written = null
    kept = NOTHING
    meanwhile = () => undefined
  })

  const model = (): LanguageModel => ({
    provider: written === null ? 'offline' : 'compatible',
    model: 'scripted',
    async *stream(request) {
      requests.push(request)
      for (const text of written?.match(/\s*\S+/g) ?? []) {
        yield { type: 'delta', text }
        meanwhile()
        request.signal?.throwIfAborted()
      }
      const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.01 }
      yield { type: 'end', usage, model: 'scripted', stopReason: 'end' }
    },
    async check() {},
  })
  const say = (userText: string, sessionId = 's') => world.vault.captures.add({ sessionId, source: 'text', userText })

  async function make(of: SummaryOf, signal?: AbortSignal) {
    const summaries = createSummaries({
      ...{ vault: world.vault, clock: world.clock, log: silentLog, maxOutputTokens: 500, turnUsd: 1 },
      concepts: {
        topics: async (request) => {
          asked.push(request)
          return kept
        },
        gaps: async () => [],
        read: async () => [],
        list: async () => [],
      },
      languageModel: async () => model(),
    })
    const events: SummaryEvent[] = []
    for await (const event of summaries.make(of, undefined, signal)) events.push(event)
    const last = events.at(-1)
    if (last?.type !== 'done') throw new Error('The summary has no end.')
    return {
      summary: last.summary,
      first: events[0],
      told: events.flatMap((event) => (event.type === 'delta' ? event.text : [])).join(''),
    }
  }

  const aboutBasalt = (captureId: string): PeriodTopics => {
    const text = 'Basalt is cooled lava.'
    const when = new Date(world.clock.now()).toISOString()
    const passage = { kind: 'capture', captureId, field: 'userText', start: 0, end: text.length, text, when } as const
    return { ...NOTHING, captures: 1, topics: [{ conceptId: 'b', name: 'Basalt', texts: 1, passages: [passage] }] }
  }

  it('quotes the session alone, each place with its number, and keeps nothing but proposed cards', async () => {
    const said = await say('Basalt is cooled lava.')
    await say('Another session.', 'other')
    kept = aboutBasalt(said.id)
    const { summary, told } = await make({ session: 's' })
    expect(summary.text).toContain('- **Basalt**: “Basalt is cooled lava” [1]')
    expect(told).toBe(summary.text)
    expect(summary.citations.map(({ captureId }) => captureId)).toEqual([said.id])
    expect(summary).toMatchObject({ provider: 'offline', costUsd: 0 })
    expect(asked).toMatchObject([{ sessionId: 's', from: said.createdAt }])
    expect(await world.vault.notes.count()).toBe(0)
    expect(await world.vault.captures.count({})).toBe(2)
    const cards = await world.vault.cards.list({}, { limit: 5 })
    expect(cards.items).toMatchObject([{ state: 'candidate', source: { captureId: said.id } }])
    expect(summary.cards).toEqual(cards.items.map(({ id }) => id))
    expect(await world.vault.cards.getMany([...summary.cards, 'gone'])).toEqual(cards.items)
  })

  it('makes a card of a sentence that is told under another topic', async () => {
    const said = await say('Basalt is cooled lava.')
    const about = aboutBasalt(said.id)
    kept = { ...about, topics: about.topics.flatMap((topic) => [{ ...topic, conceptId: 'l', name: 'Lava' }, topic]) }
    const { summary } = await make({ session: 's' })
    expect(summary.text).toContain('- **Lava**: “Basalt is cooled lava” [1]')
    expect(await world.vault.cards.getMany(summary.cards)).toMatchObject([{ front: 'What is “Basalt”?' }])
  })

  it('sums up a local day, also what is not read for concepts yet', async () => {
    const said = await say('Light splits water in the chloroplast.')
    const now = new Date(world.clock.now())
    const day = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short' }).format(now)
    const { summary } = await make({ day })
    expect(summary.text).toContain('- “Light splits water in the chloroplast” [1]')
    expect(summary.citations).toMatchObject([{ captureId: said.id, start: 0 }])
    expect(asked).toMatchObject([{ from: new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString() }])
  })

  it('has a model write it, takes out what no place says, and holds the call to what a turn may spend', async () => {
    const said = await say('Basalt is cooled lava.')
    kept = aboutBasalt(said.id)
    written = 'You kept that basalt is cooled lava [1]. It is 4 km thick [1].\n? Where does it cool?'
    const { summary, told, first } = await make({ session: 's' })
    expect(first).toEqual({
      ...{ type: 'memory', provider: 'compatible', model: 'scripted' },
      citations: [expect.objectContaining({ number: 1, captureId: said.id })],
    })
    expect(summary.text).toBe('You kept that basalt is cooled lava [1]. It is 4 km thick [?].')
    expect(summary).toMatchObject({ followUps: ['Where does it cool?'], provider: 'compatible', costUsd: 0.01 })
    expect(told).not.toContain('Where does it cool')
    expect(requests[0]?.allowance).toBeDefined()
    expect(() => requests[0]?.allowance?.reserve(1_000_001)).toThrow('$1.00')
  })

  it('says that there is nothing, of a session that is not there and of a day without anything', async () => {
    await expect(make({ session: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(make({ day: '1999-01-01' })).rejects.toMatchObject({ code: 'nothing-to-sum-up' })
    const asking = await say('What did I learn?')
    await world.vault.captures.answer(asking.id, { ...answerOf('Little.'), kind: 'insight' })
    await expect(make({ session: 's' })).rejects.toMatchObject({ code: 'nothing-to-sum-up' })
  })

  it('stops when it is told to, keeps the words so far, and proposes no card', async () => {
    const said = await say('Basalt is cooled lava.')
    kept = aboutBasalt(said.id)
    written = 'You kept much more than that.'
    const stop = new AbortController()
    meanwhile = () => stop.abort()
    const { summary } = await make({ session: 's' }, stop.signal)
    expect(summary).toMatchObject({ text: 'You', ending: 'stopped', cards: [] })
    expect((await world.vault.cards.list({}, { limit: 5 })).items).toEqual([])
  })
})
