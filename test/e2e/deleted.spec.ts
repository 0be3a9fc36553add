import { expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { beWelcomed, openLibrary, openSettings } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** What was deleted is in the Library until it is forgotten, also after the program was closed. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let page: Page

async function makeNote(title: string): Promise<void> {
  await page.getByRole('button', { name: words('library.newNote') }).click()
  await page.getByRole('textbox', { name: words('library.noteTitle') }).fill(title)
  await expect(notes().filter({ hasText: title })).toBeVisible()
}
const notes = () => page.getByRole('list', { name: words('library.tab.notes') }).getByRole('button')
const deleted = (title: string) =>
  page
    .getByRole('list', { name: words('library.tab.deleted') })
    .getByRole('listitem')
    .filter({ hasText: title })

test('a deleted note is restored after a restart', async () => {
  test.slow()
  page = await whole.open({ LVA_LANGUAGE_PROVIDER: 'offline' })
  await beWelcomed(page, whole.app.address)
  await openLibrary(page, 'notes')
  for (const title of ['Osmosis', 'Diffusion']) {
    await makeNote(title)
    await page.getByRole('button', { name: words('library.deleteNote') }).click()
    await expect(notes().filter({ hasText: title })).toHaveCount(0)
  }
  await page.close()
  await whole.app.stop()
  await whole.start({ LVA_LANGUAGE_PROVIDER: 'offline' })
  page = await whole.newPage()
  await page.goto(whole.app.address)
  await openLibrary(page, 'deleted')
  await expect(deleted('Osmosis')).toContainText(words('library.deleted.hoursLeft_other', { count: '24' }))
  expect(await seriousViolations(page)).toEqual([])
  await page.getByRole('button', { name: words('library.deleted.restoreOne', { name: 'Osmosis' }) }).click()
  await expect(deleted('Osmosis')).toHaveCount(0)
  await openLibrary(page, 'notes')
  await expect(notes().filter({ hasText: 'Osmosis' })).toBeVisible()
})

test('one thing is forgotten at once, and Settings lead here', async () => {
  test.slow()
  await openSettings(page, 'settings.privacy.title')
  await page.getByRole('link', { name: words('settings.privacy.deleted.show') }).click()
  await page.getByRole('button', { name: words('library.deleted.forgetOne', { name: 'Diffusion' }) }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.privacy.deleted.yes') })
    .click()
  await expect(page.getByRole('heading', { name: words('library.deleted.none') })).toBeVisible({ timeout: 60_000 })
})
