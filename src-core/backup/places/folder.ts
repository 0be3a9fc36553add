import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LvaError } from '../../kernel/index.ts'
import { withFileErrors } from '../../store/index.ts'
import { SUFFIX } from '../format.ts'
import type { BackupPlace, PlacedFile } from './types.ts'

const PARTIAL = '.partial'

/** Backups as files of a folder, which is made when the first one comes. */
export function folderPlace(folder: string): BackupPlace {
  const inFolder = <T>(work: () => Promise<T>) => withFileErrors(folder, work)
  return {
    label: folder,
    list: (signal) =>
      inFolder(async () => {
        signal?.throwIfAborted()
        const names = await readdir(folder).catch((error: unknown) => {
          if (isAbsent(error)) return []
          throw error
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
        await rm(join(folder, name), { force: true })
      }),
  }
}

async function readPart(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, (await file.stat()).size) - start))
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

function notThere(name: string): LvaError {
  return new LvaError('not-found', `There is no backup ${name}.`, { params: { file: name } })
}

/** Makes a new name survive a power cut. Windows cannot open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
