import { Closables, createLog, systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import { EXIT } from '../exit-codes.ts'
import { readSurroundings } from '../folders.ts'
import { hostPort } from '../host-port.ts'
import { listenLocally } from '../local-socket.ts'
import { openCore } from './core.ts'
import { linkHost } from './host-link.ts'

/** The core process: the learner's data and everything that works on it, for the one host that forked it. */

/** Time for the last message to leave the process before it ends. */
const LAST_WORD_MS = 50

const kind = process.argv[2] === 'electron' ? 'electron' : 'browser'
const port = hostPort()
const link = linkHost(port)
const owned = new Closables()
let log = createLog('error', 'core')
let ending: Promise<void> | undefined

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
// Ctrl-C reaches every process of a terminal; the host closes in order.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => end(EXIT.done))
link.onShutdown(() => end(EXIT.done))
port.onGone(() => end(EXIT.failed))

const opening = open()
try {
  await opening
  if (!ending) link.ready()
} catch (error) {
  link.fatal(error)
  await systemClock.sleep(LAST_WORD_MS)
  end(EXIT.failed)
}

async function open(): Promise<void> {
  const surroundings = readSurroundings(process.env)
  log = createLog(surroundings.config.log.level, 'core')
  const { spawnModels, spawnDocuments, openSecrets, restart } = link
  const { contract, store } = owned.add(
    await openCore({
      surroundings,
      kind,
      spawnModels,
      spawnDocuments,
      openSecrets,
      restart,
      clock: systemClock,
      random: systemRandom,
      log,
    }),
  )
  link.onConnection((connection) => contract.serve(connection, { host: kind }))
  try {
    owned.add(
      await listenLocally(store.folder.root, systemRandom, (connection) => contract.serve(connection, { host: 'cli' })),
    )
  } catch (error) {
    // Without it the command line says that the folder is in use.
    log.warn({ error }, 'the command line cannot reach this core')
  }
}

/** Closes what is open, or being opened, and ends. */
function end(code: number): void {
  ending ??= opening
    .catch(() => undefined) // told to the host already
    .then(() => owned.close())
    // Whatever is still open then is nobody's any more.
    .then(() => process.exit(code), fail)
}

/** Something that nobody foresaw: the state of this process cannot be trusted any more. What was acknowledged is on the disk. */
function fail(error: unknown): void {
  log.error({ error }, 'the core ends because of an unexpected error')
  process.exit(EXIT.failed)
}
