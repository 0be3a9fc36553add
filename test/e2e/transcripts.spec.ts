import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { SMALL_WHISPER_SAYS } from '../models/small-whisper.ts'
import { spoken } from '../spoken.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beWelcomed, goTo, openLibrary } from './learner.ts'
import { looksRight } from './looks.ts'
import { watchForProblems } from './page-problems.ts'
import { type RecogniserHub, startRecogniserHub } from './recogniser-hub.ts'
import { words } from './words.ts'

/** A recording that is transcribed again by a recogniser that was downloaded, and whose transcript of before is put back, after a restart. */
test.describe.configure({ mode: 'serial' })

const folder = temporaryFolder()
const NAME = 'Small test'
let hub: RecogniserHub
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]

const start = () => startApp(path.join(folder.path, 'data'), hub.environment)

test.beforeAll(async () => {
  hub = await startRecogniserHub(folder.path, [{ id: 'small-test', name: NAME }])
  app = await start()
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
})

test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await hub?.close()
  folder.remove()
})

const documents = () => page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')
const text = () => page.getByRole('article')
const heardBy = (name: string) => page.getByText(words('documents.heardBy', { name }))
const putBack = () => page.getByRole('button', { name: words('documents.putBack') })
const SMALL = new RegExp(SMALL_WHISPER_SAYS.map((one) => one.text).join('|'))

test('the new transcript takes the place of the old one, which is kept', async () => {
  await beWelcomed(page, app.address)
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.voice.title'), exact: true }).click()
  const row = page.getByRole('listitem').filter({ hasText: NAME })
  await row.getByRole('button', { name: words('settings.recogniser.download') }).click()
  await expect(row.getByRole('button', { name: words('settings.recogniser.remove') })).toBeVisible()

  const clip = path.join(folder.path, 'plants.wav')
  const sentence = new Float32Array(await spoken('Plants turn light into sugar, water and carbon dioxide into air.'))
  writeFileSync(clip, writeWav({ samples: sentence, sampleRate: SPEECH_RATE }))
  await openLibrary(page, 'documents')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: words('documents.addFiles') }).click()
  await (await chooser).setFiles(clip)
  await documents().filter({ hasText: 'plants' }).click()
  await expect(text()).toContainText(/light.*sugar/i)
  await expect(heardBy('Moonshine tiny')).toBeVisible()
  await expect(putBack()).toHaveCount(0)

  await page.getByRole('button', { name: words('documents.transcribeAgain') }).click()
  await page.getByRole('menuitem', { name: words('documents.transcribeBy', { name: NAME }) }).click()
  await expect(text()).toContainText(SMALL)
  await expect(text()).not.toContainText(/sugar/i)
  await expect(heardBy(NAME)).toBeVisible()
  await looksRight(page, 'transcript-earlier')
})

test('one click brings the one of before back, after a restart too, and one more takes that back', async () => {
  await app.stop()
  app = await start()
  await page.goto(app.address)
  await openLibrary(page, 'documents')
  await documents().filter({ hasText: 'plants' }).click()
  await expect(heardBy(NAME)).toBeVisible()
  await putBack().click()
  await expect(text()).toContainText(/light.*sugar/i)
  await expect(heardBy('Moonshine tiny')).toBeVisible()
  await putBack().click()
  await expect(text()).toContainText(SMALL)
  expect(problems.filter((problem) => !/WebSocket|ERR_CONNECTION/.test(problem))).toEqual([])
})
