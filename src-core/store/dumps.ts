import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../kernel/index.ts'
import { packFolder, unpackFolder } from './archive.ts'
import { type DataFolder, swapInNewDatabase } from './folder.ts'
import type { PgliteDatabase } from './pglite/database.ts'

/** Dumps that are kept; older ones are removed. */
const KEEP = 3
const SUFFIX = '.tar.gz'
const PARTIAL = '.partial'

/**
 * Packs the whole database folder, as it is on the disk while nothing runs, into `dumps/<instant>-<reason>.tar.gz`. In contrast to PGlite's
 * `dumpDataDir` the database is never in memory as a whole.
 * @returns the file
 */
export async function takeDump(
  folder: DataFolder,
  database: PgliteDatabase,
  reason: string,
  clock: Clock,
): Promise<string> {
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-')
  let file = join(folder.dumps, `${stamp}-${reason}${SUFFIX}`)
  for (let n = 2; existsSync(file); n += 1) file = join(folder.dumps, `${stamp}-${reason}-${n}${SUFFIX}`)
  const partial = `${file}${PARTIAL}`
  try {
    await database.whileStill(() => packFolder(folder.database, partial))
    renameSync(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
  return file
}

/** Puts a dump in the place of the database, which must be closed. A crash on the way leaves the one or the other. */
export async function restoreDump(folder: DataFolder, file: string): Promise<void> {
  rmSync(folder.newDatabase, { recursive: true, force: true })
  await unpackFolder(file, folder.newDatabase)
  swapInNewDatabase(folder)
}

/** Removes all but the newest dumps, and what a crash left of one. */
export function pruneDumps(folder: DataFolder): void {
  const names = readdirSync(folder.dumps).sort()
  const dumps = names.filter((name) => name.endsWith(SUFFIX))
  const superfluous = [...names.filter((name) => name.endsWith(PARTIAL)), ...dumps.slice(0, -KEEP)]
  for (const name of superfluous) rmSync(join(folder.dumps, name), { force: true })
}
