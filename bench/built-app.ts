import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { testEnvironment } from '../test/hosts/served-app.ts'
import { REPOSITORY } from './harness.ts'

const START_MS = 90_000

/** The built app in a browser tab, as `npm run serve` runs it. */
export interface BuiltApp {
  /** Opens the page and sets its cookie. */
  address: string
  close(): Promise<void>
}

export async function startBuiltApp(dataDir: string, environment: Record<string, string>): Promise<BuiltApp> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'out/main/serve.js')], {
    // Without a message bus it finds no keyring of whoever runs this.
    env: { ...testEnvironment(dataDir), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    address: await printedAddress(child),
    close() {
      child.kill('SIGINT')
      return exit
    },
  }
}

/** @throws Error with all that it printed when it ends or is too late */
function printedAddress(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The app did not come up:\n${output}`))
    const timer = setTimeout(fail, START_MS)
    const read = (chunk: Buffer) => {
      output += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(output)?.[0]
      if (!found) return
      clearTimeout(timer)
      resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', fail)
  })
}
