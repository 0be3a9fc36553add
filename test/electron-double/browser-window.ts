import { EventEmitter } from 'node:events'
import type { App } from './app.ts'
import { strict } from './strict.ts'
import { openContents, type WebContents, type WebPreferences, type World } from './web-contents.ts'

interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowOptions extends Partial<Bounds> {
  show?: boolean
  title?: string
  backgroundColor?: string
  minWidth?: number
  minHeight?: number
  autoHideMenuBar?: boolean
  alwaysOnTop?: boolean
  webPreferences?: WebPreferences
}

/** What an app without these would expose; the double shows a page only to one that has them. */
const DEMANDED: WebPreferences = { sandbox: true, contextIsolation: true, nodeIntegration: false }

/** Makes `electron.BrowserWindow` for one app. `world` is asked for when the first window opens. */
export function browserWindowClass(app: App, world: () => World) {
  let open: BrowserWindow[] = []
  /** Number of the page whose window has the keyboard. */
  let focused: number | undefined

  class BrowserWindow extends EventEmitter {
    readonly options: WindowOptions
    readonly webContents: WebContents
    readonly #bounds: Bounds
    #visible: boolean
    #maximized = false
    #destroyed = false

    constructor(options: WindowOptions = {}) {
      super()
      if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
      const preferences = options.webPreferences ?? {}
      for (const [name, value] of Object.entries(DEMANDED)) {
        if (preferences[name as keyof WebPreferences] !== value)
          throw new Error(`the Electron double wants webPreferences.${name} to be ${value}`)
      }
      this.options = options
      const { x = 0, y = 0, width = 800, height = 600 } = options
      this.#bounds = { x, y, width, height }
      this.#visible = options.show !== false
      this.webContents = openContents(world(), { width, height }, preferences)
      this.webContents.once('ready-to-show', () => this.emit('ready-to-show'))
      const self = strict('BrowserWindow', this)
      open.push(self)
      app.emit('web-contents-created', {}, this.webContents)
      // biome-ignore lint/correctness/noConstructorReturn: the app is to get the strict one
      return self
    }

    static getAllWindows(): BrowserWindow[] {
      return [...open]
    }

    static fromWebContents(contents: WebContents): BrowserWindow | null {
      return open.find((window) => window.webContents.id === contents.id) ?? null
    }

    loadURL(address: string): Promise<void> {
      return this.webContents.loadURL(address)
    }

    show(): void {
      this.#visible = true
      focused = this.webContents.id
    }

    hide(): void {
      this.#visible = false
      if (focused === this.webContents.id) focused = undefined
    }

    focus(): void {
      focused = this.webContents.id
      this.emit('focus')
    }

    isFocused(): boolean {
      return focused === this.webContents.id
    }

    setPosition(x: number, y: number): void {
      Object.assign(this.#bounds, { x, y })
    }

    isVisible(): boolean {
      return this.#visible
    }

    isMinimized(): boolean {
      return false
    }

    maximize(): void {
      this.#maximized = true
    }

    isMaximized(): boolean {
      return this.#maximized
    }

    getNormalBounds(): Bounds {
      return { ...this.#bounds }
    }

    setBackgroundColor(color: string): void {
      this.options.backgroundColor = color
    }

    isDestroyed(): boolean {
      return this.#destroyed
    }

    close(): void {
      if (this.#destroyed) return
      let stopped = false
      this.emit('close', {
        preventDefault: () => {
          stopped = true
        },
      })
      if (stopped) return
      this.#destroyed = true
      open = open.filter((window) => window.webContents.id !== this.webContents.id)
      this.webContents.destroy()
      this.emit('closed')
      if (open.length > 0) return
      if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
      else app.quit()
    }
  }

  app.closeWindows = () => {
    for (const window of [...open]) window.close()
    return open.length === 0
  }
  return BrowserWindow
}
