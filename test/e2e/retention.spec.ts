import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { screenWith } from '../made-pictures.ts'
import { spoken } from '../spoken.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import {
  answered,
  beSilent,
  beWelcomed,
  editor,
  goTo,
  lastExchange,
  openLibrary,
  openSettings,
  say,
} from './learner.ts'
import { looksRight } from './looks.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/**
 * How long things are kept, through the whole app: what was kept when the computer's clock stood forty days earlier is told with its size, and goes by
 * itself or as Settings say, with its bytes; what was said, and what was read in a picture, stays.
 */
test.describe.configure({ mode: 'serial' })

const DAYS_AGO = 40
const SHOWN = 'A lecture of last month'
const folder = temporaryFolder()
const dataDir = path.join(folder.path, 'data')
const environment = { LVA_LANGUAGE_PROVIDER: 'offline', LVA_SCREEN_EVERY_SECONDS: '1' }
let app: RunningApp
let browser: BrowserContext
let page: Page
let shown: Page
let problems: string[]

test.beforeAll(async () => {
  const earlier = path.join(folder.path, 'earlier.mjs')
  writeFileSync(earlier, `const now = Date.now\nDate.now = () => now() - ${DAYS_AGO * 86_400_000}\n`)
  app = await startApp(dataDir, { ...environment, NODE_OPTIONS: `--import=${pathToFileURL(earlier)}` })
  browser = await openBrowser({ args: [`--auto-select-tab-capture-source-by-title=${SHOWN}`] })
  shown = browser.pages()[0] ?? (await browser.newPage())
  await shown.goto(`data:text/html,<title>${SHOWN}</title><p style="font:34px sans-serif">Mitosis divides the nucleus.`)
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

type Kind = 'timeline' | 'recordings' | 'longRecordings' | 'pictures'
const kind = (name: Kind) => page.getByRole('combobox', { name: words(`settings.screen.kind.${name}`) })
const about = (name: Kind) =>
  page
    .getByRole('main')
    .locator('div.rounded-xl')
    .filter({ has: kind(name) })
    .getByRole('paragraph')
const frames = () => page.getByRole('button', { name: /^\d.*Picture with the text/ })
/** The reader of a recording in the Library. */
const openRecording = async (name: string) => {
  await openLibrary(page, 'documents')
  await page
    .getByRole('listbox', { name: words('library.tab.documents') })
    .getByRole('option')
    .filter({ hasText: name })
    .click()
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible()
}
const reader = () => page.getByRole('article')
const player = () => page.getByLabel(words('documents.sound'))
const blobs = () =>
  readdirSync(path.join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

test('forty days ago something is said, shown, and kept of the screen', async () => {
  test.slow()
  const clip = path.join(folder.path, 'plants.wav')
  const samples = await spoken('Plants turn light into sugar, water and carbon dioxide into air.')
  writeFileSync(clip, writeWav({ samples, sampleRate: SPEECH_RATE }))
  await page.locator('input[data-recording]').setInputFiles(clip)
  await expect(editor(page)).toHaveValue(/light.*sugar/i)
  await editor(page).press('Enter')
  await answered(page)
  await page.locator('input[data-pictures]').setInputFiles({
    name: 'plan.png',
    mimeType: 'image/png',
    buffer: screenWith(['The exam of Professor Lindqvist is on 12 December.']),
  })
  await say(page, 'When is the exam of Lindqvist?')
  await expect(lastExchange(page)).toContainText('is on 12 December', { timeout: 90_000 })
  await answered(page)
  await openLibrary(page, 'documents')
  const sounds = [
    ['lecture', 'Copper melts at a very high temperature.'],
    ['seminar', 'Water boils at one hundred degrees.'],
  ] as const
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: words('documents.addFiles') }).click()
  await (await chooser).setFiles(
    await Promise.all(
      sounds.map(async ([name, said]) => ({
        ...{ name: `${name}.wav`, mimeType: 'audio/wav' },
        buffer: Buffer.from(writeWav({ samples: await spoken(said), sampleRate: SPEECH_RATE })),
      })),
    ),
  )
  for (const [name] of sounds) {
    await openRecording(name)
    await expect(reader()).toContainText(/copper|degrees/i, { timeout: 60_000 })
    await expect(player()).toBeVisible()
  }
  await page.getByRole('button', { name: words('documents.keepSound') }).click()
  await expect(reader()).toContainText(words('documents.soundKept'))
  await openLibrary(page, 'timeline')
  await page.getByRole('button', { name: words('timelinePlace.start') }).click()
  await expect(frames()).toHaveCount(1, { timeout: 60_000 })
  expect(blobs()).toHaveLength(5)
  await app.stop()
})

test('today the frame has gone by itself; recording and picture are told with their sizes', async () => {
  app = await startApp(dataDir, environment)
  await page.goto(app.address)
  await openLibrary(page, 'timeline')
  await expect(page.getByRole('heading', { name: words('timelinePlace.emptyTitle') })).toBeVisible()
  await expect.poll(() => blobs().length).toBe(4)
  await openSettings(page, 'settings.screen.title')
  await expect(about('timeline')).toContainText(words('settings.screen.none'))
  for (const name of ['recordings', 'pictures'] as const) {
    await expect(kind(name)).toHaveValue('')
    await expect(about(name)).toContainText(/^1 now, \d/)
    await expect(about(name)).toContainText(words('settings.screen.inAYear'))
  }
  await expect(kind('longRecordings')).toHaveValue('')
  await expect(about('longRecordings')).toContainText(/^2 now, \d/)
  await looksRight(page, 'retention', 1_400)
})

test('the sound of a lecture goes as chosen, after it was asked; its words stay, and the reader says when it went', async () => {
  await kind('longRecordings').selectOption('90')
  await openRecording('lecture')
  await expect(reader()).toContainText(/Its sound goes on .*, as Settings say; the words stay/)
  await openSettings(page, 'settings.screen.title')
  await kind('longRecordings').selectOption('30')
  const asked = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await expect(asked).toContainText(/^1 picture or recording \(\d.* would go now/)
  await asked.getByRole('button', { name: words('settings.screen.letGo') }).click()
  await expect(about('longRecordings')).toContainText(/^1 now, \d/)
  await openRecording('lecture')
  await expect(reader()).toContainText(/Its sound \(\d.*\) went on .*, after 30 days, as Settings say/)
  await expect(reader()).toContainText(/0:00.*copper/i)
  await expect(player()).toHaveCount(0)
  await expect(page.getByRole('button', { name: words('documents.transcribeAgain') })).toHaveCount(0)
  await looksRight(page, 'sound-went')
  await openRecording('seminar')
  await expect(player()).toBeVisible()
  await expect(reader()).toContainText(words('documents.soundKept'))
  await looksRight(page, 'sound-kept')
  // Both transcripts would be enough for the words; of the sounds one is left.
  expect(
    blobs().filter(({ name, parentPath }) => readFileSync(path.join(parentPath, name)).includes('WAVE')),
  ).toHaveLength(2)
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('copper')
  await expect(page.getByRole('list', { name: words('search.results') })).toContainText(/copper/i)
  await openSettings(page, 'settings.screen.title')
})

test('a shorter time says what would go, and asks; then the bytes are gone and the words stay', async () => {
  for (const [name, left] of [
    ['recordings', 3],
    ['pictures', 2],
  ] as const) {
    await kind(name).selectOption('30')
    const asked = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    await expect(asked).toContainText(words('settings.screen.wouldGoMore'))
    if (name === 'recordings') {
      await asked.getByRole('button', { name: words('common.cancel') }).click()
      await expect(kind(name)).toHaveValue('')
      expect(blobs()).toHaveLength(4)
      await kind(name).selectOption('30')
    }
    await asked.getByRole('button', { name: words('settings.screen.letGo') }).click()
    await expect(about(name)).toContainText(words('settings.screen.none'))
    await expect(kind(name)).toHaveValue('30')
    expect(blobs()).toHaveLength(left)
  }
  await goTo(page, 'search')
  const field = page.getByRole('textbox', { name: words('search.field') })
  const results = page.getByRole('list', { name: words('search.results') })
  await field.fill('sugar from light')
  await expect(results).toContainText(/light.*sugar/i)
  await field.fill('Professor Lindqvist exam')
  await expect(results).toContainText('12 December')
  expect(problems.filter((problem) => !/WebSocket|ERR_CONNECTION/.test(problem))).toEqual([])
})
