import { expect, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { answered, beWelcomed, lastExchange, newSession, openSettings, say } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Answers that OpenAI speaks, through the whole app: chosen in Settings, sent a sentence at a time, heard at the chosen speed, and what speaks when it cannot be reached. */
test.describe.configure({ mode: 'serial' })

const SENTENCES = [
  'Plants turn light into sugar.',
  'They keep some of it in their roots.',
  'At night they live on what they kept.',
]
const VOICE = 'openai:nova'

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
  provider.requests.filter(({ path }) => path === '/v1/audio/speech').map(({ body }) => body as { input: string })
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
