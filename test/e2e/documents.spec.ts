import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { lockedPdfOf, pdfOf, zipOf } from '../made-documents.ts'
import { oleOf } from '../made-ole.ts'
import { spoken } from '../spoken.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beWelcomed, goTo, openLibrary } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** Documents through the whole app: real files, the process that reads them, the index, and what is there after a restart. */
test.describe.configure({ mode: 'serial' })

/** Where in a recording something is said, in seconds. */
const SAID_AT = 12

const folder = temporaryFolder()
const dataDir = path.join(folder.path, 'data')
const watched = path.join(folder.path, 'watched')
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]

/** A page of so many lines about one thing, after a first one. */
const leaf = (first: string, about: string) =>
  [
    first,
    ...Array.from({ length: 24 }, (_, line) => `Remark ${line + 1} on ${about} that fills the page with words.`),
  ].map((text, line) => ({ text, x: 72, y: 740 - 26 * line }))
const pdf = pdfOf([
  leaf('Leaves are organs of the plant.', 'the anatomy of stems'),
  leaf('Chlorophyll absorbs red and blue light.', 'pigments in the leaf'),
])
const docx = zipOf({
  '[Content_Types].xml':
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
  '_rels/.rels':
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
  'word/document.xml':
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Light bends where it enters water.</w:t></w:r></w:p></w:body></w:document>',
})
const epub = zipOf({
  mimetype: 'application/epub+zip',
  'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
  'book.opf':
    '<package><metadata><dc:title>Tides</dc:title></metadata><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
  'a.xhtml': '<html><body><h1>The moon</h1><p>The moon raises two tides a day.</p></body></html>',
})

test.beforeAll(async () => {
  mkdirSync(watched)
  app = await startApp(dataDir)
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
  await beWelcomed(page, app.address)
})
test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  folder.remove()
})
test.afterEach(() => {
  expect(problems).toEqual([])
})

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const rows = () => page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')
const row = (title: string) => rows().filter({ hasText: title })
const queue = () => page.getByRole('region', { name: words('documents.queue.title') })

/** Holds files over the window and lets them go, as a hand would. */
async function drop(files: Record<string, Buffer>): Promise<void> {
  const given = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')] as const)
  const dataTransfer = await page.evaluateHandle((carried) => {
    const transfer = new DataTransfer()
    for (const [name, base64] of carried) {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
      transfer.items.add(new File([bytes], name))
    }
    return transfer
  }, given)
  await page.dispatchEvent('main', 'dragenter', { dataTransfer })
  await page.dispatchEvent('main', 'drop', { dataTransfer })
}

test('reads a PDF, a Word file and a book that are dropped, and says what is wrong with a broken one', async () => {
  await openLibrary(page, 'documents')
  await drop({
    'leaves.pdf': pdf,
    'optics.docx': docx,
    'tides.epub': epub,
    'torn.pdf': Buffer.from('%PDF-1.7\nthe rest was lost'),
  })
  const torn = queue().getByRole('listitem').filter({ hasText: 'torn' })
  await expect(torn).toContainText(words('errors.document-damaged.what'), { timeout: 60_000 })
  await expect(torn).toContainText(words('errors.document-damaged.next'))
  for (const title of ['leaves', 'optics', 'tides']) await expect(row(title)).toBeVisible()
  await torn.getByRole('button', { name: words('documents.delete', { name: 'torn' }) }).click()
  await expect(queue()).toHaveCount(0, { timeout: 60_000 })
})

test('asks for the password of a PDF, in the queue and in the reader, and says of other files that they must be saved without', async () => {
  await drop({
    'sealed.pdf': lockedPdfOf([leaf('Amber keeps what it closed around.', 'resins')], 'open sesame'),
    'secret.docx': oleOf({ EncryptedPackage: Buffer.alloc(64), EncryptionInfo: Buffer.alloc(64) }),
  })
  const line = queue().getByRole('listitem').filter({ hasText: 'sealed' })
  await expect(line).toContainText(words('errors.document-locked.what'), { timeout: 30_000 })
  const refused = queue().getByRole('listitem').filter({ hasText: 'secret.docx' })
  await expect(refused).toContainText(words('errors.document-locked.next'))
  await expect(refused.getByLabel(words('documents.password'))).toHaveCount(0)
  await refused.getByRole('button', { name: words('documents.cancel', { name: 'secret.docx' }) }).click()

  await line.getByLabel(words('documents.password')).fill('guess')
  await page.keyboard.press('Enter')
  await expect(line).toContainText(words('errors.document-password-wrong.what'))
  await row('sealed').click()
  const reader = page.getByRole('alert').filter({ hasText: words('errors.document-password-wrong.what') })
  await reader.getByLabel(words('documents.password')).fill('open sesame')
  await reader.getByRole('button', { name: words('documents.unlock') }).click()
  await expect(page.getByRole('region', { name: 'sealed' })).toContainText('Amber keeps what it closed around.')
  await expect(queue()).toHaveCount(0, { timeout: 30_000 })
})

test('finds a page by its meaning and opens it there, the passage marked', async () => {
  await goTo(page, 'search')
  await page
    .getByRole('textbox', { name: words('search.field') })
    .fill('which colours of light does chlorophyll take in')
  const result = page
    .getByRole('list', { name: words('search.results') })
    .getByRole('listitem')
    .filter({ hasText: 'Chlorophyll absorbs' })
    .first()
  await expect(result).toContainText('2', { timeout: 60_000 })
  await result.getByRole('button').first().click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark').filter({ hasText: 'Chlorophyll' })).toBeInViewport()
})

test('hears recordings of every kind, finds what was said in one, and plays the original', async () => {
  const names = ['water.mp3', 'water.m4a', 'vorbis.ogg', 'opus.webm', 'water.flac']
  const sounds = path.resolve(import.meta.dirname, '../sounds')
  await openLibrary(page, 'documents')
  await drop(
    Object.fromEntries(names.map((name) => [name.replace('.', ' as '), readFileSync(path.join(sounds, name))])),
  )
  const player = page.getByLabel(words('documents.sound'))
  for (const name of names) {
    await row(name.replace('.', ' as ')).click({ timeout: 30_000 })
    await expect(page.getByRole('region', { name: name.replace('.', ' as ') })).toContainText(/degrees/i, {
      timeout: 60_000,
    })
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeGreaterThan(2)
    expect(await player.evaluate((audio: HTMLAudioElement) => audio.error)).toBeNull()
  }
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('at what temperature does water boil')
  const result = page.getByRole('list', { name: words('search.results') }).getByRole('listitem')
  await result.filter({ hasText: 'degrees' }).getByRole('button').first().click({ timeout: 60_000 })
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark').filter({ hasText: /degrees/i })).toBeInViewport()
  await expect(drawer.getByLabel(words('documents.sound'))).toBeVisible()
})

test('a hit in a recording is played from the second at which it is said', async () => {
  const quiet = new Float32Array(SAID_AT * SPEECH_RATE)
  const samples = Float32Array.from([...quiet, ...(await spoken('Copper melts at a very high temperature.'))])
  await openLibrary(page, 'documents')
  await drop({ 'metals.wav': Buffer.from(writeWav({ samples, sampleRate: SPEECH_RATE })) })
  await row('metals').click({ timeout: 30_000 })
  await expect(page.getByRole('region', { name: 'metals' })).toContainText(/copper/i, { timeout: 60_000 })
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('copper')
  const result = page.getByRole('list', { name: words('search.results') }).getByRole('listitem')
  await result
    .filter({ hasText: /copper/i })
    .getByRole('button')
    .first()
    .click({ timeout: 60_000 })
  const player = page.getByRole('complementary', { name: words('source.title') }).getByLabel(words('documents.sound'))
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(SAID_AT - 1)
  const from = await player.evaluate((audio: HTMLAudioElement) => audio.currentTime)
  expect(from).toBeLessThan(SAID_AT + 1)
  await player.evaluate((audio: HTMLAudioElement) => audio.play())
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(from + 0.5)
})

test('puts a document into a collection and gives it a tag', async () => {
  await openLibrary(page, 'documents')
  await row('tides').click()
  await button('documents.labels.title').click()
  const menu = page.getByRole('dialog', { name: words('documents.labels.title') })
  await menu.getByRole('textbox', { name: words('documents.labels.newCollection') }).fill('Astronomy')
  await page.keyboard.press('Enter')
  await expect(menu.getByRole('checkbox', { name: 'Astronomy' })).toBeChecked()
  await menu.getByRole('textbox', { name: words('documents.labels.newTag') }).fill('moon')
  await page.keyboard.press('Enter')
  await expect(menu.getByRole('checkbox', { name: 'moon' })).toBeChecked()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: words('documents.filter') }).selectOption({ label: 'Astronomy (1)' })
  await expect(rows()).toHaveCount(1)
})

test('watches a folder: a file that is changed is read again, one that is deleted is marked', async () => {
  const file = path.join(watched, 'rocks.md')
  writeFileSync(file, 'Granite is an igneous rock.')
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.folders.title'), exact: true }).click()
  const field = page.getByRole('textbox', { name: words('settings.folders.path') })
  await field.fill(watched)
  await field.press('Enter')
  await expect(page.getByText(watched)).toBeVisible()
  await openLibrary(page, 'documents')
  await row('rocks').click({ timeout: 30_000 })
  const reader = page.getByRole('region', { name: /rocks/ })
  await expect(reader).toContainText('Granite is an igneous rock.', { timeout: 30_000 })
  writeFileSync(file, 'Marble is a metamorphic rock.')
  await expect(reader).toContainText('Marble is a metamorphic rock.', { timeout: 30_000 })
  rmSync(file)
  await expect(row('rocks')).toContainText(words('documents.missing'), { timeout: 30_000 })
})

test('has everything after a restart', async () => {
  await app.stop()
  app = await startApp(dataDir)
  await page.goto(app.address)
  await openLibrary(page, 'documents')
  for (const title of ['leaves', 'optics', 'tides', 'rocks']) await expect(row(title)).toBeVisible()
  await page.getByRole('combobox', { name: words('documents.filter') }).selectOption({ label: '# moon (1)' })
  await row('tides').click()
  await expect(page.getByRole('region', { name: 'tides' })).toContainText('The moon raises two tides a day.')
  // The line to the core that was stopped is a failed request, as it should be.
  problems.length = 0
})
