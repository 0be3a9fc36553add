import {
  type Client,
  type Connection,
  connectionCarrier,
  connectionPair,
  createClient,
} from '../../src-core/contract/index.ts'
import { type Closable, createLog, isLvaError, systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import { settleFolder } from '../../src-core/store/index.ts'
import { forkNode, heapLimit } from '../child-process.ts'
import { childEnvironment, type Surroundings } from '../folders.ts'
import { connectLocally } from '../local-socket.ts'
import { openPlainHostStore } from '../secrets/plain-host-store.ts'

export interface OpenClient extends Closable {
  client: Client
}

/** An app that is just starting or closing holds the folder before it can be talked to, or after. */
const PATIENCE_MS = 8_000
const LOOK_AGAIN_MS = 150

/**
 * A client of the data folder: through the app, when it has the folder open, else by a core inside this process.
 * @throws LvaError vault-locked when neither works out in time, and whatever keeps a core from opening
 */
export async function openClient(surroundings: Surroundings): Promise<OpenClient> {
  const begun = systemClock.monotonic()
  for (;;) {
    const running = await connectLocally(surroundings.dataDir)
    if (running) return over(running, async () => running.close())
    try {
      return await openOwn(surroundings)
    } catch (error) {
      if (!isLvaError(error, 'vault-locked') || systemClock.monotonic() - begun > PATIENCE_MS) throw error
      await systemClock.sleep(LOOK_AGAIN_MS)
    }
  }
}

async function openOwn(surroundings: Surroundings): Promise<OpenClient> {
  const { openCore } = await import('../core/core.ts')
  let isOver = false
  const core = await openCore({
    surroundings,
    kind: 'cli',
    spawnModels: () => forkNode('models', [], childEnvironment(surroundings)),
    spawnDocuments: (heapMb) => forkNode('documents', [], { ...childEnvironment(surroundings), ...heapLimit(heapMb) }),
    openSecrets: () => openPlainHostStore(surroundings.dataDir),
    // This core ends with its command; what it was asked to do is done then.
    restart: () => {
      isOver = true
    },
    clock: systemClock,
    random: systemRandom,
    log: createLog(surroundings.config.log.level, 'lva'),
  })
  const [near, far] = connectionPair()
  core.contract.serve(far, { host: 'cli' })
  return over(near, async () => {
    await core.close()
    const { dataDir, cacheDir } = surroundings
    if (isOver) await settleFolder({ dataDir, cacheDir, host: 'cli', clock: systemClock })
  })
}

function over(connection: Connection, close: () => Promise<void>): OpenClient {
  return { client: createClient(connectionCarrier(connection)), close }
}
