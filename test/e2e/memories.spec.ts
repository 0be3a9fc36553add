import { expect, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { answered, beSilent, beWelcomed, goTo, lastExchange, newSession, say } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** What the learner says about themselves, from their words to the prompt and away again. */
test.describe.configure({ mode: 'serial' })

const STATEMENT = 'I prefer examples from music'
const whole = wholeApp()
let provider: ScriptedProvider
let page: Page

test.beforeAll(async () => {
  provider = await startScriptedProvider({ delayMs: 1 })
  page = await whole.open({
    ANTHROPIC_API_KEY: 'sk-ant-canary',
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
    LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-ok',
  })
})
test.afterAll(() => provider?.close())

/** What the provider was sent since it was last reset. */
const sent = () => JSON.stringify(provider.requests.map(({ body }) => body))

async function openAbout(): Promise<void> {
  await goTo(page, 'library')
  await page.getByRole('link', { name: words('library.tab.about') }).click()
}

test('a statement is proposed with its words, and counts once it is accepted', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await say(page, `${STATEMENT}. What is a fraction?`)
  await answered(page)
  expect(sent()).not.toContain('agreed to be remembered')

  await openAbout()
  const row = page.getByRole('listitem').filter({ hasText: STATEMENT })
  await expect(row).toBeVisible({ timeout: 30_000 })
  await row.getByRole('button', { name: words('about.receipt') }).click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark')).toHaveText(STATEMENT)
  await drawer.getByRole('button', { name: words('common.close') }).click()
  await row.getByRole('button', { name: words('about.acceptOne', { text: STATEMENT }) }).press('Enter')
  await expect(page.getByRole('heading', { name: words('about.kinds.preference') })).toBeVisible()

  provider.reset()
  await newSession(page)
  await say(page, 'What is a ratio?')
  await answered(page)
  expect(sent()).toContain(`agreed to be remembered`)
  expect(sent()).toContain(STATEMENT)
  await lastExchange(page).getByText(words('timeline.title')).locator('..').click()
  await lastExchange(page)
    .getByText(words('about.usedIn_one', { count: 1 }))
    .click()
  await expect(lastExchange(page).getByText(STATEMENT, { exact: true })).toBeVisible()
})

test('what is forgotten is gone from the screens and from the next prompt, and can be taken back', async () => {
  await openAbout()
  const forget = async () => {
    await page.getByRole('button', { name: words('about.more', { text: STATEMENT }) }).click()
    await page.getByRole('menuitem', { name: words('about.forget') }).click()
    const dialog = page.getByRole('dialog', { name: words('about.forgetTitle') })
    await expect(dialog).toContainText(words('about.forgetStays'))
    await dialog.getByRole('button', { name: words('about.forget') }).click()
    await expect(page.getByRole('heading', { name: words('about.empty') })).toBeVisible()
  }
  await forget()
  await page
    .getByRole('button', { name: words('history.undo.action') })
    .last()
    .click()
  // Its words may also stand in the dialog that is fading.
  await expect(page.getByRole('button', { name: words('about.more', { text: STATEMENT }) })).toBeVisible()
  await forget()

  provider.reset()
  await newSession(page)
  await say(page, 'What is a percentage?')
  await answered(page)
  expect(sent()).not.toContain('agreed to be remembered')

  await page.reload()
  await openAbout()
  await expect(page.getByRole('heading', { name: words('about.empty') })).toBeVisible()
})
