import type { CommandLine } from 'electron'

/**
 * Whether Chromium captures the screen by Wayland's portal (webrtc: `DesktopCapturer::IsRunningUnderWayland`). There the system asks the learner each time
 * that sources are listed, and tells no titles of windows.
 */
export function asksByPortal(platform: NodeJS.Platform, environment: Record<string, string | undefined>): boolean {
  return (
    platform === 'linux' &&
    (environment.XDG_SESSION_TYPE ?? '').startsWith('wayland') &&
    Boolean(environment.WAYLAND_DISPLAY)
  )
}

/**
 * Has keys that work in every program asked of the system's portal: without it Wayland gives them only while one of our windows is in front
 * (https://www.electronjs.org/docs/latest/api/global-shortcut). Must run before the app is ready. Other features that were switched on stay so.
 */
export function letKeysComeByPortal(line: Pick<CommandLine, 'getSwitchValue' | 'appendSwitch'>): void {
  const before = line.getSwitchValue('enable-features')
  line.appendSwitch('enable-features', [before, 'GlobalShortcutsPortal'].filter(Boolean).join(','))
}
