import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import type { TrayState } from '../../src-main/desk/tray-state.ts'
import { DESK_WORDS } from '../../src-main/desk/words.ts'
import { descendants } from '../hosts/processes.ts'
import { screenWith } from '../made-pictures.ts'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { spoken } from '../spoken.ts'
import { temporaryFolder } from './app.ts'
import {
  type DesktopApp,
  type Double,
  isShown,
  openDesktop,
  pressEverywhere,
  quickPage,
  startAgain,
} from './desktop-app.ts'
import { beSilent, editor, goTo, lastExchange, openLibrary, openSettings, say } from './learner.ts'
import { words } from './words.ts'

/**
 * The desktop around the page, in the built program: keys that work everywhere, the tray, windows that step aside, links, sleep. What the tray shows, which
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
const ANSWER = `It begins here, ${'and goes on '.repeat(30)}and here it ends.`
const TRAY = DESK_WORDS.en

const folder = temporaryFolder()
const clip = join(folder.path, 'clip.wav')
let provider: ScriptedProvider
let sentence: Float32Array
let desktop: DesktopApp
let page: Page

test.beforeAll(async () => {
  sentence = await spoken(SAID)
  hear(sentence)
  provider = await startScriptedProvider({ delayMs: 40, reply: () => ({ text: ANSWER }) })
  await open({ LVA_TEST_FOREIGN_KEYS: KEY.timeline })
  await page.getByRole('button', { name: words('welcome.start') }).click({ timeout: 110_000 })
  await beSilent(page)
})
test.afterAll(async () => {
  await desktop?.close()
  await provider?.close()
  folder.remove()
})

async function open(more: Record<string, string> = {}, links: readonly string[] = []): Promise<void> {
  desktop = await openDesktop(
    folder.path,
    {
      LVA_TEST_MICROPHONE: `${clip}%noloop`,
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
      LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
      LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-ok',
      LVA_LANGUAGE_PROVIDER: 'anthropic',
      ...more,
    },
    links,
  )
  page = desktop.page
}

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

const goOn = (sense: 'microphone' | 'screen') =>
  page
    .getByRole('dialog', { name: words(`firstUse.${sense}.title`) })
    .getByRole('button', { name: words('firstUse.goOn') })
    .click()
const strip = () => page.getByRole('region', { name: words('longRecording.title') })
const picker = () => page.getByRole('dialog', { name: words('desk.picker.title') })
const preview = () => page.getByRole('dialog', { name: words('screen.title') })

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
  // Long enough for the sentence, which the microphone begins anew.
  await expect(strip().getByText(/0:(0[89]|1\d)/)).toBeVisible()

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
  await expect(page.getByText(/light.*sugar/i).first()).toBeVisible({ timeout: 60_000 })
})

test('a computer that falls asleep while somebody speaks keeps what was said', async () => {
  hearALecture()
  await pressEverywhere(desktop, KEY.talk)
  await trayIs('listening')
  await expect(page.getByRole('main')).toContainText(/light/i, { timeout: 60_000 })
  await power('suspend')
  await power('resume')
  await expect(editor(page)).toHaveValue(/light/i, { timeout: 60_000 })
  await trayIs('idle')
  await editor(page).fill('')
})

test('also where it was said to the small window, which stays', async () => {
  hearALecture()
  if (!(await isShown(desktop, 'quick'))) await pressEverywhere(desktop, KEY.quick)
  const quick = await quickPage(desktop)
  await quick.getByRole('button', { name: words('voice.start') }).click()
  await trayIs('listening')
  await expect(quick.getByRole('main')).toContainText(/light/i, { timeout: 60_000 })
  await power('suspend')
  const field = quick.getByRole('textbox', { name: words('quick.editor') })
  await expect(field).toHaveValue(/light/i, { timeout: 60_000 })
  await trayIs('idle')
  await power('resume')
  expect(await isShown(desktop, 'quick')).toBe(true)
  await field.fill('')
  await field.press('Escape')
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
})

test('the small window hears nobody once its key hides it, and what was said stands in it when it is shown again', async () => {
  hearALecture()
  await pressEverywhere(desktop, KEY.quick)
  await expect.poll(() => isShown(desktop, 'quick')).toBe(true)
  const quick = await quickPage(desktop)
  await quick.getByRole('button', { name: words('voice.start') }).click()
  await trayIs('listening')
  await expect(quick.getByRole('main')).toContainText(/light/i, { timeout: 60_000 })
  await pressEverywhere(desktop, KEY.quick)
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
  await trayIs('idle')
  await pressEverywhere(desktop, KEY.quick)
  const field = quick.getByRole('textbox', { name: words('quick.editor') })
  await expect(field).toHaveValue(/light/i, { timeout: 60_000 })
  await field.fill('')
  await field.press('Escape')
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
})

test('a conversation without hands is begun and ended by the tray', async () => {
  hear(new Float32Array(60 * SPEECH_RATE))
  await hideMain()
  await chooseInTray('hands-free')
  await expect.poll(isMainShown).toBe(true)
  await trayIs('listening')
  expect((await tray()).menu).toMatchObject({ 'hands-free': { label: TRAY.stopHandsFree } })
  await hideMain()
  await chooseInTray('hands-free')
  await trayIs('idle')
  expect(await isMainShown()).toBe(false)
  expect((await tray()).menu).toMatchObject({ 'hands-free': { label: TRAY.handsFree } })
})

test('a recording is begun and ended in the palette', async () => {
  hearALecture()
  await chooseInTray('open')
  const choose = async (name: string) => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(words(name))
    await page.getByRole('option', { name: words(name), exact: true }).click()
  }
  await choose('longRecording.start')
  await trayIs('recording')
  await choose('palette.endRecording')
  await expect(strip()).toHaveCount(0)
  await trayIs('idle')
})

test('the timeline is paused and gone on with by its key and by the tray, unseen', async () => {
  await desktop.app.evaluate((electron) => (electron as unknown as Double).Tray.present?.emit('click'))
  await expect.poll(isMainShown).toBe(true)
  await openLibrary(page, 'timeline')
  await page.getByRole('button', { name: words('timelinePlace.start') }).click()
  await goOn('screen')
  await picker()
    .getByRole('button', { name: /^Lecture: glycolysis/ })
    .click()
  await trayIs('recording')
  await hideMain()
  await pressEverywhere(desktop, 'CommandOrControl+Shift+F7')
  await trayIs('idle')
  expect((await tray()).menu).toMatchObject({ timeline: { label: TRAY.resumeTimeline, enabled: true } })
  await chooseInTray('timeline')
  await trayIs('recording')
  expect(await isMainShown()).toBe(false)
  await chooseInTray('open')
  await page
    .getByRole('region', { name: words('timelinePlace.title') })
    .getByRole('button', { name: words('timelinePlace.stop') })
    .click()
  await trayIs('idle')
})

test('for a picture of a screen all our windows step aside and come back; for one of a window they stay', async () => {
  await pressEverywhere(desktop, KEY.quick)
  await quickPage(desktop)
  /** Which of our windows were on the screen each time that a picture was taken of it. */
  const seen: { main: boolean; quick: boolean }[] = []
  await page.exposeFunction('aPictureIsTaken', async () => {
    seen.push({ main: await isMainShown(), quick: await isShown(desktop, 'quick') })
  })
  await page.evaluate(() => {
    const make = globalThis.createImageBitmap.bind(globalThis) as (...given: unknown[]) => Promise<ImageBitmap>
    const world = globalThis as unknown as { aPictureIsTaken(): Promise<void> }
    Object.assign(globalThis, {
      createImageBitmap: async (source: unknown, ...more: unknown[]) => {
        if (source instanceof HTMLVideoElement) await world.aPictureIsTaken()
        return make(source, ...more)
      },
    })
  })
  const take = async (name: RegExp) => {
    await pressEverywhere(desktop, KEY.screen)
    await picker().getByRole('button', { name }).click()
    await expect(preview().getByRole('img', { name: words('screen.picture') })).toBeVisible()
    const shown = { main: await isMainShown(), quick: await isShown(desktop, 'quick') }
    await page.keyboard.press('Escape')
    await expect(preview()).toHaveCount(0)
    return shown
  }
  const both = { main: true, quick: true }
  expect(await take(/^Screen 2/)).toEqual(both)
  expect(seen).toEqual([{ main: false, quick: false }])
  expect(await take(/^Lecture: glycolysis/)).toEqual(both)
  expect(seen.at(-1)).toEqual(both)
})

test('files and pictures are dropped and pasted into the small window, kept with Enter, and it is gone and empty', async () => {
  if (!(await isShown(desktop, 'quick'))) await pressEverywhere(desktop, KEY.quick)
  const quick = await quickPage(desktop)
  const field = quick.getByRole('textbox', { name: words('quick.editor') })
  const transferOf = (files: Record<string, Buffer>) =>
    quick.evaluateHandle(
      (carried) => {
        const transfer = new DataTransfer()
        for (const [name, base64] of carried) {
          const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
          transfer.items.add(new File([bytes], name, name.endsWith('.png') ? { type: 'image/png' } : {}))
        }
        return transfer
      },
      Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')] as const),
    )
  const files = quick.getByRole('list', { name: words('quick.files') }).getByRole('listitem')
  const pictures = quick.getByRole('list', { name: words('pictures.toSend') }).getByRole('img')
  const dropped = await transferOf({
    'krebs.md': Buffer.from('# The Krebs cycle\n\nCitrate is its first product.'),
    'left-out.md': Buffer.from('Nobody wants this.'),
    'board.png': screenWith(['Heat flows from hot to cold.']),
  })
  await quick.dispatchEvent('main', 'dragenter', { dataTransfer: dropped })
  await expect(quick.getByText(words('quick.drop'))).toBeVisible()
  await quick.dispatchEvent('main', 'drop', { dataTransfer: dropped })
  await expect(files).toHaveText(['krebs.md', 'left-out.md'])
  await quick.getByRole('button', { name: words('quick.removeFile', { name: 'left-out.md' }) }).click()
  await expect(files).toHaveText(['krebs.md'])
  await expect(field).toBeFocused()
  await expect(pictures).toHaveCount(1)
  const pasted = await transferOf({ 'pasted.png': screenWith(['Entropy never falls.']) })
  await field.evaluate((target, clipboardData) => {
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, pasted)
  await expect(pictures).toHaveCount(2)
  await field.fill('From the board.')

  await quick.dispatchEvent('main', 'drop', { dataTransfer: await transferOf({ 'empty.md': Buffer.of() }) })
  await expect(files).toHaveText(['krebs.md', 'empty.md'])
  await field.press('Enter')
  const refusal = quick.getByRole('alert').filter({ hasText: words('errors.document-empty.what') })
  await expect(refusal).toBeVisible()
  // What was kept before it is not kept again.
  await expect(files).toHaveText(['empty.md'])
  await expect(field).toHaveValue('From the board.')
  await quick.getByRole('button', { name: words('quick.removeFile', { name: 'empty.md' }) }).click()
  await expect(refusal).toHaveCount(0)
  await field.press('Enter')
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)

  await pressEverywhere(desktop, KEY.quick)
  await expect.poll(() => isShown(desktop, 'quick')).toBe(true)
  await expect(field).toHaveValue('')
  await expect(files).toHaveCount(0)
  await expect(pictures).toHaveCount(0)
  await pressEverywhere(desktop, KEY.quick)
  await openLibrary(page, 'documents')
  const documents = page.getByRole('listbox', { name: words('library.tab.documents') })
  await expect(documents.getByRole('option').filter({ hasText: 'Krebs' })).toBeVisible()
  await expect(documents.getByRole('option').filter({ hasText: 'left-out' })).toHaveCount(0)
  await goTo(page, 'library')
  await expect(page.getByText('From the board.').first()).toBeVisible()
  await expect(page.getByLabel(words('pictures.count_other', { count: 2 })).first()).toBeVisible()
})

test('a second start hands its link to the first and ends; words of a link wait for Enter', async () => {
  await hideMain()
  expect(await startAgain(folder.path, 'lva://search?q=Krebs%20cycle')).toBe(0)
  await expect.poll(isMainShown).toBe(true)
  await expect(page.getByRole('textbox', { name: words('search.field') })).toHaveValue('Krebs cycle')

  await hideMain()
  expect(await startAgain(folder.path, 'lva://quick?text=Only%20Enter%20keeps%20this.')).toBe(0)
  const quick = await quickPage(desktop)
  const field = quick.getByRole('textbox', { name: words('quick.editor') })
  await expect(field).toHaveValue('Only Enter keeps this.')
  expect(await isMainShown()).toBe(false)
  await field.press('Escape')
  await field.press('Escape')
  await expect.poll(() => isShown(desktop, 'quick')).toBe(false)

  expect(await startAgain(folder.path)).toBe(0)
  await expect.poll(isMainShown).toBe(true)
  await hideMain()
  expect(await startAgain(folder.path, 'lva://delete/everything')).toBe(0)
  await expect.poll(isMainShown).toBe(true)
  await expect(page.getByText(words('errors.link-invalid.what'), { exact: true })).toBeVisible()
  await goTo(page, 'library')
  await expect(page.getByText('From the board.').first()).toBeVisible()
  await expect(page.getByText('Only Enter keeps this.')).toHaveCount(0)
})

test('a turn that runs while the computer sleeps is whole after it wakes', async () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
  await goTo(page, 'talk')
  await say(page, 'Tell me a story.')
  await expect(lastExchange(page)).toContainText('It begins here')
  // The core stands still, as it does in sleep, until all was sent to it.
  const core = descendants(desktop.app.process().pid ?? 0).find(({ command }) => command.includes('core.js'))
  await power('suspend')
  process.kill(core?.pid ?? 0, 'SIGSTOP')
  try {
    await expect.poll(() => provider.requests.filter(({ state }) => state === 'open')).toEqual([])
    await expect(lastExchange(page)).not.toContainText('here it ends')
  } finally {
    process.kill(core?.pid ?? 0, 'SIGCONT')
  }
  await power('resume')
  await expect(lastExchange(page)).toContainText('and here it ends.')
  await expect(lastExchange(page).getByRole('button', { name: words('talk.copyAnswer') })).toBeVisible()
})

test('Quit of the tray ends it, and a first start with a link shows what it names', async () => {
  const ended = desktop.app.waitForEvent('close')
  // The answer to this may be lost with the program.
  await chooseInTray('quit').catch(() => undefined)
  await ended
  await open({}, ['lva://search?q=glycolysis'])
  await expect(page.getByRole('textbox', { name: words('search.field') })).toHaveValue('glycolysis', {
    timeout: 60_000,
  })
})

test('under Wayland the system asks, after a click of the learner: a key of another program is none', async () => {
  await desktop.close()
  await open({ XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0' })
  await expect(editor(page)).toBeVisible({ timeout: 60_000 })
  await page.evaluate(() => {
    localStorage.setItem('lva.first-use.screen', 'explained')
    // What a test does in the page counts as a gesture; here only its click is one.
    let isActive = false
    addEventListener('pointerdown', () => {
      isActive = true
    })
    Object.defineProperty(navigator, 'userActivation', { get: () => ({ isActive }) })
  })
  await pressEverywhere(desktop, KEY.screen)
  const dialog = page.getByRole('dialog', { name: words('desk.picker.systemAsks') })
  await dialog.getByRole('button', { name: words('desk.picker.goOn') }).click()
  await expect(preview().getByRole('img', { name: words('screen.picture') })).toBeVisible()
})
