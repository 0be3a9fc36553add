import type { Answer, OpenVault } from '../src-core/vault/index.ts'
import { sentences } from './sentences.ts'

/**
 * What a learner who uses it every day does in a day. A turn is what was said and an answer that cites what was said before; a note is
 * written in steps as it is saved while typing; reviews are entries of an append-only log (docs/vault.md §1).
 */
export const DAY = { turns: 12, noteSaves: 15, cards: 3, reviews: 20, titles: 1 }

/** Sentences of an answer. */
const ANSWER = 6
/** Sentences that are saved at once while a note is typed. */
const TYPED = 1

export interface Act {
  /** What of a day it is one of. */
  kind: keyof typeof DAY
  /** Characters that the learner sees of it. */
  characters: number
  do(): Promise<unknown>
}

/** The acts of a day in their order. @param day from 0, so that each has words of its own */
export function actsOf(vault: OpenVault, day: number): Act[] {
  const words = sentences(400, 1_000 + day)
  const take = (count: number) => Array.from({ length: count }, () => words.pop() ?? '').join(' ')
  const sessionId = `day-${day}`
  let noteId = ''
  let body = ''
  let lastId = ''
  const turn = (): Act => {
    const [userText, text] = [take(1), take(ANSWER)]
    return {
      kind: 'turns',
      characters: userText.length + text.length,
      do: async () => {
        const { id, createdAt } = await vault.captures.add({ sessionId, source: 'text', userText })
        await vault.captures.answer(id, answerOf(text, lastId || id, createdAt))
        lastId = id
      },
    }
  }
  const save = (): Act => {
    const more = take(TYPED)
    return {
      kind: 'noteSaves',
      characters: more.length,
      do: async () => {
        body = `${body}${more} `
        if (noteId === '') noteId = (await vault.notes.create({ title: `Day ${day}`, body })).id
        else await vault.notes.edit(noteId, { body })
      },
    }
  }
  const card = (): Act => {
    const [front, back] = [take(1), take(1)]
    return {
      kind: 'cards',
      characters: front.length + back.length,
      do: () => vault.cards.add({ front, back, source: null }),
    }
  }
  const review = (number: number): Act => ({
    kind: 'reviews',
    characters: 1,
    do: () =>
      vault.documents.change('reviews:2026-11', (doc) => {
        doc
          .getArray('log')
          .push([{ id: `${day}-${number}`, card: `card-${number}`, grade: 3, at: '2026-11-27T20:00:00.000Z' }])
      }),
  })
  const title = (): Act => ({
    kind: 'titles',
    characters: 8,
    do: () => vault.sessions.rename(sessionId, `Learned on day ${day}`),
  })
  const times = (count: number, make: (number: number) => Act) => Array.from({ length: count }, (_, at) => make(at))
  return [
    ...times(DAY.turns, turn),
    ...times(DAY.titles, title),
    ...times(DAY.noteSaves, save),
    ...times(DAY.cards, card),
    ...times(DAY.reviews, review),
  ]
}

/** @param cited the capture that it cites */
export function answerOf(text: string, cited: string, createdAt: string): Answer {
  return {
    ...{ text, provider: 'compatible', model: 'scripted', inputTokens: 900, outputTokens: 120, costUsd: null },
    ...{ agentsUsed: [], ending: 'complete', createdAt },
    citations: [
      {
        ...{ number: 1, captureId: cited, kind: 'capture', field: 'userText', start: 0, end: 40 },
        ...{ text: text.slice(0, 40), when: createdAt },
      },
    ],
  }
}
