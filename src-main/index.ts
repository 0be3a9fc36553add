import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, desktopCapturer, dialog, protocol, screen, session } from 'electron'
import { createLog, type LvaError, systemClock, toLvaError } from '../src-core/kernel/index.ts'
import { WINDOW_GOES } from '../src-core/store/index.ts'
import { CoreHost } from './core-host.ts'
import { setAppMenu } from './electron/app-menu.ts'
import { forkUtility } from './electron/fork-utility.ts'
import { guardDevices, guardPages } from './electron/guard.ts'
import { openMainWindow } from './electron/main-window.ts'
import { relayPages } from './electron/page-lines.ts'
import { registerPageScheme, servePage } from './electron/page-protocol.ts'
import { openSafeStorageBox } from './electron/safe-storage-box.ts'
import { offerScreen } from './electron/screen-stills.ts'
import { windowTitles } from './electron/window-titles.ts'
import { EXIT } from './exit-codes.ts'
import { childEnvironment, readSurroundings, type Surroundings } from './folders.ts'
import { builtPageFolder } from './page-files.ts'
import { createSealedFileStore } from './secrets/sealed-file-store.ts'
import { createSessionStore } from './secrets/secret-store.ts'

/** Electron's main process: the window, its permissions and the system's keychain. It holds no data; the core process does. */

registerPageScheme()
guardPages(app)

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
      if (state.state !== 'failed') return
      showError(state.error)
      app.exit(EXIT.shown)
    },
  })
  const placeFile = join(here.dataDir, 'window', 'place.json')

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openMainWindow(placeFile, screen)
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    void core.close().finally(() => {
      closed = true
      app.quit()
    })
  })

  void app.whenReady().then(() => {
    servePage(protocol, builtPageFolder)
    guardDevices(session.defaultSession)
    offerScreen(session.defaultSession, desktopCapturer)
    setAppMenu(process.platform, !app.isPackaged)
    relayPages(core, log, () => windowTitles(desktopCapturer))
    // `onState` shows a core that cannot run.
    core.start().catch((error) => log.error({ error }, 'the core cannot run'))
    openMainWindow(placeFile, screen)
  })
}

function failBeforeStart(error: LvaError): void {
  showError(error)
  app.exit(EXIT.shown)
}

function showError(error: LvaError): void {
  dialog.showErrorBox('Learning Voice Agent', `${error.message}\n\n${error.advice}`)
}
