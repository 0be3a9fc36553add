import { z } from 'zod'
import type { Vault } from '../../vault/index.ts'
import { createOnce } from './once.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  front: z.string().min(1).max(1_000).describe('The question'),
  back: z.string().min(1).max(2_000).describe('The answer, short'),
})

/** What a card's source quotes at most, in UTF-16 code units. */
const LONGEST_QUOTE = 1_000

/** Makes a candidate card that comes from this turn. */
export function createCardTool(vault: Pick<Vault, 'cards'>): Tool<z.output<typeof input>> {
  const once = createOnce(
    'card',
    (ids) => vault.cards.getMany(ids),
    ({ front, back }) => `${front}\n${back}`,
  )
  return {
    name: 'create_card',
    description:
      'Makes a flashcard with one question and one short answer. Only when the learner asks in this turn for a card. The learner decides in Library whether to keep it.',
    input,
    effect: 'changes',
    async run({ front, back }, { capture }) {
      const end = Math.min(LONGEST_QUOTE, capture.userText.length)
      const text = capture.userText.slice(0, end)
      const place = { captureId: capture.id, start: 0, end, text, when: capture.createdAt }
      const { ids, find, made } = once(capture)
      const source = { kind: 'capture' as const, field: 'userText' as const, ...place }
      const card = (await find(`${front}\n${back}`)) ?? (await vault.cards.add({ front, back, source }, ids))
      made(card)
      // One with the same sides may be older than this turn: it is not this turn's to take back.
      const isOwn = card.source?.captureId === capture.id
      return {
        text: `${isOwn ? 'Card made' : 'There is this card already'}: ${card.front}. It is in Library, Cards.`,
        isForeign: false,
        about: card.front,
        ...(isOwn && { made: { kind: 'card', id: card.id, text: card.front } }),
      }
    },
  }
}
