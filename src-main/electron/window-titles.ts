import type { DesktopCapturer } from 'electron'

/** So many are told, of so many characters. */
const MOST = 200
const LONGEST = 500

/** Titles of the windows that are open. @throws what the system throws */
export async function windowTitles(capturer: Pick<DesktopCapturer, 'getSources'>): Promise<string[]> {
  const sources = await capturer.getSources({ types: ['window'], thumbnailSize: { width: 0, height: 0 } })
  return sources.slice(0, MOST).map(({ name }) => name.slice(0, LONGEST))
}
