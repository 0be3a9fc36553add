import { EventEmitter } from 'node:events'
import { App } from './app.ts'
import { browserWindowClass } from './browser-window.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { IpcMain } from './ipc-main.ts'
import { launch } from './launch.ts'
import { profile } from './profile.ts'
import { Protocol } from './protocol.ts'
import { safeStorage as storage } from './safe-storage.ts'
import { defaultSession } from './session.ts'
import { strict } from './strict.ts'
import * as system from './system-parts.ts'
import { utilityProcessOf } from './utility-process.ts'
import { webContents as contents } from './web-contents.ts'

/** What `import 'electron'` and `require('electron')` answer under the double. */
const theApp = new App()
const theProtocol = new Protocol()
const theIpc = new IpcMain()
let chromium: Chromium | undefined

export const app = strict('app', theApp)
export const protocol = strict('protocol', theProtocol)
export const ipcMain = strict('ipcMain', theIpc)
export const BrowserWindow = browserWindowClass(theApp, () => {
  if (!chromium) throw new Error('the Electron double has not been started')
  return { chromium, ipcMain: theIpc, protocol: theProtocol }
})
export const webContents = strict('webContents', contents)
export const session = strict('session', { defaultSession })
export const safeStorage = strict('safeStorage', storage)
export const utilityProcess = strict('utilityProcess', utilityProcessOf(theApp))
export const Menu = system.Menu
export const dialog = strict('dialog', system.dialog)
export const shell = strict('shell', system.shell)
export const nativeTheme = strict('nativeTheme', system.nativeTheme)
export const desktopCapturer = strict('desktopCapturer', system.desktopCapturer)
export const Tray = system.Tray
export const nativeImage = strict('nativeImage', system.NativeImage)
export const globalShortcut = strict('globalShortcut', new system.GlobalShortcut())
export const powerMonitor = strict('powerMonitor', new EventEmitter())
export const systemPreferences = strict('systemPreferences', system.systemPreferences)
export const screen = strict('screen', system.screen)

/** Starts the browser and tells the app that it is ready: at once, or, for Playwright, when that is listening (`__playwright_run`). */
export async function startDouble(): Promise<void> {
  chromium = await startChromium(profile)
  const browser = chromium.process
  theApp.atExit.push(() => browser.kill('SIGKILL'))
  browser.once('exit', () => theApp.exit(1))
  process.stderr.write(`DevTools listening on ${chromium.address}\n`)
  const isDriven = 'remote-debugging-port' in launch().line.switches
  if (isDriven) Object.assign(globalThis, { __playwright_run: async () => theApp.becomeReady() })
  else theApp.becomeReady()
}
