import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { LvaError, ManualClock, silentLog, systemClock } from '../kernel/index.ts'
import { type LanguageModel, offlineTutor, type ToolCall } from '../models/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { createTurns, type Turns } from './turns.ts'
import type { AgentServices, TurnEvent } from './types.ts'

const USAGE = { inputTokens: 1, outputTokens: 1, costUsd: 0 }

let store: Store
let vault: OpenVault
let vaultClock: ManualClock
let model: LanguageModel
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  ;({ vault, clock: vaultClock } = await openTestVault(store.database))
})

function openTurns(clock = systemClock): Turns {
  return createTurns({
    vault,
    search: async () => ({ hits: [] }),
    languageModel: async () => model,
    maxOutputTokens: 500,
    deadlines: { conversation: 60_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 },
    clock,
    newId: () => crypto.randomUUID(),
    log: silentLog,
  } as unknown as AgentServices)
}

async function read(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/** Calls its tools in the first round; the second one fails while `isBroken`. */
class CallingModel implements LanguageModel {
  readonly provider = 'compatible'
  readonly model = 'calling'
  isBroken = true
  calls: Omit<ToolCall, 'id'>[] = []

  async *stream({ messages }: Parameters<LanguageModel['stream']>[0]): ReturnType<LanguageModel['stream']> {
    if (!messages.some(({ toolResults }) => toolResults)) {
      for (const [at, call] of this.calls.entries()) yield { type: 'tool-call', call: { id: String(at), ...call } }
      return yield { type: 'end', usage: USAGE, model: this.model, stopReason: 'tools' }
    }
    if (this.isBroken) throw new LvaError('provider-unavailable', 'Overloaded.')
    yield { type: 'delta', text: 'Done.' }
    yield { type: 'end', usage: USAGE, model: this.model, stopReason: 'end' }
  }

  async check(): Promise<void> {}
}

describe('a turn that failed after it had changed something', () => {
  it('changes nothing twice when it is asked again, and shows what stands', async () => {
    await vault.memories.add({ text: 'I drink green tea', kind: 'preference' })
    await vault.memories.add({ text: 'I drink coffee', kind: 'preference' })
    const calling = new CallingModel()
    model = calling
    calling.calls = [
      { name: 'create_note', input: { title: 'Cells', body: 'Cells divide by mitosis.' } },
      { name: 'create_card', input: { front: 'How do cells divide?', back: 'By mitosis' } },
      { name: 'remember', input: { text: 'I live in Oslo', kind: 'fact' } },
      { name: 'forget', input: { about: 'I drink green tea' } },
    ]
    const turns = openTurns()
    const text =
      'Make a note that cells divide by mitosis. Make a card of it. Remember that I live in Oslo. Forget that I drink green tea.'
    const events: TurnEvent[] = []
    const failing = (async () => {
      for await (const event of turns.send({ sessionId: null, text, source: 'text' })) events.push(event)
    })()
    await expect(failing).rejects.toMatchObject({ code: 'provider-unavailable' })
    const [started] = events
    const id = started?.type === 'started' ? started.capture.id : ''

    // Asked again, the model finds other words for the same things.
    calling.isBroken = false
    calling.calls = [
      { name: 'create_card', input: { front: 'By what do cells divide?', back: 'Mitosis' } },
      { name: 'create_note', input: { title: 'Mitosis', body: 'Cells divide by mitosis' } },
      { name: 'remember', input: { text: 'live in Oslo', kind: 'fact' } },
      { name: 'forget', input: { about: 'I drink' } },
    ]
    await read(turns.retry(id))
    const { answer } = await vault.captures.get(id)
    expect(answer?.made?.map(({ kind, text }) => [kind, text])).toEqual([
      ['card', 'How do cells divide?'],
      ['note', 'Cells'],
      ['memory', 'I live in Oslo'],
      ['forgotten', ''],
    ])
    expect(await vault.notes.count()).toBe(1)
    expect(await vault.cards.counts()).toMatchObject({ candidates: 1 })
    const memories = (await vault.memories.list({}, { limit: 9 })).items.map(({ text }) => text)
    expect(memories.sort()).toEqual(['I drink coffee', 'I live in Oslo'])
  })

  it('forgets no second statement, however often the model asks, but does what edited words ask for', async () => {
    await vault.memories.add({ text: 'I drink green tea', kind: 'preference' })
    await vault.memories.add({ text: 'I drink coffee', kind: 'preference' })
    const calling = new CallingModel()
    model = calling
    calling.isBroken = false
    calling.calls = [{ name: 'forget', input: { about: 'I drink green tea' } }]
    const turns = openTurns()
    const [started] = await read(
      turns.send({ sessionId: null, text: 'Forget that I drink green tea.', source: 'text' }),
    )
    const id = started?.type === 'started' ? started.capture.id : ''
    const kept = async () => (await vault.memories.list({}, { limit: 9 })).items.map(({ text }) => text)

    calling.calls = ['I drink green tea', 'I drink'].map((about) => ({ name: 'forget', input: { about } }))
    await read(turns.retry(id))
    expect(await kept()).toEqual(['I drink coffee'])

    await vault.captures.edit(id, { userText: 'Forget that I drink coffee.' })
    calling.calls = [{ name: 'forget', input: { about: 'I drink coffee' } }]
    await read(turns.retry(id))
    expect(await kept()).toEqual([])
  })
})

describe('the offline tutor', () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 26, 15, 0))
  async function ask(text: string) {
    model = offlineTutor({ clock, timeZone: 'Europe/Berlin' })
    const events = await read(openTurns(clock).send({ sessionId: null, text, source: 'text' }))
    const last = events.at(-1)
    if (last?.type !== 'done' || !last.capture.answer) throw new Error('no answer')
    return last.capture.answer
  }

  it.each([
    ['What is 17% of 340?', '17% of 340 = 57.8.', 'calculate', '17% of 340 = 57.8'],
    ['Was ist 3,5 mal 4,5?', '3,5 × 4,5 = 15,75.', 'calculate', '3.5 * 4.5 = 15.75'],
    ['¿Cuánto es 1 entre 3?', '1 / 3 ≈ 0,33333333333333 (exactamente 1/3).', 'calculate', undefined],
    ['What day is it in Tokyo?', 'It is Friday, 27 November 2026, 00:00 in Tokyo.', 'date_time', '2026-11-27 00:00'],
    ['Wie spät ist es?', 'Es ist Donnerstag, 26. November 2026, 16:00 Uhr.', 'date_time', '2026-11-26 16:00'],
    [
      '¿Cuántos días faltan para Navidad?',
      'Hasta viernes, 25 de diciembre de 2026 faltan 29 días.',
      'date_time',
      undefined,
    ],
    ['What day was July 20, 1969?', 'That is Sunday, 20 July 1969.', 'date_time', '1969-07-20'],
  ])('reckons on the device: %s', async (text, said, name, about) => {
    const answer = await ask(text)
    expect(answer.text).toContain(said)
    expect(answer.agentsUsed[0]).toMatchObject({
      tools: [name],
      toolUses: [{ name, outcome: 'done', ...(about !== undefined && { about }) }],
    })
  })

  it('says where something cannot be reckoned', async () => {
    const answer = await ask('What is 1 / 0?')
    expect(answer.text).toContain('cannot work that out')
    expect(answer.agentsUsed[0]?.toolUses).toEqual([{ name: 'calculate', outcome: 'failed', about: '' }])
  })

  it('answers from memory where the words ask for anything else, and uses no tool', async () => {
    expect((await ask('What day is my exam?')).agentsUsed[0]?.tools).toBeUndefined()
  })

  it('lets the learner try first where they want that', async () => {
    model = offlineTutor({ clock, timeZone: 'UTC' })
    const turns = openTurns(clock)
    const [started] = await read(
      turns.send({ sessionId: null, text: 'What is 12 * 12?', source: 'text', mode: 'ask-first' }),
    )
    if (started?.type !== 'started') throw new Error('not started')
    const { sessionId, id } = started.capture
    expect((await vault.captures.get(id)).answer?.text).toMatch(/^[^\d]+\?$/)
    vaultClock.advance(1_000)
    const told = await read(turns.send({ sessionId, text: 'Show me the answer', source: 'text', mode: 'ask-first' }))
    const last = told.at(-1)
    expect(last?.type === 'done' && last.capture.answer?.text).toContain('12 × 12 = 144')
  })
})
