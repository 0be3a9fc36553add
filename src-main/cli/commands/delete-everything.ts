import { ERASE_WORD, type Erasure } from '../../../src-core/contract/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { openQuestions } from '../read-phrase.ts'

export interface DeleteOptions {
  confirm?: string
  backups?: boolean
}

/** Deletes all that the program keeps on this device, once the word has been typed. */
export async function deleteEverything(context: CommandContext, options: DeleteOptions): Promise<void> {
  const { terminal, json, surroundings } = context
  const { backups = false } = options
  const word =
    options.confirm ??
    (await ask(
      `Everything in ${surroundings.dataDir} will be deleted${backups ? ', and the backups' : ''}. There is no way back.\nType ${ERASE_WORD} to do it: `,
    ))
  if (word !== ERASE_WORD) throw usageError('Nothing was deleted.', `The word is ${ERASE_WORD}, in capitals.`)
  const client = await context.client()
  const left = await client.backup.deleteEverything({ confirmation: ERASE_WORD, backups })
  if (json) return terminal.json(left)
  terminal.line('Everything that this program kept here is deleted.')
  for (const sentence of unreached(left)) terminal.remark(sentence)
}

function unreached({ unreachedPlaces, keptBackups, strangers }: Erasure): string[] {
  return [
    ...unreachedPlaces.map((place) => `Not all backups could be deleted from ${place}.`),
    ...(keptBackups ? ['Backups were left where they are; without the recovery phrase nobody can read them.'] : []),
    ...(strangers.length > 0 ? [`Not of this program, and left: ${strangers.join(', ')}.`] : []),
    'Out of reach: copies and exports made by hand, backups of another phrase, keys in the environment, what a provider was sent, and the entry in the system’s keyring, which seals nothing any more.',
  ]
}

async function ask(question: string): Promise<string> {
  const questions = openQuestions()
  try {
    return (await questions.ask(question)).trim()
  } finally {
    questions.close()
  }
}
