import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test'
import { testEnvironment } from '../hosts/served-app.ts'

/**
 * The program's own window, on the double of Electron's program where the real one cannot be had (`test/electron-double/README.md`), on a real
 * one with `ELECTRON_PATH`. Needs `npm run build`.
 */
const ROOT = resolve(import.meta.dirname, '../..')
const PROGRAM = process.env.ELECTRON_PATH ?? join(ROOT, 'test/electron-double/electron')

export interface DesktopApp {
  app: ElectronApplication
  /** The main window's. */
  page: Page
  /** Everything it printed, both streams. */
  printed(): string
  close(): Promise<void>
}

/** @param folder for all that the program keeps @param more variables beside the usual ones @param links on its command line */
export async function openDesktop(
  folder: string,
  more: Record<string, string> = {},
  links: readonly string[] = [],
): Promise<DesktopApp> {
  const app = await _electron.launch({
    executablePath: PROGRAM,
    args: [ROOT, ...links],
    env: { ...environmentOf(folder), ...more },
  })
  let printed = ''
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk) => {
      printed += chunk
    })
  const page = await app.firstWindow()
  // The window begins empty.
  await page.waitForURL((address) => address.href !== 'about:blank')
  return { app, page, printed: () => printed, close: () => app.close() }
}

/** Starts the program once more on the same folder, as the system does for a link. @returns its exit code */
export function startAgain(folder: string, ...links: string[]): Promise<number | null> {
  const second = spawn(PROGRAM, [ROOT, ...links], { env: environmentOf(folder), stdio: 'ignore' })
  return new Promise((done) => second.once('exit', done))
}

/** What the double's parts have beside Electron's. */
export interface Double {
  globalShortcut: { press(keys: string): void }
  desktopCapturer: { opened: string[] | null; asked: number }
  Tray: {
    present: null | {
      toolTip: string
      image: { toPNG(): Buffer }
      menu: { items: { id?: string; label?: string; enabled?: boolean; click?(): void }[] }
      emit(event: string): void
    }
  }
}

/** Presses a key that works everywhere. */
export function pressEverywhere({ app }: DesktopApp, keys: string): Promise<void> {
  return app.evaluate((electron, pressed) => (electron as unknown as Double).globalShortcut.press(pressed), keys)
}

/** Whether a window with this in its address is on the screen. */
export function isShown({ app }: DesktopApp, part: string): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }, wanted) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().includes(wanted))
    return window?.isVisible() ?? false
  }, part)
}

/** Resolves with the small window's page once it is on the screen. */
export async function quickPage(desktop: DesktopApp): Promise<Page> {
  const find = () => desktop.app.windows().find((window) => window.url().includes('quick'))
  await expect.poll(() => isShown(desktop, 'quick')).toBe(true)
  await expect.poll(() => find()?.url()).toBeDefined()
  return find() as Page
}

function environmentOf(folder: string): Record<string, string> {
  const all = {
    ...testEnvironment(join(folder, 'data')),
    LVA_LOG_LEVEL: 'debug',
    LVA_TEST_KEYCHAIN: join(folder, 'keychain'),
    // A bar that shows icons, as `dbus-send` would tell.
    PATH: `${join(ROOT, 'test/e2e/fake-programs')}:${process.env.PATH}`,
  }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}
