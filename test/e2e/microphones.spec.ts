import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { pcm16, resample, SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { givePluggedInputs, plug, setLoudness, unplug } from '../hosts/plugged-inputs.ts'
import { spoken } from '../spoken.ts'
import { beWelcomed, editor, goTo, openLibrary } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Microphones that come and go, are forbidden, too loud, or of another kind, through a real Chromium and the real core. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let page: Page

test.beforeAll(() => whole.start())

const strip = () => page.getByRole('region', { name: words('longRecording.title') })
const status = () => strip().getByRole('status')
const button = (key: 'pause' | 'resume' | 'finish') =>
  strip().getByRole('button', { name: words(`longRecording.${key}`) })
const documents = () => page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')
/** Seconds that are safe on the disk. */
const seconds = async () => Number(/(\d+):(\d\d)/.exec((await strip().textContent()) ?? '')?.[2])

async function record(): Promise<void> {
  await openLibrary(page, 'documents')
  await page.getByRole('button', { name: words('documents.add'), exact: true }).click()
  await page.getByRole('menuitem', { name: words('longRecording.start') }).click()
  await expect(strip().getByText('0:02')).toBeVisible()
}

test('of two microphones one is chosen in Settings; it hears, and is remembered', async () => {
  page = await whole.browse({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] })
  await beWelcomed(page, whole.app.address)
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.voice.title'), exact: true }).click()
  const choice = page.getByLabel(words('settings.voice.microphone'), { exact: true })
  const start = page.getByRole('button', { name: words('settings.voice.testMicrophone') })
  const end = page.getByRole('button', { name: words('settings.voice.endTest') })
  await start.click()
  await expect(choice.getByRole('option')).toContainText([words('settings.voice.systemMicrophone'), /1/, /2/])
  await end.click()
  const second = (await choice.getByRole('option').last().textContent()) ?? ''
  await choice.selectOption({ label: second })
  await start.click()
  const hears = page.getByText(words('settings.voice.hears', { name: second }))
  await expect(hears).toBeVisible()
  await looksRight(page, 'microphone-choice', 1_900)
  await page.reload()
  await start.click()
  await expect(hears).toBeVisible()
  await expect(choice.getByRole('option', { selected: true })).toHaveText(second)
  await end.click()
})

test('a chosen microphone hears also where the browser tells which they are only once one is open', async () => {
  page = await whole.browse({ args: ['--autoplay-policy=no-user-gesture-required'] })
  await givePluggedInputs(page, ['Built-in', 'Desk'], 'after-use')
  await page.goto(whole.app.address)
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.voice.title'), exact: true }).click()
  const choice = page.getByLabel(words('settings.voice.microphone'), { exact: true })
  const start = page.getByRole('button', { name: words('settings.voice.testMicrophone') })
  const hears = (name: string) => page.getByText(words('settings.voice.hears', { name }))
  await start.click()
  await expect(hears('Built-in')).toBeVisible()
  await page.getByRole('button', { name: words('settings.voice.endTest') }).click()
  await choice.selectOption({ label: 'Desk' })
  await page.reload()
  // Nobody knows yet whether it is there, so nothing is said of it.
  await expect(choice.getByRole('option', { selected: true })).toHaveText('Desk')
  await start.click()
  await expect(hears('Desk')).toBeVisible()
  await expect(hears('Built-in')).toHaveCount(0)
})

test('a permission that is withdrawn pauses the recording and says so; it goes on once there is one', async () => {
  page = await whole.browse({ args: ['--use-fake-device-for-media-stream'] })
  await page.goto(whole.app.address)
  const devtools = await whole.browser.newCDPSession(page)
  const setMicrophone = (setting: 'denied' | 'granted') =>
    devtools.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting,
      origin: new URL(whole.app.address).origin,
    })
  await setMicrophone('granted')
  await record()
  await setMicrophone('denied')
  await expect(status()).toContainText(words('errors.microphone-denied.what'))
  await expect(status()).toContainText(words('longRecording.kept'))
  await setMicrophone('granted')
  const kept = await seconds()
  await button('resume').click()
  await expect.poll(seconds).toBeGreaterThan(kept)
  await button('finish').click()
  await expect(strip()).toHaveCount(0)
  await expect(documents().filter({ hasText: /Recording \d{4}/ })).toHaveCount(1)
})

test('an unplugged microphone gives way to the next one, and a recording waits for one where there is none', async () => {
  page = await whole.browse({ args: ['--autoplay-policy=no-user-gesture-required'] })
  await givePluggedInputs(page, ['Headset', 'Desk'])
  await page.goto(whole.app.address)
  await record()
  await unplug(page, 'Headset')
  await expect(strip()).toContainText(/Desk/)
  await expect(status()).toHaveText(words('longRecording.phase.recording'))
  const before = await seconds()
  await expect.poll(seconds).toBeGreaterThan(before)
  await looksRight(page, 'microphone-next')
  await unplug(page, 'Desk')
  await expect(status()).toContainText(words('longRecording.waits'))
  await looksRight(page, 'microphone-away')
  const kept = await seconds()
  await plug(page, 'Table')
  await expect(status()).toHaveText(words('longRecording.phase.recording'))
  await expect(strip()).toContainText(/Table/)
  await expect.poll(seconds).toBeGreaterThan(kept)
})

test('a microphone that is too loud is said while it is', async () => {
  const tooLoud = strip().getByText(words('voice.note.clipped'))
  await expect(tooLoud).toHaveCount(0)
  await setLoudness(page, 4)
  await expect(tooLoud).toBeVisible()
  await looksRight(page, 'microphone-loud')
  await setLoudness(page, 0.2)
  await expect(tooLoud).toHaveCount(0, { timeout: 30_000 })
  await button('finish').click()
  await expect(documents().filter({ hasText: /Recording \d{4}/ })).toHaveCount(2)
})

test.describe('microphones of other kinds are understood', () => {
  const SENTENCE = 'Plants turn light into sugar, water and carbon dioxide into air.'
  /** What is left of it in half the band, where consonants are hard to tell. */
  const HEARD = /carbon dioxide/i

  async function dictate(wav: Uint8Array): Promise<void> {
    const clip = path.join(whole.folder, 'clip.wav')
    writeFileSync(clip, wav)
    page = await whole.browse({ speech: clip })
    await page.goto(whole.app.address)
    await page.getByRole('button', { name: words('voice.start') }).click()
    await expect(page.locator('p[aria-live="off"]').filter({ hasText: HEARD })).toBeVisible()
    // Somebody sets the clock three hours ahead: what was recorded is as long as it was.
    const elapsed = async () => (await page.getByText(/^[\d:]+$/).textContent()) ?? ''
    const before = await elapsed()
    await page.evaluate(() => {
      const { now } = Date
      Date.now = () => now() + 3 * 3_600_000
    })
    await expect.poll(elapsed).not.toBe(before)
    expect(await elapsed()).toMatch(/^0:\d\d$/)
    await page.getByRole('button', { name: words('voice.finish') }).click()
    await expect(editor(page)).toHaveValue(HEARD)
    await editor(page).fill('')
  }

  test('8 kHz, one channel', async () => {
    await dictate(writeWav({ samples: await resample(await voice(), SPEECH_RATE, 8_000), sampleRate: 8_000 }))
  })

  test('48 kHz, two channels, the voice in one of them', async () => {
    await dictate(stereo(await resample(await voice(), SPEECH_RATE, 48_000), 48_000))
  })

  const voice = async () => new Float32Array(await spoken(SENTENCE))
})

/** A WAV file of 16 bits whose right channel is silent. */
function stereo(left: Float32Array, sampleRate: number): Uint8Array {
  const samples = new Float32Array(left.length * 2)
  for (const [index, sample] of left.entries()) samples[index * 2] = sample
  const data = pcm16(samples)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(2, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 4, 28)
  header.writeUInt16LE(4, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}
