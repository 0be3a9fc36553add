import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Clock,
  type Closable,
  type Config,
  errorToWire,
  type Log,
  LvaError,
  type NewId,
  type Random,
} from '../kernel/index.ts'
import { keyFromPhrase, keyIdOf, PhraseMaking } from '../keys/index.ts'
import type { Store } from '../store/index.ts'
import { countVault, type OpenVault, type VaultLimits } from '../vault/index.ts'
import { ConfiguredPlaces } from './configured-places.ts'
import { askForCopy, copiesIn, discardCopy, markRestored, newCopyId, removeHalfCopies } from './copies.ts'
import { keyUnknown, wrongKey } from './faults.ts'
import { keyIdOfFile, openBackup } from './open-backup.ts'
import { backUpTo, type PlaceWorkParts, prove, type Run, restoringFor } from './place-work.ts'
import type { BackupPlace, PlacedFile } from './places/types.ts'
import { restoreBackup } from './restore.ts'
import { followSchedule, isDue } from './schedule.ts'
import type { BackupSecrets } from './secrets.ts'
import { entryOf, placeStatus, problemOf } from './standing.ts'
import { type BackupState, type S3Address, StateFile } from './state.ts'
import type { BackupEntry, BackupStatus, CopyContent } from './types.ts'

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

/** Makes, proves, keeps and brings back backups. One thing at a time. */
export class Backups implements Closable {
  readonly phrase: PhraseMaking
  readonly #options: BackupsOptions
  readonly #state: StateFile
  readonly #places: ConfiguredPlaces
  readonly #placeWork: PlaceWorkParts
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  #running: BackupStatus['running'] = null
  #work: Promise<unknown> = Promise.resolve()
  #schedule: Promise<void> = Promise.resolve()

  constructor(options: BackupsOptions) {
    this.#options = options
    const { root } = options.store.folder
    const { cacheDir, clock, newId, log, limits, statementTimeoutMs } = options
    this.#state = new StateFile(join(root, STATE_FILE))
    this.#places = new ConfiguredPlaces({ ...options, root })
    this.#placeWork = {
      ...options,
      state: this.#state,
      scratch: join(root, SCRATCH),
      restoring: { cacheDir, clock, newId, log, limits, statementTimeoutMs },
    }
    this.phrase = new PhraseMaking(options.random, (phrase) => this.#keep(keyFromPhrase(phrase, 'backup')))
  }

  /** Removes what a crash left half done. Before anything else is called. */
  async tidy(): Promise<void> {
    const { folder } = this.#options.store
    await rm(join(folder.root, SCRATCH), { recursive: true, force: true })
    await removeHalfCopies(folder)
  }

  /** Makes backups by itself from now on, whenever one is due and the key is known. */
  startSchedule(): void {
    const { clock, log } = this.#options
    const work = {
      clock,
      log,
      due: () => this.#due(),
      backUp: (labels: readonly string[], signal: AbortSignal) => this.#backUpTo(labels, () => undefined, signal),
    }
    this.#schedule = followSchedule(work, this.#closing.signal).catch((error) => {
      if (!this.#closing.signal.aborted) log.error({ error }, 'automatic backups have ended')
    })
  }

  /** Called whenever the status may have changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async status(): Promise<BackupStatus> {
    const { secrets, clock, store } = this.#options
    const state = await this.#state.get()
    const s3 = this.#places.s3(state)
    const standing = {
      setUp: state.keyId !== null,
      keyKnown: (await this.#key(state)) !== undefined,
      automatic: this.#isAutomatic(state),
      places: this.#places.labels(state).map((place) => placeStatus(place, state, clock.now())),
    }
    return {
      ...standing,
      problem: problemOf(standing),
      keyStorage: await secrets.storage(),
      folder: this.#places.folder(state),
      s3: s3 && { ...s3, hasSecret: (await this.#places.s3Secret()) !== undefined },
      keep: this.#options.config.keep,
      running: this.#running,
      copies: await copiesIn(store.folder),
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
    if (folder) this.#places.checkFolder(folder)
    if (s3) {
      const { secretAccessKey, ...address } = s3
      const secret = secretAccessKey ?? (await this.#places.s3Secret())
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
    for (const place of await this.#places.open(state)) {
      let files: PlacedFile[]
      try {
        files = await place.list(signal)
      } catch (error) {
        signal?.throwIfAborted()
        await this.#failed(place.label, error)
        continue
      }
      for (const file of files) entries.push(await entryOf(place, file, state, signal))
    }
    return entries.sort(
      (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || a.place.localeCompare(b.place),
    )
  }

  /**
   * Makes a backup in every place (or in one folder), proves each, and removes what need not be kept. One place failing does not keep the others from theirs.
   * @throws LvaError of the first place that failed; backup-key-unknown, backup-running, cancelled
   */
  async backUp(onProgress: Run['onProgress'], signal?: AbortSignal, folder?: string): Promise<BackupEntry[]> {
    if (folder !== undefined) this.#places.checkFolder(folder)
    const labels =
      folder === undefined ? this.#places.labels(await this.#state.get()).map(({ label }) => label) : [folder]
    return this.#backUpTo(labels, onProgress, signal)
  }

  /** Proves one backup again. @throws LvaError of what is wrong with it; not-found, backup-key-unknown */
  verify(label: string, name: string, onProgress: Run['onProgress'], signal?: AbortSignal): Promise<BackupEntry> {
    return this.#exclusively('verify', onProgress, signal, async (run) => {
      const state = await this.#state.get()
      return prove(this.#placeWork, await this.#places.find(state, label), name, await this.#knownKey(state), run)
    })
  }

  /** Restores a backup beside the present data. @returns its id among `status().copies` */
  restore(label: string, name: string, onProgress: Run['onProgress'], signal?: AbortSignal): Promise<string> {
    return this.#exclusively('restore', onProgress, signal, async (run) => {
      const { store, clock } = this.#options
      const state = await this.#state.get()
      const place = await this.#places.find(state, label)
      const backup = await openBackup(place, name, await this.#knownKey(state), run.signal)
      const id = await newCopyId(store.folder, name)
      const report = await restoreBackup(backup, join(store.folder.root, id), restoringFor(this.#placeWork, label, run))
      const { captures, notes, sessions } = report.counts
      const content = { captures, notes, sessions, recordings: report.blobs }
      await markRestored(store.folder, id, { backup: name, at: new Date(clock.now()).toISOString(), content })
      return id
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
    await askForCopy(store.folder, id, new Date(clock.now()).toISOString(), await this.present())
    restart()
  }

  /** What the present data holds, to compare a copy with. */
  async present(): Promise<CopyContent> {
    const { store, vault } = this.#options
    const { captures, notes, sessions } = await countVault(store.database, vault.id)
    let recordings = 0
    for await (const _ of store.blobs.list()) recordings += 1
    return { captures, notes, sessions, recordings }
  }

  /** Removes a copy for good. @throws LvaError not-found */
  async discard(id: string): Promise<void> {
    await discardCopy(this.#options.store.folder, id)
    this.#tell()
  }

  /** Removes every backup of this key from every place. @returns labels of places where something could not be removed */
  async removeAll(): Promise<string[]> {
    const state = await this.#state.get()
    const left: string[] = []
    for (const place of await this.#places.open(state)) {
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

  async #due(): Promise<string[]> {
    const state = await this.#state.get()
    if (this.#running || !this.#isAutomatic(state) || !(await this.#key(state))) return []
    const now = this.#options.clock.now()
    return this.#places.labels(state).flatMap(({ label }) => (isDue(label, state, now) ? [label] : []))
  }

  #backUpTo(
    labels: readonly string[],
    onProgress: Run['onProgress'],
    signal: AbortSignal | undefined,
  ): Promise<BackupEntry[]> {
    return this.#exclusively('backup', onProgress, signal, async (run) => {
      const state = await this.#state.get()
      const key = await this.#knownKey(state)
      const made: BackupEntry[] = []
      let failure: unknown
      for (const label of labels) {
        try {
          made.push(await backUpTo(this.#placeWork, await this.#placeFor(label, state), key, run))
        } catch (error) {
          if (run.signal.aborted) throw error
          failure ??= error
          await this.#failed(label, error)
        }
        this.#tell()
      }
      if (failure !== undefined) throw failure
      return made
    })
  }

  async #placeFor(label: string, state: BackupState): Promise<BackupPlace> {
    const configured = (await this.#places.open(state)).find((place) => place.label === label)
    return configured ?? this.#places.openFolder(label, state)
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
    const failure = errorToWire(error)
    const known = (await this.#state.get()).places[label]?.failure
    // Lists are read again whenever something is told: the same failure is told once.
    if (known?.code === failure.code && known.message === failure.message) return
    const now = this.#options.clock.now()
    await this.#state.changePlace(label, (place) => ({
      ...place,
      failure,
      failingSince: place.failingSince ?? now,
    }))
    this.#tell()
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

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function busy(): LvaError {
  return new LvaError('backup-running', 'A backup, a check or a restore is at work already.', {
    advice: 'Wait until it has ended, or cancel it.',
  })
}
