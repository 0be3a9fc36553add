import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import {
  type Clock,
  type Closable,
  type Config,
  errorToWire,
  isLvaError,
  type Log,
  LvaError,
  type NewId,
  type Random,
  toLvaError,
} from '../kernel/index.ts'
import { keyFromPhrase, keyIdOf } from '../keys/index.ts'
import { askForSwap, BEFORE_RESTORE, lastSwap, RESTORED, type Store, withFileErrors } from '../store/index.ts'
import type { OpenVault, VaultLimits } from '../vault/index.ts'
import { keyUnknown, wrongKey } from './faults.ts'
import { backupName, instantOfName, SUFFIX } from './format.ts'
import { keyIdOfFile, openBackup } from './open-backup.ts'
import { PhraseMaking } from './phrase-making.ts'
import { folderPlace } from './places/folder.ts'
import type { BackupPlace, PlacedFile } from './places/types.ts'
import { proveBackup, type RestoreParts, type RestoreProgress, restoreBackup } from './restore.ts'
import { superfluous } from './retention.ts'
import { type BackupState, NO_PLACE_STATE, type PlaceState, type Proven, type S3Address, StateFile } from './state.ts'
import type { BackupEntry, BackupProgress, BackupStatus, DataCopy, PlaceStatus } from './types.ts'
import { type BackupBase, BackupWriter } from './write-backup.ts'

/** Keeps the backup key and the storage's secret where this machine keeps keys. */
export interface BackupSecrets {
  get(name: BackupSecret): Promise<string | undefined>
  set(name: BackupSecret, value: string): Promise<void>
  remove(name: BackupSecret): Promise<void>
  storage(): Promise<BackupStatus['keyStorage']>
}

/** `backupKey`: 64 hex digits. */
export type BackupSecret = 'backupKey' | 's3Secret'

export interface BackupsOptions {
  store: Store
  vault: OpenVault
  secrets: BackupSecrets
  config: Config['backup']
  /** Where backups go when neither the learner nor the configuration says. */
  usualFolder: string
  appVersion: string
  cacheDir: string
  limits: VaultLimits
  statementTimeoutMs: number
  clock: Clock
  random: Random
  newId: NewId
  log: Log
  openS3(address: S3Address, secret: string): BackupPlace
  /** Starts the core again, which then finds what it was asked to do. */
  restart(): void
}

export interface BackupSettings {
  automatic?: boolean | undefined
  /** Absolute path; empty takes the usual one. */
  folder?: string | undefined
  /** Null takes it away. */
  s3?: (S3Address & { secretAccessKey?: string | undefined }) | null | undefined
}

const STATE_FILE = 'backup.json'
const SCRATCH = 'scratch'
const RESTORED_FILE = 'restored.json'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A last good backup older than this is shown until there is another. */
const STALE_MS = 2 * DAY_MS
/** The program first gets to its feet. */
const FIRST_LOOK_MS = 2 * 60_000
const LOOK_AGAIN_MS = 10 * 60_000

interface Run {
  onProgress(progress: BackupProgress): void
  signal: AbortSignal
}

/** Makes, proves, keeps and brings back backups. One thing at a time. */
export class Backups implements Closable {
  readonly phrase: PhraseMaking
  readonly #options: BackupsOptions
  readonly #state: StateFile
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  #running: BackupStatus['running'] = null
  #work: Promise<unknown> = Promise.resolve()
  #schedule: Promise<void> = Promise.resolve()

  constructor(options: BackupsOptions) {
    this.#options = options
    this.#state = new StateFile(join(options.store.folder.root, STATE_FILE))
    this.phrase = new PhraseMaking(options.random, (phrase) => this.#install(phrase))
  }

  /** Removes what a crash left half done. Before anything else is called. */
  async tidy(): Promise<void> {
    const { root } = this.#options.store.folder
    await rm(join(root, SCRATCH), { recursive: true, force: true })
    for (const name of await namesIn(join(root, RESTORED))) {
      const folder = join(root, RESTORED, name)
      if (!(await readRestored(folder))) await rm(folder, { recursive: true, force: true })
    }
  }

  /** Makes backups by itself from now on, whenever one is due and the key is known. */
  startSchedule(): void {
    this.#schedule = this.#followSchedule().catch((error) => {
      if (!this.#closing.signal.aborted) this.#options.log.error({ error }, 'automatic backups have ended')
    })
  }

  /** Called whenever the status may have changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async status(): Promise<BackupStatus> {
    const { secrets, clock } = this.#options
    const state = await this.#state.get()
    const keyKnown = (await this.#key(state)) !== undefined
    const setUp = state.keyId !== null
    const s3 = this.#s3Of(state)
    const labels = [
      { kind: 'folder' as const, label: this.#folderOf(state) },
      ...(s3 ? [{ kind: 's3' as const, label: s3Label(s3) }] : []),
    ]
    const places = labels.map(({ kind, label }) =>
      placeStatus(kind, label, state.places[label] ?? NO_PLACE_STATE, state.since, clock.now()),
    )
    const automatic = this.#isAutomatic(state)
    const problem = !setUp
      ? null
      : places.some(({ failure }) => failure !== null)
        ? 'failing'
        : !keyKnown
          ? 'key-unknown'
          : automatic && places.some(({ stale }) => stale)
            ? 'stale'
            : null
    return {
      setUp,
      keyKnown,
      keyStorage: await secrets.storage(),
      automatic,
      folder: this.#folderOf(state),
      s3: s3 && { ...s3, hasSecret: (await this.#s3Secret()) !== undefined },
      places,
      running: this.#running,
      problem,
      copies: await this.#copies(),
    }
  }

  /** Takes the phrase of earlier backups, or the present one again. @throws LvaError phrase-invalid, phrase-wrong */
  async unlock(phrase: string): Promise<void> {
    const key = keyFromPhrase(phrase, 'backup')
    const { keyId } = await this.#state.get()
    if (keyId !== null && keyId !== keyIdOf(key)) throw wrongKey('')
    await this.#keep(key)
  }

  /** @throws LvaError bad-input; backup-place-failed when the storage cannot be reached with what was given */
  async configure(settings: BackupSettings): Promise<void> {
    const { automatic, folder, s3 } = settings
    if (folder) this.#checkFolder(folder)
    if (s3) {
      const { secretAccessKey, ...address } = s3
      const secret = secretAccessKey ?? (await this.#s3Secret())
      if (!secret) throw new LvaError('bad-input', 'The storage needs its secret access key.')
      await this.#options.openS3(address, secret).list(this.#closing.signal)
      if (secretAccessKey !== undefined) await this.#options.secrets.set('s3Secret', secretAccessKey)
      await this.#state.change((state) => ({ ...state, s3: address }))
    }
    if (s3 === null) {
      await this.#options.secrets.remove('s3Secret')
      await this.#state.change((state) => ({ ...state, s3: null }))
    }
    await this.#state.change((state) => ({
      ...state,
      ...(automatic !== undefined && { automatic }),
      ...(folder !== undefined && { folder: folder === '' ? null : folder }),
    }))
    this.#tell()
  }

  /** Every backup in every place, the newest first. A place that cannot be reached has none; its failure is in the status. */
  async list(signal?: AbortSignal): Promise<BackupEntry[]> {
    const state = await this.#state.get()
    const entries: BackupEntry[] = []
    for (const place of await this.#places(state)) {
      const known = state.places[place.label] ?? NO_PLACE_STATE
      let files: PlacedFile[]
      try {
        files = await place.list(signal)
      } catch (error) {
        await this.#failed(place.label, error)
        continue
      }
      for (const { name, bytes } of files) {
        const at = instantOfName(name)
        const proven = known.proven[name]
        entries.push({
          place: place.label,
          name,
          createdAt: at === undefined ? null : new Date(at).toISOString(),
          bytes,
          standing: proven
            ? 'good'
            : known.failed[name]
              ? 'failed'
              : await standingOf(place, name, state.keyId, signal),
          content: proven ? contentOf(proven) : null,
        })
      }
    }
    return entries.sort(
      (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || a.place.localeCompare(b.place),
    )
  }

  /**
   * Makes a backup in every place (or in one folder), proves each, and removes what need not be kept. One place failing does not keep the others from theirs.
   * @throws LvaError of the first place that failed; backup-key-unknown, backup-running, cancelled
   */
  backUp(onProgress: Run['onProgress'], signal?: AbortSignal, folder?: string): Promise<BackupEntry[]> {
    if (folder !== undefined) this.#checkFolder(folder)
    return this.#exclusively('backup', onProgress, signal, async (run) => {
      const state = await this.#state.get()
      const key = await this.#knownKey(state)
      const made: BackupEntry[] = []
      let failure: unknown
      for (const place of folder === undefined ? await this.#places(state) : [folderPlace(folder)]) {
        try {
          made.push(await this.#backUpTo(place, key, run))
        } catch (error) {
          if (run.signal.aborted) throw error
          failure ??= error
          await this.#failed(place.label, error)
        }
      }
      if (failure !== undefined) throw failure
      return made
    })
  }

  /** Proves one backup again. @throws LvaError of what is wrong with it; not-found, backup-key-unknown */
  verify(label: string, name: string, onProgress: Run['onProgress'], signal?: AbortSignal): Promise<BackupEntry> {
    return this.#exclusively('verify', onProgress, signal, async (run) => {
      const state = await this.#state.get()
      return this.#prove(await this.#placeOf(state, label), name, await this.#knownKey(state), run)
    })
  }

  /** Restores a backup beside the present data. @returns its id among `status().copies` */
  restore(label: string, name: string, onProgress: Run['onProgress'], signal?: AbortSignal): Promise<string> {
    return this.#exclusively('restore', onProgress, signal, async (run) => {
      const state = await this.#state.get()
      const place = await this.#placeOf(state, label)
      const { root } = this.#options.store.folder
      const backup = await openBackup(place, name, await this.#knownKey(state), run.signal)
      const taken = new Set(await namesIn(join(root, RESTORED)))
      let id = name.slice(0, -SUFFIX.length)
      for (let n = 2; taken.has(id); n += 1) id = `${name.slice(0, -SUFFIX.length)}-${n}`
      const folder = join(root, RESTORED, id)
      await restoreBackup(backup, folder, this.#inner(label, run))
      const about = { backup: name, at: new Date(this.#options.clock.now()).toISOString() }
      await withFileErrors(folder, () => writeFile(join(folder, RESTORED_FILE), JSON.stringify(about), { mode: 0o600 }))
      return `${RESTORED}/${id}`
    })
  }

  /** Puts a copy in the place of the present data, which is put aside; the core starts again for it. @throws LvaError not-found, bad-input */
  async swapIn(id: string): Promise<void> {
    const { store, clock, restart } = this.#options
    if (store.database.kind === 'server')
      throw new LvaError('bad-input', 'The database is on a server, and is not exchanged.', {
        advice: 'Restore into a folder and open that, or restore the server by its own means.',
      })
    if (this.#running) throw busy()
    if (!(await this.#copies()).some((copy) => copy.id === id)) throw noCopy()
    const at = new Date(clock.now()).toISOString()
    askForSwap(store.folder, { from: id, aside: `${BEFORE_RESTORE}/${at.replaceAll(':', '-')}`, at })
    restart()
  }

  /** Removes a copy for good. @throws LvaError not-found */
  async discard(id: string): Promise<void> {
    if (!(await this.#copies()).some((copy) => copy.id === id)) throw noCopy()
    await rm(join(this.#options.store.folder.root, id), { recursive: true, force: true })
    this.#tell()
  }

  /** Removes every backup of this key from every place. @returns labels of places where something could not be removed */
  async removeAll(): Promise<string[]> {
    const state = await this.#state.get()
    const left: string[] = []
    for (const place of await this.#places(state)) {
      try {
        for (const { name } of await place.list()) {
          const own = await keyIdOfFile(place, name).catch(() => undefined) // no backup of ours
          if (own !== undefined && own === state.keyId) await place.delete(name)
        }
      } catch (error) {
        this.#options.log.warn({ error }, 'backups could not be removed')
        left.push(place.label)
      }
    }
    return left
  }

  async close(): Promise<void> {
    this.#closing.abort(new LvaError('cancelled', 'The program is closing.'))
    await this.#schedule
    await this.#work.catch(() => undefined) // told to whoever asked for it
  }

  async #followSchedule(): Promise<void> {
    const { clock, log } = this.#options
    const { signal } = this.#closing
    await clock.sleep(FIRST_LOOK_MS, signal)
    for (;;) {
      if (await this.#isDue()) {
        try {
          await this.backUp(() => undefined, signal)
        } catch (error) {
          if (signal.aborted) return
          log.warn({ error, code: toLvaError(error).code }, 'the automatic backup failed')
        }
      }
      await clock.sleep(LOOK_AGAIN_MS, signal)
    }
  }

  /** A place that failed is tried again after an hour. */
  async #isDue(): Promise<boolean> {
    const state = await this.#state.get()
    if (this.#running || !this.#isAutomatic(state) || !(await this.#key(state))) return false
    const now = this.#options.clock.now()
    return (await this.#places(state)).some(({ label }) => {
      const place = state.places[label] ?? NO_PLACE_STATE
      const last = lastGood(place)
      if (last && now - last.at < DAY_MS) return false
      return place.lastTryAt === null || now - place.lastTryAt >= HOUR_MS || now < place.lastTryAt
    })
  }

  async #backUpTo(place: BackupPlace, key: Uint8Array, run: Run): Promise<BackupEntry> {
    const { clock, vault, store, appVersion, random } = this.#options
    const { label } = place
    const at = clock.now()
    await this.#state.changePlace(label, (known) => ({ ...known, lastTryAt: at }))
    const taken = new Set((await place.list(run.signal)).map((file) => file.name))
    let named = at
    while (taken.has(backupName(named))) named += 1_000
    const name = backupName(named)
    const base = await this.#baseOf(place, key, at, run.signal)
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
      await place.write(name, stoppable(writer.bytes(), run.signal), run.signal)
    } finally {
      await snapshot.close()
    }
    const entry = await this.#prove(place, name, key, run)
    await this.#state.changePlace(label, (known) => ({ ...known, failure: null, failingSince: null }))
    await this.#prune(place)
    this.#tell()
    return entry
  }

  /** The newest proven backup that can be built on: whole, of this key, and of a chain that is not too old. */
  async #baseOf(
    place: BackupPlace,
    key: Uint8Array,
    now: number,
    signal: AbortSignal,
  ): Promise<BackupBase | undefined> {
    const state = await this.#state.get()
    const last = lastGood(state.places[place.label] ?? NO_PLACE_STATE)
    if (!last) return undefined
    try {
      const { manifest, bytes } = await openBackup(place, last.name, key, signal)
      const age = now - Date.parse(manifest.fullAt)
      const fits = manifest.vaultId === this.#options.vault.id && age < this.#options.config.fullEveryDays * DAY_MS
      return fits ? { manifest, bytes } : undefined
    } catch (error) {
      if (signal.aborted || isLvaError(error, 'backup-place-failed')) throw error
      this.#options.log.warn({ error }, 'the last backup cannot be built on; the next one is a full one')
      return undefined
    }
  }

  async #prove(place: BackupPlace, name: string, key: Uint8Array, run: Run): Promise<BackupEntry> {
    const { label } = place
    try {
      const backup = await openBackup(place, name, key, run.signal)
      const scratch = join(this.#options.store.folder.root, SCRATCH, randomUUID())
      const report = await proveBackup(backup, scratch, this.#inner(label, run))
      const { captures, notes, sessions } = report.counts
      const proven: Proven = {
        provenAt: this.#options.clock.now(),
        bytes: backup.bytes,
        needs: backup.manifest.files.map((file) => file.name),
        captures,
        notes,
        sessions,
        blobs: report.blobs,
        missingBlobs: report.missingBlobs,
        full: backup.manifest.files.length === 1,
      }
      await this.#state.changePlace(label, ({ failed: { [name]: _, ...failed }, ...known }) => ({
        ...known,
        failed,
        proven: { ...known.proven, [name]: proven },
      }))
      const at = instantOfName(name)
      return {
        place: label,
        name,
        createdAt: at === undefined ? null : new Date(at).toISOString(),
        bytes: backup.bytes,
        standing: 'good',
        content: contentOf(proven),
      }
    } catch (error) {
      const { code } = toLvaError(error)
      if (code === 'backup-damaged' || code === 'backup-incomplete') {
        await this.#state.changePlace(label, ({ proven: { [name]: _, ...proven }, ...known }) => ({
          ...known,
          proven,
          failed: { ...known.failed, [name]: code },
        }))
        this.#tell()
      }
      throw error
    }
  }

  async #prune(place: BackupPlace): Promise<void> {
    const { config, log } = this.#options
    const known = (await this.#state.get()).places[place.label] ?? NO_PLACE_STATE
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
      await this.#state.changePlace(place.label, ({ proven: { [name]: _, ...proven }, ...rest }) => ({
        ...rest,
        proven,
      }))
    }
  }

  #inner(place: string, { onProgress, signal }: Run) {
    const { cacheDir, clock, newId, log, limits, statementTimeoutMs } = this.#options
    const parts: RestoreParts = { cacheDir, clock, newId, log, limits, statementTimeoutMs }
    return { parts, signal, onProgress: (progress: RestoreProgress) => onProgress({ ...progress, place }) }
  }

  async #exclusively<T>(
    what: 'backup' | 'verify' | 'restore',
    onProgress: Run['onProgress'],
    signal: AbortSignal | undefined,
    work: (run: Run) => Promise<T>,
  ): Promise<T> {
    if (this.#running) throw busy()
    this.#running = { what, progress: null }
    this.#tell()
    const run: Run = {
      signal: AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]),
      onProgress: (progress) => {
        this.#running = { what, progress }
        onProgress(progress)
      },
    }
    const working = work(run)
    this.#work = working
    try {
      return await working
    } finally {
      this.#running = null
      this.#tell()
    }
  }

  async #failed(label: string, error: unknown): Promise<void> {
    const now = this.#options.clock.now()
    await this.#state.changePlace(label, (known) => ({
      ...known,
      failure: errorToWire(error),
      failingSince: known.failingSince ?? now,
    }))
    this.#tell()
  }

  async #install(phrase: string): Promise<void> {
    await this.#keep(keyFromPhrase(phrase, 'backup'))
  }

  async #keep(key: Uint8Array): Promise<void> {
    const keyId = keyIdOf(key)
    await this.#options.secrets.set('backupKey', Buffer.from(key).toString('hex'))
    const now = this.#options.clock.now()
    // Backups of another key prove nothing about this one, and cannot be built on.
    await this.#state.change((state) => (state.keyId === keyId ? state : { ...state, keyId, since: now, places: {} }))
    this.#tell()
  }

  async #key(state: BackupState): Promise<Uint8Array | undefined> {
    const kept = await this.#options.secrets.get('backupKey')
    if (!kept || state.keyId === null) return undefined
    const key = Uint8Array.from(Buffer.from(kept, 'hex'))
    return keyIdOf(key) === state.keyId ? key : undefined
  }

  async #knownKey(state: BackupState): Promise<Uint8Array> {
    const key = await this.#key(state)
    if (!key) throw keyUnknown()
    return key
  }

  #isAutomatic(state: BackupState): boolean {
    return state.automatic ?? this.#options.config.automatic
  }

  #folderOf(state: BackupState): string {
    return state.folder ?? (this.#options.config.folder || this.#options.usualFolder)
  }

  #s3Of(state: BackupState): S3Address | null {
    if (state.s3) return state.s3
    const { secretAccessKey: _, ...address } = this.#options.config.s3
    return address.endpoint === '' ? null : address
  }

  async #s3Secret(): Promise<string | undefined> {
    return (await this.#options.secrets.get('s3Secret')) ?? (this.#options.config.s3.secretAccessKey || undefined)
  }

  async #places(state: BackupState): Promise<BackupPlace[]> {
    const places = [folderPlace(this.#folderOf(state))]
    const s3 = this.#s3Of(state)
    // Without its secret the storage answers with a refusal, which is then shown.
    if (s3) places.push(this.#options.openS3(s3, (await this.#s3Secret()) ?? ''))
    return places
  }

  async #placeOf(state: BackupState, label: string): Promise<BackupPlace> {
    const place = (await this.#places(state)).find((known) => known.label === label)
    if (place) return place
    // Backups may have been carried to any folder.
    if (isAbsolute(label)) return folderPlace(label)
    throw new LvaError('not-found', 'There is no such place for backups.', { params: { place: label } })
  }

  #checkFolder(folder: string): void {
    const { root } = this.#options.store.folder
    const way = relative(root, folder)
    const isInside = way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
    if (isAbsolute(folder) && !isInside) return
    throw new LvaError('bad-input', 'Backups need the full path of a folder outside of the data folder.', {
      advice: 'A folder on another disk is best.',
      params: { fields: 'folder' },
    })
  }

  async #copies(): Promise<DataCopy[]> {
    const { folder } = this.#options.store
    const last = lastSwap(folder)
    const copies: DataCopy[] = []
    for (const name of await namesIn(join(folder.root, RESTORED))) {
      const about = await readRestored(join(folder.root, RESTORED, name))
      if (about) copies.push({ id: `${RESTORED}/${name}`, kind: 'restored', undoes: false, ...about })
    }
    for (const name of await namesIn(join(folder.root, BEFORE_RESTORE))) {
      const id = `${BEFORE_RESTORE}/${name}`
      const at = name.replace(/T(\d{2})-(\d{2})-/, 'T$1:$2:')
      copies.push({ id, kind: 'before', at, backup: null, undoes: last?.aside === id })
    }
    return copies
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

async function standingOf(
  place: BackupPlace,
  name: string,
  keyId: string | null,
  signal: AbortSignal | undefined,
): Promise<BackupEntry['standing']> {
  try {
    return (await keyIdOfFile(place, name, signal)) === keyId ? 'unproven' : 'locked'
  } catch (error) {
    if (isLvaError(error, 'backup-unreadable')) return 'foreign'
    return 'unproven'
  }
}

function lastGood(place: PlaceState): { name: string; at: number } | undefined {
  let last: { name: string; at: number } | undefined
  for (const name of Object.keys(place.proven)) {
    const at = instantOfName(name)
    if (at !== undefined && (!last || at > last.at)) last = { name, at }
  }
  return last
}

function placeStatus(
  kind: PlaceStatus['kind'],
  label: string,
  place: PlaceState,
  since: number | null,
  now: number,
): PlaceStatus {
  const last = lastGood(place)
  return {
    kind,
    label,
    lastGoodAt: last ? new Date(last.at).toISOString() : null,
    lastGoodName: last?.name ?? null,
    failure: place.failure,
    failingSince: place.failingSince === null ? null : new Date(place.failingSince).toISOString(),
    stale: now - (last?.at ?? since ?? now) > STALE_MS,
  }
}

export function s3Label({ bucket, prefix }: Pick<S3Address, 'bucket' | 'prefix'>): string {
  return `s3://${[bucket, prefix].filter((part) => part !== '').join('/')}`
}

function contentOf(proven: Proven): BackupEntry['content'] {
  const { captures, notes, sessions, blobs, missingBlobs, full } = proven
  return { captures, notes, sessions, recordings: blobs, missing: missingBlobs, full }
}

async function* stoppable(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted()
    yield piece
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort() // no such folder yet
}

async function readRestored(folder: string): Promise<{ backup: string; at: string } | undefined> {
  try {
    const { backup, at } = JSON.parse(await readFile(join(folder, RESTORED_FILE), 'utf8')) as Record<string, unknown>
    return typeof backup === 'string' && typeof at === 'string' ? { backup, at } : undefined
  } catch {
    return undefined // written last: without it the copy is not whole
  }
}

function busy(): LvaError {
  return new LvaError('backup-running', 'A backup, a check or a restore is at work already.', {
    advice: 'Wait until it has ended, or cancel it.',
  })
}

function noCopy(): LvaError {
  return new LvaError('not-found', 'There is no such copy of the data.')
}
