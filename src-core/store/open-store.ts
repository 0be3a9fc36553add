import { mkdirSync, rmSync } from 'node:fs'
import { type Clock, type Closable, Closables, isLvaError, type Log } from '../kernel/index.ts'
import { unpackFolder } from './archive.ts'
import { diskBlobs } from './blobs/disk.ts'
import type { BlobStore } from './blobs/types.ts'
import { pruneDumps, restoreDump, takeDump } from './dumps.ts'
import { finishErasure } from './erase.ts'
import { fileErrorToLvaError, withFileErrors } from './file-error.ts'
import {
  checkDatabaseVersion,
  type DataFolder,
  dataFolder,
  holdsDatabase,
  swapInNewDatabase,
  tidyFolder,
} from './folder.ts'
import { requeueRunningJobs } from './jobs.ts'
import { type HostKind, lockFolder } from './lock.ts'
import { appliedMigrations, type Migration, migrate, pendingMigrations, readMigrations } from './migrations.ts'
import { openPglite, type PgliteDatabase } from './pglite/database.ts'
import { openServer } from './server/database.ts'
import { finishSwap } from './swap.ts'
import { buildTemplate, findTemplate, TEMPLATE_FOLDER } from './template.ts'
import type { Database } from './types.ts'

export interface StoreOptions {
  /** The data folder; made when it is missing. */
  dataDir: string
  /** Where a template for first opens is made when the build has none; things in it can be made again. */
  cacheDir: string
  /** Who opens it, for the sentence that a second opener reads. */
  host: HostKind
  clock: Clock
  log: Log
  /** Longest time of one statement, in milliseconds. */
  statementTimeoutMs: number
  /** postgres:// address; then the tables live there, and only blobs in the data folder. */
  databaseUrl?: string
  /** Default: the app's own. Another schema, as the relay's, has no jobs. */
  migrationsFolder?: string
  /** Where to look for a template first; default: where the build puts it. */
  templateFolder?: string
}

/** Milliseconds of each part of opening. */
export interface OpeningTimes {
  lockMs: number
  /** Making a template, where none was there. */
  templateMs: number
  /** Making the database folder from the template; first open only. */
  unpackMs: number
  databaseMs: number
  migrationMs: number
}

/** An open data folder. Closing it gives the folder back. */
export interface Store extends Closable {
  readonly database: Database
  readonly blobs: BlobStore
  readonly folder: DataFolder
  readonly openingTimes: OpeningTimes
  /**
   * Dumps the database as it is now into the folder's dumps, of which the newest few are kept.
   * @param reason a few letters of the file's name
   * @returns the file; null on a server, whose keeper makes backups
   * @throws LvaError disk-full, folder-not-writable
   */
  dump(reason: string): Promise<string | null>
}

/**
 * Opens a data folder for this process alone: lock, database, schema, blobs. The first open takes its database from a template; one that is
 * cut off leaves nothing that the next one would trip over.
 * @throws LvaError vault-locked, vault-newer, vault-damaged, migration-failed, folder-not-writable, disk-full, database-unreachable
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = dataFolder(options.dataDir)
  const owned = new Closables()
  try {
    return await withFileErrors(folder.root, () => open(options, folder, owned))
  } catch (error) {
    await owned.close().catch((failure) => options.log.warn({ error: failure }, 'giving the data folder back failed'))
    throw error
  }
}

/**
 * Does what was asked for while the folder was open, a swap or an erasure, without opening it: for a program that ends now.
 * @throws LvaError vault-locked, folder-not-writable
 */
export async function settleFolder(
  options: Pick<StoreOptions, 'dataDir' | 'cacheDir' | 'host' | 'clock'>,
): Promise<void> {
  const folder = dataFolder(options.dataDir)
  await withFileErrors(folder.root, async () => {
    const unlock = await lockFolder(folder.root, options.host, options.clock)
    try {
      settle(folder, options.cacheDir)
    } finally {
      unlock()
    }
  })
}

function settle(folder: DataFolder, cacheDir: string): void {
  finishErasure(folder, cacheDir)
  finishSwap(folder)
}

async function open(options: StoreOptions, folder: DataFolder, owned: Closables): Promise<Store> {
  const times: OpeningTimes = { lockMs: 0, templateMs: 0, unpackMs: 0, databaseMs: 0, migrationMs: 0 }
  const timed = async <T>(part: keyof OpeningTimes, work: () => Promise<T>): Promise<T> => {
    const start = options.clock.monotonic()
    try {
      return await work()
    } finally {
      times[part] = options.clock.monotonic() - start
    }
  }
  await timed('lockMs', async () => {
    mkdirSync(folder.root, { recursive: true, mode: 0o700 })
    owned.defer(await lockFolder(folder.root, options.host, options.clock))
    settle(folder, options.cacheDir)
    tidyFolder(folder)
    pruneDumps(folder)
  })
  const migrations = readMigrations(options.migrationsFolder)
  const blobs = await diskBlobs(folder.blobs)
  if (options.databaseUrl === undefined) {
    if (!holdsDatabase(folder)) await makeDatabase(options, folder, migrations, timed)
    checkDatabaseVersion(folder)
    const pglite = await timed('databaseMs', () => openPglite({ ...options, folder: folder.database }))
    owned.add(pglite)
    await timed('migrationMs', () => upgrade(pglite, options, folder, migrations))
    // Not waited for: it is ahead of whoever may claim jobs.
    if (options.migrationsFolder === undefined)
      requeueRunningJobs(pglite).catch((error) => options.log.warn({ error }, 'interrupted jobs were not queued again'))
    const dump = (reason: string) =>
      withFileErrors(folder.dumps, async () => {
        const file = await takeDump(folder, pglite, reason, options.clock)
        pruneDumps(folder)
        return file
      })
    return { database: pglite, blobs, folder, openingTimes: times, dump, close: () => owned.close() }
  }
  const url = options.databaseUrl
  const server = await timed('databaseMs', () => openServer({ ...options, url }))
  owned.add(server)
  await timed('migrationMs', async () => {
    if (pendingMigrations(await appliedMigrations(server), migrations).length > 0) {
      await migrate(server, migrations, options.clock)
    }
  })
  const dump = async () => null
  return { database: server, blobs, folder, openingTimes: times, dump, close: () => owned.close() }
}

async function makeDatabase(
  options: StoreOptions,
  folder: DataFolder,
  migrations: readonly Migration[],
  timed: <T>(part: keyof OpeningTimes, work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const build = () =>
    timed('templateMs', () => withFileErrors(options.cacheDir, () => buildTemplate(options.cacheDir, options)))
  const unpack = (template: string) => timed('unpackMs', () => unpackFolder(template, folder.newDatabase))
  const found = findTemplate([options.templateFolder ?? TEMPLATE_FOLDER, options.cacheDir], migrations)
  try {
    await unpack(found ?? (await build()))
  } catch (error) {
    if (!found || fileErrorToLvaError(error, folder.root) !== error) throw error
    options.log.warn({ error, template: found }, 'a prepared database is damaged and is made anew')
    rmSync(folder.newDatabase, { recursive: true, force: true })
    await unpack(await build())
  }
  swapInNewDatabase(folder)
}

/** Brings an older database to this version, with a dump to go back to. */
async function upgrade(
  database: PgliteDatabase,
  options: StoreOptions,
  folder: DataFolder,
  migrations: readonly Migration[],
): Promise<void> {
  const applied = await appliedMigrations(database)
  const [next] = pendingMigrations(applied, migrations)
  if (!next) return
  const dump = await takeDump(folder, database, `before-${next.tag}`, options.clock)
  pruneDumps(folder)
  options.log.info({ dump, from: applied.length, to: migrations.length }, 'bringing the data folder to this version')
  try {
    await migrate(database, migrations, options.clock)
  } catch (error) {
    // The transaction was undone already, unless the database itself broke. Without space a dump cannot be put back either.
    if (!isLvaError(error, 'disk-full')) {
      await database.close()
      await restoreDump(folder, dump)
    }
    throw error
  }
}
