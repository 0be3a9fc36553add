import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { fingerprint, makeV1, manyRows } from '../v1-fixtures.ts'
import { seriousViolations } from './accessibility.ts'
import { beWelcomed, goTo, sayingOf } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Somebody who comes from v1: chooses the file, looks, imports, compares, finds, and takes it back. */
test.describe.configure({ mode: 'serial' })

const ROWS = 40
const whole = wholeApp()
const file = path.join(whole.folder, 'v1', 'learning_captures.db')
let page: Page
let before: unknown

test.beforeAll(async () => {
  makeV1(file, [...manyRows(ROWS)])
  before = fingerprint(file)
  page = await whole.open()
  await beWelcomed(page, whole.app.address)
})

const button = (key: string) => page.getByRole('button', { name: words(key), exact: true })
const fact = (key: string) =>
  page.locator('dl > div', { has: page.getByText(words(key), { exact: true }) }).locator('dd')

async function openSection(): Promise<void> {
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.legacy.title'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('settings.legacy.title') })).toBeVisible()
}

test('says before anything was imported what will be there', async () => {
  await openSection()
  await expect(page.getByText(words('settings.legacy.noImports'))).toBeVisible()
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await seriousViolations(page)).toEqual([])
  }
})

test('says what is wrong with a path', async () => {
  await page.getByRole('textbox', { name: words('settings.legacy.orPath') }).fill('/nowhere/at/all')
  await button('settings.legacy.look').click()
  await sayingOf(page, 'legacy-not-found')
})

test('looks at a file that is chosen, without writing anything', async () => {
  await page.getByTestId('v1-file').setInputFiles(file)
  await expect(fact('settings.legacy.rows')).toHaveText(String(ROWS))
  await expect(fact('settings.legacy.fresh')).toHaveText(String(ROWS))
  await expect(page.getByText(words('settings.legacy.noImports'))).toBeVisible()
})

test('imports it and compares both', async () => {
  await button('settings.legacy.start').click()
  await expect(page.getByText(words('settings.legacy.imported_other', { count: String(ROWS) }))).toBeVisible()
  await expect(page.getByRole('list', { name: words('settings.legacy.imports') })).toContainText('learning_captures.db')
  await button('settings.legacy.check').click()
  await expect(page.getByText(words('settings.legacy.verified'))).toBeVisible({ timeout: 180_000 })
  expect(await seriousViolations(page)).toEqual([])
})

test('has it in the Library', async () => {
  await goTo(page, 'library')
  await expect(
    page
      .getByRole('listbox')
      .getByRole('option')
      .filter({ hasText: `number${ROWS - 1}` }),
  ).toBeVisible()
})

test('looks at a folder by its path, and finds nothing new in it', async () => {
  await openSection()
  await page.getByRole('textbox', { name: words('settings.legacy.orPath') }).fill(path.dirname(file))
  await button('settings.legacy.look').click()
  await expect(page.getByText(words('settings.legacy.nothingNew'))).toBeVisible()
  expect(fingerprint(file)).toEqual(before)
})

test('takes it back', async () => {
  await page
    .getByRole('list', { name: words('settings.legacy.imports') })
    .getByRole('button')
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.legacy.takeBack'), exact: true })
    .click()
  await expect(page.getByText(words('settings.legacy.takenBack_other', { count: String(ROWS) }))).toBeVisible()
  await goTo(page, 'library')
  await expect(page.getByRole('heading', { name: words('library.empty') })).toBeVisible()
})
