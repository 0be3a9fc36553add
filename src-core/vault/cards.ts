import type * as Y from 'yjs'
import { type Core, nowOf, writeStep } from './core.ts'
import { DECK_DOCUMENT } from './document-names.ts'
import { badInput, takeCaptureText, takeRecordId } from './door.ts'
import { forgetRecords } from './forget-records.ts'
import { type KeptRecords, keptRecords, recordIds, setFields, unusedId } from './kept-records.ts'
import { countCards, getCard, getCards, listCards } from './memory-reads.ts'
import { type CardRecord, LONGEST_CARD_SIDE, readCard, readPlace } from './memory-records.ts'
import { notFound } from './reads.ts'
import { plainWords } from './statements.ts'
import type { Card, NewCard, NewIds, Vault } from './types.ts'

/** The cards of an open vault; `Vault['cards']` says what each function does. */
export function cardsOf(core: Core): Vault['cards'] {
  const { db, vaultId, writer } = core
  const deckIn = (doc: Y.Doc) => keptRecords(doc, 'deck')

  /** Sets the fields of new cards; answers the ids, also of those that there were. */
  const place = (deck: KeptRecords, cards: readonly ReturnType<typeof takeCard>[], ids: NewIds = []): string[] => {
    const now = nowOf(core)
    const known = new Map(liveCards(deck).map((card) => [sidesOf(card), card.id]))
    return cards.map((card) => {
      const sides = sidesOf(card)
      const id = known.get(sides) ?? unusedId(deck, ids) ?? core.newId()
      if (!known.has(sides)) setFields(deck, id, { ...card, state: 'candidate', createdAt: now, updatedAt: now })
      known.set(sides, id)
      return id
    })
  }

  /** Changes live cards as one step, and answers them as they are then. @throws LvaError not-found */
  const change = (ids: readonly string[], fn: (deck: KeptRecords, cards: CardRecord[]) => void): Promise<Card[]> => {
    const wanted = Array.from(new Set(ids.map(takeRecordId)))
    return writer.exclusively(async () => {
      await writeStep(core, [DECK_DOCUMENT], (docOf) => {
        const deck = deckIn(docOf(DECK_DOCUMENT))
        fn(
          deck,
          wanted.map((id) => liveCard(deck, id)),
        )
      })
      return getCards(db, vaultId, wanted)
    })
  }

  return {
    propose: async (cards) => {
      const taken = cards.map(takeCard)
      return writer.exclusively(async () => {
        const { result } = await writer.write([DECK_DOCUMENT], (docOf) => place(deckIn(docOf(DECK_DOCUMENT)), taken))
        return getCards(db, vaultId, result)
      })
    },
    add: async (card, ids) => {
      const taken = takeCard(card)
      return writer.exclusively(async () => {
        const { result } = await writeStep(core, [DECK_DOCUMENT], (docOf) =>
          place(deckIn(docOf(DECK_DOCUMENT)), [taken], ids),
        )
        return getCard(db, vaultId, result[0] ?? '')
      })
    },
    keep: (ids) =>
      change(ids, (deck, cards) => {
        for (const card of cards) {
          if (card.state !== 'kept') setFields(deck, card.id, { state: 'kept', updatedAt: nowOf(core) })
        }
      }),
    edit: async (id, patch) => {
      const sides = {
        ...(patch.front !== undefined && { front: takeSide(patch.front) }),
        ...(patch.back !== undefined && { back: takeSide(patch.back) }),
      }
      const [card] = await change([id], (deck, [found]) => {
        if (!found) return
        const { front, back } = { ...found, ...sides }
        if (front !== found.front || back !== found.back) setFields(deck, id, { ...sides, updatedAt: nowOf(core) })
      })
      if (!card) throw notFound('This card')
      return card
    },
    delete: async (ids) => {
      const wanted = new Set(ids.map(takeRecordId))
      await forgetRecords(core, (docOf) => {
        const deck = deckIn(docOf(DECK_DOCUMENT))
        for (const id of wanted) liveCard(deck, id)
        return { memories: new Map(), cards: wanted }
      })
    },
    get: async (id) => getCard(db, vaultId, id),
    getMany: async (ids) => getCards(db, vaultId, ids),
    list: async (filter, page) => listCards(db, vaultId, filter, page),
    counts: async () => countCards(db, vaultId),
  }
}

/** @throws LvaError text-empty, text-too-long, bad-input */
function takeCard({ front, back, source }: NewCard) {
  const place = source ? readPlace(source) : null
  if (source && !place) throw badInput('The source of a card must name a place in the memory.')
  return { front: takeSide(front), back: takeSide(back), source: place }
}

function takeSide(text: string): string {
  return takeCaptureText(text, LONGEST_CARD_SIDE).trim()
}

function sidesOf({ front, back }: Pick<Card, 'front' | 'back'>): string {
  return `${plainWords(front)}\n${plainWords(back)}`
}

/** @throws LvaError not-found */
function liveCard(deck: KeptRecords, id: string): CardRecord {
  const card = deck.forgotten.has(id) ? undefined : readCard(deck, id)
  if (!card) throw notFound('This card')
  return card
}

function liveCards(deck: KeptRecords): CardRecord[] {
  return Array.from(recordIds(deck)).flatMap((id) => (deck.forgotten.has(id) ? [] : (readCard(deck, id) ?? [])))
}
