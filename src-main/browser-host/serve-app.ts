import { createLog, type LvaError, systemClock, systemRandom, toLvaError } from '../../src-core/kernel/index.ts'
import { forkNode } from '../child-process.ts'
import { CoreHost, type CoreState } from '../core-host.ts'
import { EXIT, exitCodeOf } from '../exit-codes.ts'
import { childEnvironment, readSurroundings } from '../folders.ts'
import { openPlainHostStore } from '../secrets/plain-host-store.ts'
import { openBrowserHost, type PageHandler } from './browser-host.ts'
import { openBrowser } from './open-browser.ts'

export interface ServeOptions {
  /** Folder of the built page, or what makes it. */
  page: string | PageHandler
  /** Printed above the address, such as why there is no window. */
  note?: string
  /** Called with the core's host, for a developer's restart. */
  onCore?: (core: CoreHost) => void
}

/**
 * Runs the app for a browser on this machine until it is stopped by Ctrl-C, a signal, or a core that cannot run. Prints the one address
 * that opens it. Opens the default browser too, unless `host.open` says no, nobody sits at this terminal, or this is a CI machine.
 * @returns the exit code
 */
export async function serveApp(options: ServeOptions): Promise<number> {
  const stopped = Promise.withResolvers<number>()
  const stopListening = onStopSignal(() => stopped.resolve(EXIT.done))
  try {
    const here = readSurroundings(process.env)
    const log = createLog(here.config.log.level, 'host')
    const core = new CoreHost({
      kind: 'browser',
      fork: forkNode,
      environment: childEnvironment(here),
      openSecrets: () => openPlainHostStore(here.dataDir),
      clock: systemClock,
      log,
      onState: (state) => {
        tell(state)
        if (state.state === 'failed') stopped.resolve(exitCodeOf(state.error))
      },
    })
    options.onCore?.(core)
    try {
      const begun = core.start()
      // A core that cannot run is told by its state; here it only means that there is nothing to show.
      const isReady = await Promise.race([
        begun.then(
          () => true,
          () => false,
        ),
        stopped.promise.then(() => false),
      ])
      if (!isReady) return await stopped.promise
      const host = await openBrowserHost({
        core,
        port: here.config.host.port,
        random: systemRandom,
        clock: systemClock,
        log,
        page: options.page,
      })
      console.log(welcome(host.address, options.note))
      if (here.config.host.open && process.stdout.isTTY && !process.env.CI) openBrowser(host.newAddress())
      const code = await stopped.promise
      await host.close()
      return code
    } finally {
      await core.close()
    }
  } catch (error) {
    const known = toLvaError(error)
    complain(known)
    return exitCodeOf(known)
  } finally {
    stopListening()
  }
}

function welcome(address: string, note: string | undefined): string {
  const lines = [
    ...(note ? [note] : []),
    'Learning Voice Agent is open for your browser on this machine:',
    '',
    `  ${address}`,
    '',
    'The address works until you stop the program. Press Ctrl-C to stop.',
  ]
  return lines.join('\n')
}

function tell(state: CoreState): void {
  if (state.state === 'restarting')
    console.error(
      'The part that holds your data ended unexpectedly. It is being started again; nothing that was saved is lost.',
    )
  if (state.state === 'failed') complain(state.error)
}

function complain({ message, advice }: LvaError): void {
  console.error([message, advice].filter((sentence) => sentence !== '').join(' '))
}

/** A terminal and npm may both hand on one Ctrl-C; what follows within this time is the same one. */
const SAME_SIGNAL_MS = 400

/** The first signal asks everything to close; a second one does not wait. */
function onStopSignal(stop: () => void): () => void {
  let askedAt: number | undefined
  const hear = () => {
    const now = systemClock.monotonic()
    if (askedAt !== undefined && now - askedAt > SAME_SIGNAL_MS) process.exit(EXIT.interrupted)
    askedAt ??= now
    stop()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}
