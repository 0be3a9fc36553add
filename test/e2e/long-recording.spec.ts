import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { descendants } from '../hosts/processes.ts'
import { spoken } from '../spoken.ts'
import { seriousViolations } from './accessibility.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beWelcomed, goTo, openLibrary } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** A lecture that is recorded, through a real Chromium: seen everywhere, paused, kept, written down, found, and whole after a kill. */
test.describe.configure({ mode: 'serial' })

const folder = temporaryFolder()
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]

test.beforeAll(async () => {
  app = await startApp(path.join(folder.path, 'data'))
  const clip = path.join(folder.path, 'clip.wav')
  const sentence = await spoken('Plants turn light into sugar, water and carbon dioxide into air.')
  writeFileSync(clip, writeWav({ samples: sentence, sampleRate: SPEECH_RATE }))
  browser = await openBrowser({ speech: clip })
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
  await beWelcomed(page, app.address)
})

test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  folder.remove()
})

const strip = () => page.getByRole('region', { name: words('longRecording.title') })
const documents = () => page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')

async function begin(): Promise<void> {
  await openLibrary(page, 'documents')
  await page.getByRole('button', { name: words('documents.add'), exact: true }).click()
  await page.getByRole('menuitem', { name: words('longRecording.start') }).click()
}

test('it is seen in every place, paused, gone on with, and becomes a document with its words', async () => {
  await begin()
  await expect(strip().getByText('0:05')).toBeVisible()
  await goTo(page, 'talk')
  await expect(strip()).toBeVisible()
  expect(await seriousViolations(page)).toEqual([])
  await strip()
    .getByRole('button', { name: words('longRecording.pause') })
    .click()
  await expect(strip().getByRole('status')).toHaveText(words('longRecording.phase.paused'))
  await strip()
    .getByRole('button', { name: words('longRecording.resume') })
    .click()
  await expect(strip().getByRole('status')).toHaveText(words('longRecording.phase.recording'))
  await strip()
    .getByRole('button', { name: words('longRecording.finish') })
    .click()
  await expect(strip()).toHaveCount(0)
  await openLibrary(page, 'documents')
  await documents()
    .filter({ hasText: /Recording \d{4}/ })
    .click()
  await expect(page.getByText(/light.*sugar/i).first()).toBeVisible()
  await expect(page.getByLabel(words('documents.sound'))).toBeVisible()
  expect(problems).toEqual([])
})

test('a core that is killed in the middle loses less than a second of it: it is there after the start', async () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
  await begin()
  const firstSecond = await (
    await page.waitForFunction(() => document.body.textContent.includes('0:01') && performance.now())
  ).jsonValue()
  await expect(strip().getByText('0:05')).toBeVisible()
  // The microphone has heard at least this much by now, in seconds.
  const heard = 1 + ((await page.evaluate(() => performance.now())) - Number(firstSecond)) / 1_000
  for (const { pid } of descendants(app.pid)) process.kill(pid, 'SIGKILL')
  await app.stop()
  app = await startApp(path.join(folder.path, 'data'))
  await page.goto(app.address)
  await openLibrary(page, 'documents')
  const recordings = documents().filter({ hasText: /Recording \d{4}/ })
  await expect(recordings).toHaveCount(2)
  const seconds: number[] = []
  for (const recording of await recordings.all()) {
    await recording.click()
    const player = page.getByLabel(words('documents.sound'))
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeGreaterThan(0)
    seconds.push(await player.evaluate((audio: HTMLAudioElement) => audio.duration))
  }
  expect(Math.max(...seconds)).toBeGreaterThan(heard - 1)
})
