import { basename, dirname, resolve } from 'node:path'
import type { BackupEntry, BackupProgress, Client } from '../../../src-core/contract/index.ts'
import { LvaError } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'
import { openQuestions, readPhrase } from '../read-phrase.ts'
import { shownTime } from '../terminal.ts'

const PHASES: Record<BackupProgress['phase'], string> = {
  writing: 'Writing',
  documents: 'Checking documents',
  recordings: 'Checking recordings',
  tables: 'Checking tables',
}
const KEPT: Record<'safe-storage' | 'keyring' | 'session', string> = {
  'safe-storage': 'The key is kept in the system’s safe storage; the phrase is not kept anywhere.',
  keyring: 'The key is kept in the system’s keyring; the phrase is not kept anywhere.',
  session: 'This machine has no keyring: every backup of the command line asks for the phrase.',
}
const STANDING: Record<BackupEntry['standing'], string> = {
  good: 'good',
  unproven: 'not verified here',
  failed: 'DAMAGED',
  locked: 'of another phrase',
  foreign: 'no backup',
}

/** Makes a recovery phrase: shows it once, and takes it when three of its words come back. */
export async function backupInit(context: CommandContext, options: { replace?: boolean }): Promise<void> {
  const { terminal, json } = context
  const client = await context.client()
  const { setUp } = await client.backup.status()
  if (setUp && !options.replace)
    throw new LvaError('bad-input', 'There is a recovery phrase already.', {
      advice: 'With --replace a new one begins a new chain; backups so far can be read with the old one only.',
    })
  const { words, positions } = await client.backup.begin()
  if (json) terminal.json({ words, positions })
  else {
    terminal.line('Write these 24 words down, on paper. They are shown this once; without them no backup can be read.')
    terminal.line()
    for (const [at, word] of words.entries()) terminal.line(`${String(at + 1).padStart(2)}  ${word}`)
    terminal.line()
  }
  const questions = openQuestions()
  try {
    const typed: string[] = []
    for (const position of positions) typed.push(await questions.ask(`Word ${position}: `))
    await client.backup.confirm({ words: typed })
  } finally {
    questions.close()
  }
  const { keyStorage } = await client.backup.status()
  terminal.remark(`The phrase is right, and backups are encrypted with it from now on. ${KEPT[keyStorage]}`)
}

/** Makes and proves a backup in every place, or in one folder. */
export async function backupRun(context: CommandContext, options: { to?: string; phraseFile?: string }): Promise<void> {
  const client = await context.client()
  await knowKey(client, options.phraseFile)
  const folder = options.to === undefined ? undefined : resolve(options.to)
  const made = await follow(context, await client.backup.run(folder ? { folder } : {}, { signal: context.signal }))
  if (context.json) return context.terminal.json({ backups: made })
  for (const { place, name, bytes, content } of made) {
    context.terminal.line(`${place}  ${name}  ${shownBytes(bytes)}, proven`)
    if (content && content.missing > 0)
      context.terminal.remark(`${content.missing} recordings are missing on the disk and in every earlier backup.`)
  }
}

/** Lists backups in every place, the newest first. */
export async function backupList({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const { backups } = await client.backup.list()
  const { places } = await client.backup.status()
  if (json) return terminal.json({ backups, places })
  if (backups.length === 0) terminal.remark('There are no backups yet.')
  for (const { createdAt, name, place, bytes, standing, content } of backups) {
    const what = content ? `, ${content.captures} captures, ${content.notes} notes` : ''
    terminal.line(
      `${createdAt ? shownTime(createdAt) : '?'}  ${place}  ${name}  ${shownBytes(bytes)}, ${STANDING[standing]}${what}`,
    )
  }
  for (const { label, failure } of places)
    if (failure) terminal.remark(`${label}: ${failure.message} ${failure.advice}`)
}

/** Proves one backup again, by its name or path; without one, every backup of this phrase. */
export async function backupVerify(
  context: CommandContext,
  name: string | undefined,
  options: { phraseFile?: string },
): Promise<void> {
  const { terminal, json, signal } = context
  const client = await context.client()
  await knowKey(client, options.phraseFile)
  const { backups } = await client.backup.list()
  const wanted =
    name === undefined
      ? backups.filter(({ standing }) => standing !== 'locked' && standing !== 'foreign')
      : backups.filter((backup) => backup.name === name)
  // A path, also of a folder that is no place of ours.
  if (name !== undefined && wanted.length === 0)
    return report([await verifyOne(dirname(resolve(name)), basename(name))])
  const results: Verified[] = []
  for (const backup of wanted) results.push(await verifyOne(backup.place, backup.name))
  report(results)

  async function verifyOne(place: string, file: string): Promise<Verified> {
    try {
      await follow(context, await client.backup.verify({ place, name: file }, { signal }))
      return { place, name: file, error: null }
    } catch (error) {
      if (!isFault(error) || name !== undefined) throw error
      return { place, name: file, error: error.code }
    }
  }
  function report(all: Verified[]): void {
    if (json) terminal.json({ verified: all })
    else for (const { place, name: file, error } of all) terminal.line(`${place}  ${file}  ${error ?? 'good'}`)
    const bad = all.find(({ error }) => error !== null)
    if (bad)
      throw new LvaError('backup-damaged', 'Not every backup is good.', {
        advice: 'Make a new one with "lva backup"; the damaged ones are left alone.',
        params: { file: bad.name },
      })
  }
}

interface Verified {
  place: string
  name: string
  error: string | null
}

function isFault(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('backup-')
}

/** Sees to it that the core knows the key, and asks for the phrase when it does not. */
export async function knowKey(client: Client, phraseFile: string | undefined): Promise<void> {
  const { setUp, keyKnown } = await client.backup.status()
  if (keyKnown && phraseFile === undefined) return
  if (!setUp && phraseFile === undefined)
    throw new LvaError('backup-key-unknown', 'There is no recovery phrase yet.', {
      advice: 'Make one with "lva backup init", or give that of earlier backups with --phrase-file.',
    })
  await client.backup.unlock({ phrase: await readPhrase(phraseFile) })
}

async function follow(
  { terminal, json }: CommandContext,
  events: AsyncIterable<{ type: 'progress'; progress: BackupProgress } | { type: 'done'; backups: BackupEntry[] }>,
): Promise<BackupEntry[]> {
  let phase: string | undefined
  for await (const event of events) {
    if (event.type === 'done') return event.backups
    const { progress } = event
    if (!json && (process.stderr.isTTY || progress.phase !== phase)) terminal.remark(shownProgress(progress))
    phase = progress.phase
  }
  return []
}

export function shownProgress({ phase, place, done, total }: BackupProgress): string {
  return `${PHASES[phase]}: ${total === 0 ? 100 : Math.floor((100 * done) / total)} % (${place})`
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

export function shownBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${power === 0 ? bytes : (bytes / 1_000 ** power).toFixed(1)} ${UNITS[power]}`
}
