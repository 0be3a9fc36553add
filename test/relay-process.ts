import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { requestsTo, type TestRelay } from './relay-devices.ts'

const MAIN = fileURLToPath(new URL('../cloud/relay/main.ts', import.meta.url))

/** A relay in a process of its own, as `npm run relay` starts it. */
export interface RelayProcess extends TestRelay {
  readonly process: ChildProcess
  /** What it has logged. */
  logged(): string
  /** With -9; resolves once it is gone. */
  kill(): Promise<void>
}

/** @param environment beside the folder and a free port, such as `LOG_LEVEL` */
export async function startRelayProcess(
  folder: string,
  environment: Record<string, string> = {},
): Promise<RelayProcess> {
  const running = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', RELAY_DATA_DIR: folder, LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  running.stderr.on('data', (text: Buffer) => {
    log += text.toString()
  })
  const ended = new Promise<void>((resolve) => running.once('close', () => resolve()))
  // A test that is stopped leaves no relay behind.
  const endWithUs = () => running.kill('SIGKILL')
  process.once('exit', endWithUs)
  void ended.then(() => process.removeListener('exit', endWithUs))
  const end = async (signal: NodeJS.Signals) => {
    running.kill(signal)
    await ended
  }
  const address = await new Promise<string>((resolve, reject) => {
    let printed = ''
    running.stdout.on('data', (text: Buffer) => {
      printed += text.toString()
      const [, found] = /listens on (\S+)\n/.exec(printed) ?? []
      if (found) resolve(found)
    })
    void ended.then(() => reject(new Error(`the relay ended with ${running.exitCode}: ${log}`)))
  })
  return {
    folder,
    process: running,
    logged: () => log,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    restart: () => Promise.reject(new Error('start another one on its folder')),
    ...requestsTo(address),
  }
}
