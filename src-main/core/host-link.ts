import type { Connection, Frame } from '../../src-core/contract/index.ts'
import { errorFromWire, errorToWire } from '../../src-core/kernel/index.ts'
import type { ChildHandle, SpawnModels } from '../../src-core/models/index.ts'
import type { CoreToHost, HostToCore } from '../core-line.ts'
import type { HostPort } from '../host-port.ts'
import type { KeyStorage, SecretStore, Secrets } from '../secrets/secret-store.ts'

/** The core's side of its line to the host. */
export interface HostLink {
  /** Clients that come, also those that came before this was called. */
  onConnection(listener: (connection: Connection) => void): void
  readonly spawnModels: SpawnModels
  readonly spawnDocuments: (heapMb: number) => ChildHandle
  readonly openSecrets: () => Promise<SecretStore>
  onShutdown(listener: () => void): void
  ready(): void
  /** Has the host end this core and start another. */
  restart(): void
  fatal(error: unknown): void
}

export function linkHost(port: HostPort): HostLink {
  const tell = (message: CoreToHost) => port.send(message)
  const connections = new Map<number, RelayedConnection>()
  const models = new Map<number, RelayedChild>()
  const secretAnswers = new Map<number, (answer: SecretsAnswer) => void>()
  const early: Connection[] = []
  let accept: (connection: Connection) => void = (connection) => early.push(connection)
  let shutdown: () => void = () => process.exit(0)
  let lastChild = 0
  let lastRequest = 0

  port.onMessage((raw) => {
    const message = raw as HostToCore
    switch (message.type) {
      case 'open': {
        const connection = new RelayedConnection(message.connection, tell, () => connections.delete(message.connection))
        connections.set(message.connection, connection)
        accept(connection)
        break
      }
      case 'frame':
        connections.get(message.connection)?.receive(message.frame)
        break
      case 'close':
        connections.get(message.connection)?.end()
        break
      case 'pause':
        connections.get(message.connection)?.pause()
        break
      case 'resume':
        connections.get(message.connection)?.resume()
        break
      case 'models-started': {
        const child = models.get(message.child)
        if (child) child.pid = message.pid
        break
      }
      case 'models-message':
        models.get(message.child)?.receive(message.message)
        break
      case 'models-exit': {
        const child = models.get(message.child)
        models.delete(message.child)
        child?.exit(message.code)
        break
      }
      case 'secrets':
        secretAnswers.get(message.request)?.(message)
        secretAnswers.delete(message.request)
        break
      case 'shutdown':
        shutdown()
        break
    }
  })

  // Without a host nobody tells of the models' end any more, which has come: they end with the host as well.
  port.onGone(() => {
    for (const child of models.values()) child.exit(null)
    models.clear()
  })

  const askSecrets = async (ask: (request: number) => CoreToHost): Promise<SecretsAnswer> => {
    const request = ++lastRequest
    const answer = new Promise<SecretsAnswer>((resolve) => secretAnswers.set(request, resolve))
    tell(ask(request))
    return answer
  }

  const spawn = (message: (child: number) => CoreToHost): ChildHandle => {
    const number = ++lastChild
    const child = new RelayedChild(number, tell)
    models.set(number, child)
    tell(message(number))
    return child
  }

  return {
    onConnection(listener) {
      accept = listener
      for (const connection of early.splice(0)) listener(connection)
    },
    spawnModels: () => spawn((child) => ({ type: 'models-spawn', child, entry: 'models' })),
    spawnDocuments: (heapMb) => spawn((child) => ({ type: 'models-spawn', child, entry: 'documents', heapMb })),
    async openSecrets() {
      const first = await askSecrets((request) => ({ type: 'secrets-load', request }))
      return {
        kind: first.kind,
        async load() {
          const answer = await askSecrets((request) => ({ type: 'secrets-load', request }))
          if (answer.error) throw errorFromWire(answer.error)
          return answer.secrets ?? {}
        },
        async save(secrets: Secrets) {
          const answer = await askSecrets((request) => ({ type: 'secrets-save', request, secrets }))
          if (answer.error) throw errorFromWire(answer.error)
        },
      }
    },
    onShutdown: (listener) => {
      shutdown = listener
    },
    ready: () => tell({ type: 'ready' }),
    restart: () => tell({ type: 'restart' }),
    fatal: (error) => tell({ type: 'fatal', error: errorToWire(error) }),
  }
}

type SecretsAnswer = HostToCore & { type: 'secrets'; kind: KeyStorage }

/** A client's connection whose other end is in the host. */
class RelayedConnection implements Connection {
  readonly #number: number
  readonly #tell: (message: CoreToHost) => void
  readonly #forget: () => void
  #frames: ((frame: Frame) => void)[] = []
  #closes: (() => void)[] = []
  #closed = false
  #room: PromiseWithResolvers<void> | undefined

  constructor(number: number, tell: (message: CoreToHost) => void, forget: () => void) {
    this.#number = number
    this.#tell = tell
    this.#forget = forget
  }

  async send(frame: Frame): Promise<void> {
    await this.#room?.promise
    if (!this.#closed) this.#tell({ type: 'frame', connection: this.#number, frame })
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#frames.push(listener)
  }

  onClose(listener: () => void): void {
    this.#closes.push(listener)
  }

  close(): void {
    if (this.#closed) return
    this.#tell({ type: 'close', connection: this.#number })
    this.end()
  }

  receive(frame: Frame): void {
    for (const listener of this.#frames) listener(frame)
  }

  pause(): void {
    this.#room ??= Promise.withResolvers()
  }

  resume(): void {
    this.#room?.resolve()
    this.#room = undefined
  }

  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.resume()
    this.#forget()
    for (const listener of this.#closes) listener()
  }
}

/** A process for models or documents, run by the host. */
class RelayedChild implements ChildHandle {
  pid: number | undefined
  readonly #number: number
  readonly #tell: (message: CoreToHost) => void
  #messages: ((message: unknown) => void)[] = []
  #exits: ((code: number | null) => void)[] = []

  constructor(number: number, tell: (message: CoreToHost) => void) {
    this.#number = number
    this.#tell = tell
  }

  send(message: unknown): void {
    this.#tell({ type: 'models-send', child: this.#number, message })
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener)
  }

  onExit(listener: (code: number | null) => void): void {
    this.#exits.push(listener)
  }

  kill(): void {
    this.#tell({ type: 'models-kill', child: this.#number })
  }

  receive(message: unknown): void {
    for (const listener of this.#messages) listener(message)
  }

  exit(code: number | null): void {
    for (const listener of this.#exits.splice(0)) listener(code)
  }
}
