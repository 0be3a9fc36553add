import { expect, type Locator, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { ask, beSilent, beWelcomed, lastExchange, newSession, openLibrary, openTimeline } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** What a model does with its tools for the learner: seen in the timeline, listed as made for them, and taken back. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let provider: ScriptedProvider
let page: Page

test.beforeAll(async () => {
  provider = await startScriptedProvider({ delayMs: 1 })
  page = await whole.open({
    LVA_LANGUAGE_PROVIDER: 'compatible',
    LVA_LANGUAGE_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
    LVA_LANGUAGE_COMPATIBLE_MODEL: 'scripted-tools',
  })
})
test.afterAll(() => provider?.close())

const made = (): Locator => {
  const titles = [words('talk.made.title'), words('talk.made.doneTitle')]
  return lastExchange(page).getByRole('region', { name: new RegExp(`^(${titles.join('|')})$`) })
}
const undo = (): Locator => made().getByRole('button', { name: words('talk.made.undo') })

test('calculates, looks at the calendar and searches memory, and the timeline says so', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await ask(page, 'Photosynthesis turns light into sugar.')
  await ask(page, 'What is (3 + 4.5) * 12?')
  await expect(lastExchange(page)).toContainText('90')
  await expect(await openTimeline(page)).toContainText(`${words('timeline.tool.calculate')} · (3 + 4.5) * 12 = 90`)
  await looksRight(page, 'calculated')
  await ask(page, 'What day is it in Asia/Tokyo?')
  await expect(await openTimeline(page)).toContainText(/calendar and clock · \d{4}-\d{2}-\d{2} \d{2}:\d{2}/)
  await ask(page, 'Search my memory for photosynthesis')
  await expect(await openTimeline(page)).toContainText(`${words('timeline.tool.memory_search')} · photosynthesis`)
  await ask(page, 'What is 1 / 0?')
  await expect(await openTimeline(page)).toContainText(
    `${words('timeline.tool.calculate')} · ${words('timeline.toolFailed')}`,
  )
  await looksRight(page, 'tools-in-timeline')
})

test('makes a note that is in the Library, until it is taken back', async () => {
  await newSession(page)
  await ask(page, 'Make a note: chloroplasts hold chlorophyll')
  await expect(made()).toContainText(words('talk.made.note', { text: 'A note' }))
  const session = page.url()
  await openLibrary(page, 'notes')
  await expect(page.getByText('chloroplasts hold chlorophyll')).toBeVisible()
  await page.goto(session)
  await undo().press('Enter')
  await expect(made().getByRole('status')).toHaveText(words('talk.made.takenBack'))
  await openLibrary(page, 'notes')
  await expect(page.getByText('chloroplasts hold chlorophyll')).toHaveCount(0)
})

test('makes a card and remembers; both say after a new start whether they still stand', async () => {
  await newSession(page)
  await ask(page, 'Make a card: What does photosynthesis make? = Sugar')
  await expect(made()).toContainText(words('talk.made.card', { text: 'What does photosynthesis make?' }))
  await undo().click()
  await expect(made().getByRole('status')).toHaveText(words('talk.made.takenBack'))
  await page.reload()
  await expect(made().getByRole('status')).toHaveText(words('talk.made.takenBack'))
  await ask(page, 'Remember that I prefer examples from music')
  await expect(made()).toContainText(words('talk.made.memory', { text: 'I prefer examples from music' }))
  await expect(await openTimeline(page)).toContainText(
    `${words('timeline.tool.remember')} · I prefer examples from music`,
  )
  await looksRight(page, 'made-for-you')
})

test('forgets what it is asked to, and brings it back', async () => {
  await ask(page, 'Forget that I prefer examples from music')
  await expect(made()).toContainText(words('talk.made.forgotten'))
  // Where it was remembered, it stands no longer.
  const before = page.getByRole('region', { name: words('talk.made.title') }).last()
  await expect(before.getByRole('status')).toHaveText(words('talk.made.takenBack'))
  await looksRight(page, 'forgotten')
  const session = page.url()
  await openLibrary(page, 'about')
  await expect(page.getByRole('heading', { name: words('about.empty') })).toBeVisible()
  await page.goto(session)
  await undo().click()
  await expect(made().getByRole('status')).toHaveText(words('talk.made.takenBack'))
  await openLibrary(page, 'about')
  await expect(page.getByText('I prefer examples from music', { exact: true })).toBeVisible()
})
