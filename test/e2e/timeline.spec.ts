import { expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { beWelcomed, goTo, openLibrary } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** The study timeline through the whole app: a tab of a real Chromium is kept while the light is on, covered, found, and forgotten. */
test.describe.configure({ mode: 'serial' })

const SHOWN = 'A lecture on the screen'
const whole = wholeApp()
let page: Page
let shown: Page

test.beforeAll(async () => {
  const environment = {
    LVA_LANGUAGE_PROVIDER: 'offline',
    LVA_SCREEN_EVERY_SECONDS: '1',
  }
  const args = [`--auto-select-tab-capture-source-by-title=${SHOWN}`]
  shown = await whole.open(environment, { width: 1280, height: 800, args })
  await shown.goto(`data:text/html,<title>${SHOWN}</title><body style="margin:60px;font:34px sans-serif"></body>`)
  await show('Mitosis divides the nucleus of a cell.')
  page = await whole.newPage()
  await beWelcomed(page, whole.app.address)
})

const show = (...lines: string[]) =>
  shown.evaluate((lines) => {
    document.body.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })),
    )
  }, lines)
const light = () => page.getByRole('region', { name: words('timelinePlace.title') })
const tiles = () => page.getByRole('button', { name: /^\d.*Picture with the text/ })

test('it is off until it is started, and then a light is on in every place', async () => {
  test.slow()
  await openLibrary(page, 'timeline')
  await expect(page.getByRole('heading', { name: words('timelinePlace.emptyTitle') })).toBeVisible()
  await expect(light()).toHaveCount(0)
  await page.getByRole('button', { name: words('timelinePlace.start') }).click()
  await expect(light()).toContainText(words('timelinePlace.isOn'))
  await expect(tiles()).toHaveCount(1, { timeout: 60_000 })
  await goTo(page, 'talk')
  await expect(light()).toContainText(words('timelinePlace.isOn'))
  expect(await seriousViolations(page)).toEqual([])
})

test('a picture is kept when another one is shown, with its password covered', async () => {
  test.slow()
  await openLibrary(page, 'timeline')
  await show('Meiosis halves the number of chromosomes.', 'Password: Otter$4711xyz')
  await expect(tiles()).toHaveCount(2, { timeout: 60_000 })
  expect(await seriousViolations(page)).toEqual([])
  await tiles().first().click()
  const large = page.getByRole('dialog')
  await expect(large).toContainText('Meiosis halves the number')
  await expect(large).toContainText('████')
  await expect(large).not.toContainText('4711')
  await page.keyboard.press('Escape')
})

test('it is found by its words, down to the region', async () => {
  await page.getByRole('searchbox', { name: words('timelinePlace.search') }).fill('number of chromosomes')
  await page.keyboard.press('Enter')
  const hit = page.locator('[data-result]').filter({ hasText: 'Meiosis' }).first()
  await expect(hit).toBeVisible({ timeout: 30_000 })
  await hit.click()
  const source = page.getByRole('complementary', { name: words('source.title') })
  await expect(source.locator('[data-region]')).toBeVisible()
  await source.getByRole('button', { name: words('common.close') }).click()
})

test('while it is paused nothing is kept, and the last minutes are forgotten at one click', async () => {
  test.slow()
  await openLibrary(page, 'timeline')
  await light()
    .getByRole('button', { name: words('timelinePlace.pause') })
    .click()
  await expect(light()).toContainText(words('timelinePlace.isPaused'))
  await show('Something that is nobody’s business.')
  await light()
    .getByRole('button', { name: words('timelinePlace.forgetLast', { minutes: 5 }) })
    .click()
  await expect(page.getByText(words('timelinePlace.forgotten_other', { count: 2 }), { exact: true })).toBeVisible()
  await expect(tiles()).toHaveCount(0)
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('chromosomes')
  await expect(page.getByText(words('search.nothing'))).toBeVisible()
})

test('it ends with its page, for every other one', async () => {
  const other = await whole.newPage()
  await other.goto(whole.app.address)
  const otherLight = other.getByRole('region', { name: words('timelinePlace.title') })
  await expect(otherLight).toContainText(words('timelinePlace.isPaused'))
  await page.close()
  await expect(otherLight).toHaveCount(0)
  await other
    .getByRole('link', { name: words('place.settings'), exact: true })
    .first()
    .click()
  await other.getByRole('link', { name: words('settings.screen.title'), exact: true }).click()
  await expect(other.getByRole('heading', { name: words('settings.screen.retention') })).toBeVisible()
  await expect(other.getByRole('button', { name: words('timelinePlace.start') })).toBeEnabled()
  expect(await seriousViolations(other)).toEqual([])
})
