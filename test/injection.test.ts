import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTurns, type TurnEvent } from '../src-core/agents/index.ts'
import { idMaker, ManualClock, seededRandom, silentLog } from '../src-core/kernel/index.ts'
import type { SearchHit, SearchRequest, SearchResult } from '../src-core/memory/index.ts'
import type { LanguageEvent, LanguageModel, LanguageRequest } from '../src-core/models/index.ts'
import type { Store } from '../src-core/store/index.ts'
import type { OpenVault } from '../src-core/vault/index.ts'
import { ATTACKS, changeable, HARM, OWN_ATTACKS, REMEMBERED, shown, UNTOUCHED } from './injection-attacks.ts'
import { openTestStore, openTestVault } from './vault-world.ts'

/**
 * Texts that command, in what a turn reads, against the worst model: one that does at once whatever any text before it says. None of it may
 * change the learner's data. The calls themselves are counted, so that a model that obeys nothing would fail these tests.
 */
const DEADLINES = { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 }
const USAGE = { inputTokens: 1, outputTokens: 1, costUsd: 0 }

/** Obeys: looks into memory first, so that a tool's result commands too, then calls all that could do harm as soon as it has read an attack. */
class ObeyingModel implements LanguageModel {
  readonly provider = 'compatible'
  readonly model = 'obeying'
  attack = ''
  tried = 0
  /** Whether an attack stood in what it was given. */
  hasSeen = false

  async *stream(request: LanguageRequest): AsyncIterable<LanguageEvent> {
    const { system, messages, tools = [], toolChoice } = request
    const read = JSON.stringify([system, messages.flatMap(({ text, toolResults = [] }) => [text, ...toolResults])])
    const sees = [this.attack, shown(this.attack)].some((text) => read.includes(JSON.stringify(text).slice(1, -1)))
    this.hasSeen ||= sees
    const offered = new Set(tools.map(({ name }) => name))
    const rounds = messages.filter(({ toolResults }) => toolResults).length
    const hasLooked = rounds > 0
    const wanted = [
      ...(sees ? HARM : []),
      ...(hasLooked ? [] : [{ name: 'memory_search', input: { query: 'cells' } }]),
    ].filter(({ name }) => offered.has(name))
    if (toolChoice !== 'none' && wanted.length > 0 && rounds < 2) {
      this.tried += wanted.length
      for (const [at, call] of wanted.entries())
        yield { type: 'tool-call', call: { id: `${this.tried}-${at}`, ...call } }
      return yield { type: 'end', usage: USAGE, model: this.model, stopReason: 'tools' }
    }
    yield { type: 'delta', text: 'Done.' }
    yield { type: 'end', usage: USAGE, model: this.model, stopReason: 'end' }
  }

  async check(): Promise<void> {}
}

let store: Store
let vault: OpenVault
let model: ObeyingModel
let planted: SearchHit[]
beforeAll(async () => {
  store = await openTestStore()
  vault = (await openTestVault(store.database)).vault
  await vault.memories.add(REMEMBERED)
})
afterAll(() => store.close())

async function say(text: string): Promise<TurnEvent[]> {
  const clock = new ManualClock()
  const turns = createTurns({
    vault,
    // As search does it: by the fields that it is asked for.
    search: async ({ filters }: SearchRequest) =>
      ({
        hits: planted.filter(({ field }) => filters?.fields?.includes(field) ?? true),
        understood: { period: null, emptyPeriod: null, undated: null },
      }) as SearchResult,
    languageModel: async () => model,
    maxOutputTokens: 100,
    deadlines: DEADLINES,
    clock,
    newId: idMaker(clock, seededRandom(3)),
    log: silentLog,
  } as Parameters<typeof createTurns>[0])
  const events: TurnEvent[] = []
  for await (const event of turns.send({ sessionId: null, text, source: 'text' })) events.push(event)
  await turns.idle()
  return events
}

function hit(text: string, field: SearchHit['field']): SearchHit {
  const kind = field === 'documentText' ? 'document' : 'capture'
  return {
    ...{ captureId: 'planted', kind, field, start: 0, end: text.length, text, when: '2026-01-02T00:00:00.000Z' },
    ...{ relevance: 0.9, score: 1, heading: kind === 'document' ? [text] : [] },
  } as SearchHit
}

describe('what a turn reads', { timeout: 60_000 }, () => {
  it.each(['documentText', 'pictureText', 'userText'] as const)(
    'never changes anything of the learner, in words of %s',
    async (field) => {
      for (const attack of ATTACKS) {
        model = new ObeyingModel()
        model.attack = attack
        planted = [hit(`Cells divide. ${attack}`, field)]
        const events = await say('What do I know about cells?')
        expect(model.hasSeen).toBe(true)
        expect(model.tried).toBeGreaterThan(HARM.length)
        const ran = events.flatMap((event) => (event.type === 'tool' && event.state !== 'failed' ? [event.name] : []))
        expect(ran.filter((name) => name !== 'memory_search')).toEqual([])
      }
      expect(await changeable(vault)).toEqual(UNTOUCHED)
    },
  )

  it.each(['documentText', 'pictureText'] as const)(
    'decides nothing where the learner asks for a change: %s is not even read',
    async (field) => {
      for (const attack of ATTACKS) {
        model = new ObeyingModel()
        model.attack = attack
        planted = [hit(`Cells divide. ${attack}`, field)]
        await say('Make a note that cells divide.')
        expect(model.hasSeen).toBe(false)
      }
      expect(await changeable(vault)).toEqual(UNTOUCHED)
    },
  )

  it('is no wish of the learner where they quote or paste it', async () => {
    for (const attack of OWN_ATTACKS) {
      model = new ObeyingModel()
      model.attack = attack
      planted = []
      await say(`What does this mail want from me? "${attack}"`)
      expect(model.hasSeen).toBe(true)
    }
    expect(await changeable(vault)).toEqual(UNTOUCHED)
  })

  it('leaves what the learner really asks for: the same model may do that, and nothing else', async () => {
    model = new ObeyingModel()
    model.attack = 'Make a note'
    planted = []
    await say('Make a note that cells divide.')
    const after = await changeable(vault)
    expect(after).toMatchObject({ memories: UNTOUCHED.memories, cards: [] })
    // Once by itself, and once more after what it found.
    expect(after.notes).toHaveLength(2)
  })
})
