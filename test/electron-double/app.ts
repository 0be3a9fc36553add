import { EventEmitter } from 'node:events'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from './launch.ts'
import { profile, removeProfile } from './profile.ts'

/** Begins the names of files in which a second process leaves its command line. */
const SECOND = 'electron-double.second-'

type Stoppable = { preventDefault(): void; readonly defaultPrevented: boolean }

/** The parts of `electron.app` that this product uses. */
export class App extends EventEmitter {
  readonly isPackaged = false
  name: string
  /** Run when the process ends, however it ends. */
  readonly atExit: (() => void)[] = []
  /** Closes every window; false when one of them refuses. Set by the windows. */
  closeWindows: () => boolean = () => true
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => {
      launch().line.switches[name] = value
    },
    hasSwitch: (name: string) => name in launch().line.switches,
    getSwitchValue: (name: string) => launch().line.switches[name] ?? '',
  }
  /** Schemes that the system would hand to this program. */
  readonly protocolClients: { scheme: string; program: string; parameters: string[] }[] = []
  readonly #paths: Record<string, string>
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #quitting = false

  constructor() {
    super()
    const { manifest } = launch()
    this.name = manifest.productName ?? manifest.name ?? 'Electron'
    const appData = join(profile, 'config')
    this.#paths = {
      home: homedir(),
      temp: tmpdir(),
      appData,
      userData: launch().line.switches['user-data-dir'] ?? join(appData, this.name),
    }
    process.on('exit', () => {
      for (const step of this.atExit.splice(0)) step()
      removeProfile()
    })
    // Chromium's signal handlers ask the app to quit.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.quit())
  }

  /** Called by boot.ts once the browser runs. */
  becomeReady(): void {
    this.#isReady = true
    this.emit('ready', {}, {})
    this.#ready.resolve()
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  isReady(): boolean {
    return this.#isReady
  }

  getVersion(): string {
    return launch().manifest.version ?? '0.0.0'
  }

  getName(): string {
    return this.name
  }

  getAppPath(): string {
    return launch().appPath
  }

  getLocale(): string {
    return 'en-US'
  }

  getPath(name: string): string {
    const path = this.#paths[name]
    if (!path) throw new Error(`the Electron double does not imitate app.getPath('${name}')`)
    return path
  }

  setPath(name: string, path: string): void {
    this.#paths[name] = path
  }

  setAsDefaultProtocolClient(scheme: string, program = process.execPath, parameters: string[] = []): boolean {
    this.protocolClients.push({ scheme, program, parameters })
    return true
  }

  /** One process for each userData folder; the second leaves its command line to the first. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'electron-double.lock')
    try {
      const descriptor = openSync(file, 'wx')
      writeSync(descriptor, String(process.pid))
      closeSync(descriptor)
    } catch {
      if (isRunning(Number(readFileSync(file, 'utf8')))) {
        this.#leaveToFirst(folder)
        return false
      }
      rmSync(file, { force: true })
      return this.requestSingleInstanceLock()
    }
    this.atExit.push(() => rmSync(file, { force: true }))
    this.#hearSecond(folder)
    return true
  }

  #leaveToFirst(folder: string): void {
    const left = join(folder, `${SECOND}${process.pid}`)
    writeFileSync(`${left}.part`, JSON.stringify(process.argv))
    renameSync(`${left}.part`, left)
  }

  #hearSecond(folder: string): void {
    const watcher = watch(folder, () => {
      for (const name of readdirSync(folder)) {
        if (!name.startsWith(SECOND) || name.endsWith('.part')) continue
        const argv = JSON.parse(readFileSync(join(folder, name), 'utf8'))
        rmSync(join(folder, name))
        this.emit('second-instance', {}, argv, process.cwd())
      }
    })
    this.atExit.push(() => watcher.close())
  }

  quit(): void {
    if (this.#quitting || !this.#goesOn('before-quit')) return
    this.#quitting = true
    if (!this.closeWindows() || !this.#goesOn('will-quit')) {
      this.#quitting = false
      return
    }
    this.exit(0)
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    process.exit(code)
  }

  #goesOn(event: string): boolean {
    let stopped = false
    const given: Stoppable = {
      preventDefault: () => {
        stopped = true
      },
      get defaultPrevented() {
        return stopped
      },
    }
    this.emit(event, given)
    return !stopped
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
