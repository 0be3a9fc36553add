import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import type { TrayState } from '../../src-main/desk/tray-state.ts'
import { DESK_WORDS } from '../../src-main/desk/words.ts'
import { spoken } from '../spoken.ts'
import { temporaryFolder } from './app.ts'
import { type DesktopApp, type Double, isShown, openDesktop, pressEverywhere } from './desktop-app.ts'
import { beSilent, editor, openLibrary, openSettings } from './learner.ts'
import { words } from './words.ts'

/**
 * The desktop around the page, in the built program: keys that work everywhere, the tray, sleep. What the tray shows, which
 * keys are pressed and when the computer sleeps are values of the double (`test/electron-double/README.md`); a real Electron has none of them.
 */
test.describe.configure({ mode: 'serial' })
test.skip(process.env.ELECTRON_PATH !== undefined, 'nobody can press the keys of a real desktop')

const KEY = {
  quick: 'CommandOrControl+Shift+Space',
  talk: 'CommandOrControl+Shift+F9',
  screen: 'CommandOrControl+Shift+F10',
  timeline: 'CommandOrControl+Shift+F11',
}
const SAID = 'Plants turn light into sugar, water and carbon dioxide into air.'
const TRAY = DESK_WORDS.en

const folder = temporaryFolder()
const clip = join(folder.path, 'clip.wav')
let sentence: Float32Array
let desktop: DesktopApp
let page: Page

test.beforeAll(async () => {
  sentence = await spoken(SAID)
  hear(sentence)
  desktop = await openDesktop(folder.path, {
    LVA_TEST_MICROPHONE: `${clip}%noloop`,
    LVA_TEST_FOREIGN_KEYS: KEY.timeline,
  })
  page = desktop.page
  await page.getByRole('button', { name: words('welcome.start') }).click({ timeout: 110_000 })
  await beSilent(page)
})
test.afterAll(async () => {
  await desktop?.close()
  folder.remove()
})

/** What the microphone hears from its next opening on; then it is silent. */
function hear(samples: Float32Array): void {
  writeFileSync(clip, writeWav({ samples, sampleRate: SPEECH_RATE }))
}

/** Two minutes of talk: no silence ends what listens to it. */
function hearALecture(): void {
  const times = Math.ceil((120 * SPEECH_RATE) / sentence.length)
  const lecture = new Float32Array(times * sentence.length)
  for (let time = 0; time < times; time++) lecture.set(sentence, time * sentence.length)
  hear(lecture)
}

/** What the tray shows, and what its menu offers. */
const tray = () =>
  desktop.app.evaluate((electron) => {
    const { present } = (electron as unknown as Double).Tray
    if (!present) throw new Error('There is no tray.')
    const items = present.menu.items.filter(({ id }) => id !== undefined)
    return {
      about: present.toolTip,
      picture: present.image.toPNG().toString('base64'),
      menu: Object.fromEntries(items.map(({ id, label, enabled }) => [id, { label, enabled: enabled !== false }])),
    }
  })
const chooseInTray = (id: string) =>
  desktop.app.evaluate((electron, chosen) => {
    const item = (electron as unknown as Double).Tray.present?.menu.items.find((one) => one.id === chosen)
    if (!item?.click || item.enabled === false) throw new Error(`Nobody can choose ${chosen}.`)
    item.click()
  }, id)
const trayIs = (state: TrayState) =>
  expect.poll(async () => (await tray()).about, { timeout: 20_000 }).toBe(TRAY.state[state])
const power = (event: 'suspend' | 'resume') =>
  desktop.app.evaluate(({ powerMonitor }, told) => void powerMonitor.emit(told as 'suspend'), event)

const MAIN = 'app/#'
const isMainShown = () => isShown(desktop, MAIN)
const hideMain = () =>
  desktop.app.evaluate(({ BrowserWindow }, part) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes(part))
      ?.hide()
  }, MAIN)

const goOn = (sense: 'microphone') =>
  page
    .getByRole('dialog', { name: words(`firstUse.${sense}.title`) })
    .getByRole('button', { name: words('firstUse.goOn') })
    .click()
const strip = () => page.getByRole('region', { name: words('longRecording.title') })

test('a key that another program has is told in Settings, the others work, and one may be pressed in its place', async () => {
  await openSettings(page, 'settings.desktop.title')
  const field = (name: keyof typeof KEY) =>
    page.getByRole('button', {
      name: words('settings.desktop.change', { what: words(`settings.desktop.key.${name}`) }),
    })
  const refused = page.getByText(words('settings.desktop.refused'))
  await expect(refused).toHaveCount(1)
  await expect(field('timeline').locator('xpath=../..')).toContainText(words('settings.desktop.refused'))
  await pressEverywhere(desktop, KEY.quick)
  await expect.poll(() => isShown(desktop, 'quick')).toBe(true)
  await pressEverywhere(desktop, KEY.quick)
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
  await field('timeline').click()
  await page.keyboard.press('Control+Shift+F7')
  await expect(field('timeline')).toContainText('F7')
  await expect(refused).toHaveCount(0)
})

test('the key for talking brings the window, explains the microphone once, and silence ends it', async () => {
  await hideMain()
  await pressEverywhere(desktop, KEY.talk)
  await expect.poll(isMainShown).toBe(true)
  await goOn('microphone')
  await trayIs('listening')
  await expect(editor(page)).toHaveValue(/light.*sugar/i, { timeout: 60_000 })
  await trayIs('idle')
})

test('pressed again it ends what is being said, however long that would be', async () => {
  await editor(page).fill('')
  hearALecture()
  await pressEverywhere(desktop, KEY.talk)
  await trayIs('listening')
  await expect(page.getByRole('main')).toContainText(/light/i, { timeout: 60_000 })
  await pressEverywhere(desktop, KEY.talk)
  await expect(editor(page)).toHaveValue(/light/i, { timeout: 60_000 })
  await trayIs('idle')
  await editor(page).fill('')
})

test('a recording is begun and ended by the tray, with the window closed; sleep pauses it and waking goes on', async () => {
  hearALecture()
  const idle = await tray()
  expect(idle.menu).toMatchObject({
    record: { label: TRAY.record },
    timeline: { label: TRAY.pauseTimeline, enabled: false },
    'hands-free': { label: TRAY.handsFree },
  })
  await chooseInTray('record')
  await expect(strip().getByText(/0:0[1-9]/)).toBeVisible()
  await trayIs('recording')
  expect((await tray()).picture).not.toBe(idle.picture)
  expect((await tray()).menu).toMatchObject({ record: { label: TRAY.stopRecording } })

  await power('suspend')
  await expect(strip().getByRole('status')).toHaveText(words('longRecording.phase.paused'))
  await trayIs('idle')
  expect((await tray()).menu).toMatchObject({ record: { label: TRAY.stopRecording } })
  await power('resume')
  await expect(strip().getByRole('status')).toHaveText(words('longRecording.phase.recording'))
  const [slept = ''] = words('longRecording.slept', { missing: '|' }).split('|')
  await expect(strip()).toContainText(slept)
  await trayIs('recording')

  await hideMain()
  await chooseInTray('record')
  await expect(strip()).toHaveCount(0)
  await trayIs('idle')
  expect(await isMainShown()).toBe(false)
  await chooseInTray('open')
  await expect.poll(isMainShown).toBe(true)
  await openLibrary(page, 'documents')
  await page
    .getByRole('listbox', { name: words('library.tab.documents') })
    .getByRole('option')
    .filter({ hasText: /Recording \d{4}/ })
    .click()
})
