import { type Client, connectionCarrier, createClient } from '../src-core/contract/index.ts'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import type { ChildHandle } from '../src-core/models/index.ts'
import { forkNode } from '../src-main/child-process.ts'
import { CoreHost } from '../src-main/core-host.ts'
import { createSessionStore, type SecretStore } from '../src-main/secrets/secret-store.ts'
import { lineConnection } from './hosts/line-connection.ts'
import { allGone, descendants } from './hosts/processes.ts'
import { testEnvironment } from './hosts/served-app.ts'

/** Stands for models and readers of documents, of which sync needs none: three devices of a test would be busy with nothing else. */
function neverReady(): ChildHandle {
  const exits: ((code: number | null) => void)[] = []
  return {
    pid: undefined,
    send: () => undefined,
    onMessage: () => undefined,
    onExit: (listener) => void exits.push(listener),
    kill() {
      for (const listener of exits.splice(0)) listener(null)
    },
  }
}

/** A device of a learner: the core as a process of its own, as every host runs it, on a data folder that outlives it. */
export class CoreDevice {
  readonly dataDir: string
  /** The machine's keychain, which outlives the program. */
  readonly #keychain: SecretStore = createSessionStore()
  #host: CoreHost | undefined
  #client: Client | undefined

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  get client(): Client {
    if (!this.#client) throw new Error('the device does not run')
    return this.#client
  }

  get isRunning(): boolean {
    return this.#client !== undefined
  }

  /** Resolves once the core is ready. */
  async start(): Promise<void> {
    const host = new CoreHost({
      kind: 'browser',
      fork: (name, ...given) => (name === 'core' ? forkNode(name, ...given) : neverReady()),
      environment: {
        ...(testEnvironment(this.dataDir) as Record<string, string>),
        LVA_LOG_LEVEL: 'silent',
        // Sync begins with the words that backups need too; they would go into the home folder.
        LVA_BACKUP_AUTOMATIC: 'false',
      },
      openSecrets: async () => this.#keychain,
      clock: systemClock,
      log: silentLog,
    })
    this.#host = host
    await host.start()
    this.#client = createClient(connectionCarrier(lineConnection(host)))
  }

  /** Ends the core with -9, and what it started with it. */
  async kill(): Promise<void> {
    const { pid } = this.#host ?? {}
    if (pid === undefined) throw new Error('the core does not run')
    const all = descendants(process.pid).filter((one) => one.pid === pid)
    process.kill(pid, 'SIGKILL')
    this.#client = undefined
    await this.#host?.close()
    await allGone(all, 60_000)
  }

  async stop(): Promise<void> {
    this.#client = undefined
    await this.#host?.close()
  }
}
