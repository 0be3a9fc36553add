import { type BrowserWindow, nativeTheme, type Screen } from 'electron'
import { openPageWindow } from './page-window.ts'
import { readPlace, rememberPlace } from './window-place.ts'

const USUAL_SIZE = { width: 1_120, height: 780 }

/** Opens the main window, and shows it once there is something to see. */
export function openMainWindow(placeFile: string, screen: Screen): BrowserWindow {
  const place = readPlace(placeFile, screen)
  const window = openPageWindow('/', {
    ...USUAL_SIZE,
    ...place?.bounds,
    minWidth: 360,
    minHeight: 480,
    title: 'Learning Voice Agent',
    backgroundColor: place?.background ?? (nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff'),
  })
  if (place?.maximized) window.maximize()
  rememberPlace(window, placeFile)
  window.once('ready-to-show', () => window.show())
  return window
}
