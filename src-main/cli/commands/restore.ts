import { basename, dirname, resolve } from 'node:path'
import { folderPlace, openBackup, restoreBackup, s3Place } from '../../../src-core/backup/index.ts'
import { createLog, idMaker, LvaError, systemClock, systemRandom } from '../../../src-core/kernel/index.ts'
import { keyFromPhrase } from '../../../src-core/keys/index.ts'
import { openPlainHostStore } from '../../secrets/plain-host-store.ts'
import { type CommandContext, usageError } from '../command.ts'
import { readPhrase } from '../read-phrase.ts'
import { shownProgress } from './backup.ts'

export interface RestoreOptions {
  to?: string
  phraseFile?: string
  fromS3?: boolean
}

/** Makes a new data folder of a backup. The present data folder is not opened, and needs not exist. */
export async function restore(context: CommandContext, file: string, options: RestoreOptions): Promise<void> {
  const { surroundings, terminal, json, signal } = context
  const { config, cacheDir } = surroundings
  if (options.to === undefined)
    throw usageError('Where to?', 'Name a new folder with --to, or exchange the present data for it with --swap.')
  if (options.fromS3 && config.backup.s3.endpoint === '')
    throw new LvaError('bad-input', 'No storage is configured.', {
      advice: 'Set backup.s3 in config.json, or the variables LVA_BACKUP_S3_…; "lva config" shows them.',
    })
  const clock = systemClock
  const random = systemRandom
  const place = options.fromS3 ? s3Place({ ...config.backup.s3, clock, random }) : folderPlace(dirname(resolve(file)))
  const name = options.fromS3 ? file : basename(file)
  const key = options.phraseFile === undefined ? await keptKey(surroundings.dataDir) : undefined
  const openWith = async (backupKey: Uint8Array) => openBackup(place, name, backupKey, signal)
  const backup = key
    ? await openWith(key).catch(async (error: unknown) => {
        // Kept for other backups than this one.
        if (error instanceof LvaError && error.code === 'phrase-wrong') return openWith(await typedKey(undefined))
        throw error
      })
    : await openWith(await typedKey(options.phraseFile))
  const folder = resolve(options.to)
  let phase: string | undefined
  const report = await restoreBackup(backup, folder, {
    parts: {
      cacheDir,
      clock,
      newId: idMaker(clock, random),
      log: createLog(config.log.level, 'lva'),
      limits: config.limits,
      statementTimeoutMs: config.store.statementTimeoutMs,
    },
    signal,
    onProgress(progress) {
      if (!json && (process.stderr.isTTY || progress.phase !== phase))
        terminal.remark(shownProgress({ ...progress, place: name }))
      phase = progress.phase
    },
  })
  if (json) return terminal.json({ folder, backup: name, ...report })
  const { captures, notes, sessions } = report.counts
  terminal.line(
    `${folder}: ${captures} captures, ${sessions} sessions, ${notes} notes, ${report.blobs} recordings, checked.`,
  )
  terminal.remark(`Look into it with "lva --data-dir ${folder} list". Your present data was not touched.`)
}

async function typedKey(phraseFile: string | undefined): Promise<Uint8Array> {
  return keyFromPhrase(await readPhrase(phraseFile), 'backup')
}

async function keptKey(dataDir: string): Promise<Uint8Array | undefined> {
  const secrets = await openPlainHostStore(dataDir)
    .then((store) => store.load())
    .catch(() => undefined) // the phrase is asked for then
  const kept = secrets?.backupKey
  return kept ? Uint8Array.from(Buffer.from(kept, 'hex')) : undefined
}
