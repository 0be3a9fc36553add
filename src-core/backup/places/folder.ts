import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LvaError } from '../../kernel/index.ts'
import { isAbsent, readPart, syncFolder, withFileErrors } from '../../store/index.ts'
import { SUFFIX } from '../format.ts'
import type { BackupPlace, PlacedFile } from './types.ts'

const PARTIAL = '.partial'

/**
 * Backups as files of a folder.
 * @param mustExist backups are known to be there: a folder that is not there is a failure, and not made anew
 */
export function folderPlace(folder: string, { mustExist = false } = {}): BackupPlace {
  const inFolder = <T>(work: () => Promise<T>) => withFileErrors(folder, work)
  return {
    label: folder,
    list: (signal) =>
      inFolder(async () => {
        signal?.throwIfAborted()
        const names = await readdir(folder).catch((error: unknown) => {
          if (!isAbsent(error)) throw error
          if (mustExist) throw gone(folder)
          return []
        })
        const files: PlacedFile[] = []
        for (const name of names.filter((found) => found.endsWith(SUFFIX)).sort())
          files.push({ name, bytes: (await stat(join(folder, name))).size })
        return files
      }),
    read: (name, start, end, signal) =>
      inFolder(async () => {
        signal?.throwIfAborted()
        const file = await open(join(folder, name), 'r').catch((error: unknown) => {
          throw isAbsent(error) ? notThere(name) : error
        })
        try {
          return await readPart(file, start, end)
        } finally {
          await file.close()
        }
      }),
    write: (name, pieces, signal) =>
      inFolder(async () => {
        if (mustExist) await stat(folder).catch(() => Promise.reject(gone(folder)))
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const partial = join(folder, `${name}${PARTIAL}`)
        try {
          const file = await open(partial, 'w', 0o600)
          try {
            for await (const piece of pieces) {
              signal?.throwIfAborted()
              await file.appendFile(piece)
            }
            await file.sync()
          } finally {
            await file.close()
          }
          await rename(partial, join(folder, name))
          await syncFolder(folder)
        } catch (error) {
          await rm(partial, { force: true })
          throw error
        }
      }),
    delete: (name, signal) =>
      inFolder(async () => {
        signal?.throwIfAborted()
        for (const each of [name, `${name}${PARTIAL}`]) await rm(join(folder, each), { force: true })
      }),
  }
}

function gone(folder: string): LvaError {
  return new LvaError('backup-place-gone', `The folder ${folder} with the backups is not there.`, {
    advice: 'Connect the disk that it is on, make the folder again, or choose another one.',
    params: { folder },
  })
}

function notThere(name: string): LvaError {
  return new LvaError('not-found', `There is no backup ${name}.`, { params: { file: name } })
}
