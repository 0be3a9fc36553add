import type { SystemPreferences } from 'electron'

/** What macOS and Windows tell of who may use devices. */
export type AccessPreferences = Pick<SystemPreferences, 'getMediaAccessStatus' | 'askForMediaAccess'>

/** Whether we may hear: on macOS the system asks the learner the first time. Elsewhere the system refuses by itself when the device is opened. */
export async function mayHear(platform: NodeJS.Platform, preferences: AccessPreferences): Promise<boolean> {
  if (platform !== 'darwin') return true
  const status = preferences.getMediaAccessStatus('microphone')
  return status === 'not-determined' ? preferences.askForMediaAccess('microphone') : status === 'granted'
}

/** Whether the system lets us see no screen. While nobody was asked, listing the screens asks. */
export function isScreenDenied(platform: NodeJS.Platform, preferences: AccessPreferences): boolean {
  if (platform !== 'darwin') return false
  return ['denied', 'restricted'].includes(preferences.getMediaAccessStatus('screen'))
}

const ADDRESSES: Partial<Record<NodeJS.Platform, Partial<Record<'microphone' | 'screen', string>>>> = {
  darwin: {
    microphone: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
    screen: 'x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture',
  },
  win32: { microphone: 'ms-settings:privacy-microphone' },
}

/** Address of the system's own settings for it; undefined where there is none. */
export function privacyAddress(platform: NodeJS.Platform, what: 'microphone' | 'screen'): string | undefined {
  return ADDRESSES[platform]?.[what]
}
