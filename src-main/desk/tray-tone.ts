import type { TrayTone } from './tray-icon.ts'

/** For what the icon is drawn: GNOME's bar is dark whatever the theme. @param desktop names in `XDG_CURRENT_DESKTOP` */
export function trayTone(platform: NodeJS.Platform, desktop: string, isDark: boolean): TrayTone {
  if (platform === 'darwin') return 'template'
  if (platform === 'linux' && desktop.split(':').includes('GNOME')) return 'dark'
  return isDark ? 'dark' : 'light'
}
