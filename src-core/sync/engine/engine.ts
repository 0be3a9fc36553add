import { type Clock, type Closable, type Log, LvaError, type Random } from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import type { RelaySession, Roster } from '../roster.ts'
import { Attempts, type Next } from './attempts.ts'
import { type DocumentState, documentState } from './document-state.ts'
import { Integrity } from './integrity.ts'
import { CatchUpOrder } from './order.ts'
import { Outgoing } from './outgoing.ts'
import { Presence } from './presence.ts'
import { Receiver } from './receiver.ts'
import { Rooms } from './rooms.ts'
import { Session } from './session.ts'
import type { OpenSocket } from './socket.ts'
import { INITIAL_STATE, Observable, type SyncState } from './state.ts'
import { DEFAULT_SYNC_TUNING, type SyncTuning } from './tuning.ts'

export interface SyncEngineParts {
  db: Database
  vault: { id: string; documents: VaultDocuments }
  roster: Roster
  session: RelaySession
  openSocket: OpenSocket
  clock: Clock
  random: Random
  log: Log
  tuning?: Partial<SyncTuning>
}

/** The device's side of sync (docs/protocol.md §9): keeps the vault and the relay the same, as far as there is a way. */
export interface SyncEngine extends Closable {
  readonly state: SyncState
  /** @returns ends it */
  onState(listener: (state: SyncState) => void): () => void
  /** Ends the connection until `resume`; what is changed meanwhile is queued. */
  pause(): void
  resume(): void
  /** Tries now what waits for its next attempt, also after a problem that only the learner could mend. */
  retry(): void
  /** Asks the relay. @returns the state once everything that it said was worked on; at once without a connection */
  check(): Promise<SyncState>
  /** Documents that are looked at: they catch up first, and devices tell each other of notes among them. */
  setOnScreen(documents: readonly string[]): void
  /** Other devices on which a note is open at the moment. */
  openOn(name: string): string[]
  /** Called when another device has opened a note that is open here. @returns ends it */
  onOpened(listener: (name: string) => void): () => void
  /** Where the newest change of a document has come, or of one record in it. */
  documentState(name: string, record?: string): Promise<DocumentState>
}

/**
 * Starts to sync a vault that is enrolled (`documents.outbox.enrol`).
 * @throws LvaError not-found where it is not enrolled as the roster's device
 */
export async function startSync(parts: SyncEngineParts): Promise<SyncEngine> {
  const engine = await Engine.open(parts)
  engine.start()
  return engine
}

class Engine implements SyncEngine {
  readonly #parts: SyncEngineParts
  readonly #tuning: SyncTuning
  readonly #state = new Observable<SyncState>(INITIAL_STATE)
  readonly #rooms: Rooms
  readonly #outgoing: Outgoing
  readonly #integrity: Integrity
  readonly #receiver: Receiver
  readonly #order: CatchUpOrder
  readonly #attempts: Attempts
  readonly #stops: (() => void)[] = []
  readonly #closing = new AbortController()
  readonly #closed = new Promise<undefined>((resolve) => {
    this.#closing.signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  readonly #presence: Presence
  readonly #openedListeners = new Set<(name: string) => void>()
  #onScreen: readonly string[] = []
  #session: Session | undefined
  #running: Promise<void> = Promise.resolve()
  /** Aborting it ends the wait before the next attempt. */
  #waiting: AbortController | undefined
  #isPaused = false
  /** Only the learner can mend it. */
  #isStuck = false
  /** It is to be tried without a wait. */
  #isAskedAgain = false
  /** How often something was queued. */
  #changes = 0
  #past = { sent: 0, received: 0 }

  private constructor(parts: SyncEngineParts, rooms: Rooms, outgoing: Outgoing) {
    this.#parts = parts
    this.#tuning = { ...DEFAULT_SYNC_TUNING, ...parts.tuning }
    this.#rooms = rooms
    this.#outgoing = outgoing
    this.#integrity = new Integrity({ ...parts, rooms, outgoing })
    this.#receiver = new Receiver({ ...parts, rooms, outgoing, integrity: this.#integrity })
    this.#order = new CatchUpOrder(parts.roster.keys(), parts.clock.now())
    this.#attempts = new Attempts({ ...parts, tuning: this.#tuning })
    this.#presence = new Presence({
      ...parts,
      send: (frame) => this.#session?.whisper(frame),
      onOpened: (name) => {
        for (const listener of this.#openedListeners) listener(name)
      },
    })
  }

  static async open(parts: SyncEngineParts): Promise<Engine> {
    const rooms = await Rooms.read(parts.db, parts.vault.id)
    const outgoing = await Outgoing.read({ ...parts, rooms })
    if (!outgoing) throw notEnrolled()
    const engine = new Engine(parts, rooms, outgoing)
    await engine.#count()
    return engine
  }

  get state(): SyncState {
    return this.#state.value
  }

  start(): void {
    const { vault, roster } = this.#parts
    this.#stops.push(
      vault.documents.outbox.onQueued(() => this.#queued()),
      roster.onChange(() => this.#session?.rosterChanged()),
    )
    this.#running = this.#run()
  }

  onState(listener: (state: SyncState) => void): () => void {
    return this.#state.listen(listener)
  }

  pause(): void {
    this.#isPaused = true
    this.#state.set({ phase: 'paused', synced: false, problem: null, retryAt: null })
    this.#session?.stop({ why: 'closed' })
    this.#waiting?.abort()
  }

  resume(): void {
    this.#isPaused = false
    this.retry()
  }

  retry(): void {
    this.#isStuck = false
    this.#attempts.reset()
    if (!this.#session) this.#isAskedAgain = true
    if (!this.#isPaused && !this.#session) this.#state.set({ phase: 'connecting', problem: null, retryAt: null })
    this.#waiting?.abort()
  }

  async check(): Promise<SyncState> {
    if (this.#session?.isWelcome) await this.#session.asked()
    return this.state
  }

  setOnScreen(documents: readonly string[]): void {
    this.#onScreen = documents
    this.#presence.look(documents.filter((name) => name.startsWith('note:')))
    this.#session?.follower.reorder()
    this.#session?.wake()
  }

  openOn(name: string): string[] {
    return this.#presence.others(name)
  }

  onOpened(listener: (name: string) => void): () => void {
    this.#openedListeners.add(listener)
    return () => this.#openedListeners.delete(listener)
  }

  documentState(name: string, record?: string): Promise<DocumentState> {
    return documentState(this.#parts, name, record)
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop()
    this.#closing.abort()
    this.#session?.stop({ why: 'closed' })
    this.#waiting?.abort()
    await this.#running
    this.#state.set({ phase: 'off', synced: false })
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#isAskedAgain = false
      const waitMs = this.#isPaused || this.#isStuck ? undefined : await this.#connect()
      if (this.#closing.signal.aborted) return
      await this.#wait(this.#isPaused || this.#isStuck ? undefined : this.#isAskedAgain ? 0 : (waitMs ?? 0))
    }
  }

  /** One connection from its beginning to its end. @returns how long to wait before the next */
  async #connect(): Promise<number | undefined> {
    this.#state.set({ phase: 'connecting', retryAt: null, synced: false })
    const { waitMs, problem } = await this.#converse().catch((error) => this.#attempts.failed(error))
    this.#isStuck = waitMs === undefined
    if (this.#isPaused) return waitMs
    const retryAt = waitMs === undefined ? null : this.#parts.clock.now() + waitMs
    this.#state.set({
      phase: waitMs === undefined ? 'problem' : 'offline',
      synced: false,
      retryAt,
      ...(problem && { problem }),
    })
    return waitMs
  }

  async #converse(): Promise<Next> {
    const { session } = this.#parts
    // Closing does not wait for a relay that does not answer.
    const token = await Promise.race([session.accessToken(this.#attempts.refusedToken), this.#closed])
    if (token === undefined || this.#closing.signal.aborted || this.#isPaused) return { waitMs: 0, problem: null }
    const current = new Session(
      {
        ...this.#parts,
        rooms: this.#rooms,
        outgoing: this.#outgoing,
        integrity: this.#integrity,
        receiver: this.#receiver,
        order: this.#order,
        tuning: this.#tuning,
        onScreen: () => this.#onScreen,
        open: () => this.#presence.open(),
        presence: this.#presence,
        onProgress: (of) => this.#progress(of),
      },
      session.address,
      token,
    )
    this.#session = current
    const end = await current.ended
    await current.settled()
    this.#session = undefined
    this.#past = { sent: this.#past.sent + current.sentBytes, received: this.#past.received + current.receivedBytes }
    if (current.isListed) this.#attempts.reset()
    return this.#attempts.after(end, token, new URL(session.address).host)
  }

  async #wait(ms: number | undefined): Promise<void> {
    const waiting = new AbortController()
    this.#waiting = waiting
    const { clock } = this.#parts
    if (ms === undefined)
      await new Promise((resolve) => waiting.signal.addEventListener('abort', resolve, { once: true }))
    else await clock.sleep(ms, waiting.signal).catch(() => undefined)
    this.#waiting = undefined
  }

  #queued(): void {
    this.#changes += 1
    this.#state.set({ synced: false })
    if (this.#session) this.#session.queued()
    else this.#count().catch((error) => this.#parts.log.warn({ error }, 'what waits could not be counted'))
  }

  async #count(): Promise<void> {
    const { waiting, refused } = await this.#outgoing.table.counts(this.#parts.db)
    this.#state.set({ waiting, refused })
  }

  async #progress(current: Session): Promise<void> {
    const changes = this.#changes
    const { waiting, tooLong, refused } = await this.#outgoing.table.counts(this.#parts.db)
    if (this.#session !== current || this.#isPaused) return
    const behind = current.follower.behind().length
    const isLive = current.isListed && behind === 0
    this.#state.set({
      phase: isLive ? 'live' : current.isWelcome ? 'catching-up' : 'connecting',
      waiting,
      behind,
      refused,
      // What was queued since they were counted waits too.
      synced: isLive && waiting === 0 && changes === this.#changes,
      problem: problemOf(current) ?? (tooLong > 0 ? { code: 'sync-too-long', params: {} } : null),
      sentBytes: this.#past.sent + current.sentBytes,
      receivedBytes: this.#past.received + current.receivedBytes,
      retryAt: null,
    })
  }
}

function problemOf({ sender, follower, isOverQuota }: Session): SyncState['problem'] {
  if (isOverQuota) return { code: 'over-quota', params: {} }
  if (sender.lacksKey || follower.held('key').length > 0) return { code: 'sync-key-missing', params: {} }
  if (sender.isRelayBehind || follower.held('gap').length > 0) return { code: 'sync-relay-behind', params: {} }
  if (follower.held('device').length > 0 || follower.hasUnopened) return { code: 'sync-not-opened', params: {} }
  return null
}

function notEnrolled(): LvaError {
  return new LvaError('not-found', 'This vault is not synced.', { advice: 'Switch sync on in Settings, Devices.' })
}
