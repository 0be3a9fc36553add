import type { BrowserWindow } from 'electron'
import type { DeskWindow } from '../desk/desk.ts'
import { CHANNEL } from './page-lines.ts'

/** A window as the desk knows it. @param beforeShown done each time before it is shown */
export function deskWindow(window: BrowserWindow, beforeShown?: () => void): DeskWindow {
  const { webContents } = window
  return {
    page: webContents.id,
    get isShown() {
      return window.isVisible() && !window.isMinimized()
    },
    get isInFront() {
      return window.isVisible() && window.isFocused()
    },
    show() {
      if (window.isMinimized()) window.restore()
      if (!window.isVisible()) beforeShown?.()
      window.show()
      window.focus()
    },
    hide: () => window.hide(),
    tell(message) {
      if (!webContents.isDestroyed()) webContents.send(CHANNEL, message)
    },
  }
}
