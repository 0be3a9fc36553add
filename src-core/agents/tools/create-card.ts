import { z } from 'zod'
import type { Vault } from '../../vault/index.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  front: z.string().min(1).max(1_000).describe('The question'),
  back: z.string().min(1).max(2_000).describe('The answer, short'),
})

/** What a card's source quotes at most, in UTF-16 code units. */
const LONGEST_QUOTE = 1_000

/** Makes a candidate card that comes from this turn. */
export function createCardTool(vault: Pick<Vault, 'cards'>): Tool<z.output<typeof input>> {
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
      const card = await vault.cards.add({ front, back, source: { kind: 'capture', field: 'userText', ...place } })
      return {
        text: `Card made: ${card.front}. It waits in Library, Cards.`,
        isForeign: false,
        about: card.front,
        made: { kind: 'card', id: card.id, text: card.front },
      }
    },
  }
}
