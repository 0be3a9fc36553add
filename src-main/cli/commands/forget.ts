import { type CommandContext, usageError } from '../command.ts'
import { openQuestions } from '../read-phrase.ts'
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
  const { captures, notes, documents, hours } = await client.forgetting.waiting()
  const said =
    ids.length > 0 ? `${things.length} things` : `${captures} entries, ${notes} notes, ${documents} documents`
  if (
    !yes &&
    !(await isAgreed(`${said} were deleted. Forget them for good, with the cards and statements made of them? [y/N] `))
  )
    throw usageError(
      'Nothing was forgotten.',
      `What was deleted goes by itself after ${hours} hours. --yes does it without a question.`,
    )
  const gone = await (ids.length > 0
    ? client.forgetting.forget({ things: things.map(({ kind, id }) => ({ kind, id })) })
    : client.forgetting.forgetNow())
  if (json) return terminal.json(gone)
  terminal.line(
    `Forgotten: ${gone.captures} entries, ${gone.notes} notes, ${gone.documents} documents, ${gone.memories} statements, ${gone.cards} cards.`,
  )
  terminal.remark('Backups made before still hold it until they go; other devices lose it when they sync.')
}

async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const questions = openQuestions()
  try {
    return /^y(es)?$/i.test((await questions.ask(question)).trim())
  } finally {
    questions.close()
  }
}
