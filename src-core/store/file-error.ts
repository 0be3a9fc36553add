import { LvaError } from '../kernel/index.ts'
import { DISK_FULL } from './sql-error.ts'

/** Turns an error of the file system into the one that the rest of the program knows; others stay as they are. */
export function fileErrorToLvaError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new LvaError('disk-full', DISK_FULL.message, { advice: DISK_FULL.advice, cause: error })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new LvaError('folder-not-writable', `The folder ${folder} cannot be written to.`, {
        advice: 'Give your user the right to write in it, or name another folder with LVA_DATA_DIR.',
        params: { folder },
        cause: error,
      })
    default:
      return error
  }
}

/** Runs `work` and gives its file system errors the form of `fileErrorToLvaError`. */
export async function withFileErrors<T>(folder: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileErrorToLvaError(error, folder)
  }
}
