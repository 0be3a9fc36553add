import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { descendants } from '../hosts/processes.ts'
import { spoken } from '../spoken.ts'
import { answered, beSilent, beWelcomed, editor, goTo, lastExchange, newSession, say, sayingOf } from './learner.ts'
import { type BrowserOptions, wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Speaking and being spoken to: real sound into Chromium's microphone, real models behind it, and everything that can be in the way. */
test.describe.configure({ mode: 'serial' })

const SENTENCE = 'Plants turn light into sugar, water and carbon dioxide into air.'
/** What of it a recogniser must get right. */
const HEARD = /light.*sugar/i
/** The same with two more words behind it: a recording that ends here cuts none of what must be right. */
const HEARD_AND_MORE = /light.*sugar\W+\w+\W+\w/i
const SHORTCUT_KEY = 'F9'

const whole = wholeApp()
let clip: string
let page: Page

test.beforeAll(async () => {
  clip = path.join(whole.folder, 'clip.wav')
  writeFileSync(clip, writeWav({ samples: await spoken(SENTENCE), sampleRate: SPEECH_RATE }))
  await whole.start()
})

async function open(options: BrowserOptions): Promise<void> {
  page = await whole.browse(options)
}

const talkButton = () => page.getByRole('button', { name: words('voice.start') })
const doneButton = () => page.getByRole('button', { name: words('voice.finish') })
/** What was heard so far, while it is being said. */
const partial = () => page.locator('p[aria-live="off"]').filter({ hasText: HEARD_AND_MORE })
/** The sentence that is being spoken, in the pieces that its citations cut it into. */
const caption = () => lastExchange(page).locator('mark')
const captionText = async () => (await caption().allTextContents())[0] ?? ''

/** Ends the models process with SIGKILL. @returns whether there was one */
function killModels(): boolean {
  const models = descendants(whole.app.pid).filter(({ command }) => /models\.js/.test(command))
  for (const { pid } of models) process.kill(pid, 'SIGKILL')
  return models.length > 0
}

test.describe('a microphone that gives nothing', () => {
  test('no microphone: it is said, and typing works', async () => {
    await open({ args: ['--use-fake-ui-for-media-stream'] })
    await beWelcomed(page, whole.app.address)
    await beSilent(page)
    const inputs = await page.evaluate(async () => {
      const devices = await navigator.mediaDevices.enumerateDevices()
      return devices.filter(({ kind }) => kind === 'audioinput').length
    })
    test.skip(inputs > 0, 'this machine has a microphone')
    await talkButton().click()
    const alert = await sayingOf(page, 'microphone-missing')
    await alert.getByRole('button', { name: words('common.dismiss') }).click()
    await expect(alert).toHaveCount(0)
    await say(page, 'Typed, because there is no microphone.')
    await answered(page)
  })

  test('a microphone that is not allowed: it is said, and works once it is', async () => {
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
    await talkButton().click()
    const alert = await sayingOf(page, 'microphone-denied')
    await setMicrophone('granted')
    await alert.getByRole('button', { name: words('voice.speakAgain') }).click()
    await expect(page.getByText(words('voice.phase.recording')).first()).toBeVisible()
  })

  test('a microphone that hears nothing: it is said, and nothing is sent', async () => {
    await expect(page.getByText('0:01', { exact: true })).toBeVisible()
    await doneButton().click()
    const alert = await sayingOf(page, 'audio-silent')
    await expect(editor(page)).toHaveValue('')
    await alert.getByRole('button', { name: words('common.dismiss') }).click()
    await expect(alert).toHaveCount(0)
  })
})

test.describe('a microphone that hears a voice', () => {
  test('what was said is written down, corrected, sent, and can be heard again', async () => {
    await open({ speech: clip })
    await page.goto(whole.app.address)
    await talkButton().click()
    await expect(partial()).toBeVisible()
    await doneButton().click()
    await expect(editor(page)).toHaveValue(HEARD)
    await expect(editor(page)).toBeFocused()
    await page.keyboard.type(' Corrected by hand.')
    await page.keyboard.press('Enter')
    await expect(lastExchange(page)).toContainText('Corrected by hand.')
    await answered(page)

    await page.reload()
    await expect(lastExchange(page)).toContainText('Corrected by hand.')
    await page.getByRole('button', { name: words('recording.play') }).click()
    await expect(page.getByRole('button', { name: words('recording.pause'), exact: true })).toBeVisible()
    const played = () =>
      page.locator('audio').evaluate((audio: HTMLAudioElement) => ({ at: audio.currentTime, of: audio.duration }))
    await expect.poll(async () => (await played()).at).toBeGreaterThan(0.2)
    expect((await played()).of).toBeGreaterThan(2)
    await page.getByRole('button', { name: words('recording.pause'), exact: true }).click()
  })

  test('holding the space bar talks, letting go ends it', async () => {
    await newSession(page)
    await editor(page).focus()
    await page.keyboard.down('Space')
    await expect(partial()).toBeVisible()
    await page.keyboard.up('Space')
    await expect(editor(page)).toHaveValue(HEARD)
    await editor(page).fill('')
  })

  test('a touch of the space bar by chance records nothing', async () => {
    await page.keyboard.press('Space')
    await expect(talkButton()).toBeVisible()
    await expect(editor(page)).toHaveValue('')
    await expect(page.getByRole('alert')).toHaveCount(0)
  })
})

test.describe('answers that are spoken', () => {
  test('sentence by sentence, with captions, until Escape', async () => {
    const asked: string[] = []
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => asked.push(String(payload))))
    await page.reload()
    await newSession(page)
    await page.getByRole('button', { name: words('talk.answersSilent') }).click()
    await say(page, 'What did I say about plants and light and sugar?')
    await answered(page)
    await expect(caption().first()).toBeVisible()
    const first = await captionText()
    await expect.poll(captionText).not.toBe(first)
    const second = await captionText()
    const answer = (await lastExchange(page).textContent()) ?? ''
    expect(answer.indexOf(second)).toBeGreaterThan(answer.indexOf(first))
    expect(answer).toContain(first)
    await page.keyboard.press('Escape')
    await expect(caption()).toHaveCount(0)
    await expect(lastExchange(page).getByRole('button', { name: words('talk.speak') })).toBeVisible()
    if ((await page.evaluate(() => speechSynthesis.getVoices().length)) === 0)
      expect(asked.filter((frame) => frame.includes('speech/speak')).length).toBeGreaterThan(1)
  })

  test('until the key is pressed to talk', async () => {
    await lastExchange(page)
      .getByRole('button', { name: words('talk.speak') })
      .click()
    await expect(caption().first()).toBeVisible()
    await page.keyboard.press(SHORTCUT_KEY)
    await expect(caption()).toHaveCount(0)
    await expect(partial()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(talkButton()).toBeVisible()
    await expect(editor(page)).toHaveValue('')
    await beSilent(page)
  })
})

test.describe('a models process that is killed', () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')

  test('in the middle of a recording: the transcript comes all the same', async () => {
    await talkButton().click()
    await expect(partial()).toBeVisible()
    expect(killModels()).toBe(true)
    await doneButton().click()
    await expect(editor(page)).toHaveValue(HEARD)
    await editor(page).fill('')
  })

  test('again and again: it is said, and the recording is heard once it can be', async () => {
    await talkButton().click()
    await expect(partial()).toBeVisible()
    await doneButton().click()
    const alert = page.getByRole('alert').filter({ hasText: words('errors.model-process-down.what') })
    await expect(async () => {
      killModels()
      await expect(alert).toBeVisible({ timeout: 100 })
    }).toPass({ intervals: [50] })
    await expect(async () => {
      const again = alert.getByRole('button', { name: words('voice.listenAgain') })
      if (await again.isVisible()) await again.click()
      await expect(editor(page)).toHaveValue(HEARD, { timeout: 2_000 })
    }).toPass()
    await editor(page).fill('')
  })

  test('in the middle of reading a long text: it is read to its end, and found by its meaning', async () => {
    const long = Array.from({ length: 60 }, (_, number) => chapter(number + 1))
    await newSession(page)
    await say(page, [...long, SAILORS.repeat(40)].join('\n\n'))
    await answered(page)
    await goTo(page, 'search')
    const field = page.getByRole('textbox', { name: words('search.field') })
    await field.fill('navigation at night on the ocean')
    const reading = page.getByText(words('search.indexing_one', { shown: '1' }))
    await expect(reading).toBeVisible()
    await expect.poll(killModels).toBe(true)
    await expect(reading).toHaveCount(0, { timeout: 60_000 })
    const found = page
      .getByRole('list', { name: words('search.results') })
      .getByText('Sailors of old')
      .first()
    await expect(found).toBeVisible()
  })
})

const SAILORS = 'Sailors of old found their way home by the stars above the horizon. '

/** About a thousand characters that say nothing of sailors. */
function chapter(number: number): string {
  return `Chapter ${number} of the cookery book. ${`Stir the dough for ${number} minutes and let it rest in a warm kitchen. `.repeat(16)}`
}
