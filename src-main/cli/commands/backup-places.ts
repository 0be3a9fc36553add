import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LvaError } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'
import { openQuestions } from '../read-phrase.ts'
import { shownTime } from '../terminal.ts'

/** Shows where backups go, and how each place stands. */
export async function backupPlaces({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const { places, automatic, keep, s3 } = await client.backup.status()
  if (json) return terminal.json({ places, automatic, keep, s3 })
  for (const { label, lastGoodAt, failure } of places) {
    const standing = failure
      ? `${failure.message} ${failure.advice}`
      : lastGoodAt
        ? `last good backup ${shownTime(lastGoodAt)}`
        : 'no good backup yet'
    terminal.line(`${label}  ${standing}`)
  }
  terminal.remark(
    `${automatic ? 'Every day' : 'Only on demand'}; kept are the newest of ${keep.daily} days, ${keep.weekly} weeks and ${keep.monthly} months.`,
  )
}

export async function backupFolder(context: CommandContext, path: string): Promise<void> {
  const client = await context.client()
  await client.backup.configure({ folder: resolve(path) })
  await backupPlaces(context)
}

export interface StorageOptions {
  endpoint: string
  bucket: string
  accessKey: string
  region: string
  prefix: string
  secretFile?: string
}

/** Tries the storage with a list of the bucket, then keeps its address, and its secret where other keys are. */
export async function backupStorage(context: CommandContext, options: StorageOptions): Promise<void> {
  const { endpoint, bucket, accessKey, region, prefix, secretFile } = options
  const client = await context.client()
  const secretAccessKey = (await readSecret(secretFile)).trim()
  await client.backup.configure({ s3: { endpoint, bucket, region, prefix, accessKeyId: accessKey, secretAccessKey } })
  await backupPlaces(context)
}

export async function backupWithoutStorage(context: CommandContext): Promise<void> {
  const client = await context.client()
  await client.backup.configure({ s3: null })
  await backupPlaces(context)
}

async function readSecret(file: string | undefined): Promise<string> {
  if (file !== undefined) {
    return readFile(file, 'utf8').catch((cause: unknown) => {
      throw new LvaError('bad-input', 'The file with the secret key cannot be read.', {
        advice: 'Name another with --secret-file, or leave it out and type the key.',
        cause,
      })
    })
  }
  const questions = openQuestions()
  try {
    return await questions.ask('Secret key: ')
  } finally {
    questions.close()
  }
}
