import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  desktopCapturer,
  dialog,
  globalShortcut,
  powerMonitor,
  protocol,
  screen,
  session,
  systemPreferences,
} from 'electron'
import { createLog, type Log, type LvaError, systemClock, toLvaError } from '../src-core/kernel/index.ts'
import { WINDOW_GOES } from '../src-core/store/index.ts'
import { CoreHost } from './core-host.ts'
import { choicesFile } from './desk/choices.ts'
import { Desk } from './desk/desk.ts'
import { Screens } from './desk/screens.ts'
import { isScreenDenied, mayHear, privacyAddress } from './desk/system-access.ts'
import { showsTrayIcons } from './desk/tray-host.ts'
import { asksByPortal, letKeysComeByPortal } from './desk/wayland.ts'
import { languageOf } from './desk/words.ts'
import { setAppMenu } from './electron/app-menu.ts'
import { deskWindow } from './electron/desk-window.ts'
import { forkUtility } from './electron/fork-utility.ts'
import { guardDevices, guardPages } from './electron/guard.ts'
import { openMainWindow } from './electron/main-window.ts'
import { openOutside } from './electron/open-outside.ts'
import { isLink, PAGE_SCHEME } from './electron/page-address.ts'
import { relayPages } from './electron/page-lines.ts'
import { registerPageScheme, servePage } from './electron/page-protocol.ts'
import { openQuickWindow, placeQuickWindow } from './electron/quick-window.ts'
import { openSafeStorageBox } from './electron/safe-storage-box.ts'
import { answerScreenRequests } from './electron/screen-requests.ts'
import { openTray } from './electron/tray.ts'
import { windowTitles } from './electron/window-titles.ts'
import { EXIT } from './exit-codes.ts'
import { childEnvironment, readSurroundings, type Surroundings } from './folders.ts'
import { builtPageFolder } from './page-files.ts'
import { createSealedFileStore } from './secrets/sealed-file-store.ts'
import { createSessionStore } from './secrets/secret-store.ts'

/** Electron's main process: windows, tray, keys, permissions and the system's keychain. It holds no data; the core process does. */

registerPageScheme()
if (asksByPortal(process.platform, process.env)) letKeysComeByPortal(app.commandLine)
/** Links that came before there was a window to show them. */
const early: string[] = process.argv.filter(isLink)
let desk: Desk | undefined
const follow = (link: string) => {
  if (desk) desk.openLink(link)
  else early.push(link)
}
app.on('open-url', (event, link) => {
  event.preventDefault()
  follow(link)
})

let surroundings: Surroundings | undefined
try {
  surroundings = readSurroundings(process.env)
  const profile = join(surroundings.dataDir, 'window')
  // Everything else was deleted while the window was open.
  if (existsSync(join(profile, WINDOW_GOES))) rmSync(profile, { recursive: true, force: true })
  mkdirSync(profile, { recursive: true })
  // Beside the data, so that each data folder has its own window and its own "already open".
  app.setPath('userData', profile)
} catch (error) {
  failBeforeStart(toLvaError(error))
}
if (surroundings) {
  if (app.requestSingleInstanceLock()) run(surroundings)
  else app.exit(0)
}

function run(here: Surroundings): void {
  const log = createLog(here.config.log.level, 'main')
  guardPages(app, follow, log)
  let closed = false
  const core = new CoreHost({
    fork: forkUtility,
    kind: 'electron',
    environment: childEnvironment(here),
    openSecrets: async () => {
      const box = openSafeStorageBox()
      return box
        ? createSealedFileStore(join(here.dataDir, 'secrets.safe-storage'), box, systemClock)
        : createSessionStore()
    },
    clock: systemClock,
    log,
    onState: (state) => {
      desk?.coreIs(state.state)
      if (state.state !== 'failed') return
      showError(state.error)
      app.exit(EXIT.shown)
    },
  })

  app.on('second-instance', (_event, argv) => {
    const link = argv.find(isLink)
    if (link === undefined) desk?.show()
    else follow(link)
  })
  app.on('activate', () => desk?.show())
  app.on('before-quit', (event) => {
    desk?.end()
    if (closed) return
    event.preventDefault()
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    void core.close().finally(() => {
      closed = true
      app.quit()
    })
  })

  const begin = async () => {
    await app.whenReady()
    servePage(protocol, builtPageFolder)
    guardDevices(session.defaultSession, () => mayHear(process.platform, systemPreferences))
    setAppMenu(process.platform, !app.isPackaged)
    registerLinks()
    const made = await openDesk(here, log)
    const isPortal = asksByPortal(process.platform, process.env)
    const screens = new Screens({
      capturer: desktopCapturer,
      displays: () => screen.getAllDisplays(),
      listsScreens: !isPortal,
      isDenied: () => isScreenDenied(process.platform, systemPreferences),
      clock: systemClock,
    })
    answerScreenRequests(session.defaultSession, screens)
    relayPages(core, log, {
      titles: async () => (isPortal ? null : windowTitles(desktopCapturer)),
      screens: () => screens.list(),
      hear(page, message) {
        if (message.type === 'choose-screen') screens.choose(message.id)
        else if (message.type === 'privacy') {
          const address = privacyAddress(process.platform, message.what)
          if (address) openOutside(address, log)
        } else made.hear(page, message)
      },
      gone: (page) => made.gone(page),
    })
    powerMonitor.on('suspend', () => made.power('sleep'))
    powerMonitor.on('resume', () => made.power('wake'))
    // `onState` shows a core that cannot run.
    core.start().catch((error) => log.error({ error }, 'the core cannot run'))
    made.start()
    desk = made
    for (const link of early.splice(0)) made.openLink(link)
  }
  begin().catch((error) => failBeforeStart(toLvaError(error)))
}

async function openDesk(here: Surroundings, log: Log): Promise<Desk> {
  const hasTray = await showsTrayIcons(process.platform)
  const isPortal = asksByPortal(process.platform, process.env)
  const placeFile = join(here.dataDir, 'window', 'place.json')
  let main: BrowserWindow | undefined
  let quick: BrowserWindow | undefined
  const openMain = () => {
    if (main && !main.isDestroyed()) return main
    main = openMainWindow(placeFile, screen, log)
    main.on('close', (event) => {
      if (!made.mayClose()) event.preventDefault()
    })
    return main
  }
  const asDesk = (window: BrowserWindow) =>
    window === quick ? deskWindow(window, () => placeQuickWindow(window, screen)) : deskWindow(window)
  const openQuick = () => {
    if (quick && !quick.isDestroyed()) return quick
    const window = openQuickWindow(log)
    quick = window
    window.on('close', (event) => {
      if (made.isEnding) return
      event.preventDefault()
      made.hideQuick()
    })
    return window
  }
  const made: Desk = new Desk({
    choices: choicesFile(join(here.dataDir, 'window', 'desk.json'), log),
    keys: globalShortcut,
    main: () => asDesk(openMain()),
    quick: () => asDesk(openQuick()),
    windows: () => [main, quick].flatMap((window) => (window && !window.isDestroyed() ? [asDesk(window)] : [])),
    tray: hasTray ? openTray(() => made.show()) : null,
    system: {
      tellsWindows: !isPortal,
      listsScreens: !isPortal,
      opensPrivacy: {
        microphone: privacyAddress(process.platform, 'microphone') !== undefined,
        screen: privacyAddress(process.platform, 'screen') !== undefined,
      },
    },
    language: languageOf(app.getLocale()),
    async choose({ message, detail, yes, no }) {
      const { response } = await dialog.showMessageBox(openMain(), {
        type: 'question',
        message,
        detail,
        buttons: [yes, no],
        defaultId: 0,
        cancelId: 0,
      })
      return response === 0
    },
    quit: () => app.quit(),
    clock: systemClock,
  })
  return made
}

/** Links of ours lead to this program. From a checkout the system is told how it is started. */
function registerLinks(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(PAGE_SCHEME)
  else app.setAsDefaultProtocolClient(PAGE_SCHEME, process.execPath, [app.getAppPath()])
}

function failBeforeStart(error: LvaError): void {
  showError(error)
  app.exit(EXIT.shown)
}

function showError(error: LvaError): void {
  dialog.showErrorBox('Learning Voice Agent', `${error.message}\n\n${error.advice}`)
}
