import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { folderPlace, openBackup } from '../../src-core/backup/index.ts'
import { keyFromPhrase } from '../../src-core/keys/index.ts'
import { seriousViolations } from './accessibility.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { answered, beSilent, beWelcomed, goTo, openLibrary, say } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** Somebody careful: sets backups up, makes one, changes things, goes back, changes their mind, and in the end deletes everything. */
test.describe.configure({ mode: 'serial' })

const OLD = 'Photosystem II splits water, and that is where oxygen comes from.'
const SHOWN = 'A lecture on the screen'
const SEEN = 'Chloroplasts'
const NEW = 'Kirchhoff: what flows into a node flows out of it.'
const folder = temporaryFolder()
const backups = path.join(folder.path, 'backups')
const dataDir = path.join(folder.path, 'data')
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]
let shown: Page
let phrase: string[]

test.beforeAll(async () => {
  app = await startApp(dataDir, { LVA_BACKUP_FOLDER: backups, LVA_SCREEN_EVERY_SECONDS: '1' })
  browser = await openBrowser({ args: [`--auto-select-tab-capture-source-by-title=${SHOWN}`] })
  shown = browser.pages()[0] ?? (await browser.newPage())
  await shown.goto(
    `data:text/html,<title>${SHOWN}</title><body style="margin:60px;font:34px sans-serif"><p>${SEEN} make sugar of light.`,
  )
  page = await browser.newPage()
  problems = watchForProblems(page)
  await beWelcomed(page, app.address)
  await beSilent(page)
})
test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  folder.remove()
})

const button = (key: string) => page.getByRole('button', { name: words(key), exact: true })
const copies = () => page.getByRole('list', { name: words('settings.backups.copies.title') }).getByRole('listitem')
/** The line is lost while the core starts again. */
const CORE_STARTS_MS = 60_000

async function openSection(name: 'backups' | 'erase'): Promise<void> {
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words(`settings.${name}.title`), exact: true }).click()
  await expect(page.getByRole('heading', { name: words(`settings.${name}.title`), level: 2 })).toBeVisible()
}

async function remembered(text: string, isThere: boolean): Promise<void> {
  await goTo(page, 'library')
  const row = page.getByRole('listbox').getByRole('option').filter({ hasText: text })
  await expect(row).toHaveCount(isThere ? 1 : 0, { timeout: CORE_STARTS_MS })
}

test('sets backups up with a phrase and makes the first one', async () => {
  await say(page, OLD)
  await answered(page)
  await openSection('backups')
  await button('settings.backups.begin').click()
  const shown = page.getByRole('list', { name: words('settings.backups.phrase.title') }).getByRole('listitem')
  await expect(shown).toHaveCount(24)
  phrase = (await shown.allInnerTexts()).map((line) => line.replace(/^\s*\d+\s*/, '').trim())
  await button('settings.backups.phrase.written').click()
  for (const field of await page.getByRole('textbox').all()) {
    const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '')
    await field.fill(phrase[Number(/\d+/.exec(label)?.[0]) - 1] ?? '')
  }
  await page.keyboard.press('Enter')
  await button('settings.backups.now.start').click()
  await expect(page.getByText(words('settings.backups.now.done.backup'))).toBeVisible({ timeout: 60_000 })
  expect(readdirSync(backups)).toEqual([expect.stringMatching(/^lva-\d{8}-\d{6}\.lvabackup$/)])
  expect(await seriousViolations(page)).toEqual([])
  expect(problems).toEqual([])
})

test('restores it beside what came later, exchanges the two, and takes that back', async () => {
  await goTo(page, 'talk')
  await say(page, NEW)
  await answered(page)
  await openSection('backups')
  await page
    .getByRole('list', { name: words('settings.backups.kept.title') })
    .getByRole('button', { name: /^Restore/ })
    .click()
  await expect(copies()).toHaveCount(1, { timeout: 60_000 })
  const said = copies().getByRole('row', { name: words('settings.backups.copies.count.captures') })
  await expect(said.getByRole('cell')).toHaveText(['1', '2'])
  await button('settings.backups.copies.swap').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.backups.copies.swapYes') })
    .click()
  await expect(button('settings.backups.copies.undo')).toBeVisible({ timeout: CORE_STARTS_MS })
  await remembered(OLD, true)
  await remembered(NEW, false)
  await openSection('backups')
  await button('settings.backups.copies.undo').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.backups.copies.swapYes') })
    .click()
  await expect(said.getByRole('cell')).toHaveText(['1', '2'], { timeout: CORE_STARTS_MS })
  await remembered(NEW, true)
  await remembered(OLD, true)
})

/** What a backup holds: all it says, in lower case, and the hashes of its pictures and recordings. */
async function contentOf(name: string): Promise<{ text: string; blobs: string[] }> {
  const { manifest, stream } = await openBackup(folderPlace(backups), name, keyFromPhrase(phrase.join(' '), 'backup'))
  const parts: Uint8Array[] = []
  for (const entry of [manifest.updates, ...Object.values(manifest.tables)])
    for await (const bytes of stream(entry)) parts.push(bytes)
  return { text: Buffer.concat(parts).toString('utf8').toLowerCase(), blobs: manifest.blobs.map(([sha256]) => sha256) }
}

async function backUp(): Promise<Awaited<ReturnType<typeof contentOf>>> {
  const before = new Set(readdirSync(backups))
  const made = () => readdirSync(backups).filter((name) => name.endsWith('.lvabackup') && !before.has(name))
  await openSection('backups')
  await button('settings.backups.now.start').click()
  await expect.poll(made, { timeout: 60_000 }).toHaveLength(1)
  await expect(page.getByText(words('settings.backups.now.done.backup'))).toBeVisible({ timeout: 60_000 })
  return contentOf(made()[0] ?? '')
}

test('what was forgotten of the last minutes is in no backup that is made afterwards, neither its words nor its picture', async () => {
  test.slow()
  await openLibrary(page, 'timeline')
  await page.getByRole('button', { name: words('timelinePlace.start') }).click()
  const light = page.getByRole('region', { name: words('timelinePlace.title') })
  await expect(light).toContainText(words('timelinePlace.kept_one', { count: 1 }), { timeout: 60_000 })
  const held = await backUp()
  // So that finding nothing means something.
  expect(held.text).toContain(SEEN.toLowerCase())
  expect(held.text).toContain('oxygen')
  expect(held.blobs).toHaveLength(1)
  await light.getByRole('button', { name: words('timelinePlace.pause') }).click()
  await light.getByRole('button', { name: words('timelinePlace.forgetMore') }).click()
  await page.getByRole('menuitem', { name: words('timelinePlace.last.15') }).click()
  await expect(page.getByText(words('timelinePlace.forgotten_one', { count: 1 }), { exact: true })).toBeVisible()
  const left = await backUp()
  expect(left.text).toContain('oxygen')
  expect(left.text).not.toContain(SEEN.toLowerCase())
  expect(left.blobs).toEqual([])
  await light.getByRole('button', { name: words('timelinePlace.stop') }).click()
  await expect(light).toHaveCount(0)
})

test('deletes everything with the backups, and begins anew', async () => {
  await openSection('erase')
  const erase = button('settings.erase.title')
  await expect(erase).toBeDisabled()
  await page.getByRole('switch', { name: words('settings.erase.backups') }).click()
  await page.getByLabel(words('settings.erase.type', { word: 'DELETE' }), { exact: true }).fill('DELETE')
  await erase.click()
  await expect(page.getByText(words('settings.erase.done'))).toBeVisible({ timeout: CORE_STARTS_MS })
  await page.getByRole('button', { name: words('welcome.start') }).click()
  await goTo(page, 'library')
  await expect(page.getByText(words('library.empty'))).toBeVisible()
  expect(readdirSync(backups)).toEqual([])
  expect(existsSync(path.join(dataDir, 'before-restore'))).toBe(false)
  await page.reload()
  await expect(page.getByText(words('settings.erase.done'))).toHaveCount(0)
})
