import type { Frame } from '../src-core/contract/index.ts'
import { type Clock, errorFromWire, errorToWire, type Log, LvaError } from '../src-core/kernel/index.ts'
import type { ChildHandle } from '../src-core/models/index.ts'
import { type ForkEntry, heapLimit } from './child-process.ts'
import type { CoreToHost, HostToCore } from './core-line.ts'
import { createSessionStore, type SecretStore } from './secrets/secret-store.ts'

export interface CoreHostOptions {
  kind: 'electron' | 'browser'
  fork: ForkEntry
  /** Variables for the child processes beside those of this one. */
  environment: Record<string, string>
  /** Opened when the core first asks for keys; asking a keyring can take a while. */
  openSecrets: () => Promise<SecretStore>
  clock: Clock
  log: Log
  onState?: (state: CoreState) => void
}

export type CoreState =
  | { state: 'starting' }
  | { state: 'ready' }
  /** The core ended by itself; it is started again after `inMs`. */
  | { state: 'restarting'; inMs: number }
  /** It cannot run, or has ended too often. */
  | { state: 'failed'; error: LvaError }
  | { state: 'closed' }

/** One client's line through the host. */
export interface ClientLine {
  send(frame: Frame): void
  /** The client's side is full, or has room again. */
  pause(): void
  resume(): void
  close(): void
}

export interface ClientEvents {
  onFrame(frame: Frame): void
  /** The core has closed the line or has gone. Not called after `close()`. */
  onClose(): void
}

/** Ends in a row, without a minute of good work between them, after which the core is not started again. */
const MAX_ENDS = 6
const GOOD_WORK_MS = 60_000
/** The core closes its connections, models, index and database in this time, or is ended. */
const CLOSE_MS = 15_000

/** Runs the core process and the models process, restarts the core when it ends, and relays what clients and core say. */
export class CoreHost {
  readonly #options: CoreHostOptions
  #state: CoreState = { state: 'starting' }
  #waiting: { resolve: () => void; reject: (error: LvaError) => void }[] = []
  #core: ChildHandle | undefined
  #models = new Map<number, ChildHandle>()
  #clients = new Map<number, ClientEvents>()
  #lastConnection = 0
  #ends = 0
  /** Whether the end of the present core was asked for by `restart`. */
  #isWanted = false
  #secrets: Promise<SecretStore> | undefined
  #closing: Promise<void> | undefined
  readonly #stopRestart = new AbortController()

  constructor(options: CoreHostOptions) {
    this.#options = options
  }

  get state(): CoreState {
    return this.#state
  }

  /** Process id of the core while it runs. */
  get pid(): number | undefined {
    return this.#core?.pid
  }

  /** Starts the core. Resolves once it is ready. @throws LvaError that the core gave for not being able to run, or core-failed */
  start(): Promise<void> {
    this.#startCore()
    return this.ready()
  }

  /** Resolves once the core is ready, now or after a restart. @throws LvaError when it has failed for good or is closed */
  ready(): Promise<void> {
    if (this.#state.state === 'ready') return Promise.resolve()
    if (this.#state.state === 'failed') return Promise.reject(this.#state.error)
    if (this.#state.state === 'closed') return Promise.reject(closedError())
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** Ends the core in order and starts it again: for who has changed its source, and for what is done before the folder is open. */
  restart(): void {
    this.#isWanted = true
    this.#core?.send({ type: 'shutdown' } satisfies HostToCore)
  }

  /** Opens a line for a client. Only while ready. */
  connect(events: ClientEvents): ClientLine {
    const connection = ++this.#lastConnection
    this.#clients.set(connection, events)
    this.#tell({ type: 'open', connection })
    const tell = (message: HostToCore) => {
      if (this.#clients.has(connection)) this.#tell(message)
    }
    return {
      send: (frame) => tell({ type: 'frame', connection, frame }),
      pause: () => tell({ type: 'pause', connection }),
      resume: () => tell({ type: 'resume', connection }),
      close: () => {
        tell({ type: 'close', connection })
        this.#clients.delete(connection)
      },
    }
  }

  /** Ends the core and with it the models, in order; after `CLOSE_MS` by force. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#stopRestart.abort(new Error('closing'))
    const core = this.#core
    if (core) {
      const gone = new Promise<void>((resolve) => core.onExit(() => resolve()))
      core.send({ type: 'shutdown' } satisfies HostToCore)
      const patience = new AbortController()
      const late = this.#options.clock.sleep(CLOSE_MS, patience.signal).then(
        () => {
          this.#options.log.warn({ pid: core.pid }, 'the core did not close in time and was ended')
          core.kill()
        },
        () => undefined,
      )
      await gone
      patience.abort()
      await late
    }
    this.#endModels()
    this.#setState({ state: 'closed' })
  }

  #startCore(): void {
    this.#setState({ state: 'starting' })
    const core = this.#options.fork('core', [this.#options.kind], this.#options.environment)
    const started = this.#options.clock.monotonic()
    let fatal: LvaError | undefined
    this.#core = core
    core.onMessage((raw) => {
      const message = raw as CoreToHost
      if (message.type === 'fatal') fatal = errorFromWire(message.error)
      else this.#hear(message)
    })
    core.onExit((code) => {
      this.#core = undefined
      this.#endModels()
      for (const [connection, client] of [...this.#clients]) {
        this.#clients.delete(connection)
        client.onClose()
      }
      if (this.#closing) return
      if (this.#isWanted) {
        this.#isWanted = false
        return this.#startCore()
      }
      if (fatal) return this.#setState({ state: 'failed', error: fatal })
      if (this.#options.clock.monotonic() - started > GOOD_WORK_MS) this.#ends = 0
      void this.#restart(code)
    })
  }

  async #restart(code: number | null): Promise<void> {
    this.#ends += 1
    this.#options.log.error({ code, ends: this.#ends }, 'the core ended unexpectedly')
    if (this.#ends >= MAX_ENDS) {
      const error = new LvaError(
        'core-failed',
        'The part of the program that holds your data ended several times in a row.',
        {
          advice: 'Run "lva doctor"; nothing that was saved is lost.',
        },
      )
      return this.#setState({ state: 'failed', error })
    }
    const inMs = Math.min(250 * 2 ** (this.#ends - 1), 5_000)
    this.#setState({ state: 'restarting', inMs })
    try {
      await this.#options.clock.sleep(inMs, this.#stopRestart.signal)
    } catch {
      return // closing: nothing is started any more
    }
    this.#startCore()
  }

  #hear(message: Exclude<CoreToHost, { type: 'fatal' }>): void {
    switch (message.type) {
      case 'ready':
        this.#setState({ state: 'ready' })
        break
      case 'restart':
        this.restart()
        break
      case 'frame':
        this.#clients.get(message.connection)?.onFrame(message.frame)
        break
      case 'close': {
        const client = this.#clients.get(message.connection)
        this.#clients.delete(message.connection)
        client?.onClose()
        break
      }
      case 'models-spawn':
        this.#spawnFor(message)
        break
      case 'models-send':
        this.#models.get(message.child)?.send(message.message)
        break
      case 'models-kill':
        this.#models.get(message.child)?.kill()
        break
      case 'secrets-load':
        void this.#answerSecrets(message.request, async (store) => ({ secrets: await store.load() }))
        break
      case 'secrets-save':
        void this.#answerSecrets(message.request, async (store) => {
          await store.save(message.secrets)
          return {}
        })
        break
    }
  }

  #spawnFor({ child, entry, heapMb }: CoreToHost & { type: 'models-spawn' }): void {
    const memory = heapMb === undefined ? {} : heapLimit(heapMb)
    const handle = this.#options.fork(entry, [], { ...this.#options.environment, ...memory })
    this.#models.set(child, handle)
    this.#tell({ type: 'models-started', child, pid: handle.pid })
    handle.onMessage((message) => this.#tell({ type: 'models-message', child, message }))
    handle.onExit((code) => {
      this.#models.delete(child)
      this.#tell({ type: 'models-exit', child, code })
    })
  }

  #endModels(): void {
    for (const child of this.#models.values()) child.kill()
    this.#models.clear()
  }

  async #answerSecrets(
    request: number,
    act: (store: SecretStore) => Promise<Pick<HostToCore & { type: 'secrets' }, 'secrets'>>,
  ): Promise<void> {
    this.#secrets ??= this.#options.openSecrets().catch((error) => {
      this.#options.log.warn({ error }, 'keys cannot be stored on this machine and are kept in memory')
      return createSessionStore()
    })
    const store = await this.#secrets
    const answer = await act(store).catch((error: unknown) => ({ error: errorToWire(error) }))
    this.#tell({ type: 'secrets', request, kind: store.kind, ...answer })
  }

  #tell(message: HostToCore): void {
    this.#core?.send(message)
  }

  #setState(state: CoreState): void {
    this.#state = state
    if (state.state !== 'starting' && state.state !== 'restarting') {
      const waiting = this.#waiting.splice(0)
      for (const { resolve, reject } of waiting) {
        if (state.state === 'ready') resolve()
        else reject(state.state === 'failed' ? state.error : closedError())
      }
    }
    this.#options.onState?.(state)
  }
}

function closedError(): LvaError {
  return new LvaError('disconnected', 'The program is closing.', { advice: 'Start it again.' })
}
