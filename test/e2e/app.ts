import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts'
import { testEnvironment } from '../hosts/served-app.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const START_MS = 90_000
const STOP_MS = 20_000

/** Without a display the app opens in a browser, and without a message bus it finds no keyring of whoever runs the tests. */
const NO_DESKTOP = { DISPLAY: '', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }

/** The app as `npm start` runs it on a machine without Electron. */
export interface RunningApp {
  /** The process that the terminal started; core and models are below it. */
  pid: number
  /** The address that the terminal printed. */
  address: string
  /** Everything it printed, both streams. */
  printed(): string
  /** Ctrl-C; resolves with the exit code once the process has gone. */
  stop(): Promise<number | null>
}

/** Starts the app on a data folder and waits for its address. @throws Error with what it printed when it does not come up */
export async function startApp(dataDir: string, environment: Record<string, string> = {}): Promise<RunningApp> {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: ROOT,
    env: { ...testEnvironment(dataDir), ...NO_DESKTOP, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that ran out of time ends its process without stopping the app.
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  let output = ''
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  void exit.then(() => process.off('exit', end))
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The app did not come up:\n${output}`)), START_MS)
    const read = (data: Buffer) => {
      output += data.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(output)
      if (!found) return
      clearTimeout(timer)
      resolve(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exit.then((code) => reject(new Error(`The app ended with ${code}:\n${output}`)))
  })
  return { pid: child.pid ?? 0, address, printed: () => output, stop: () => stop(child, exit) }
}

async function stop(child: ChildProcess, exit: Promise<number | null>): Promise<number | null> {
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  const code = await exit
  clearTimeout(timer)
  return code
}

/**
 * A browser with a fresh profile. `speech`, a WAV file, is what its microphone hears, once for each recording; without it there is no
 * microphone but the machine's own. `args` are further flags of Chromium. `isFirstUse`: microphone and screen were never explained to this learner.
 */
export async function openBrowser(
  options: { speech?: string; width?: number; height?: number; args?: string[]; isFirstUse?: boolean } = {},
): Promise<BrowserContext> {
  const microphone = options.speech
    ? [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${options.speech}%noloop`,
      ]
    : []
  const browser = await chromium.launchPersistentContext('', {
    executablePath: findChromium(),
    headless: true,
    args: [...CHROMIUM_ARGS, ...microphone, ...(options.args ?? [])],
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
  })
  if (!options.isFirstUse) await explainBefore(browser)
  return browser
}

/** As if microphone and screen had been explained before (`src-renderer/first-use`). */
export function explainBefore(browser: BrowserContext): Promise<unknown> {
  return browser.addInitScript(() => {
    // Pages without an origin have no memory.
    if (location.protocol.startsWith('http'))
      for (const sense of ['microphone', 'screen']) localStorage.setItem(`lva.first-use.${sense}`, 'explained')
  })
}

/** A folder for one test. Playwright also reads test files only to list them, so a folder goes with its process at the latest. */
export function temporaryFolder(): { path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'lva-e2e-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return { path: folder, remove }
}
