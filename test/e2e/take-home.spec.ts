import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { answered, beSilent, beWelcomed, goTo, say } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** Somebody who moves: exports everything, imports it into an empty vault, finds it there as it was, and takes it back. */
test.describe.configure({ mode: 'serial' })

const SAID = ['Photosystem II splits water, and that is where oxygen comes from.', 'Mein Satz mit Ümlaut: „Osmose“ 🌱']
const folder = temporaryFolder()
const archive = path.join(folder.path, 'export.zip')
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]
let before: string[]

async function openApp(name: string): Promise<void> {
  app = await startApp(path.join(folder.path, name))
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
  await beWelcomed(page, app.address)
}

async function closeApp(): Promise<void> {
  await browser?.close()
  await app?.stop()
}

test.afterAll(async () => {
  await closeApp()
  folder.remove()
})
test.afterEach(() => {
  expect(problems).toEqual([])
})

const rows = () => page.getByRole('listbox').getByRole('option')
const button = (key: string) => page.getByRole('button', { name: words(key), exact: true })

async function openSection(): Promise<void> {
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.takeHome.title'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('settings.takeHome.title') })).toBeVisible()
}

/** Which of the sentences stand in the Library, each in a row of its own, with nothing else. */
async function captureWords(): Promise<string[]> {
  await goTo(page, 'library')
  await expect(rows()).toHaveCount(SAID.length)
  const found: string[] = []
  for (const text of SAID) if ((await rows().filter({ hasText: text }).count()) === 1) found.push(text)
  return found
}

test('exports what was said as a Markdown archive', async () => {
  await openApp('old')
  await beSilent(page)
  for (const text of SAID) {
    await say(page, text)
    await answered(page)
  }
  before = await captureWords()
  expect(before).toEqual(SAID)
  await openSection()
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await seriousViolations(page)).toEqual([])
  }
  const [download] = await Promise.all([page.waitForEvent('download'), button('settings.takeHome.startExport').click()])
  expect(download.suggestedFilename()).toMatch(/^learning-voice-agent-\d{4}-\d\d-\d\d\.markdown\.zip$/)
  await download.saveAs(archive)
  await closeApp()
})

test('says in an empty vault what it would bring, then brings it', async () => {
  await openApp('new')
  await openSection()
  await page.getByTestId('import-files').setInputFiles(archive)
  await expect(page.getByText(words('settings.takeHome.kind.markdown'), { exact: true }).last()).toBeVisible()
  const fresh = page.locator('dl > div', {
    has: page.getByText(words('settings.takeHome.newCaptures'), { exact: true }),
  })
  await expect(fresh.locator('dd')).toHaveText(String(SAID.length))
  await expect(page.getByText(words('settings.takeHome.noImports'))).toBeVisible()
  await button('settings.takeHome.startImport').click()
  await expect(page.getByText(words('settings.takeHome.imported_other', { shown: String(SAID.length) }))).toBeVisible()
  expect(await captureWords()).toEqual(before)
})

test('finds nothing new in it when it is chosen again', async () => {
  await openSection()
  await page.getByTestId('import-files').setInputFiles(archive)
  await expect(page.getByText(words('settings.takeHome.nothingNew'))).toBeVisible()
})

test('takes the import back and names what was changed since', async () => {
  await goTo(page, 'library')
  await rows().filter({ hasText: 'Photosystem' }).click()
  await button('common.edit').click()
  await page.getByRole('textbox', { name: words('library.editWords') }).fill('Photosystem II, in words of my own.')
  await page.keyboard.press('Control+Enter')
  await expect(rows().filter({ hasText: 'in words of my own' })).toBeVisible()
  await openSection()
  await page
    .getByRole('list', { name: words('settings.takeHome.imports') })
    .getByRole('button')
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.takeHome.takeBack') })
    .click()
  await expect(page.getByText(words('settings.takeHome.takenBack_one', { shown: '1' }))).toBeVisible()
  await page.getByRole('link', { name: 'Photosystem II, in words of my own.' }).click()
  await expect(rows()).toHaveCount(1)
})
