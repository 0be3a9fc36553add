import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { descendants } from '../hosts/processes.ts'
import { SMALL_WHISPER_SAYS } from '../models/small-whisper.ts'
import { spoken } from '../spoken.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beWelcomed, editor, goTo, openSettings } from './learner.ts'
import { looksRight } from './looks.ts'
import { type RecogniserHub, startRecogniserHub } from './recogniser-hub.ts'
import { words } from './words.ts'

/** A recogniser of other languages that is downloaded in Settings: its progress, a pause, a kill in the middle, bytes that are others, and hearing without a network. */
test.describe.configure({ mode: 'serial' })

const NAME = 'Whisper for a test'
const SPOILT = 'Changed on the way'
const DECODER = 'onnx/decoder_model_merged_quantized.onnx'
const folder = temporaryFolder()
let hub: RecogniserHub
let app: RunningApp
let browser: BrowserContext
let page: Page

test.beforeAll(async () => {
  hub = await startRecogniserHub(folder.path, [
    { id: 'e2e-downloaded', name: NAME },
    { id: 'e2e-spoilt', name: SPOILT, isSpoilt: true },
  ])
  await start()
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  await beWelcomed(page, app.address)
})
test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await hub?.close()
  folder.remove()
})

async function start(): Promise<void> {
  app = await startApp(path.join(folder.path, 'data'), hub.environment)
}
async function openVoice(): Promise<void> {
  await openSettings(page, 'settings.voice.title')
  await expect(row(NAME)).toBeVisible()
}
const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
const button = (key: string, name = NAME) => row(name).getByRole('button', { name: new RegExp(`^${words(key)}`) })
const share = async () =>
  Number(
    await row(NAME)
      .getByRole('progressbar', { name: words('settings.recogniser.progress', { name: NAME }) })
      .getAttribute('aria-valuenow'),
  )
const rests = () => hub.asked.filter((asked) => asked.startsWith(`${DECODER} bytes=`))

test('nothing is asked of anybody before Download; then it is seen how far it is, and it can be paused', async () => {
  await openVoice()
  await expect(row(NAME)).toContainText('MIT')
  await expect(row(NAME)).toContainText(`${hub.environment.LVA_MODELS_HUB_URL}/me/e2e-downloaded`)
  expect(hub.asked).toEqual([])
  hub.held = DECODER
  await button('settings.recogniser.download').click()
  await expect(button('settings.recogniser.pause')).toBeVisible()
  await expect.poll(share).toBeGreaterThan(50)
  expect(await share()).toBeLessThan(100)
  await button('settings.recogniser.pause').click()
  await expect(button('settings.recogniser.goOn')).toBeVisible()
  expect(await share()).toBeGreaterThan(50)
  await looksRight(page, 'recogniser-paused')
})

test('killed in the middle, it goes on after the next start and asks only for what is missing', async () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
  await button('settings.recogniser.goOn').click()
  await expect(button('settings.recogniser.pause')).toBeVisible()
  for (const { pid } of descendants(app.pid)) process.kill(pid, 'SIGKILL')
  await app.stop()
  await start()
  await page.goto(app.address)
  await openVoice()
  const asked = hub.asked.length
  hub.held = null
  await button('settings.recogniser.goOn').click()
  await expect(row(NAME)).toContainText(words('settings.recogniser.ready'))
  // Of the one file that was not whole, from where it broke; of the others nothing.
  expect(hub.asked.slice(asked)).toEqual([rests().at(-1)])
  expect(Number(/bytes=(\d+)-/.exec(rests().at(-1) ?? '')?.[1])).toBeGreaterThan(100)
})

test('what came with other bytes is thrown away, which is said', async () => {
  await button('settings.recogniser.download', SPOILT).click()
  const alert = row(SPOILT).getByRole('alert')
  await expect(alert).toContainText(words('errors.model-download-damaged.what', { name: SPOILT }))
  await expect(alert).toContainText(words('errors.model-download-damaged.next'))
  await expect(button('settings.recogniser.download', SPOILT)).toBeEnabled()
  await expect(
    page.getByRole('combobox', { name: words('settings.recogniser.choose') }).getByRole('option', { name: SPOILT }),
  ).toHaveCount(0)
  await looksRight(page, 'recogniser-damaged')
})

test('it hears without a network, after a restart too, once it is chosen', async () => {
  const whoHears = page.getByRole('combobox', { name: words('settings.recogniser.choose') })
  await whoHears.selectOption({ label: NAME })
  await expect(page.getByText(words('settings.recogniser.deviceHelp'))).toBeVisible()
  const asked = hub.asked.length
  await app.stop()
  await start()
  await page.goto(app.address)
  await goTo(page, 'talk')
  const clip = path.join(folder.path, 'plants.wav')
  const samples = await spoken('Plants turn light into sugar, water and carbon dioxide into air.')
  writeFileSync(clip, writeWav({ samples, sampleRate: SPEECH_RATE }))
  await page.locator('input[data-recording]').setInputFiles(clip)
  await expect(editor(page)).toHaveValue(new RegExp(SMALL_WHISPER_SAYS.map(({ text }) => text).join('|')))
  expect(hub.asked.length).toBe(asked)
})
