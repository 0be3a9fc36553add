import { expect, type Locator, type Page } from '@playwright/test'
import { words } from './words.ts'

/** What a learner does on the screens, said once for all tests. */

export type PlaceName = 'talk' | 'library' | 'search' | 'map' | 'settings'

export const editor = (page: Page): Locator => page.getByRole('textbox', { name: words('talk.editor') })

/** The last exchange of the session on the screen. */
export const lastExchange = (page: Page): Locator =>
  page
    .getByRole('list', { name: words('talk.exchanges') })
    .getByRole('article')
    .last()

/** Opens the address of a new data folder and presses Start. */
export async function beWelcomed(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: words('welcome.start') }).click()
  await expect(editor(page)).toBeVisible()
}

/** Answers are spoken unless somebody says otherwise. */
export async function beSilent(page: Page): Promise<void> {
  await page.getByRole('button', { name: words('talk.answersSpoken') }).click()
  await expect(page.getByRole('button', { name: words('talk.answersSilent') })).toBeVisible()
}

export async function say(page: Page, text: string): Promise<void> {
  await editor(page).fill(text)
  await editor(page).press('Enter')
}

/** Resolves when the last answer is whole. */
export async function answered(page: Page): Promise<void> {
  await expect(lastExchange(page).getByRole('button', { name: words('talk.copyAnswer') })).toBeVisible()
}

export async function goTo(page: Page, place: PlaceName): Promise<void> {
  await page
    .getByRole('link', { name: words(`place.${place}`), exact: true })
    .first()
    .click()
}

export async function newSession(page: Page): Promise<void> {
  await goTo(page, 'talk')
  await page.getByRole('button', { name: words('talk.startNew'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('talk.invitation') })).toBeVisible()
}

/** Opens one of the lists of the Library. */
export async function openLibrary(
  page: Page,
  tab: 'documents' | 'notes' | 'cards' | 'about' | 'timeline' | 'deleted',
): Promise<void> {
  await goTo(page, 'library')
  // Some say how many wait.
  await page.getByRole('link', { name: new RegExp(`^${words(`library.tab.${tab}`)}`) }).click()
}

/** Opens a section of Settings by its title. */
export async function openSettings(page: Page, title: string): Promise<void> {
  await goTo(page, 'settings')
  await page
    .getByRole('link', { name: words(title), exact: true })
    .first()
    .click()
}

/** Says it, and waits for the whole answer. @returns the exchange */
export async function ask(page: Page, text: string): Promise<Locator> {
  await say(page, text)
  await expect(lastExchange(page)).toContainText(text)
  await answered(page)
  return lastExchange(page)
}

/** Opens the timeline of the last answer. @returns its agents */
export async function openTimeline(page: Page): Promise<Locator> {
  const exchange = lastExchange(page)
  await exchange.locator('summary').first().click()
  const list = exchange.getByRole('list', { name: words('timeline.title') })
  await expect(list).toBeVisible()
  return list
}

/** The alert that says `errors.CODE`, both what happened and what to do. */
export async function sayingOf(page: Page, code: string, values: Record<string, string> = {}): Promise<Locator> {
  const alert = page.getByRole('alert').filter({ hasText: words(`errors.${code}.what`, values) })
  await expect(alert).toBeVisible()
  await expect(alert).toContainText(words(`errors.${code}.next`))
  return alert
}
