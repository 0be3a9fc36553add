import { expect, type Locator, type Page, test } from '@playwright/test'
import { cmykJpeg, plainPicture, pngHeader, screenWith } from '../made-pictures.ts'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import {
  answered,
  ask,
  beSilent,
  beWelcomed,
  editor,
  goTo,
  lastExchange,
  newSession,
  openTimeline,
  say,
  sayingOf,
} from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Pictures through the whole app: pasted and chosen, read by the process for documents, shown to a provider, found again. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let provider: ScriptedProvider
/** What the model says of a picture, where a test wants it to say something of its own. */
let described = ''
let page: Page

const PLAN = screenWith(
  [
    'Week one is about the light reactions of plants.',
    'The exam of Professor Lindqvist is on 12 December.',
    'Office hours are on Tuesdays after lunch.',
  ],
  { heading: 'Course plan' },
)

test.beforeAll(async () => {
  provider = await startScriptedProvider({ delayMs: 2, reply: () => (described ? { text: described } : undefined) })
  page = await whole.open({
    ANTHROPIC_API_KEY: 'sk-ant-canary-vision',
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
    LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-ok',
    LVA_AGENTS_DEADLINES_VISION: '60000',
  })
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await answerBy('provider.offline')
})
test.afterAll(() => provider?.close())

/** Chooses who answers, and begins a new session. */
async function answerBy(choice: 'provider.offline' | 'settings.models.auto'): Promise<void> {
  await goTo(page, 'settings')
  await page
    .getByRole('link', { name: words('settings.models.title') })
    .first()
    .click()
  const radio = page.getByRole('radio', { name: new RegExp(`^${words(choice)}`) })
  await radio.click()
  await expect(radio).toBeChecked()
  await newSession(page)
}

const strip = () => page.getByRole('list', { name: words('pictures.toSend') })

/** Pastes a picture into the editor, as from a program for screenshots. */
async function paste(picture: Buffer, type = 'image/png'): Promise<void> {
  await editor(page).evaluate(
    (field, { base64, type }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], 'pasted', { type }))
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }))
    },
    { base64: picture.toString('base64'), type },
  )
}

async function choose(...pictures: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  await page.locator('input[data-pictures]').setInputFiles(pictures)
}

test('a pasted screenshot is answered from its text without a network, and its place is framed', async () => {
  test.slow()
  await paste(PLAN)
  await expect(strip().getByRole('listitem')).toHaveCount(1)
  await say(page, 'When is the exam of Lindqvist?')
  await expect(strip()).toHaveCount(0)
  await expect(lastExchange(page)).toContainText('is on 12 December', { timeout: 90_000 })
  await answered(page)
  await expect(lastExchange(page)).toContainText('This is what your device reads in it')
  await lastExchange(page)
    .getByRole('list', { name: words('talk.sources') })
    .getByRole('button')
    .click()
  // The second of the lines below the heading: its foot is at 160 of 280 pixels.
  await framed('The exam of Professor Lindqvist is on 12 December', 0.5, 0.6)
  await source()
    .getByRole('button', { name: words('common.close') })
    .click()
})

test('it opens large by keyboard, with what was read, and is read again in another language', async () => {
  test.slow()
  const small = lastExchange(page).getByRole('button', { name: words('pictures.open', { number: 1 }) })
  await small.focus()
  await page.keyboard.press('Enter')
  const large = page.getByRole('dialog', { name: words('pictures.title', { number: 1 }) })
  await expect(large.getByRole('img', { name: /Course plan/ })).toBeVisible()
  await expect(large.getByRole('region', { name: words('pictures.text') })).toContainText('Office hours')
  await large.getByRole('button', { name: words('pictures.readAgain') }).click()
  await page.getByRole('menuitem', { name: 'German' }).click()
  await expect(large.getByText(/· German/)).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  await expect(large).toHaveCount(0)
  await expect(small).toBeFocused()
})

test('what stands in a picture is found by search, and opened there', async () => {
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('office hours tuesdays')
  const hit = page.locator('[data-result]').filter({ hasText: 'Office hours' }).first()
  await expect(hit).toBeVisible({ timeout: 30_000 })
  await hit.click()
  await framed('Office hours', 0.6, 0.9)
  await source()
    .getByRole('link', { name: words('source.openInLibrary') })
    .click()
  await expect(page.getByRole('button', { name: words('pictures.open', { number: 1 }) })).toBeVisible()
})

test('a provider with a key is shown the picture, and what was read as data', async () => {
  await answerBy('settings.models.auto')
  provider.reset()
  await paste(PLAN)
  await editor(page).press('Enter')
  await answered(page)
  await expect(lastExchange(page)).toContainText(words('pictures.whatIsThis_one'))
  const call = provider.requests.find(({ path: at }) => at.endsWith('/messages'))
  const { messages, tools } = (call?.body ?? { messages: [] }) as {
    messages: { content: { type: string; source?: { media_type: string; data: string } }[] }[]
    tools?: unknown
  }
  const shown = messages.at(-1)?.content.find(({ type }) => type === 'image')
  expect(shown?.source?.media_type).toBe('image/png')
  const sent = Buffer.from(shown?.source?.data ?? '', 'base64')
  expect([sent.readUInt32BE(16), sent.readUInt32BE(20)]).toEqual([PLAN.readUInt32BE(16), PLAN.readUInt32BE(20)])
  expect(tools).toBeUndefined()
})

test('what a model cites of a picture is framed in it: from the conversation with its timeline, and from the Library', async () => {
  test.slow()
  await lastExchange(page)
    .getByRole('button', { name: words('pictures.open', { number: 1 }) })
    .click()
  const large = page.getByRole('dialog', { name: words('pictures.title', { number: 1 }) })
  await expect(large.getByRole('region', { name: words('pictures.text') })).toContainText('Office hours', {
    timeout: 60_000,
  })
  await page.keyboard.press('Escape')
  // It has been read by now, so the model is told what stands in it.
  await lastExchange(page)
    .getByRole('button', { name: words('talk.askAgain') })
    .click()
  await expect(sourcesIn(lastExchange(page))).toHaveCount(1)
  await answered(page)
  const agents = await openTimeline(page)
  await expect(agents.getByRole('listitem').filter({ hasText: words('timeline.agent.vision') })).toContainText(
    'scripted-ok',
  )
  await sourcesIn(lastExchange(page)).click()
  await framed('Course plan', 0.05, 0.3)
  await source()
    .getByRole('link', { name: words('source.openInLibrary') })
    .click()
  const answer = page.getByRole('region', { name: words('source.answered') })
  await sourcesIn(answer).click()
  await framed('Course plan', 0.05, 0.3)
})

const source = () => page.getByRole('complementary', { name: words('source.title') })
const sourcesIn = (place: Locator) => place.getByRole('list', { name: words('talk.sources') }).getByRole('button')

/** The open source marks these words, and frames a part of its picture whose middle lies between two parts of the height. */
async function framed(text: string, from: number, to: number): Promise<void> {
  await expect(source().locator('mark')).toContainText(text)
  const region = source().locator('[data-region]')
  const frame = await region.boundingBox()
  // The source may be a turn with several pictures: the one that is meant holds the frame.
  const picture = await source()
    .locator('span')
    .filter({ has: page.locator('> [data-region]') })
    .locator('img')
    .boundingBox()
  if (!frame || !picture) throw new Error('Nothing is framed.')
  expect(frame.x + frame.width).toBeLessThanOrEqual(picture.x + picture.width + 8)
  const middle = (frame.y + frame.height / 2 - picture.y) / picture.height
  expect(middle).toBeGreaterThan(from)
  expect(middle).toBeLessThan(to)
}

test('two pictures are compared, and one that was chosen by mistake is taken out', async () => {
  await answerBy('provider.offline')
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer })
  await choose(file('a.png', PLAN), file('mistake.png', plainPicture('image/png')))
  await choose(file('b.png', screenWith(['The exam of Professor Lindqvist is on 19 December.'])))
  await page.getByRole('button', { name: words('pictures.remove', { number: 2 }) }).click()
  await expect(strip().getByRole('listitem')).toHaveCount(2)
  await say(page, 'Compare them')
  await expect(lastExchange(page)).toContainText(/Only in picture 2: .*19 December/, { timeout: 90_000 })
  await answered(page)
})

test('a later question without a picture is answered from one, and its line is framed', async () => {
  await newSession(page)
  await ask(page, 'When are the office hours?')
  await expect(lastExchange(page)).toContainText('Tuesdays after lunch')
  await sourcesIn(lastExchange(page)).first().click()
  await framed('Office hours', 0.6, 0.9)
  await source()
    .getByRole('button', { name: words('common.close') })
    .click()
})

test('what a model said of a picture is found by search, and leads to the picture', async () => {
  await answerBy('settings.models.auto')
  described = 'A red turbine turns in a river, and a heron stands beside it.'
  await paste(plainPicture('image/png'))
  await ask(page, 'What is this?')
  await expect(lastExchange(page)).toContainText('A red turbine')
  described = ''
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('heron beside a turbine')
  const hit = page.locator('[data-result]').filter({ hasText: 'a heron stands beside it' }).first()
  await expect(hit).toBeVisible({ timeout: 30_000 })
  await hit.click()
  await expect(source().getByRole('button', { name: words('pictures.open', { number: 1 }) })).toBeVisible()
})

test('pictures that cannot be looked at are refused with words, and nothing is lost', async () => {
  await newSession(page)
  await choose({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
  // The words stand in the message and, for a moment, in what a screen reader is told.
  await expect(page.getByText(words('pictures.notTaken_one', { count: 1 }), { exact: true })).toBeVisible()
  for (const [code, buffer, values] of [
    ['picture-not-supported', Buffer.from('no picture, whatever its name says'), {}],
    ['picture-empty', Buffer.alloc(0), {}],
    ['picture-too-many-pixels', pngHeader(20_000, 20_000), { width: '20000', height: '20000', limit: '50' }],
    ['picture-damaged', pngHeader(300, 200), {}],
  ] as const) {
    await choose({ name: 'broken.png', mimeType: 'image/png', buffer })
    await say(page, `Look at this: ${code}`)
    const alert = await sayingOf(page, code, values)
    await alert.getByRole('button', { name: words('talk.backToEditor') }).click()
    await expect(editor(page)).toHaveValue(`Look at this: ${code}`)
    await page.getByRole('button', { name: words('pictures.remove', { number: 1 }) }).click()
    await editor(page).fill('')
  }
  await choose({ name: 'print.jpg', mimeType: 'image/jpeg', buffer: cmykJpeg() })
  await say(page, 'And this one?')
  await answered(page)
})
