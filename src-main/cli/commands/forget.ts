import { type CommandContext, usageError } from '../command.ts'
import { isAgreed } from '../read-phrase.ts'
import { counted } from '../terminal.ts'
import { thingsOf } from './deleted.ts'

/** Forgets for good what was deleted, with all that was made of it: things by their id, or all. */
export async function forget(
  context: CommandContext,
  ids: readonly string[],
  { yes = false }: { yes?: boolean },
): Promise<void> {
  const { terminal, json } = context
  const client = await context.client()
  const things = await thingsOf(client, ids)
  const waiting = await client.forgetting.waiting()
  const said = ids.length > 0 ? counted(things.length, 'thing') : sources(waiting)
  const question = `Deleted: ${said}. Forget that for good, with the cards and statements made of it? [y/N] `
  if (!yes && !(await isAgreed(question)))
    throw usageError(
      'Nothing was forgotten.',
      `What was deleted goes by itself after ${waiting.hours} hours. --yes does it without a question.`,
    )
  const gone = await (ids.length > 0
    ? client.forgetting.forget({ things: things.map(({ kind, id }) => ({ kind, id })) })
    : client.forgetting.forgetNow())
  if (json) return terminal.json(gone)
  terminal.line(`Forgotten: ${sources(gone)}, ${counted(gone.memories, 'statement')}, ${counted(gone.cards, 'card')}.`)
  terminal.remark('Backups made before still hold it until they go; other devices lose it when they sync.')
}

function sources(counts: { captures: number; notes: number; documents: number; collections: number }): string {
  const { captures, notes, documents, collections } = counts
  return [
    ...[counted(captures, 'entry', 'entries'), counted(notes, 'note')],
    ...[counted(documents, 'document'), counted(collections, 'collection')],
  ].join(', ')
}
