import { type App, type Session, shell, type WebContents } from 'electron'
import { isOurPage } from './page-address.ts'

/** Keeps every page where it is: no navigation, no windows, no frames of others. Links to the web open in the browser. */
export function guardPages(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents))
}

function guardPage(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    openInBrowser(url)
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => {
    if (isOurPage(event.url)) return
    event.preventDefault()
    openInBrowser(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Only the web, only encrypted: other schemes can start programs. */
function openInBrowser(address: string): void {
  if (URL.parse(address)?.protocol === 'https:') void shell.openExternal(address)
}

/**
 * What our page may have beside microphone and camera: putting an answer on the clipboard when the learner clicks "copy", and asking for a still of
 * the screen, which `offerScreen` answers.
 */
const ALLOWED = ['clipboard-sanitized-write', 'display-capture']

/** Grants our page the microphone, the camera (for the code of a new device), one at a time, and what it is allowed besides, and nothing else to anybody. */
export function guardDevices(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? details.mediaTypes : undefined
    const isOneDevice = permission === 'media' && media?.length === 1
    answer(isOurPage(details.requestingUrl) && (isOneDevice || ALLOWED.includes(permission)))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const isKnownDevice = permission === 'media' && (details.mediaType === 'audio' || details.mediaType === 'video')
    return isOurPage(`${origin.replace(/\/$/, '')}/`) && (isKnownDevice || ALLOWED.includes(permission))
  })
  session.setDevicePermissionHandler(() => false)
}
