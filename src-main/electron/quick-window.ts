import { type BrowserWindow, nativeTheme, type Screen } from 'electron'
import type { Log } from '../../src-core/kernel/index.ts'
import { QUICK_SIZE, quickPlace } from '../desk/quick-place.ts'
import { openPageWindow } from './page-window.ts'

/** The small window for quick capture, above all others. It is made once, and hidden when it is done. */
export function openQuickWindow(log: Log): BrowserWindow {
  const options = {
    ...QUICK_SIZE,
    alwaysOnTop: true,
    skipTaskbar: true,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    title: 'Learning Voice Agent',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff',
  }
  return openPageWindow('/?quick#/quick', options, log)
}

/** Puts it on the screen where the pointer is. */
export function placeQuickWindow(window: BrowserWindow, screen: Screen): void {
  const { x, y } = quickPlace(screen.getDisplayNearestPoint(screen.getCursorScreenPoint()).workArea)
  window.setPosition(x, y)
}
