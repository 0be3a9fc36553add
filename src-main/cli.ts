import { CommanderError } from 'commander'
import { systemClock, toLvaError } from '../src-core/kernel/index.ts'
import type { CommandContext } from './cli/command.ts'
import { type OpenClient, openClient } from './cli/open-client.ts'
import { createProgram } from './cli/program.ts'
import { sayWhile } from './cli/say-while.ts'
import { openTerminal } from './cli/terminal.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { readSurroundings } from './folders.ts'

/** The command `lva`. */

/** Closing is mentioned only when it can be felt, in milliseconds. */
const CLOSING_IS_LONG_MS = 4_000
const CLOSING = 'Closing the data folder ...'

const stop = new AbortController()
const onInterrupt = () => {
  // The second one does not wait for anything.
  if (stop.signal.aborted) process.exit(EXIT.interrupted)
  stop.abort()
}
process.on('SIGINT', onInterrupt)
process.on('SIGTERM', onInterrupt)

const program = createProgram(run)
try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version end with 0; commander has already said what was wrong with the rest.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}

async function run(work: (context: CommandContext) => Promise<unknown>): Promise<void> {
  const { json = false, dataDir } = program.opts<{ json?: boolean; dataDir?: string }>()
  const terminal = openTerminal({ json })
  let opening: Promise<OpenClient> | undefined
  try {
    const surroundings = readSurroundings(
      dataDir === undefined ? process.env : { ...process.env, LVA_DATA_DIR: dataDir },
    )
    const client = async () => {
      opening ??= openClient(surroundings)
      return (await opening).client
    }
    let isDone = false
    try {
      const answer = await work({ surroundings, terminal, json, signal: stop.signal, client })
      process.exitCode = typeof answer === 'number' ? answer : EXIT.done
      isDone = true
    } finally {
      const open = await opening?.catch(() => undefined) // what kept it from opening has been thrown by `work`
      const closing = open?.close()
      // After an error nothing but the error is said.
      if (closing && isDone)
        await sayWhile(closing, CLOSING, { terminal, clock: systemClock, afterMs: CLOSING_IS_LONG_MS })
      await closing
    }
  } catch (error) {
    const known = toLvaError(error)
    terminal.error(known)
    process.exitCode = stop.signal.aborted ? EXIT.interrupted : exitCodeOf(known)
  }
}
