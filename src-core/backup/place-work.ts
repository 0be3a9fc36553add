import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Clock, type Config, isLvaError, type Log, type Random, toLvaError } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { backupName, instantOfName } from './format.ts'
import { openBackup } from './open-backup.ts'
import type { BackupPlace } from './places/types.ts'
import { proveBackup, type RestoreParts, type RestoreProgress } from './restore.ts'
import { superfluous } from './retention.ts'
import { DAY_MS, goodEntry, lastGood } from './standing.ts'
import { NO_PLACE_STATE, type Proven, type StateFile } from './state.ts'
import type { BackupEntry, BackupProgress } from './types.ts'
import { type BackupBase, BackupWriter } from './write-backup.ts'

/** One piece of work that somebody follows and may stop. */
export interface Run {
  onProgress(progress: BackupProgress): void
  signal: AbortSignal
}

export interface PlaceWorkParts {
  store: Store
  vault: OpenVault
  state: StateFile
  config: Config['backup']
  appVersion: string
  /** What opening a restored folder needs. */
  restoring: RestoreParts
  /** Folder for scratch vaults, emptied at each start. */
  scratch: string
  clock: Clock
  random: Random
  log: Log
}

/** Makes a backup in one place, proves it, and removes what need not be kept any more. */
export async function backUpTo(
  parts: PlaceWorkParts,
  place: BackupPlace,
  key: Uint8Array,
  run: Run,
): Promise<BackupEntry> {
  const { clock, vault, store, appVersion, random, state } = parts
  const { label } = place
  const at = clock.now()
  await state.changePlace(label, (known) => ({ ...known, lastTryAt: at }))
  await removeUnfinished(parts, place, run.signal)
  const taken = new Set((await place.list(run.signal)).map((file) => file.name))
  let named = at
  while (taken.has(backupName(named))) named += 1_000
  const name = backupName(named)
  const base = await baseOf(parts, place, key, at, run.signal)
  const snapshot = await vault.snapshot()
  try {
    const writer = new BackupWriter(
      { db: store.database, vaultId: vault.id, snapshot, blobs: store.blobs },
      {
        name,
        at,
        backupKey: key,
        appVersion,
        random,
        ...(base && { base }),
        onProgress: (done, total) => run.onProgress({ phase: 'writing', place: label, done, total }),
      },
    )
    await state.changePlace(label, (known) => ({ ...known, writing: name }))
    await place.write(name, stoppable(writer.bytes(), run.signal), run.signal)
    await state.changePlace(label, (known) => ({ ...known, writing: null }))
  } finally {
    await snapshot.close()
  }
  const entry = await prove(parts, place, name, key, run)
  await state.changePlace(label, (known) => ({ ...known, failure: null, failingSince: null }))
  await prune(parts, place)
  return entry
}

async function removeUnfinished({ state }: PlaceWorkParts, place: BackupPlace, signal: AbortSignal): Promise<void> {
  const { writing } = (await state.get()).places[place.label] ?? NO_PLACE_STATE
  if (writing === null) return
  await place.delete(writing, signal)
  await state.changePlace(place.label, (known) => ({ ...known, writing: null }))
}

/** The newest proven backup that can be built on: whole, of this key, and of a chain that is not too old. */
async function baseOf(
  parts: PlaceWorkParts,
  place: BackupPlace,
  key: Uint8Array,
  now: number,
  signal: AbortSignal,
): Promise<BackupBase | undefined> {
  const last = lastGood((await parts.state.get()).places[place.label] ?? NO_PLACE_STATE, now)
  if (!last) return undefined
  try {
    const { manifest, bytes } = await openBackup(place, last.name, key, signal)
    const age = now - Date.parse(manifest.fullAt)
    const fits = manifest.vaultId === parts.vault.id && age < parts.config.fullEveryDays * DAY_MS
    return fits ? { manifest, bytes } : undefined
  } catch (error) {
    if (signal.aborted || isLvaError(error, 'backup-place-failed') || isLvaError(error, 'backup-place-gone'))
      throw error
    parts.log.warn({ error }, 'the last backup cannot be built on; the next one is a full one')
    return undefined
  }
}

/** Proves a backup and notes what came of it. @throws LvaError of what is wrong with it */
export async function prove(
  parts: PlaceWorkParts,
  place: BackupPlace,
  name: string,
  key: Uint8Array,
  run: Run,
): Promise<BackupEntry> {
  const { label } = place
  try {
    const backup = await openBackup(place, name, key, run.signal)
    const scratch = join(parts.scratch, randomUUID())
    const report = await proveBackup(backup, scratch, restoringFor(parts, label, run))
    const { captures, notes, sessions } = report.counts
    const proven: Proven = {
      provenAt: parts.clock.now(),
      bytes: backup.bytes,
      needs: backup.manifest.files.map((file) => file.name),
      captures,
      notes,
      sessions,
      blobs: report.blobs,
      missingBlobs: report.missingBlobs,
      full: backup.manifest.files.length === 1,
    }
    await parts.state.changePlace(label, ({ failed: { [name]: _, ...failed }, ...known }) => ({
      ...known,
      failed,
      proven: { ...known.proven, [name]: proven },
    }))
    return goodEntry(label, name, proven)
  } catch (error) {
    const { code } = toLvaError(error)
    if (code === 'backup-damaged' || code === 'backup-incomplete') {
      await parts.state.changePlace(label, ({ proven: { [name]: _, ...proven }, ...known }) => ({
        ...known,
        proven,
        failed: { ...known.failed, [name]: code },
      }))
    }
    throw error
  }
}

async function prune({ state, config, log }: PlaceWorkParts, place: BackupPlace): Promise<void> {
  const known = (await state.get()).places[place.label] ?? NO_PLACE_STATE
  const files = (await place.list()).flatMap(({ name }) => {
    const at = instantOfName(name)
    const proven = known.proven[name]
    return at === undefined ? [] : [{ name, at, good: proven !== undefined, needs: proven?.needs ?? [] }]
  })
  for (const name of superfluous(files, config.keep)) {
    try {
      await place.delete(name)
    } catch (error) {
      log.warn({ error }, 'an old backup could not be removed')
      return
    }
    await state.changePlace(place.label, ({ proven: { [name]: _, ...proven }, ...rest }) => ({
      ...rest,
      proven,
    }))
  }
}

/** What `restoreBackup` and `proveBackup` need, with the place in what they tell. */
export function restoringFor({ restoring }: PlaceWorkParts, place: string, { onProgress, signal }: Run) {
  return {
    parts: restoring,
    signal,
    onProgress: (progress: RestoreProgress) => onProgress({ ...progress, place }),
  }
}

async function* stoppable(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted()
    yield piece
  }
}
