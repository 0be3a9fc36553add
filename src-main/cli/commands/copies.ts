import { basename, dirname, resolve } from 'node:path'
import type { BackupStatus, Client } from '../../../src-core/contract/index.ts'
import { LvaError } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { openQuestions } from '../read-phrase.ts'
import { shownTime } from '../terminal.ts'
import { knowKey, shownProgress } from './backup.ts'

/** Copies of the data beside the present one: restored, compared, exchanged, taken back, thrown away (docs/backup.md §8). */

type Copy = BackupStatus['copies'][number]

const SWAP_WORD = 'SWAP'

export interface RestoreInPlaceOptions {
  phraseFile?: string
  fromS3?: boolean
  to?: string
  yes?: boolean
}

/** Restores a backup beside the present data, shows what both hold, and exchanges them once that was confirmed. */
export async function restoreInPlace(
  context: CommandContext,
  file: string,
  options: RestoreInPlaceOptions,
): Promise<void> {
  const { terminal, json, signal } = context
  if (options.to !== undefined) throw usageError('Either --to or --swap.')
  const client = await context.client()
  await knowKey(client, options.phraseFile)
  const backup = options.fromS3
    ? { place: await storageLabel(client), name: file }
    : { place: dirname(resolve(file)), name: basename(file) }
  const id = await restoreBeside(context, client, backup)
  const copy = await findCopy(client, id)
  const present = await client.backup.present(undefined, { signal })
  if (!options.yes) {
    terminal.remark(`The copy:         ${shownContent(copy.content)}`)
    terminal.remark(`The present data: ${shownContent(present)}`)
    const word = await ask(`Type ${SWAP_WORD} to exchange them; the present data is put aside: `)
    if (word !== SWAP_WORD)
      throw usageError(
        'Nothing was exchanged.',
        `The copy stays: "lva restore swap ${id}" or "lva restore discard ${id}".`,
      )
  }
  await client.backup.swapIn({ copy: id })
  if (json) terminal.json({ copy: id, content: copy.content, before: present })
  else terminal.line('The backup is in place. "lva restore undo" takes that back.')
}

async function restoreBeside(
  { terminal, json, signal }: CommandContext,
  client: Client,
  backup: { place: string; name: string },
): Promise<string> {
  let phase: string | undefined
  for await (const event of await client.backup.restore(backup, { signal })) {
    if (event.type === 'done') return event.copy
    const { progress } = event
    if (!json && (process.stderr.isTTY || progress.phase !== phase)) terminal.remark(shownProgress(progress))
    phase = progress.phase
  }
  throw new LvaError('cancelled', 'The restore was stopped.')
}

export async function listCopies({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const { copies } = await client.backup.status()
  const present = await client.backup.present()
  if (json) return terminal.json({ copies, present })
  if (copies.length === 0) terminal.remark('There is no copy beside the present data.')
  for (const { id, kind, at, undoes, content } of copies) {
    const what = kind === 'restored' ? 'restored' : undoes ? 'put aside; undo brings it back' : 'put aside'
    terminal.line(`${id}  ${shownTime(at)}, ${what}: ${shownContent(content)}`)
  }
  terminal.remark(`The present data: ${shownContent(present)}`)
}

/** @throws LvaError not-found */
export async function swapCopy({ client: open, terminal, json }: CommandContext, id: string): Promise<void> {
  const client = await open()
  const { content } = await findCopy(client, id)
  await client.backup.swapIn({ copy: id })
  if (json) terminal.json({ copy: id, content })
  else terminal.line(`In place: ${shownContent(content)}. "lva restore undo" takes that back.`)
}

/** Takes the last exchange back. @throws LvaError not-found when there was none, or what it put aside is gone */
export async function undoRestore(context: CommandContext): Promise<void> {
  const client = await context.client()
  const { copies } = await client.backup.status()
  const last = copies.find(({ undoes }) => undoes)
  if (!last)
    throw new LvaError('not-found', 'There is no exchange to take back.', {
      advice: 'See "lva restore list" for copies beside the present data.',
    })
  await swapCopy(context, last.id)
}

/** @throws LvaError not-found */
export async function discardCopy({ client: open, terminal, json }: CommandContext, id: string): Promise<void> {
  const client = await open()
  await client.backup.discard({ copy: id })
  if (json) terminal.json({ discarded: id })
  else terminal.line(`${id} is deleted.`)
}

async function findCopy(client: Client, id: string): Promise<Copy> {
  const { copies } = await client.backup.status()
  const copy = copies.find((known) => known.id === id)
  if (copy) return copy
  throw new LvaError('not-found', 'There is no such copy of the data.', { advice: 'See "lva restore list".' })
}

async function storageLabel(client: Client): Promise<string> {
  const { places } = await client.backup.status()
  const storage = places.find(({ kind }) => kind === 's3')
  if (storage) return storage.label
  throw new LvaError('bad-input', 'No storage is configured.', { advice: 'Add it with "lva backup place s3".' })
}

function shownContent({ captures, sessions, notes, recordings }: Copy['content']): string {
  return `${captures} captures, ${sessions} sessions, ${notes} notes, ${recordings} recordings and files`
}

async function ask(question: string): Promise<string> {
  const questions = openQuestions()
  try {
    return (await questions.ask(question)).trim()
  } finally {
    questions.close()
  }
}
