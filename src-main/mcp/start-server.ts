import { fork } from 'node:child_process'
import { homedir } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { StartServer } from '../../src-core/agents/index.ts'
import type { Clock } from '../../src-core/kernel/index.ts'
import { entryFile } from '../child-process.ts'
import { endGroup, NOT_STARTED, type ProgramStarted, type ProgramToKeep } from './program.ts'

/** Time for a program to end by itself once its input is closed. */
const FAREWELL_MS = 500
/** Time for its keeper to end it after that. */
const KEEPER_MS = 4_000

const LAST_WORDS_MS = 200

/** What a program needs of our surroundings to run at all; keys and other settings stay here. */
const INHERITED =
  process.platform === 'win32'
    ? [
        ...['APPDATA', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'PATH', 'PATHEXT', 'PROCESSOR_ARCHITECTURE'],
        ...['SYSTEMDRIVE', 'SYSTEMROOT', 'COMSPEC', 'TEMP', 'USERNAME', 'USERPROFILE', 'PROGRAMFILES'],
      ]
    : ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'LANG', 'TMPDIR']

/** Starts programs, each with a keeper that ends it when this process is gone. */
export function createStartServer(clock: Clock): StartServer {
  return ({ command, arguments: words, variables }) => {
    const keeper = fork(entryFile('mcp'), [], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], execArgv: [] })
    const exit = Promise.withResolvers<boolean>()
    let pid: number | undefined
    keeper.once('message', (started: ProgramStarted) => {
      pid = started.pid
    })
    keeper.once('error', () => exit.resolve(false))
    keeper.once('exit', (code, signal) => {
      // A keeper that was killed leaves its program to us.
      if (signal !== null && pid !== undefined) endGroup(pid, 'SIGKILL')
      const over = () => exit.resolve(code !== NOT_STARTED)
      // Its last words may be on their way still; somebody else who has its output open is not waited for.
      keeper.once('close', over)
      void clock.sleep(LAST_WORDS_MS).then(over)
    })
    const inherited = INHERITED.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    keeper.send(
      {
        command,
        arguments: words,
        environment: { ...Object.fromEntries(inherited), ...variables },
        folder: homedir(),
      } satisfies ProgramToKeep,
      () => undefined,
    )
    let ending: Promise<void> | undefined
    const end = async () => {
      keeper.stdin?.end()
      if (await isOver(exit.promise, FAREWELL_MS)) return
      if (keeper.connected) keeper.disconnect()
      if (await isOver(exit.promise, KEEPER_MS)) return
      keeper.kill('SIGKILL')
      await exit.promise
    }
    return {
      stdin: keeper.stdin as Writable,
      stdout: keeper.stdout as Readable,
      stderr: keeper.stderr as Readable,
      onExit: (listener) => void exit.promise.then(listener),
      end: () => {
        ending ??= end()
        return ending
      },
    }
  }

  async function isOver(exit: Promise<boolean>, ms: number): Promise<boolean> {
    const stop = new AbortController()
    const late = clock.sleep(ms, stop.signal).then(
      () => false,
      () => true,
    )
    const over = await Promise.race([exit.then(() => true), late])
    stop.abort()
    return over
  }
}
