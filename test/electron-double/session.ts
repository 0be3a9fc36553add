import type { DevTools } from './chromium.ts'
import { strict } from './strict.ts'

type RequestHandler = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string; mediaTypes?: string[] },
) => void
type CheckHandler = (
  contents: unknown,
  permission: string,
  origin: string,
  details: { mediaType?: string; requestingUrl?: string },
) => boolean

type DisplayHandler = (
  request: { frame: { url: string }; audioRequested: boolean; videoRequested: boolean; userGesture: boolean },
  answer: (streams: { video?: { id: string; name: string } } | null) => void,
) => void

/** Chromium's name of a permission, and what Electron asks the app about it. */
const PERMISSIONS: { name: string; permission: string; media?: 'audio' | 'video' }[] = [
  { name: 'microphone', permission: 'media', media: 'audio' },
  { name: 'camera', permission: 'media', media: 'video' },
  { name: 'geolocation', permission: 'geolocation' },
  { name: 'notifications', permission: 'notifications' },
  { name: 'midi', permission: 'midi' },
  { name: 'clipboard-write', permission: 'clipboard-sanitized-write' },
  { name: 'clipboard-read', permission: 'clipboard-read' },
]

/**
 * `electron.session.defaultSession`. Chromium cannot ask the app at the moment of need; the double asks for everything when a page is
 * opened and sets the answers.
 */
export class Session {
  #request: RequestHandler = (_contents, _permission, answer) => answer(true)
  #check: CheckHandler = () => true
  /** Without a handler Electron gives no screen. */
  #display: DisplayHandler = (_request, answer) => answer(null)

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler
  }

  setDisplayMediaRequestHandler(handler: DisplayHandler): void {
    this.#display = handler
  }

  /** What the app gives to a page that asks for the screen; the page paints it (`page-script.ts`). */
  giveScreen(address: string, wants: { audio: boolean }): Promise<{ id: string; name: string } | null> {
    const { promise, resolve } = Promise.withResolvers<{ id: string; name: string } | null>()
    const request = { frame: { url: address }, audioRequested: wants.audio, videoRequested: true, userGesture: true }
    this.#display(request, (streams) => resolve(streams?.video ?? null))
    return promise
  }

  setDevicePermissionHandler(handler: (details: object) => boolean): void {
    if (handler({})) throw new Error('the Electron double imitates no devices')
  }

  /** @param shown where Chromium believes the page to be; `address` is what the app calls it */
  async applyPermissions(tools: DevTools, shown: string, address: string): Promise<void> {
    for (const { name, permission, media } of PERMISSIONS) {
      const details = { requestingUrl: address, ...(media ? { mediaTypes: [media], mediaType: media } : {}) }
      const asked = Promise.withResolvers<boolean>()
      this.#request(null, permission, asked.resolve, details)
      const isGranted =
        (await asked.promise) &&
        this.#check(null, permission, `${new URL(address).protocol}//${new URL(address).host}/`, details)
      await tools.send('Browser.setPermission', {
        permission: { name },
        setting: isGranted ? 'granted' : 'denied',
        origin: new URL(shown).origin,
      })
    }
  }
}

export const defaultSession = strict('session', new Session())
