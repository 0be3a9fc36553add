import { expect, type Page, test } from '@playwright/test'
import { temporaryFolder } from './app.ts'
import { type DesktopApp, type Double, openDesktop } from './desktop-app.ts'
import { beSilent, openLibrary, openSettings } from './learner.ts'
import { looksRight } from './looks.ts'
import { words } from './words.ts'

/**
 * What the study timeline leaves out, in the built program: private windows and programs of the learner's own list, as the system tells their titles, and
 * everything while it does not tell. Which windows are open is a value of the double (`test/electron-double/README.md`).
 */
test.describe.configure({ mode: 'serial' })
test.skip(process.env.ELECTRON_PATH !== undefined, 'nobody can open the windows of a real desktop')

const PRIVATE = 'Private Browsing'
const folder = temporaryFolder()
let desktop: DesktopApp
let page: Page

test.beforeAll(async () => {
  desktop = await openDesktop(folder.path, { LVA_LANGUAGE_PROVIDER: 'offline', LVA_SCREEN_EVERY_SECONDS: '1' })
  page = desktop.page
  await page.getByRole('button', { name: words('welcome.start') }).click({ timeout: 110_000 })
  await beSilent(page)
})
test.afterAll(async () => {
  await desktop?.close()
  folder.remove()
})

/** Opens these windows beside those that are always there, and closes others; null: the system tells nothing from now on. */
const open = (titles: string[] | null) =>
  desktop.app.evaluate((electron, opened) => {
    ;(electron as unknown as Double).desktopCapturer.opened = opened
  }, titles)
const asked = () => desktop.app.evaluate((electron) => (electron as unknown as Double).desktopCapturer.asked)
const light = () => page.getByRole('region', { name: words('timelinePlace.title') })
const tiles = () => page.getByRole('button', { name: /^\d.*Picture with the text/ })
const leftOut = (name: string) => light().getByText(words('timelinePlace.leftOut', { name }))

async function start(): Promise<void> {
  await openLibrary(page, 'timeline')
  await page
    .getByRole('button', { name: words('timelinePlace.start') })
    .first()
    .click()
  const explained = page.getByRole('dialog', { name: words('firstUse.screen.title') })
  const picker = page.getByRole('dialog', { name: words('desk.picker.title') })
  await expect(explained.or(picker)).toBeVisible()
  if (await explained.isVisible()) await explained.getByRole('button', { name: words('firstUse.goOn') }).click()
  await picker.getByRole('button', { name: /^Lecture: glycolysis/ }).click()
  await expect(light()).toBeVisible()
}
const stop = () =>
  light()
    .getByRole('button', { name: words('timelinePlace.stop') })
    .click()

/** Resolves once the page has looked at the screen that many times more. */
async function looked(times: number): Promise<void> {
  const before = await asked()
  await expect.poll(asked).toBeGreaterThanOrEqual(before + times)
}

test('while a private window is open no picture is taken, which is said; once it is closed, one is', async () => {
  test.slow()
  await open([`My bank — Mozilla Firefox ${PRIVATE}`])
  await start()
  await expect(leftOut(PRIVATE)).toBeVisible()
  await looked(3)
  await expect(tiles()).toHaveCount(0)
  await looksRight(page, 'timeline-left-out')
  await open([])
  await expect(tiles()).toHaveCount(1, { timeout: 60_000 })
  await expect(light()).toContainText(words('timelinePlace.kept_one', { count: 1 }))
  await stop()
})

test('so it is with what the learner puts on the list', async () => {
  await openSettings(page, 'settings.screen.title')
  const list = page.getByRole('textbox', { name: words('settings.screen.excluded') })
  await expect(list).toHaveValue(new RegExp(PRIVATE))
  await list.fill(`${await list.inputValue()}\nSalaries`)
  await list.blur()
  await open(['salaries 2026.xlsx - Calc'])
  await start()
  await expect(leftOut('Salaries')).toBeVisible()
  await looked(3)
  await expect(tiles()).toHaveCount(1)
  await stop()
})

test('where the system does not tell what is open, nothing is kept, and it ends and says why', async () => {
  await open([])
  await openLibrary(page, 'timeline')
  await page
    .getByRole('button', { name: words('timelinePlace.start') })
    .first()
    .click()
  const picker = page.getByRole('dialog', { name: words('desk.picker.title') })
  await picker.getByRole('button', { name: /^Screen 2/ }).click({ trial: true })
  await open(null)
  await picker.getByRole('button', { name: /^Screen 2/ }).click()
  await expect(page.getByText(words('errors.windows-untold.what'), { exact: true })).toBeVisible()
  await expect(light()).toHaveCount(0)
  await expect(tiles()).toHaveCount(1)
})
