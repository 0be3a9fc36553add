import { fileURLToPath } from 'node:url'
import { BrowserWindow, nativeTheme, type Screen } from 'electron'
import { PAGE_ORIGIN } from './page-address.ts'
import { readPlace, rememberPlace } from './window-place.ts'

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))
const USUAL_SIZE = { width: 1_120, height: 780 }

/** Opens the one window. Its page has no Node, no access to ours, and no way out. */
export function openMainWindow(placeFile: string, screen: Screen): BrowserWindow {
  const place = readPlace(placeFile, screen)
  const window = new BrowserWindow({
    ...USUAL_SIZE,
    ...place?.bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: 'Learning Voice Agent',
    backgroundColor: place?.background ?? (nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff'),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (place?.maximized) window.maximize()
  rememberPlace(window, placeFile)
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void window.loadURL(`${PAGE_ORIGIN}/`)
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${PAGE_ORIGIN}/`)
  return window
}
