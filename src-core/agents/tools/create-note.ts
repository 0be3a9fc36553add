import { z } from 'zod'
import type { Vault } from '../../vault/index.ts'
import { createOnce } from './once.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  title: z.string().trim().min(1).max(200).describe('A few words'),
  body: z.string().max(20_000).describe('The note in Markdown'),
})

/** Makes a note of the learner's; one step that undo takes back. */
export function createNoteTool(vault: Pick<Vault, 'notes'>): Tool<z.output<typeof input>> {
  const once = createOnce(
    'note',
    (ids) => vault.notes.getMany(ids),
    ({ title, body }) => `${title}\n${body}`,
  )
  return {
    name: 'create_note',
    description:
      "Makes a note in the learner's library. Only when the learner asks in this turn for a note. Keep to what they said or asked to be noted.",
    input,
    effect: 'changes',
    async run({ title, body }, { capture }) {
      const { ids, find, made } = once(capture)
      const kept = await find(`${title}\n${body}`)
      const note = kept ?? (await vault.notes.create({ title, body }, ids))
      made(note)
      return {
        text: `${kept ? 'This note was made before, for the same words of the learner' : 'Note made'}: ${note.title}. The learner finds it in Library, and can take it back below your answer.`,
        isForeign: false,
        about: note.title,
        made: { kind: 'note', id: note.id, text: note.title },
      }
    },
  }
}
