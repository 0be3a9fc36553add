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
