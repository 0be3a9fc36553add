import { z } from 'zod'
import { LvaError } from '../../kernel/index.ts'
import type { Memory, Vault } from '../../vault/index.ts'
import { sharedStems, stemsOf } from '../memories/known.ts'
import { wishOf } from './once.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  about: z.string().min(1).max(300).describe('Words of the statement that is to be forgotten'),
})

const MOST_READ = 200
const MOST_LISTED = 10
/** Its words are gone for good, and are not said again. */
const FORGOTTEN = { isForeign: false, about: '' }

/** Forgets one statement about the learner; where several could be meant, it names them and forgets none. */
export function forgetTool(vault: Pick<Vault, 'memories'>): Tool<z.output<typeof input>> {
  let before: Promise<string[]> | undefined
  let told = 0
  return {
    name: 'forget',
    description:
      'Forgets one remembered statement about the learner, with the cards that rest on it. Only when the learner asks in this turn to forget it. When several statements fit, none is forgotten and they are listed: ask which one.',
    input,
    effect: 'changes',
    async run({ about }, { capture }) {
      // Where the turn is asked again, what fits now is not what was meant: that one is gone.
      before ??= vault.memories.forgottenBy(wishOf(capture))
      const gone = await before
      if (gone.length > 0) {
        const id = gone[told++]
        return {
          text: 'It was forgotten already, for the same words of the learner. If they mean another statement, let them say which.',
          ...FORGOTTEN,
          ...(id !== undefined && { made: { kind: 'forgotten', id, text: '' } }),
        }
      }
      const { items } = await vault.memories.list({}, { limit: MOST_READ })
      const fitting = bestFitting(items, about)
      const [memory] = fitting
      if (!memory) throw new LvaError('bad-input', 'Nothing that is remembered about the learner fits.')
      if (fitting.length > 1) {
        const list = fitting.slice(0, MOST_LISTED).map(({ text }) => `- ${text}`)
        throw new LvaError(
          'bad-input',
          `Several statements fit; nothing was forgotten. Ask the learner which one:\n${list.join('\n')}`,
        )
      }
      const { cards } = await vault.memories.forget([memory.id], wishOf(capture))
      return {
        text: `Forgotten, with ${cards} cards that rested on it. For ten minutes the learner can take it back below your answer. The conversation in which they said it stays.`,
        ...FORGOTTEN,
        made: { kind: 'forgotten', id: memory.id, text: '' },
      }
    },
  }
}

/** Those that share the most words, and at least half of those that were given. */
function bestFitting(memories: readonly Memory[], about: string): Memory[] {
  const wanted = stemsOf(about)
  const scored = memories.map((memory) => {
    return { memory, shared: sharedStems(wanted, stemsOf(memory.text)) }
  })
  const most = Math.max(0, ...scored.map(({ shared }) => shared))
  if (most === 0 || most * 2 < wanted.size) return []
  return scored.filter(({ shared }) => shared === most).map(({ memory }) => memory)
}
