import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { TrayState } from '../../src-main/desk/tray-state.ts'
import { DESK_WORDS } from '../../src-main/desk/words.ts'
import { descendants } from '../hosts/processes.ts'
import { type RelayProcess, startRelayProcess } from '../relay-process.ts'
import { temporaryFolder } from './app.ts'
import { type DesktopApp, type Double, openDesktop } from './desktop-app.ts'
import { beSilent, goTo, openSettings } from './learner.ts'
import { words } from './words.ts'

/** What the tray shows when nobody listens and nothing is recorded: idle, syncing and a problem, in the built program, with a real relay and a models process that is killed. Listening and recording: `desktop.spec.ts`. */
test.describe.configure({ mode: 'serial' })
test.skip(process.env.ELECTRON_PATH !== undefined, 'nobody can look at the tray of a real desktop')
test.skip(process.platform !== 'linux', 'processes are looked up in /proc')

const folder = temporaryFolder()
let relay: RelayProcess
let desktop: DesktopApp
let page: Page
const pictures = new Map<TrayState, string>()

test.beforeAll(async () => {
  relay = await startRelayProcess(path.join(folder.path, 'relay'))
  desktop = await openDesktop(folder.path, { LVA_LANGUAGE_PROVIDER: 'offline' })
  page = desktop.page
  await page.getByRole('button', { name: words('welcome.start') }).click({ timeout: 110_000 })
  await beSilent(page)
})
test.afterAll(async () => {
  await desktop?.close()
  await relay?.kill()
  folder.remove()
})

const tray = () =>
  desktop.app.evaluate((electron) => {
    const { present } = (electron as unknown as Double).Tray
    return { about: present?.toolTip, picture: present?.image.toPNG().toString('base64') ?? '' }
  })
/** Also holds its picture against those of the states before: each state has one of its own. */
async function trayIs(state: TrayState): Promise<void> {
  await expect.poll(async () => (await tray()).about, { timeout: 60_000 }).toBe(DESK_WORDS.en.state[state])
  const { picture } = await tray()
  for (const [other, known] of pictures) expect(picture === known, `${state} and ${other}`).toBe(state === other)
  pictures.set(state, picture)
}
const button = (key: string) => page.getByRole('button', { name: words(`settings.sync.${key}`), exact: true })

test('it is idle, and syncing while the relay does not answer yet', async () => {
  await trayIs('idle')
  await openSettings(page, 'settings.sync.title')
  await page.getByRole('radio', { name: words('settings.sync.account.create') }).click()
  await page.getByLabel(words('settings.sync.account.relay'), { exact: true }).fill(relay.address)
  await page.getByLabel(words('settings.sync.account.email'), { exact: true }).fill('ada@example.org')
  await page.getByLabel(words('settings.sync.account.password'), { exact: true }).fill('a long pass phrase of hers')
  await button('account.create').click()
  await page.getByRole('radio', { name: words('settings.sync.join.first') }).click()
  await button('join.go').click()
  const shown = page.getByRole('list', { name: words('settings.backups.phrase.title') }).getByRole('listitem')
  await expect(shown).toHaveCount(24)
  const phrase = (await shown.allInnerTexts()).map((text) => text.replace(/[^a-z]/g, ''))
  await page.getByRole('button', { name: words('settings.backups.phrase.written') }).click()
  for (const field of await page.getByRole('textbox').all()) {
    const label = await page.locator(`label[for="${await field.getAttribute('id')}"]`).textContent()
    await field.fill(phrase[Number(/\d+/.exec(label ?? '')?.[0]) - 1] ?? '')
  }
  await page.getByRole('button', { name: words('settings.backups.phrase.check') }).click()
  await expect(page.getByText(words('settings.sync.state.synced'))).toBeVisible()
  await trayIs('idle')

  await button('state.pause').click()
  await expect(button('state.resume')).toBeVisible()
  relay.process.kill('SIGSTOP')
  await button('state.resume').click()
  await trayIs('syncing')
  relay.process.kill('SIGCONT')
  await trayIs('idle')
})

test('it tells a problem while the models cannot be kept alive, and no longer once they are', async () => {
  await goTo(page, 'search')
  const field = page.getByRole('textbox', { name: words('search.field') })
  let asked = 0
  await expect(async () => {
    for (const { pid, command } of descendants(desktop.app.process().pid ?? 0))
      if (/models\.js/.test(command)) process.kill(pid, 'SIGKILL')
    // Each question needs the models, so that the next process is started.
    await field.fill(`question ${asked++}`)
    expect((await tray()).about).toBe(DESK_WORDS.en.state.problem)
  }).toPass({ intervals: [200], timeout: 90_000 })
  await trayIs('problem')
  await expect(async () => {
    await field.fill(`question ${asked++}`)
    expect((await tray()).about).toBe(DESK_WORDS.en.state.idle)
  }).toPass({ intervals: [1_000], timeout: 90_000 })
  await trayIs('idle')
})
