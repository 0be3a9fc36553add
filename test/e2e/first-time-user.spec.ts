import { existsSync } from 'node:fs'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { speechClip } from './speech-clip.ts'
import { words } from './words.ts'

/** One person, from the first start to the second: the story of the README, on the built app, with the network blocked where it can be. */
test.describe.configure({ mode: 'serial' })

const folder = temporaryFolder()
const dataDir = path.join(folder.path, 'data')
let app: RunningApp
let browser: BrowserContext
let page: Page

test.beforeAll(async () => {
  test.setTimeout(180_000)
  app = await startApp(dataDir)
  browser = await openBrowser({ speech: await speechClip(folder.path) })
  page = browser.pages()[0] ?? (await browser.newPage())
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
  })
  page.on('request', (request) => {
    if (!new URL(request.url()).hostname.match(/^(127\.0\.0\.1|)$/)) problems.push(`asked for ${request.url()}`)
  })
})

test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  folder.remove()
})

/** Errors of the page and requests that leave the machine; there are none. */
const problems: string[] = []

test.afterEach(() => {
  expect(problems).toEqual([])
})

const editor = () => page.getByRole('textbox', { name: words('talk.editor') })

async function say(text: string): Promise<void> {
  await editor().fill(text)
  await editor().press('Enter')
}

async function goTo(place: 'talk' | 'library' | 'search' | 'map' | 'settings'): Promise<void> {
  await page
    .getByRole('link', { name: words(`place.${place}`), exact: true })
    .first()
    .click()
}

test('is welcomed and told what stays here', async () => {
  await page.goto(app.address)
  await expect(page.getByRole('heading', { name: words('welcome.title') })).toBeVisible()
  await expect(page.getByText(words('welcome.stays.more'))).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.getByRole('button', { name: words('welcome.start') }).click()
  await expect(editor()).toBeVisible()
})

test('types, is answered by the offline tutor, and the answer says so', async () => {
  await say(
    "I'm learning how attention works in transformers: every token weighs all the others by comparing queries with keys.",
  )
  await expect(page.getByText(words('talk.offlineTutor'))).toBeVisible()
  await expect(page.getByRole('button', { name: words('talk.copyAnswer') })).toBeVisible()
})

test('speaks, sees the words, corrects them and sends', async () => {
  await page.getByRole('button', { name: words('voice.start') }).click()
  await expect(page.getByText(words('voice.phase.recording')).or(page.locator('p.words')).first()).toBeVisible()
  await expect(page.getByText(/country/i).first()).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: words('voice.finish') }).click()
  await expect(editor()).toHaveValue(/country/i, { timeout: 30_000 })
  const heard = await editor().inputValue()
  await editor().fill(`${heard} Spoken for the first time.`)
  await editor().press('Enter')
  await expect(page.getByText('Spoken for the first time.').first()).toBeVisible()
  await expect(page.getByRole('button', { name: words('recording.play') }).first()).toBeVisible()
  await expect(page.getByText(words('talk.offlineTutor')).nth(1)).toBeVisible()
})

test('asks in a new session and gets an answer that cites the first one', async () => {
  await page
    .getByRole('button', { name: words('talk.startNew') })
    .or(page.getByRole('link', { name: words('talk.startNew') }))
    .first()
    .click()
  await say('What did I say about attention in transformers?')
  const sources = page.getByRole('list', { name: words('talk.sources') })
  await expect(sources).toBeVisible({ timeout: 30_000 })
  await sources.getByRole('button').first().click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.getByText('comparing queries with keys')).toBeVisible()
  await drawer.getByRole('link', { name: words('source.openInLibrary') }).click()
  await expect(page.getByRole('button', { name: words('common.edit') })).toBeVisible()
  await expect(page.getByText('comparing queries with keys').first()).toBeVisible()
})

test('finds it again by meaning', async () => {
  await goTo('search')
  const results = page.getByRole('list', { name: words('search.results') })
  await expect(async () => {
    await page.getByRole('textbox', { name: words('search.field') }).fill('')
    await page.getByRole('textbox', { name: words('search.field') }).fill('neural nets focusing on parts of the input')
    await expect(results.getByText('comparing queries with keys').first()).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 60_000 })
  await results.getByText(words('search.why')).first().click()
  await expect(results.getByText(/By meaning: number/).first()).toBeVisible()
})

test('edits what was said, deletes it, and takes the delete back', async () => {
  await goTo('library')
  const row = page.getByRole('option', { name: /^I'm learning how attention/ })
  await row.click()
  await page.getByRole('button', { name: words('common.edit') }).click()
  const field = page.getByRole('textbox', { name: words('library.editWords') })
  await field.fill('Attention, edited: queries meet keys, and values flow.')
  await page.getByRole('button', { name: words('common.save') }).click()
  const edited = page.getByRole('option', { name: /^Attention, edited/ })
  await expect(edited).toBeVisible()
  await page
    .getByRole('button', { name: words('common.delete'), exact: true })
    .first()
    .click()
  await expect(edited).toHaveCount(0)
  await page.getByRole('button', { name: words('history.undo.action') }).click()
  await expect(edited).toBeVisible()
})

test('sets a theme and sees where keys and data are kept', async () => {
  await goTo('settings')
  await expect(page.getByText(words('settings.models.about'))).toBeVisible()
  await page
    .getByRole('link', { name: words('settings.data.title') })
    .first()
    .click()
  await expect(page.getByText(dataDir)).toBeVisible()
  await page
    .getByRole('link', { name: words('settings.appearance.title') })
    .first()
    .click()
  await page.getByRole('radio', { name: words('settings.appearance.dark') }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('has no serious accessibility problem on any screen', async () => {
  for (const place of ['talk', 'library', 'search', 'map', 'settings'] as const) {
    await goTo(place)
    await page.waitForLoadState('networkidle')
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    expect(serious.map((violation) => `${place}: ${violation.id} ${violation.nodes[0]?.html}`)).toEqual([])
  }
})

test('stops and starts the program, and everything is still there', async () => {
  expect(await app.stop()).toBe(0)
  expect(existsSync(path.join(dataDir, 'lva.lock'))).toBe(false)
  // The page notices that the program has gone; that is no fault of the page.
  problems.length = 0
  app = await startApp(dataDir)
  await page.goto(app.address)
  await goTo('library')
  await expect(page.getByRole('option', { name: /^Attention, edited/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /Spoken for the first time/ })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  problems.length = 0
})
