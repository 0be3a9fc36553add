import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ChildHandle } from '../src-core/models/index.ts'

/** Starts one of our own entry files as a process that holds a line to us. */
export type ForkEntry = (
  entry: EntryName,
  parameters: readonly string[],
  environment: Record<string, string>,
) => ChildHandle

export type EntryName = 'core' | 'models' | 'documents' | 'mcp'

/** The variable that bounds the memory of a child's JavaScript, in MB. */
export function heapLimit(heapMb: number): Record<string, string> {
  return { NODE_OPTIONS: `--max-old-space-size=${heapMb}` }
}

/** Where an entry file stands: beside this one when built, under its folder when run from source. */
export function entryFile(name: EntryName): string {
  const fromSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(fromSource ? `./${name}/entry.ts` : `./${name}.js`, import.meta.url))
}

/** Runs entries as Node child processes, for hosts without Electron. */
export const forkNode: ForkEntry = (name, parameters, environment) => {
  const child = fork(entryFile(name), parameters, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  })
  return nodeChildHandle(child)
}

export function nodeChildHandle(child: ChildProcess): ChildHandle {
  return {
    pid: child.pid,
    send(message) {
      // A child that has just died makes `send` fail; its exit is reported on its own.
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false
      const once = (code: number | null) => {
        if (told) return
        told = true
        listener(code)
      }
      child.once('exit', once)
      // A process that could not be started reports an error and never an exit.
      child.once('error', () => once(null))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
