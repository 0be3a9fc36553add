import { Menu, type NativeImage, nativeImage, nativeTheme, Tray } from 'electron'
import type { TrayView } from '../desk/desk.ts'
import { drawTrayIcon, type TrayTone } from '../desk/tray-icon.ts'
import type { TrayState } from '../desk/tray-state.ts'
import { trayTone } from '../desk/tray-tone.ts'

/** Pixels of an icon, by how many of them a point has. */
const SIZES = [
  [1, 16],
  [1.5, 24],
  [2, 32],
] as const

/** The icon in the system's bar. @param onOpen it was clicked, where a click is not for its menu */
export function openTray(onOpen: () => void): { show(view: TrayView): void } {
  let tray: Tray | undefined
  let last: TrayView | undefined
  const show = (view: TrayView) => {
    last = view
    const image = imageOf(view.state, toneNow())
    if (!tray) {
      tray = new Tray(image)
      if (process.platform !== 'darwin') tray.on('click', onOpen)
    } else tray.setImage(image)
    tray.setToolTip(view.about)
    tray.setContextMenu(Menu.buildFromTemplate(view.menu))
  }
  nativeTheme.on('updated', () => last && show(last))
  return { show }
}

function toneNow(): TrayTone {
  const { shouldUseDarkColors, shouldUseDarkColorsForSystemIntegratedUI } = nativeTheme
  const isDark = process.platform === 'win32' ? shouldUseDarkColorsForSystemIntegratedUI : shouldUseDarkColors
  return trayTone(process.platform, process.env.XDG_CURRENT_DESKTOP ?? '', isDark)
}

function imageOf(state: TrayState, tone: TrayTone): NativeImage {
  const image = nativeImage.createEmpty()
  for (const [scaleFactor, size] of SIZES) {
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: drawTrayIcon(state, tone, size) })
  }
  image.setTemplateImage(tone === 'template')
  return image
}
