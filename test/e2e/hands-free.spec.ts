import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { giveMicrophone, sayInto, voicesOf } from '../hosts/spoken-into.ts'
import { spoken } from '../spoken.ts'
import { seriousViolations } from './accessibility.ts'
import { answered, beWelcomed, editor, goTo, lastExchange, newSession, say, sayingOf } from './learner.ts'
import { type BrowserOptions, wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** A conversation without hands, through a real Chromium and the real models: turns, words while speaking, interrupting the answer. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let page: Page

test.beforeAll(() => whole.start())

async function open(options: BrowserOptions, prepare?: (page: Page) => Promise<void>) {
  page = await whole.browse(options)
  await prepare?.(page)
}

const panel = () => page.getByRole('region', { name: words('handsFree.title') })
const startButton = () => page.getByRole('button', { name: words('handsFree.start') })
const endButton = () => page.getByRole('button', { name: words('handsFree.stop'), exact: true })
const says = (key: string) =>
  panel()
    .getByRole('status')
    .filter({ hasText: words(`handsFree.says.${key}`) })
const caption = () => lastExchange(page).locator('mark')
const exchanges = () => page.getByRole('list', { name: words('talk.exchanges') }).getByRole('article')

async function wav(...sentences: string[]): Promise<Uint8Array> {
  const parts: number[] = []
  for (const sentence of sentences) parts.push(...new Array(SPEECH_RATE / 4).fill(0), ...(await spoken(sentence)))
  return writeWav({ samples: Float32Array.from(parts), sampleRate: SPEECH_RATE })
}

test('what is said into the microphone is shown, sent after a pause, and answered', async () => {
  const clip = path.join(whole.folder, 'clip.wav')
  const silence = new Array(SPEECH_RATE * 4).fill(0)
  const sentence = await spoken('Plants turn light into sugar, water and carbon dioxide into air.')
  writeFileSync(
    clip,
    writeWav({
      samples: Float32Array.from([...silence.slice(0, 16_000), ...sentence, ...silence]),
      sampleRate: SPEECH_RATE,
    }),
  )
  await open({ speech: clip })
  await beWelcomed(page, whole.app.address)
  await startButton().click()
  await expect(panel()).toContainText(/light/i)
  await expect(lastExchange(page)).toContainText(/light.*sugar/i)
  await answered(page)
  await expect(exchanges()).toHaveCount(1)
  expect(await seriousViolations(page)).toEqual([])
  await endButton().click()
  await expect(editor(page)).toBeVisible()
  await expect(lastExchange(page).getByRole('button', { name: words('recording.play') })).toBeVisible()
})

test('speaking over the answer stops it, and is the next turn', async () => {
  await open({ args: ['--autoplay-policy=no-user-gesture-required'] }, giveMicrophone)
  await page.goto(whole.app.address)
  await newSession(page)
  await say(page, MANY_WORDS)
  await answered(page)
  await page.keyboard.press('Escape')
  await startButton().click()
  await expect(says('quiet')).toBeVisible()
  await sayInto(page, await wav('What did I say about plants and light?'))
  await expect(caption().first()).toBeVisible()
  const { silenced: before } = await voicesOf(page)
  const { onset } = await sayInto(page, await wav('Stop. Tell me about the moon instead.'))
  await expect(lastExchange(page)).toContainText(/moon/i)
  const { silenced } = await voicesOf(page)
  expect(silenced.length).toBeGreaterThan(before.length)
  expect((silenced[before.length] as number) - onset).toBeGreaterThan(0)
  await answered(page)
})

test('an unfinished sentence waits for its end', async () => {
  await page.keyboard.press('Escape')
  await expect(caption()).toHaveCount(0)
  const count = await exchanges().count()
  await sayInto(page, await wav('I like the plants in my garden because'))
  await expect(says('unfinished')).toBeVisible()
  expect(await exchanges().count()).toBe(count)
  await expect(exchanges()).toHaveCount(count + 1)
})

test('leaving the place, or Escape, closes the microphone', async () => {
  await goTo(page, 'library')
  await goTo(page, 'talk')
  await expect(panel()).toHaveCount(0)
  await startButton().click()
  await expect(says('quiet')).toBeVisible()
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(panel()).toHaveCount(0, { timeout: 200 })
  }).toPass()
})

test('no permission: it is said, and begins once there is one', async () => {
  const silence = path.join(whole.folder, 'silence.wav')
  writeFileSync(silence, writeWav({ samples: new Float32Array(SPEECH_RATE), sampleRate: SPEECH_RATE }))
  await open({ args: ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${silence}`] })
  await page.goto(whole.app.address)
  const devtools = await whole.browser.newCDPSession(page)
  const setMicrophone = (setting: 'denied' | 'granted') =>
    devtools.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting,
      origin: new URL(whole.app.address).origin,
    })
  await setMicrophone('denied')
  await startButton().click()
  const alert = await sayingOf(page, 'microphone-denied')
  await setMicrophone('granted')
  await alert.getByRole('button', { name: words('handsFree.again') }).click()
  await expect(says('quiet')).toBeVisible()
  await endButton().click()
})

test('a recording that was made elsewhere is written down, and can be sent', async () => {
  await page.locator('input[data-recording]').setInputFiles(path.resolve(import.meta.dirname, '../sounds/water.mp3'))
  await expect(editor(page)).toHaveValue(/water/i)
  await page.keyboard.press('Enter')
  await expect(lastExchange(page)).toContainText(/water/i)
  await expect(lastExchange(page).getByRole('button', { name: words('recording.play') })).toBeVisible()
})

const MANY_WORDS =
  'Plants turn light into sugar in their leaves. Light drives the first half of it, and the second half binds carbon. ' +
  'Plants that grow in the shade have more green in their leaves. Plants in the desert open their leaves at night. ' +
  'Light that is too strong harms plants, which then turn their leaves away.'
