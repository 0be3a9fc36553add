import { implement } from '@orpc/server'
import { type AppEvent, type Card, contract, type Memory } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import type { Scenario } from './scenario.ts'

const DAY = 86_400_000

/** What is known of the learner, and cards, held in memory. `onUndo` puts a way back where the other imitations keep theirs. */
export function imitateMemories(
  scenario: Scenario,
  now: number,
  captureId: string,
  changed: (what: Partial<Extract<AppEvent, { type: 'vault' }>>) => void,
  fail: (code: string) => never,
  onUndo: (undo: () => void) => void,
) {
  const os = implement(contract).$context<ClientContext>()
  const at = (days: number) => new Date(now - days * DAY).toISOString()
  const receipt = (quote: string, holds = true) => ({
    captureId,
    quote: holds ? quote : '',
    start: 0,
    end: quote.length,
    holds,
  })
  const memory = (id: string, text: string, kind: Memory['kind'], more: Partial<Memory> = {}): Memory => ({
    id,
    text,
    kind,
    state: 'accepted',
    about: null,
    receipt: receipt(text),
    validFrom: at(12),
    validTo: null,
    createdAt: at(12),
    updatedAt: at(12),
    ...more,
  })
  const memories = new Map<string, Memory>()
  const forgotten = new Map<string, Memory>()
  const cards = new Map<string, Card>()
  if (!scenario.isEmpty) {
    const all = [
      memory('m1', 'I prefer examples from music', 'preference', { state: 'proposed', createdAt: at(0) }),
      memory('m2', "I'm preparing for the entrance exam of the conservatory in June", 'goal', {
        state: 'proposed',
        createdAt: at(1),
      }),
      memory('m3', 'I remember things better when I draw them', 'preference', { createdAt: at(4) }),
      memory('m4', 'My goal is to read papers about transformers without help', 'goal', { createdAt: at(8) }),
      memory('m5', 'I play the cello', 'fact', { receipt: receipt('I play the cello', false), createdAt: at(9) }),
      memory('m6', 'I live in Leipzig', 'fact', {
        about: 'home',
        validTo: at(2),
        createdAt: at(40),
        validFrom: at(40),
      }),
      memory('m7', 'I live in Bonn', 'fact', { about: 'home', receipt: null, createdAt: at(2), validFrom: at(2) }),
    ]
    for (const one of all) memories.set(one.id, one)
    const card = (id: string, front: string, back: string, more: Partial<Card> = {}): Card => ({
      id,
      front,
      back,
      state: 'candidate',
      source: {
        captureId,
        kind: 'capture',
        field: 'userText',
        start: 0,
        end: 40,
        text: 'softmax turns scores into weights that sum to one',
        when: at(3),
        holds: true,
      },
      createdAt: at(3),
      updatedAt: at(3),
      ...more,
    })
    const deck = [
      card('c1', 'What does softmax turn scores into?', 'Weights that sum to one.'),
      card(
        'c2',
        'Why are attention scores divided by the root of the key size?',
        'So that they do not grow with it and softmax keeps its slope.',
      ),
      card('c3', 'Where does the light reaction happen?', 'In the thylakoid membrane.', {
        state: 'kept',
        source: null,
      }),
    ]
    for (const one of deck) cards.set(one.id, one)
  }
  const found = <T>(item: T | undefined): T => item ?? fail('not-found')
  const put = (next: Memory) => {
    memories.set(next.id, { ...next, updatedAt: new Date().toISOString() })
    changed({ memories: [next.id] })
    return next
  }
  const putCard = (next: Card) => {
    cards.set(next.id, next)
    changed({ cards: [next.id] })
    return next
  }
  let made = 0
  const byAge = <T extends { createdAt: string }>(items: Iterable<T>) =>
    [...items].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  const holding = (query: string | undefined, ...texts: string[]) =>
    !query || texts.some((text) => text.toLowerCase().includes(query.trim().toLowerCase()))
  return {
    memories: {
      list: os.memories.list.handler(({ input }) => ({
        items: byAge(memories.values()).filter(
          ({ state, text }) => (!input.state || state === input.state) && holding(input.query, text),
        ),
        next: null,
      })),
      get: os.memories.get.handler(({ input }) => found(memories.get(input.id))),
      getMany: os.memories.getMany.handler(({ input }) => ({
        items: input.ids.flatMap((id) => memories.get(id) ?? []),
      })),
      counts: os.memories.counts.handler(() => {
        const states = [...memories.values()].map(({ state }) => state)
        const proposed = states.filter((state) => state === 'proposed').length
        return { proposed, accepted: states.length - proposed }
      }),
      add: os.memories.add.handler(({ input }) => {
        const today = new Date().toISOString()
        return put(
          memory(`new-memory-${++made}`, input.text, input.kind, { receipt: null, createdAt: today, validFrom: today }),
        )
      }),
      accept: os.memories.accept.handler(({ input }) => {
        const before = input.ids.map((id) => found(memories.get(id)))
        onUndo(() => {
          for (const one of before) put(one)
        })
        return { items: before.map((one) => put({ ...one, state: 'accepted' })) }
      }),
      edit: os.memories.edit.handler(({ input: { id, ...patch } }) => {
        const before = found(memories.get(id))
        onUndo(() => put(before))
        const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
        return put({ ...before, ...given })
      }),
      forget: os.memories.forget.handler(({ input }) => {
        const before = input.ids.map((id) => found(memories.get(id)))
        onUndo(() => {
          for (const one of before) put(one)
        })
        for (const one of before) {
          memories.delete(one.id)
          forgotten.set(one.id, one)
        }
        changed({ memories: input.ids })
        return { memories: before.length, cards: 0 }
      }),
      bringBack: os.memories.bringBack.handler(({ input: { id } }) => {
        const one = forgotten.get(id)
        if (one) put(one)
        return { done: forgotten.delete(id) }
      }),
      restingCards: os.memories.restingCards.handler(({ input }) => ({
        cards: input.ids.includes('m3') ? [...cards.values()].slice(0, 2) : [],
      })),
    },
    cards: {
      list: os.cards.list.handler(({ input }) => ({
        items: byAge(cards.values()).filter(
          ({ state, front, back }) => (!input.state || state === input.state) && holding(input.query, front, back),
        ),
        next: null,
      })),
      getMany: os.cards.getMany.handler(({ input }) => ({ items: input.ids.flatMap((id) => cards.get(id) ?? []) })),
      counts: os.cards.counts.handler(() => {
        const states = [...cards.values()].map(({ state }) => state)
        const kept = states.filter((state) => state === 'kept').length
        return { candidates: states.length - kept, kept }
      }),
      keep: os.cards.keep.handler(({ input }) => {
        const before = input.ids.map((id) => found(cards.get(id)))
        onUndo(() => {
          for (const one of before) putCard(one)
        })
        return { items: before.map((one) => putCard({ ...one, state: 'kept' })) }
      }),
      edit: os.cards.edit.handler(({ input: { id, ...patch } }) => {
        const before = found(cards.get(id))
        onUndo(() => putCard(before))
        return putCard({ ...before, front: patch.front ?? before.front, back: patch.back ?? before.back })
      }),
      delete: os.cards.delete.handler(({ input }) => {
        const before = input.ids.map((id) => found(cards.get(id)))
        onUndo(() => {
          for (const one of before) putCard(one)
        })
        for (const id of input.ids) cards.delete(id)
        changed({ cards: input.ids })
      }),
    },
  }
}
