import { spawn } from 'node:child_process'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { testEnvironment } from '../hosts/served-app.ts'
import { screenWith } from '../made-pictures.ts'
import { type TestRelay, testRelay } from '../relay-devices.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beSilent, beWelcomed, goTo, say } from './learner.ts'
import { words } from './words.ts'

/** Two devices of one learner, each a whole app on a folder of its own, and a relay between them. */

interface Device {
  app: RunningApp
  browser: BrowserContext
  page: Page
}

const folder = temporaryFolder()
const PASSWORD = 'four random words are good'
let relay: TestRelay
const devices: Device[] = []

test.beforeAll(async () => {
  relay = await testRelay()
})
test.afterAll(async () => {
  for (const { browser, app } of devices) {
    await browser.close()
    await app.stop()
  }
  await relay?.stop()
  folder.remove()
})

async function device(name: string): Promise<Page> {
  const app = await startApp(path.join(folder.path, name), { LVA_LANGUAGE_PROVIDER: 'offline' })
  const browser = await openBrowser()
  const page = browser.pages()[0] ?? (await browser.newPage())
  devices.push({ app, browser, page })
  await beWelcomed(page, app.address)
  await beSilent(page)
  return page
}

/** The command beside the running app of that device. */
function lva(name: string, ...args: string[]): Promise<string> {
  const child = spawn('npx', ['lva', ...args], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: testEnvironment(path.join(folder.path, name)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (data: Buffer) => {
    printed += data.toString()
  })
  return new Promise((resolve) => child.on('close', () => resolve(printed)))
}

async function openSync(page: Page): Promise<void> {
  await goTo(page, 'settings')
  await page.getByRole('link', { name: words('settings.sync.title'), exact: true }).click()
}

const button = (page: Page, key: string, values?: Record<string, string>) =>
  page.getByRole('button', { name: words(`settings.sync.${key}`, values), exact: true })
const synced = (page: Page) => expect(page.getByText(words('settings.sync.state.synced'))).toBeVisible()

async function signIn(page: Page, way: 'signIn' | 'create'): Promise<void> {
  await page.getByRole('radio', { name: words(`settings.sync.account.${way}`) }).click()
  await page.getByLabel(words('settings.sync.account.relay'), { exact: true }).fill(relay.address)
  await page.getByLabel(words('settings.sync.account.email'), { exact: true }).fill('ada@example.org')
  await page.getByLabel(words('settings.sync.account.password'), { exact: true }).fill(PASSWORD)
  await button(page, `account.${way}`).click()
  await expect(page.getByText(words('settings.sync.join.title'))).toBeVisible()
}

test('what is said on one device is on the other, both ways, also what was said without the relay', async () => {
  test.setTimeout(420_000)
  const laptop = await device('laptop')
  await say(laptop, 'The mitochondria are the power houses of the cell.')
  await openSync(laptop)
  await signIn(laptop, 'create')
  await laptop.getByRole('radio', { name: words('settings.sync.join.first') }).click()
  await button(laptop, 'join.go').click()
  const shown = laptop.getByRole('list', { name: words('settings.backups.phrase.title') }).getByRole('listitem')
  await expect(shown).toHaveCount(24)
  const phrase = (await shown.allInnerTexts()).map((text) => text.replace(/[^a-z]/g, ''))
  await laptop.getByRole('button', { name: words('settings.backups.phrase.written') }).click()
  for (const field of await laptop.getByRole('textbox').all()) {
    const label = await laptop.locator(`label[for="${await field.getAttribute('id')}"]`).textContent()
    await field.fill(phrase[Number(/\d+/.exec(label ?? '')?.[0]) - 1] ?? '')
  }
  await laptop.getByRole('button', { name: words('settings.backups.phrase.check') }).click()
  await synced(laptop)

  const tablet = await device('tablet')
  await openSync(tablet)
  await signIn(tablet, 'signIn')
  await button(tablet, 'join.go').click()
  const code = (await tablet.getByTestId('pairing-code').textContent()) ?? ''
  await button(laptop, 'add.title').click()
  await laptop.getByLabel(words('settings.sync.add.code'), { exact: true }).fill(code)
  await button(laptop, 'add.look').click()
  const number = (page: Page) => page.getByText(/^\d{3}\s\d{3}$/).textContent()
  expect(await number(tablet)).toBe(await number(laptop))
  await button(laptop, 'add.equal').click()
  await synced(tablet)
  await expect(laptop.getByText(words('settings.sync.add.added'))).toBeVisible()

  await goTo(tablet, 'library')
  await expect(tablet.getByText(/mitochondria are the power houses/).first()).toBeVisible()
  await goTo(tablet, 'talk')
  await say(tablet, 'Chloroplasts have a genome of their own.')
  await goTo(laptop, 'library')
  await expect(laptop.getByText(/Chloroplasts have a genome/).first()).toBeVisible()

  // On demand: a picture of the laptop is fetched where it is opened on the tablet.
  await openSync(tablet)
  await tablet
    .getByRole('radiogroup', { name: words('settings.sync.files.kind.pictures') })
    .getByRole('radio', { name: words('settings.sync.files.policy.on-demand') })
    .click()
  // Kept before the laptop sends anything: the command ends when it is.
  await lva('tablet', 'sync', 'files', '--pictures', 'on-demand')
  await goTo(laptop, 'talk')
  const picture = { name: 'plan.png', mimeType: 'image/png', buffer: Buffer.from(screenWith(['Week one'])) }
  await laptop.locator('input[data-pictures]').setInputFiles(picture)
  await say(laptop, 'This is the plan of the course.')
  await goTo(tablet, 'library')
  await tablet
    .getByText(/plan of the course/)
    .first()
    .click()
  await tablet.getByRole('button', { name: words('attachments.fetch'), exact: true }).click()
  const pictures = tablet.getByRole('list', { name: words('pictures.list') })
  await expect(pictures.getByRole('button').locator('img')).toBeVisible()

  expect(JSON.parse(await lva('tablet', 'sync', 'now', '--json'))).toMatchObject({ synced: true, waiting: 0 })
  const status = JSON.parse(await lva('laptop', 'sync', '--json'))
  expect(status).toMatchObject({ standing: 'member', email: 'ada@example.org' })
  expect(status.devices).toHaveLength(2)
  const [, ofPictures] = status.attachments.state.kinds
  expect(ofPictures).toMatchObject({ kind: 'pictures', here: { items: 1 }, toSend: { items: 0 } })

  await openSync(tablet)
  await button(tablet, 'state.pause').click()
  await goTo(tablet, 'talk')
  await say(tablet, 'Ribosomes read messenger RNA.')
  await openSync(tablet)
  await button(tablet, 'state.resume').click()
  await synced(tablet)
  await goTo(laptop, 'library')
  await expect(laptop.getByText(/Ribosomes read messenger/).first()).toBeVisible()

  await openSync(laptop)
  await laptop
    .getByRole('listitem')
    .filter({ hasNot: laptop.getByText(words('settings.sync.devices.this')) })
    .getByRole('button', { name: new RegExp(words('settings.sync.devices.revokeNamed', { name: '' }).trim()) })
    .click()
  await button(laptop, 'devices.revoke').click()
  await expect(tablet.getByRole('heading', { name: words('settings.sync.revoked.title') })).toBeVisible()
  await synced(laptop)
})
