import type { App, Session, WebContents } from 'electron'
import type { Log } from '../../src-core/kernel/index.ts'
import { openOutside } from './open-outside.ts'
import { isLink, isOurPage } from './page-address.ts'

/**
 * Keeps every page where it is: no navigation, no windows, no frames of others. Links to the web open in the browser.
 * @param onLink a link to something of ours (docs/desktop.md §2) was pressed
 */
export function guardPages(app: App, onLink: (link: string) => void, log: Log): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, onLink, log))
}

function guardPage(contents: WebContents, onLink: (link: string) => void, log: Log): void {
  const lead = (address: string) => {
    if (isLink(address)) onLink(address)
    else if (isWebAddress(address)) openOutside(address, log)
  }
  contents.setWindowOpenHandler(({ url }) => {
    lead(url)
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => {
    if (isOurPage(event.url)) return
    event.preventDefault()
    lead(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Only the web, only encrypted: other schemes can start programs. */
function isWebAddress(address: string): boolean {
  return URL.parse(address)?.protocol === 'https:'
}

/**
 * What our page may have beside microphone and camera: putting an answer on the clipboard when the learner clicks "copy", and asking for
 * the screen, which `answerScreenRequests` answers.
 */
const ALLOWED = ['clipboard-sanitized-write', 'display-capture']

/**
 * Grants our page the microphone, the camera (for the code of a new device), one at a time, and what it is allowed besides, and nothing else
 * to anybody.
 * @param mayHear whether the system lets us have the microphone; it may ask the learner
 */
export function guardDevices(session: Session, mayHear: () => Promise<boolean>): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? details.mediaTypes : undefined
    const isOneDevice = permission === 'media' && media?.length === 1
    if (!isOurPage(details.requestingUrl)) answer(false)
    else if (isOneDevice && media[0] === 'audio') mayHear().then(answer, () => answer(false))
    else answer(isOneDevice || ALLOWED.includes(permission))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const isKnownDevice = permission === 'media' && (details.mediaType === 'audio' || details.mediaType === 'video')
    return isOurPage(`${origin.replace(/\/$/, '')}/`) && (isKnownDevice || ALLOWED.includes(permission))
  })
  session.setDevicePermissionHandler(() => false)
}
