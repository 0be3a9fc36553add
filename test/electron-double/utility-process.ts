import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { App } from './app.ts'

interface ForkOptions {
  serviceName?: string
  stdio?: 'inherit'
  env?: NodeJS.ProcessEnv
}

const boot = fileURLToPath(new URL('./utility-boot.ts', import.meta.url))

class UtilityProcess extends EventEmitter {
  pid: number | undefined
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    super()
    this.#child = child
    // Electron tells the number only once the process has come up.
    child.once('spawn', () => {
      this.pid = child.pid
      this.emit('spawn')
    })
    child.on('message', (message) => this.emit('message', message))
    child.once('exit', (code) => {
      this.pid = undefined
      this.emit('exit', code ?? 1)
    })
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined)
  }

  kill(): boolean {
    return this.#child.kill()
  }
}

/** `electron.utilityProcess` over Node's child processes. Like the real ones they do not outlive the app. */
export function utilityProcessOf(app: App) {
  return {
    fork(entry: string, parameters: string[] = [], options: ForkOptions = {}): UtilityProcess {
      const child = fork(entry, parameters, {
        execArgv: ['--import', boot],
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: options.env ?? process.env,
      })
      app.atExit.push(() => child.kill('SIGKILL'))
      return new UtilityProcess(child)
    },
  }
}
