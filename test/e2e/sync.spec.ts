import { spawn } from 'node:child_process'
import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { testEnvironment } from '../hosts/served-app.ts'
import { screenWith } from '../made-pictures.ts'
import { openProxy, type RecordingProxy } from '../recording-proxy.ts'
import { type RelayProcess, startRelayProcess } from '../relay-process.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beSilent, beWelcomed, goTo, openLibrary, say } from './learner.ts'
import { words } from './words.ts'

/** Two devices of one learner, each a whole app on a folder of its own, and between them a relay in a process of its own. Each test goes on with what the one before has left. */

interface Device {
  app: RunningApp
  browser: BrowserContext
  page: Page
}

const folder = temporaryFolder()
const PASSWORD = 'four random words are good'
const TEST_MS = 420_000
let relay: RelayProcess
/** Where the devices reach the relay, also after it has come back elsewhere. */
let line: RecordingProxy
const devices: Device[] = []
let laptop: Page
let tablet: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  line = await openProxy(false)
  await startRelay()
})
test.afterAll(async () => {
  for (const { browser, app } of devices) {
    await browser.close()
    await app.stop()
  }
  await line?.close()
  await relay?.kill()
  folder.remove()
})

async function startRelay(): Promise<void> {
  relay = await startRelayProcess(path.join(folder.path, 'relay'))
  line.lead(relay.address)
}

async function device(name: string): Promise<Page> {
  const app = await startApp(path.join(folder.path, name), {
    LVA_LANGUAGE_PROVIDER: 'offline',
    // Sync begins with the words that backups need too; they would go into the home folder.
    LVA_BACKUP_AUTOMATIC: 'false',
  })
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
  await page.getByLabel(words('settings.sync.account.relay'), { exact: true }).fill(line.address)
  await page.getByLabel(words('settings.sync.account.email'), { exact: true }).fill('ada@example.org')
  await page.getByLabel(words('settings.sync.account.password'), { exact: true }).fill(PASSWORD)
  await button(page, `account.${way}`).click()
  await expect(page.getByText(words('settings.sync.join.title'))).toBeVisible()
}

/** The words of the Library's entry that begins so. */
const entry = (page: Page, beginning: RegExp) => page.getByRole('option', { name: beginning })

async function editEntry(page: Page, beginning: RegExp, text: string): Promise<void> {
  await goTo(page, 'library')
  await entry(page, beginning).click()
  await page.getByRole('button', { name: words('common.edit') }).click()
  await page.getByRole('textbox', { name: words('library.editWords') }).fill(text)
  await page.getByRole('button', { name: words('common.save') }).click()
  await expect(entry(page, new RegExp(`^${text}`))).toBeVisible()
}

const noteText = (page: Page) => page.getByRole('textbox', { name: words('library.noteText') })

async function openNote(page: Page): Promise<void> {
  await openLibrary(page, 'notes')
  await page.getByRole('button', { name: /^Cells/ }).click()
}

async function pause(page: Page): Promise<void> {
  await openSync(page)
  await button(page, 'state.pause').click()
  await expect(button(page, 'state.resume')).toBeVisible()
}

async function comeBack(page: Page): Promise<void> {
  await openSync(page)
  await button(page, 'state.resume').click()
  await synced(page)
}

test('what is said on one device is on the other, both ways, also what was said without the relay', async () => {
  test.setTimeout(TEST_MS)
  laptop = await device('laptop')
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

  tablet = await device('tablet')
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

  await pause(tablet)
  await goTo(tablet, 'talk')
  await say(tablet, 'Ribosomes read messenger RNA.')
  await comeBack(tablet)
  await goTo(laptop, 'library')
  await expect(laptop.getByText(/Ribosomes read messenger/).first()).toBeVisible()
})

test('one entry edited on both while one is away: one text stands on both, and the other is kept until the learner chooses', async () => {
  test.setTimeout(TEST_MS)
  const of = { laptop: 'On the laptop: they make ATP.', tablet: 'On the tablet: they have a DNA of their own.' }
  await pause(tablet)
  await editEntry(tablet, /^The mitochondria/, of.tablet)
  await editEntry(laptop, /^The mitochondria/, of.laptop)
  await openSync(laptop)
  await synced(laptop)
  await comeBack(tablet)

  const conflicts = (page: Page) => page.getByRole('list', { name: words('settings.sync.conflicts.title') })
  const standing: string[] = []
  for (const page of [laptop, tablet]) {
    await openSync(page)
    const conflict = conflicts(page).getByRole('listitem').first()
    await expect(conflict).toContainText(of.laptop)
    await expect(conflict).toContainText(of.tablet)
    await expect(conflicts(page).getByRole('listitem')).toHaveCount(1)
    await goTo(page, 'library')
    await expect(entry(page, /^On the (laptop|tablet)/)).toHaveCount(1)
    standing.push(
      (await entry(page, /^On the (laptop|tablet)/).textContent())?.includes(of.laptop) ? 'laptop' : 'tablet',
    )
  }
  expect(standing[1]).toBe(standing[0])

  // The other text comes back, on both.
  await openSync(laptop)
  await conflicts(laptop)
    .getByRole('button', { name: words('settings.sync.conflicts.restore') })
    .click()
  const other = standing[0] === 'laptop' ? /^On the tablet/ : /^On the laptop/
  for (const page of [laptop, tablet]) {
    await openSync(page)
    await expect(page.getByText(words('settings.sync.conflicts.none'), { exact: true })).toBeVisible()
    await goTo(page, 'library')
    await expect(entry(page, other)).toBeVisible()
  }
})

test('one note written in on both while one is away holds what both wrote', async () => {
  test.setTimeout(TEST_MS)
  await openLibrary(laptop, 'notes')
  await laptop.getByRole('button', { name: words('library.newNote') }).click()
  await laptop.getByRole('textbox', { name: words('library.noteTitle') }).fill('Cells')
  await noteText(laptop).fill('Membranes hold cells together.')
  await noteText(laptop).blur()
  await openNote(tablet)
  await expect(noteText(tablet)).toHaveValue('Membranes hold cells together.')

  await pause(tablet)
  await openNote(tablet)
  await noteText(tablet).fill('Membranes hold cells together. The tablet adds lipids.')
  await noteText(tablet).blur()
  await noteText(laptop).fill('The laptop begins. Membranes hold cells together.')
  await noteText(laptop).blur()
  await comeBack(tablet)
  for (const page of [laptop, tablet]) {
    await openNote(page)
    await expect(noteText(page)).toHaveValue(
      'The laptop begins. Membranes hold cells together. The tablet adds lipids.',
    )
  }
  // It is open on both now, and each says so of the other.
  for (const page of [laptop, tablet]) await expect(page.getByText(/^Also open on /)).toBeVisible()
})

test('a relay that is killed in the middle and started again loses nothing', async () => {
  test.setTimeout(TEST_MS)
  const said = ['Vesicles bud off.', 'Actin pulls.', 'Kinesin walks.', 'Lysosomes digest.', 'Nuclei divide.']
  await goTo(laptop, 'talk')
  await goTo(tablet, 'talk')
  for (const [at, text] of said.entries()) {
    // Without a wait for what was sent before.
    await say(at % 2 === 0 ? laptop : tablet, text)
    if (at === 1) {
      await relay.kill()
      line.lead(undefined)
    }
  }
  for (const page of [laptop, tablet]) {
    await openSync(page)
    await expect(page.getByText(words('settings.sync.state.offline'), { exact: true })).toBeVisible()
  }
  await startRelay()
  for (const page of [laptop, tablet]) {
    // It may have come back by itself.
    await button(page, 'state.now').click()
    await synced(page)
  }
  for (const name of ['laptop', 'tablet'])
    expect(JSON.parse(await lva(name, 'sync', 'now', '--json'))).toMatchObject({ synced: true, waiting: 0 })
  for (const page of [laptop, tablet]) {
    await goTo(page, 'library')
    for (const text of said) await expect(entry(page, new RegExp(`^${text}`))).toHaveCount(1)
  }
})

test('a device that is removed is told, and gets nothing more', async () => {
  test.setTimeout(TEST_MS)
  await openSync(tablet)
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

test('the command line signs out and stops syncing, and what is on the device stays', async () => {
  test.setTimeout(TEST_MS)
  expect(JSON.parse(await lva('laptop', 'sync', 'sign-out', '--json'))).toMatchObject({ standing: 'signed-out' })
  await openSync(laptop)
  await expect(button(laptop, 'account.signOut')).toHaveCount(0)
  expect(JSON.parse(await lva('laptop', 'sync', 'leave', '--yes', '--json'))).toMatchObject({ standing: 'out' })
  await goTo(laptop, 'library')
  await expect(entry(laptop, /^The mitochondria|^On the/).first()).toBeVisible()
})
