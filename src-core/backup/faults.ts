import { LvaError } from '../kernel/index.ts'

/** Errors of backup files (docs/backup.md §11). `file` is the name of a backup, which holds no more than an instant. */

export function notABackup(file: string): LvaError {
  return new LvaError('backup-unreadable', `${file} is not a backup of this program.`, {
    advice: 'Choose a file whose name ends in .lvabackup.',
    params: { file },
  })
}

export function damaged(file: string, cause?: unknown): LvaError {
  return new LvaError('backup-damaged', `The backup ${file} is damaged.`, {
    advice: 'Nothing was changed. Use another backup, and make a new one.',
    params: { file },
    cause,
  })
}

export function incomplete(file: string, missing: string): LvaError {
  return new LvaError('backup-incomplete', `The backup ${file} needs the file ${missing}, which is not beside it.`, {
    advice: 'Put the missing file into the same folder, or use another backup.',
    params: { file, missing },
  })
}

export function madeByNewer(file: string): LvaError {
  return new LvaError('backup-newer', `The backup ${file} was made by a newer version of the app.`, {
    advice: 'Install the newest version and restore with that one.',
    params: { file },
  })
}

export function wrongKey(file: string): LvaError {
  return new LvaError('phrase-wrong', `The backup ${file} was made with another recovery phrase.`, {
    advice: 'Use the phrase that was written down when this backup was made.',
    params: { file },
  })
}

export function keyUnknown(): LvaError {
  return new LvaError('backup-key-unknown', 'The key of the backups is not known here.', {
    advice: 'Type your recovery phrase, or make one with "lva backup init".',
  })
}
