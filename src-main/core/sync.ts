import { hostname, platform } from 'node:os'
import type { Backups } from '../../src-core/backup/index.ts'
import type { SyncState as ContractState, ItemPlaces, ShownItems } from '../../src-core/contract/index.ts'
import type { SyncService } from '../../src-core/contract/server/index.ts'
import { type Closable, LvaError } from '../../src-core/kernel/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import {
  openWebSocket,
  SyncDevices,
  type SyncEngine,
  type SyncState,
  startSync,
  syncNow,
} from '../../src-core/sync/index.ts'
import type { ConflictSide, OpenVault } from '../../src-core/vault/index.ts'
import type { CoreOptions } from './core.ts'
import type { KeptSecrets } from './kept-secrets.ts'
import { NetworkCost, systemNetwork } from './network.ts'
import { SyncAttachments } from './sync-attachments.ts'

interface SyncRest {
  store: Store
  vault: OpenVault
  secrets: KeptSecrets
  backups: Pick<Backups, 'status' | 'unlock'>
  /** The bytes of an attachment have come from another device. */
  onArrived(sha256: string): void
}

/** Name among the kept secrets. */
const SECRET = 'sync'
const KINDS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macos', linux: 'linux', win32: 'windows' }
/** Progress is told no more often, in milliseconds. */
const TELL_MS = 250

/**
 * Sync over the vault, the keychain and the relay. A vault that is synced opens it beside the start, since a keychain may take a while;
 * otherwise, and in a command, it opens where it is asked for.
 */
export function composeSync(options: CoreOptions, rest: SyncRest): SyncService & Closable {
  const sync = new ComposedSync(options, rest)
  if (options.kind !== 'cli' && rest.vault.documents.outbox.isOpen) void sync.opened()
  return sync.service()
}

class ComposedSync {
  readonly #options: CoreOptions
  readonly #rest: SyncRest
  readonly #devices: SyncDevices
  readonly #network: NetworkCost
  readonly #attachments: SyncAttachments
  readonly #listeners = new Set<(devices: boolean) => void>()
  readonly #closing = new AbortController()
  #engine: SyncEngine | undefined
  /** Of which member the engine is. */
  #engineOf: string | undefined
  #turn: Promise<void> = Promise.resolve()
  #opening: Promise<void> | undefined
  #isTelling = false
  /** Who belongs to the vault, or what this device is, has changed since it was told last. */
  #hasNewDevices = false
  /** A command connects only where it was asked to. */
  #mayConnect: boolean

  constructor(options: CoreOptions, rest: SyncRest) {
    const { clock, random, log, kind } = options
    const { vault, secrets, backups } = rest
    this.#options = options
    this.#rest = rest
    this.#mayConnect = kind !== 'cli'
    this.#devices = new SyncDevices({
      documents: vault.documents,
      secrets: {
        get: async () => (await secrets.get())[SECRET],
        set: (value) => secrets.change({ [SECRET]: value }),
        remove: () => secrets.change({ [SECRET]: null }),
      },
      fetch: (url, init) => fetch(url, init),
      kind: KINDS[platform()] ?? 'other',
      usualName: hostname().slice(0, 60) || 'LVA',
      takePhrase: (phrase) => backups.unlock(phrase),
      stopSync: () => this.#follow(),
      ...{ clock, random, log },
    })
    this.#network = new NetworkCost({ askSystem: systemNetwork(platform()), clock })
    this.#network.onChange(() => {
      this.#tell()
      void this.#follow()
    })
    this.#attachments = new SyncAttachments({
      ...{ options, store: rest.store, vault, devices: this.#devices, network: this.#network },
      ...{ opened: () => this.opened(), onArrived: rest.onArrived, tell: () => this.#tell() },
    })
  }

  /** Once; a failure is logged, and everything else works without sync. */
  opened(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<void> {
    const { log } = this.#options
    this.#devices.onChange(() => {
      this.#hasNewDevices = true
      this.#tell()
      void this.#follow()
    })
    await this.#devices.open().catch((error: unknown) => log.warn({ error }, 'sync could not be opened'))
    await this.#follow()
  }

  service(): SyncService & Closable {
    const stop = this.#rest.vault.onChange(({ conflicts }) => {
      if (conflicts) this.#tell()
    })
    this.#closing.signal.addEventListener('abort', stop, { once: true })
    const devices = this.#devices
    const opened = () => this.opened()
    const after =
      <A extends unknown[], T>(work: (...given: A) => Promise<T> | T) =>
      async (...given: A): Promise<T> => {
        await opened()
        return work(...given)
      }
    return {
      phrase: devices.phrase,
      list: after(() => devices.list()),
      createAccount: after((account) => devices.createAccount(account)),
      signIn: after(async (account) => {
        await devices.signIn(account)
        this.#engine?.retry()
      }),
      signOut: after(() => devices.signOut()),
      leave: after(() => devices.leave()),
      begin: after((phrase) => devices.begin(phrase)),
      joinByPhrase: after((phrase) => devices.joinByPhrase(phrase)),
      async *joinByCode(signal) {
        await opened()
        yield* devices.joinByCode(signal)
      },
      async *admit(code, signal) {
        await opened()
        yield* devices.admit(code, signal)
      },
      answer: (id, isEqual) => devices.answer(id, isEqual),
      rename: after((id, name) => devices.rename(id, name)),
      revoke: after((id) => devices.revoke(id)),
      onChange: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      status: after(() => this.#status()),
      conflicts: after(() => this.#conflicts()),
      // Asked for by every capture that is shown: where nothing is synced the keychain stays closed.
      look: async (items) => (this.#rest.vault.documents.outbox.isOpen ? after(() => this.#look(items))() : null),
      pause: after(() => devices.choose({ paused: true })),
      resume: after(() => devices.choose({ paused: false })),
      now: after((signal) => this.#now(signal)),
      attachments: this.#attachments.service(),
      close: () => this.#close(),
    }
  }

  async #status() {
    const { secrets, backups, vault } = this.#rest
    const { standing, relay, email, device, name, paused } = await this.#devices.status()
    const state = this.#engine && (await this.#shown(this.#engine))
    return {
      ...{ standing, relay, email, device, name },
      keyStorage: await secrets.storage(),
      phraseKnown: (await backups.status()).setUp,
      conflicts: await vault.conflicts.count(),
      state:
        state ??
        (standing === 'member'
          ? {
              ...RESTING,
              files: await this.#attachments.waiting(),
              phase: paused ? ('paused' as const) : ('off' as const),
            }
          : null),
    }
  }

  async #look(items: ShownItems['items']): Promise<ItemPlaces['places']> {
    const engine = this.#engine
    if (!engine) return null
    const { documents } = this.#rest.vault
    const found = await Promise.all(
      items.map(async (item) => ({ item, doc: await documents.documentOf(item.kind, item.id) })),
    )
    engine.setOnScreen([...new Set(found.flatMap(({ doc }) => doc ?? []))])
    const places = found.map(async ({ item, doc }) =>
      doc === null
        ? []
        : [{ ...item, ...(await engine.documentState(doc, item.id)), openOn: this.#namesOf(engine.openOn(doc)) }],
    )
    return (await Promise.all(places)).flat()
  }

  #namesOf(ids: readonly string[]): string[] {
    const roster = this.#devices.membership()?.roster
    return ids.flatMap((id) => roster?.nameOf(id) ?? [])
  }

  /** With the names that devices have now. */
  async #conflicts() {
    const roster = this.#devices.membership()?.roster
    const sideOf = ({ device, ...side }: ConflictSide) => ({
      ...side,
      device: device === null ? null : { name: roster?.nameOf(device) ?? null, isThis: device === roster?.device },
    })
    const conflicts = await this.#rest.vault.conflicts.list()
    return conflicts.map((conflict) => ({ ...conflict, lost: sideOf(conflict.lost), kept: sideOf(conflict.kept) }))
  }

  /** The engine runs while this device is a member. One change at a time. */
  #follow(): Promise<void> {
    const { log } = this.#options
    this.#turn = this.#turn
      .then(() => this.#settle())
      .catch((error: unknown) => log.error({ error }, 'sync could not be started'))
    return this.#turn
  }

  async #settle(): Promise<void> {
    const member = this.#devices.membership()
    const device = member?.roster.device
    if (this.#engineOf !== device || this.#closing.signal.aborted) {
      await this.#attachments.end()
      await this.#engine?.close()
      this.#engine = undefined
      this.#engineOf = undefined
    }
    if (this.#closing.signal.aborted || !member || !this.#mayConnect) return
    await this.#attachments.heedChoices()
    const paused = (await this.#devices.status()).paused || this.#attachments.holdsEverything
    if (!this.#engine) {
      const { store, vault } = this.#rest
      const { clock, random, log } = this.#options
      const { roster, session } = member
      const engine = await startSync({
        ...{ db: store.database, vault, roster, session, openSocket: openWebSocket, clock, random, log },
      })
      if (paused) engine.pause()
      this.#engine = engine
      this.#engineOf = device
      let phase: SyncState['phase'] | undefined
      engine.onState((state) => {
        // What the relay could not be asked about before.
        if (state.phase === 'live' && phase !== 'live') void this.#devices.handKeys()
        phase = state.phase
        if (state.problem?.code === 'device-revoked') this.#wasRevoked()
        this.#tell()
      })
      engine.onOpened(() => this.#tell())
      this.#attachments.begin(member, engine)
      return
    }
    const isPaused = this.#engine.state.phase === 'paused'
    if (paused && !isPaused) this.#engine.pause()
    if (!paused && isPaused) this.#engine.resume()
  }

  #wasRevoked(): void {
    const { log } = this.#options
    this.#devices
      .wasRevoked()
      .catch((error: unknown) => log.error({ error }, 'a revoked device could not forget its keys'))
  }

  async #now(signal: AbortSignal = new AbortController().signal) {
    this.#mayConnect = true
    await this.#follow()
    const engine = this.#engine
    if (!engine)
      throw new LvaError('not-found', 'This device belongs to no synced vault.', { advice: 'Set up sync in Settings.' })
    const stopping = AbortSignal.any([signal, this.#closing.signal])
    await syncNow(engine, stopping)
    await this.#attachments.now(stopping)
    // What files were told of is sent, too.
    await syncNow(engine, stopping)
    return this.#shown(engine)
  }

  async #shown({ state }: SyncEngine): Promise<ContractState> {
    const { paused } = await this.#devices.status()
    const files = await this.#attachments.waiting()
    const { retryAt, phase } = state
    return {
      ...state,
      phase: phase === 'paused' && !paused ? 'held' : phase,
      synced: state.synced && files.items === 0,
      files,
      retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
    }
  }

  /** At most so often, and always once more after the last change. */
  #tell(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    this.#options.clock.sleep(TELL_MS, this.#closing.signal).then(
      () => {
        const hasNewDevices = this.#hasNewDevices
        this.#isTelling = false
        this.#hasNewDevices = false
        for (const listener of this.#listeners) listener(hasNewDevices)
      },
      () => undefined,
    )
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    await this.#opening
    await this.#follow()
    await this.#attachments.close()
    await this.#network.close()
    await this.#devices.close()
  }
}

const RESTING = {
  problem: null,
  synced: false,
  waiting: 0,
  behind: 0,
  files: { items: 0, bytes: 0 },
  sentBytes: 0,
  receivedBytes: 0,
  retryAt: null,
}
