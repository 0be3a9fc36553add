import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { type Clock, type Log, LvaError, type NewId } from '../kernel/index.ts'
import { openStore, type Store, withFileErrors } from '../store/index.ts'
import { countVault, loadUpdates, openVault, type VaultCounts, type VaultLimits } from '../vault/index.ts'
import { damaged } from './faults.ts'
import type { OpenedBackup } from './open-backup.ts'
import { LOCAL_TABLES, loadTable, readTable } from './tables.ts'
import { decodeUpdates, encodeUpdate } from './update-stream.ts'

/** What making a data folder needs beside the backup. */
export interface RestoreParts {
  cacheDir: string
  clock: Clock
  newId: NewId
  log: Log
  limits: VaultLimits
  statementTimeoutMs: number
}

export interface RestoreProgress {
  phase: 'documents' | 'recordings' | 'tables'
  done: number
  total: number
}

/** What a restored or proven backup was found to hold. */
export interface RestoreReport {
  counts: VaultCounts
  blobs: number
  /** Recordings that were missing when the backup was made. */
  missingBlobs: number
  /** SHA-256 of all updates as they came out of the restored database. */
  updatesSha256: string
}

interface Run {
  parts: RestoreParts
  onProgress: (progress: RestoreProgress) => void
  signal: AbortSignal | undefined
}

/**
 * Makes a complete data folder of a backup: database with all its tables, and recordings. It is checked before this resolves: every chunk by its hash,
 * every count, and all updates read out of the new database again.
 * @param folder new, or empty
 * @throws LvaError folder-not-empty; backup-damaged, backup-incomplete, disk-full, cancelled, and then nothing remains in the folder
 */
export async function restoreBackup(backup: OpenedBackup, folder: string, run: Run): Promise<RestoreReport> {
  await claimFolder(folder)
  try {
    return await restoreVault(backup, folder, run, async (store) => {
      for await (const [entry, content] of recordings(backup, run)) {
        if ((await store.blobs.put(content)) !== entry[0]) throw damaged(backup.name)
      }
    })
  } catch (error) {
    await emptyFolder(folder)
    throw error
  }
}

/**
 * Restores a backup into a folder of its own and throws that away; recordings are read and hashed, and not written.
 * @param scratch a folder that nobody else uses
 * @throws what `restoreBackup` throws: the backup is then not good
 */
export async function proveBackup(backup: OpenedBackup, scratch: string, run: Run): Promise<RestoreReport> {
  await claimFolder(scratch)
  try {
    return await restoreVault(backup, scratch, run, async () => {
      for await (const [, content] of recordings(backup, run)) {
        for await (const _ of content) run.signal?.throwIfAborted()
      }
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function restoreVault(
  backup: OpenedBackup,
  folder: string,
  run: Run,
  takeRecordings: (store: Store) => Promise<void>,
): Promise<RestoreReport> {
  const { manifest } = backup
  const { parts, onProgress, signal } = run
  const { vaultId } = manifest
  const store = await openStore({
    dataDir: folder,
    cacheDir: parts.cacheDir,
    host: 'cli',
    clock: parts.clock,
    log: parts.log,
    statementTimeoutMs: parts.statementTimeoutMs,
  })
  try {
    const db = store.database
    await loadUpdates(db, vaultId, decodeUpdates(counted(backup, run), backup.name))
    for (const [table, entry] of Object.entries(manifest.tables)) {
      if (!(table in LOCAL_TABLES)) throw damaged(backup.name)
      await loadTable(db, table, vaultId, backup.stream(entry), backup.name)
    }
    await takeRecordings(store)
    const vault = await openVault({
      db,
      vaultId,
      clock: parts.clock,
      newId: parts.newId,
      log: parts.log,
      limits: parts.limits,
    })
    try {
      await vault.rebuild((done, total) => onProgress({ phase: 'tables', done, total }), signal)
      const counts = await countVault(db, vaultId)
      const updates = createHash('sha256')
      const snapshot = await vault.snapshot()
      try {
        for await (const row of snapshot.updates()) updates.update(encodeUpdate(row))
      } finally {
        await snapshot.close()
      }
      const updatesSha256 = updates.digest('hex')
      const sameCounts = JSON.stringify(sortedCounts(counts)) === JSON.stringify(sortedCounts(manifest.counts))
      if (!sameCounts || updatesSha256 !== manifest.updates.sha256) throw damaged(backup.name)
      await checkTables(backup, store)
      return { counts, blobs: manifest.blobs.length, missingBlobs: manifest.missingBlobs.length, updatesSha256 }
    } finally {
      await vault.close()
    }
  } finally {
    await store.close()
  }
}

async function checkTables({ manifest, name }: OpenedBackup, { database }: Store): Promise<void> {
  for (const [table, entry] of Object.entries(manifest.tables)) {
    const hash = createHash('sha256')
    let rows = 0
    for await (const line of readTable(database, table, manifest.vaultId)) {
      hash.update(line)
      rows += 1
    }
    if (rows !== entry.rows || hash.digest('hex') !== entry.sha256) throw damaged(name)
  }
}

async function* counted(backup: OpenedBackup, { onProgress, signal }: Run): AsyncGenerator<Uint8Array> {
  const { updates } = backup.manifest
  let done = 0
  for await (const chunk of backup.stream(updates)) {
    signal?.throwIfAborted()
    done += chunk.length
    onProgress({ phase: 'documents', done, total: updates.bytes })
    yield chunk
  }
}

async function* recordings(backup: OpenedBackup, { onProgress, signal }: Run) {
  const { blobs } = backup.manifest
  for (const [at, entry] of blobs.entries()) {
    signal?.throwIfAborted()
    onProgress({ phase: 'recordings', done: at, total: blobs.length })
    yield [entry, backup.blob(entry)] as const
  }
  if (blobs.length > 0) onProgress({ phase: 'recordings', done: blobs.length, total: blobs.length })
}

/** @throws LvaError folder-not-empty, folder-not-writable */
async function claimFolder(folder: string): Promise<void> {
  await withFileErrors(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await readdir(folder)).length > 0)
      throw new LvaError('folder-not-empty', `The folder ${folder} is not empty.`, {
        advice: 'Name a new folder, or an empty one: a restore never overwrites anything.',
        params: { folder },
      })
  })
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

function sortedCounts(counts: VaultCounts): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
