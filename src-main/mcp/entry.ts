import spawn from 'cross-spawn'
import { endGroup, NOT_STARTED, type ProgramStarted, type ProgramToKeep } from './program.ts'

/**
 * The keeper of one MCP server: starts the program with our own standard input and output, and ends it, with all that it started, when
 * the core asks for it or is gone, however it went. A program whose input is closed should end by itself; not every one does.
 */

/** Time between asking a program to end and ending it. */
const PATIENCE_MS = 1_000

process.once('message', (program: ProgramToKeep) => keep(program))
// Before there was a word of what to start.
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches every process of a terminal; the core closes in order and then ends this one.
process.on('SIGINT', () => undefined)

function keep({ command, arguments: words, environment, folder }: ProgramToKeep): void {
  process.removeAllListeners('disconnect')
  const child = spawn(command, [...words], {
    stdio: 'inherit',
    env: environment,
    cwd: folder,
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const { pid } = child
  child.once('error', () => process.exit(NOT_STARTED))
  if (pid === undefined) return
  process.send?.({ pid } satisfies ProgramStarted, () => undefined)
  child.once('exit', (code) => {
    // What it started and left behind.
    endGroup(pid, 'SIGKILL')
    process.exit(code ?? 1)
  })
  process.once('disconnect', () => {
    endGroup(pid, 'SIGTERM')
    setTimeout(() => endGroup(pid, 'SIGKILL'), PATIENCE_MS)
  })
}
