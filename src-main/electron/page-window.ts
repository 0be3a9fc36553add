import { fileURLToPath } from 'node:url'
import { BrowserWindow, type BrowserWindowConstructorOptions } from 'electron'
import type { Log } from '../../src-core/kernel/index.ts'
import { PAGE_ORIGIN } from './page-address.ts'

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))

/**
 * A window with our page, not shown yet. The page has no Node, no access to ours, and no way out.
 * @param place such as "/#/talk"
 */
export function openPageWindow(place: string, options: BrowserWindowConstructorOptions, log: Log): BrowserWindow {
  const window = new BrowserWindow({
    ...options,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // A recording and the timeline go on while the window is hidden, and a key that works everywhere is no click on the page.
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  })
  const load = () => {
    window
      .loadURL(`${PAGE_ORIGIN}${place}`)
      .catch((error: unknown) => log.warn({ error, place }, 'a page was not loaded, or is loaded anew'))
  }
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') load()
  })
  load()
  return window
}
