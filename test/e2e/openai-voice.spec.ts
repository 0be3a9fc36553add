import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { spoken } from '../spoken.ts'
import { answered, beWelcomed, editor, goTo, lastExchange, newSession, openSettings, say } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/**
 * OpenAI as voice and as ear, through the whole app: chosen in Settings, which say what is sent; answers are sent a sentence at a time and heard at the
 * chosen speed; what the learner says is sent once; and what speaks and hears when it cannot be reached.
 */
test.describe.configure({ mode: 'serial' })

const SENTENCES = [
  'Plants turn light into sugar.',
  'They keep some of it in their roots.',
  'At night they live on what they kept.',
]
const VOICE = 'openai:nova'
/** What the scripted provider hears in any sound. */
const HEARD_THERE = 'Plants turn light into sugar.'

const whole = wholeApp()
let provider: ScriptedProvider
let isProviderUp = false
let page: Page

test.beforeAll(async () => {
  provider = await startScriptedProvider({ reply: () => ({ text: SENTENCES.join(' ') }) })
  isProviderUp = true
  page = await whole.open({
    OPENAI_API_KEY: 'sk-speaks',
    LVA_LANGUAGE_OPENAI_BASE_URL: `${provider.url}/v1`,
    LVA_LANGUAGE_OPENAI_MODEL: 'gpt-6-luna',
    LVA_LANGUAGE_PROVIDER: 'openai',
  })
  await page.addInitScript(() => {
    const played: number[] = []
    const play = HTMLMediaElement.prototype.play
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      this.addEventListener('ended', () => played.push(this.playbackRate), { once: true })
      return play.call(this)
    }
    Object.assign(window, { played })
  })
  await beWelcomed(page, whole.app.address)
})
test.afterAll(() => closeProvider())

async function closeProvider(): Promise<void> {
  if (isProviderUp) await provider.close()
  isProviderUp = false
}
/** At which speed each sound that was heard to its end was played. */
const played = () => page.evaluate(() => (window as unknown as { played: number[] }).played)
const spokenThere = () =>
  provider.requests
    .filter((request) => request.path === '/v1/audio/speech')
    .map(({ body }) => body as { input: string })
/** Says something that is not what the scripted OpenAI answers. */
async function hearClip(): Promise<void> {
  const clip = path.join(whole.folder, 'water.wav')
  const samples = await spoken('Water boils at one hundred degrees.')
  writeFileSync(clip, writeWav({ samples, sampleRate: SPEECH_RATE }))
  await page.locator('input[data-recording]').setInputFiles(clip)
}
const caption = () => lastExchange(page).locator('mark')

test('a voice of OpenAI is chosen in Settings, which says what is sent, and can be tried', async () => {
  await openSettings(page, 'settings.voice.title')
  await page.getByRole('combobox', { name: words('settings.voice.voice') }).selectOption(VOICE)
  await expect(page.getByText(words('settings.voice.openaiHelp'))).toBeVisible()
  const rate = page.getByRole('slider', { name: words('settings.voice.rate') })
  await rate.focus()
  for (let steps = 0; steps < 5; steps++) await page.keyboard.press('ArrowRight')
  await expect(page.getByText('1.5×')).toBeVisible()
  await looksRight(page, 'openai-voice')
  expect(spokenThere()).toEqual([])
  await page.getByRole('button', { name: words('settings.voice.try') }).click()
  await expect.poll(played).toEqual([1.5, 1.5])
  expect(spokenThere()[0]).toMatchObject({ voice: 'nova', response_format: 'wav' })
  expect(
    spokenThere()
      .map(({ input }) => input)
      .join(' '),
  ).toBe(words('settings.voice.trial'))
})

test('what the learner says is heard by OpenAI once that is chosen, and sent to nobody else', async () => {
  await openSettings(page, 'settings.voice.title')
  const ear = page.getByRole('combobox', { name: words('settings.recogniser.choose') })
  await ear.selectOption('openai')
  await expect(page.getByText(words('settings.recogniser.openaiHelp', { origin: `${provider.url}/v1` }))).toBeVisible()
  provider.reset()
  await goTo(page, 'talk')
  await hearClip()
  await expect(editor(page)).toHaveValue(HEARD_THERE)
  expect(provider.requests.map(({ path: asked, apiKey }) => [asked, apiKey])).toEqual([
    ['/v1/audio/transcriptions', 'sk-speaks'],
  ])
  await editor(page).fill('')
})

test('it speaks an answer sentence by sentence, each sent once and marked while it is heard', async () => {
  provider.reset()
  const before = (await played()).length
  await newSession(page)
  await say(page, 'How do plants live?')
  const seen: string[] = []
  await expect
    .poll(
      async () => {
        const marked = (await caption().allTextContents()).join('')
        if (marked !== '' && seen.at(-1) !== marked) seen.push(marked)
        return (await played()).length - before
      },
      { intervals: [50] },
    )
    .toBe(SENTENCES.length)
  await answered(page)
  expect(spokenThere().map(({ input }) => input)).toEqual(SENTENCES)
  expect((await played()).slice(before)).toEqual(SENTENCES.map(() => 1.5))
  expect(seen).toEqual(SENTENCES)
  await expect(caption()).toHaveCount(0)
})

test('where OpenAI cannot be reached, a voice of the device speaks, and it is said once', async () => {
  await closeProvider()
  await page.reload()
  await expect(lastExchange(page)).toContainText(SENTENCES[0] as string)
  const hasSystemVoice = await page.evaluate(() => speechSynthesis.getVoices().length > 0)
  await lastExchange(page)
    .getByRole('button', { name: words('talk.speak') })
    .click()
  const said = page.getByRole('listitem').filter({ hasText: words('errors.network-down.what') })
  await expect(said).toHaveCount(1)
  if (!hasSystemVoice) await expect.poll(async () => (await played()).length).toBe(SENTENCES.length)
  await expect(caption()).toHaveCount(0)
})

test('and the device hears, which is said as well', async () => {
  await page.reload()
  await hearClip()
  await expect(page.getByRole('listitem').filter({ hasText: words('errors.network-down.what') })).toHaveCount(1)
  await expect(editor(page)).toHaveValue(/water.*boils/i)
})
