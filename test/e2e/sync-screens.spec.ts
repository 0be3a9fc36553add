import AxeBuilder from '@axe-core/playwright'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
  test,
} from '@playwright/test'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts'
import { serveImitation } from '../renderer-fake/serve.ts'
import { words } from './words.ts'

/** Settings, Devices and sync, on an imitated core (test/renderer-fake/imitated-sync.ts). */

let site: Awaited<ReturnType<typeof serveImitation>>
let browser: Browser
let context: BrowserContext
let page: Page
let problems: string[]

test.beforeAll(async () => {
  site = await serveImitation()
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
})
test.afterAll(async () => {
  await browser?.close()
  await site?.close()
})
test.beforeEach(() => {
  problems = []
})
test.afterEach(async () => {
  await context?.close()
  expect(problems, 'errors in the console').toEqual([])
})

async function open(sync: string, options: BrowserContextOptions = {}): Promise<void> {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
  page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(`${site.address}/?sync=${sync}#/settings?section=sync`)
  await expect(page.getByRole('heading', { name: words('settings.sync.title') })).toBeVisible()
}

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(`settings.sync.${key}`, values), exact: true })
const text = (key: string, values?: Record<string, string | number>) =>
  page.getByText(words(`settings.sync.${key}`, values), { exact: true })
const field = (key: string) => page.getByLabel(words(key), { exact: true })

async function seriousViolations(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing serious, and nothing sticks out: ${colorScheme}, ${width} px`, async () => {
      for (const sync of [
        'out',
        'signed-in',
        'member',
        'offline',
        'busy',
        'paused',
        'quota',
        'signed-out',
        'revoked',
      ]) {
        await open(sync, { colorScheme, viewport: { width, height: width === 390 ? 844 : 900 } })
        if (sync === 'signed-in') {
          await button('join.go').click()
          await expect(page.getByTestId('pairing-code')).toBeVisible()
        }
        if (sync === 'offline') await button('add.title').click()
        const shots = process.env.LVA_TEST_SHOTS
        if (shots) await page.screenshot({ path: `${shots}/sync-${sync}-${colorScheme}-${width}.png` })
        expect(await seriousViolations(), sync).toEqual([])
        const over = () => document.documentElement.scrollWidth - innerWidth
        expect(await page.evaluate(over), sync).toBeLessThanOrEqual(0)
        await context.close()
      }
    })
  }
}

test('from nothing to the first device, by keyboard alone', async () => {
  await open('out')
  await field('settings.sync.account.relay').focus()
  await page.keyboard.type('https://relay.example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('ada@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText(words('errors.sign-in-refused.what'))
  await field('settings.sync.account.password').fill('four random words are good')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: words('settings.sync.join.code') }).focus()
  await page.keyboard.down('ArrowUp')
  await expect(page.getByRole('radio', { name: words('settings.sync.join.first') })).toBeChecked()
  await page.keyboard.up('ArrowUp')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem').filter({ hasText: 'legal' }).first()).toBeVisible()
  await page.getByRole('button', { name: words('settings.backups.phrase.written') }).press('Enter')
  for (const word of ['winner', 'legal', 'year']) {
    await page.keyboard.type(word)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(text('state.synced')).toBeVisible()
})

test('a new device shows a code and a number, and joins', async () => {
  await open('signed-in')
  await button('join.go').click()
  await expect(page.getByTestId('pairing-code')).toHaveText('7K2M-9QXR-4TVN-C')
  await expect(page.getByRole('img', { name: words('settings.sync.code.qr') })).toBeVisible()
  await expect(page.getByText('402 918')).toBeVisible()
  await expect(text('state.synced')).toBeVisible()
})

test('a device is added once the learner says that the numbers are equal', async () => {
  await open('member')
  await button('add.title').click()
  await field('settings.sync.add.code').fill('0000-0000-0000-0')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText(words('errors.pairing-unknown.what'))
  await field('settings.sync.add.code').fill('7k2m-9qxr-4tvn-c')
  await page.keyboard.press('Enter')
  await expect(page.getByText('402 918')).toBeVisible()
  await button('add.different').click()
  await expect(text('add.refused')).toBeVisible()
  await button('add.look').click()
  await button('add.equal').click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Kitchen tablet' })).toBeVisible()
  await expect(text('add.added')).toBeVisible()
})

test('a device is renamed, which can be taken back, and removed after a question', async () => {
  await open('member')
  await button('devices.renameNamed', { name: 'Desk at home' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Study')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem').filter({ hasText: 'Study' }).first()).toBeVisible()
  await page.getByRole('button', { name: words('history.undo.action') }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Desk at home' })).toBeVisible()
  await button('devices.revokeNamed', { name: 'Desk at home' }).click()
  await page.getByRole('button', { name: words('common.cancel') }).click()
  await button('devices.revokeNamed', { name: 'Desk at home' }).click()
  await button('devices.revoke').click()
  await text('devices.past_other', { count: 2 }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Desk at home' })).toContainText(
    words('settings.sync.devices.state.revoked'),
  )
})

test('sync is paused and goes on; signing out and leaving say what stays', async () => {
  await open('member')
  await button('state.pause').click()
  await expect(text('state.paused')).toBeVisible()
  await button('state.resume').click()
  await expect(text('state.synced')).toBeVisible()
  await button('account.signOut').click()
  await expect(page.getByRole('heading', { name: words('settings.sync.signedOut.title') })).toBeVisible()
  await button('account.leave').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.sync.account.leave') })
    .click()
  await expect(page.getByRole('heading', { name: words('settings.sync.none') })).toBeVisible()
})
