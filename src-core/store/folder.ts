import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { LvaError } from '../kernel/index.ts'
import { DAMAGED } from './sql-error.ts'

/** What lies where in a data folder. */
export interface DataFolder {
  root: string
  /** PGlite's folder. It appears by being renamed when it is whole, so that a crash leaves none or a good one. */
  database: string
  /** Where the next `database` is made. */
  newDatabase: string
  /** The present `database` while it changes places with `newDatabase`. */
  oldDatabase: string
  blobs: string
  /** Copies of `database` from before schema upgrades. */
  dumps: string
}

/** Postgres' major version inside PGlite; a folder of another one cannot be opened. */
const POSTGRES_VERSION = 18

export function dataFolder(root: string): DataFolder {
  return {
    root,
    database: join(root, 'pg'),
    newDatabase: join(root, 'pg.new'),
    oldDatabase: join(root, 'pg.old'),
    blobs: join(root, 'blobs'),
    dumps: join(root, 'dumps'),
  }
}

/** Makes what is missing and finishes what a crash left half done. For the holder of the lock only. */
export function tidyFolder(folder: DataFolder): void {
  for (const path of [folder.blobs, folder.dumps]) mkdirSync(path, { recursive: true, mode: 0o700 })
  if (!holdsDatabase(folder) && existsSync(folder.oldDatabase)) renameSync(folder.oldDatabase, folder.database)
  for (const path of [folder.oldDatabase, folder.newDatabase]) rmSync(path, { recursive: true, force: true })
}

/** False for a data folder that is opened for the first time. */
export function holdsDatabase(folder: DataFolder): boolean {
  return existsSync(folder.database) && readdirSync(folder.database).length > 0
}

/** Puts `newDatabase` in the place of `database`, by renaming only. */
export function swapInNewDatabase(folder: DataFolder): void {
  if (holdsDatabase(folder)) renameSync(folder.database, folder.oldDatabase)
  else if (existsSync(folder.database)) rmdirSync(folder.database)
  renameSync(folder.newDatabase, folder.database)
  rmSync(folder.oldDatabase, { recursive: true, force: true })
}

/**
 * Looks at what kind of database is in the folder before Postgres does: where it sees none it would make an empty one over the rest.
 * @throws LvaError vault-damaged; vault-newer
 */
export function checkDatabaseVersion(folder: DataFolder): void {
  let version: number
  try {
    version = Number.parseInt(readFileSync(join(folder.database, 'PG_VERSION'), 'latin1'), 10)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new LvaError('vault-damaged', DAMAGED.message, { advice: DAMAGED.advice, cause: error })
  }
  if (version > POSTGRES_VERSION) {
    throw new LvaError('vault-newer', 'The data folder was last opened by a newer version of the app.', {
      advice: 'Install the newest version and open it with that one; nothing was changed.',
      params: { postgres: version },
    })
  }
  if (version !== POSTGRES_VERSION) throw new LvaError('vault-damaged', DAMAGED.message, { advice: DAMAGED.advice })
}
