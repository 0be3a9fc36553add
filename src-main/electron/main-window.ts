import { type BrowserWindow, nativeTheme, type Screen } from 'electron'
import type { Log } from '../../src-core/kernel/index.ts'
import { openPageWindow } from './page-window.ts'
import { readPlace, rememberPlace } from './window-place.ts'

const USUAL_SIZE = { width: 1_120, height: 780 }

/** Opens the main window, and shows it once there is something to see. */
export function openMainWindow(placeFile: string, screen: Screen, log: Log): BrowserWindow {
  const place = readPlace(placeFile, screen)
  const options = {
    ...USUAL_SIZE,
    ...place?.bounds,
    minWidth: 360,
    minHeight: 480,
    title: 'Learning Voice Agent',
    backgroundColor: place?.background ?? (nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff'),
  }
  const window = openPageWindow('/', options, log)
  if (place?.maximized) window.maximize()
  rememberPlace(window, placeFile)
  window.once('ready-to-show', () => window.show())
  return window
}
