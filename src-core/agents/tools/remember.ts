import { z } from 'zod'
import { LvaError } from '../../kernel/index.ts'
import type { Vault } from '../../vault/index.ts'
import { stemsOf } from '../memories/known.ts'
import { createOnce } from './once.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  text: z.string().min(1).max(300).describe("The statement about the learner, in the learner's own words of this turn"),
  kind: z.enum(['fact', 'preference', 'goal']),
})

/** Keeps what the learner asked to be remembered. Its words must be the learner's own of this turn. */
export function rememberTool(vault: Pick<Vault, 'memories'>): Tool<z.output<typeof input>> {
  const once = createOnce(
    'memory',
    (ids) => vault.memories.getMany(ids),
    ({ text }) => text,
  )
  return {
    name: 'remember',
    description:
      'Remembers a lasting statement about the learner: a fact, a preference or a goal. Only when the learner asks in this turn to remember it. Use the words that the learner used.',
    input,
    effect: 'changes',
    async run({ text, kind }, { capture }) {
      const said = capture.userText
      if (!isHeldBy(text, said)) {
        throw new LvaError('bad-input', 'The statement has words that the learner did not say in this turn.', {
          advice: "Use the learner's own words of this turn, or ask them to say it.",
        })
      }
      const at = said.toLowerCase().indexOf(text.toLowerCase())
      const [start, end] = at < 0 ? [0, said.length] : [at, at + text.length]
      const { ids, find, made } = once(capture)
      const receipt = { captureId: capture.id, start, end }
      const memory = (await find(text)) ?? (await vault.memories.add({ text, kind, receipt }, ids))
      made(memory)
      // What was known before this turn is not this turn's to take back.
      const isOwn = memory.receipt?.captureId === capture.id
      return {
        text: `${isOwn ? 'Remembered' : 'It was remembered already'}: ${memory.text}. The learner finds it in Library, About me.`,
        isForeign: false,
        about: memory.text,
        ...(isOwn && { made: { kind: 'memory', id: memory.id, text: memory.text } }),
      }
    },
  }
}

/** Whether every longer word of the statement, but for its ending, is one that was said. */
export function isHeldBy(statement: string, said: string): boolean {
  const held = stemsOf(said)
  const words = stemsOf(statement)
  return words.size > 0 && Array.from(words).every((word) => held.has(word) || beginsLike(word, held))
}

/** "prefers" is held by "prefer": what is shorter than a stem must begin it. */
function beginsLike(word: string, held: ReadonlySet<string>): boolean {
  return Array.from(held).some((each) => each.length >= 4 && (each.startsWith(word) || word.startsWith(each)))
}
