import { expect, type Page, test } from '@playwright/test'
import { imitated } from './imitated.ts'
import { editor, openLibrary } from './learner.ts'
import { looksRight } from './looks.ts'
import { words } from './words.ts'

/**
 * The first use of microphone and screen: explained before the system asks, denied, and taken back while it is in use. On an imitated core, with
 * the microphone and the permissions of a real Chromium.
 */
const screens = imitated(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
let page: Page

const dialog = (sense: 'microphone' | 'screen') => page.getByRole('dialog', { name: words(`firstUse.${sense}.title`) })
const goOn = (sense: 'microphone' | 'screen') =>
  dialog(sense)
    .getByRole('button', { name: words('firstUse.goOn') })
    .click()
const mic = () => page.getByRole('main').getByRole('button', { name: words('voice.start') })
const finish = () => page.getByRole('main').getByRole('button', { name: words('voice.finish') })

/** Opens Talk; how often the system was asked is counted. */
async function open(scenario: string, place = '#/talk'): Promise<void> {
  page = await screens.open(`/?${scenario}${place}`)
  await page.evaluate(() => {
    const devices = navigator.mediaDevices
    const asked = { microphone: 0, screen: 0 }
    const [open, show] = [devices.getUserMedia.bind(devices), devices.getDisplayMedia.bind(devices)]
    devices.getUserMedia = (wanted) => {
      asked.microphone++
      return open(wanted)
    }
    devices.getDisplayMedia = (wanted) => {
      asked.screen++
      return show(wanted)
    }
    Object.assign(window, { asked })
  })
}
const asked = () => page.evaluate(() => (window as unknown as { asked: Record<'microphone' | 'screen', number> }).asked)

/** What the learner sets beside the address of the page. */
async function setMicrophone(setting: 'granted' | 'denied'): Promise<void> {
  const tools = await page.context().newCDPSession(page)
  const { targetInfo } = await tools.send('Target.getTargetInfo')
  const { browserContextId } = targetInfo
  const { origin } = new URL(page.url())
  await tools.send('Browser.setPermission', {
    permission: { name: 'microphone' },
    ...{ setting, origin },
    ...(browserContextId !== undefined && { browserContextId }),
  })
}

test('the microphone is explained before the system asks, and only once', async () => {
  await open('firstUse')
  await mic().click()
  await expect(dialog('microphone')).toContainText(words('firstUse.microphone.why'))
  await expect(dialog('microphone')).toContainText(words('firstUse.microphone.keptSound'))
  // What is said is answered by a model elsewhere.
  const model = words('provider.anthropic')
  await expect(dialog('microphone')).toContainText(words('firstUse.microphone.model', { model }))
  await expect(dialog('microphone')).not.toContainText(words('firstUse.nothingLeaves'))
  await looksRight(page, 'first-use-microphone')
  await dialog('microphone')
    .getByRole('button', { name: words('firstUse.notNow') })
    .click()
  await expect(dialog('microphone')).toHaveCount(0)
  // Nothing was asked, nothing has failed.
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect((await asked()).microphone).toBe(0)
  await expect(editor(page)).toBeVisible()
  await mic().click()
  await goOn('microphone')
  await expect(finish()).toBeVisible()
  expect((await asked()).microphone).toBe(1)
  await page.reload()
  await mic().click()
  await expect(finish()).toBeVisible()
})

test('that nothing leaves the device is said only where that is so', async () => {
  await open('firstUse&provider=offline')
  await mic().click()
  await expect(dialog('microphone')).toContainText(words('firstUse.nothingLeaves'))
  await open('firstUse&provider=offline&sync=member')
  await mic().click()
  await expect(dialog('microphone')).toContainText(words('firstUse.synced'))
  await expect(dialog('microphone')).not.toContainText(words('firstUse.nothingLeaves'))
})

test('hands-free and long recordings ask before as well, and are simply off after "not now"', async () => {
  await open('firstUse')
  await page
    .getByRole('button', { name: words('handsFree.start'), exact: true })
    .first()
    .click()
  await page.keyboard.press('Escape')
  await expect(dialog('microphone')).toHaveCount(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(editor(page)).toBeVisible()
  expect((await asked()).microphone).toBe(0)
})

test('a microphone that is taken back while the learner speaks is said, and what was said is there', async () => {
  await open('desk=ok')
  await setMicrophone('granted')
  await mic().click()
  await expect(finish()).toBeVisible()
  await page.waitForTimeout(1_500)
  await setMicrophone('denied')
  await expect(page.getByText(words('errors.microphone-denied.what'), { exact: true }).first()).toBeVisible()
  await expect(editor(page)).not.toHaveValue('')
})

test('a microphone that is denied is said, with what to do and the way there', async () => {
  await open('desk=ok')
  // The flag that stands for the learner's "yes" would give it whatever is set.
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('Permission denied', 'NotAllowedError')
    }
  })
  await mic().click()
  const alert = page.getByRole('alert').filter({ hasText: words('errors.microphone-denied.what') })
  await expect(alert).toContainText(words('errors.microphone-denied.next'))
  await expect(alert.getByRole('button', { name: words('desk.openPrivacy') })).toBeVisible()
  await looksRight(page, 'microphone-denied')
})

test('the screen is explained before the list of screens', async () => {
  await open('firstUse&desk=ok')
  await editor(page).focus()
  await page.keyboard.press('Control+Shift+S')
  await expect(dialog('screen')).toContainText(words('firstUse.screen.kept'))
  await looksRight(page, 'first-use-screen')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Control+Shift+S')
  await goOn('screen')
  await expect(page.getByRole('dialog', { name: words('desk.picker.title') })).toBeVisible()
  expect((await asked()).screen).toBe(0)
})

test('a screen that is taken back while the timeline is on ends it, which is said', async () => {
  await open('frames=3', '#/library?tab=timeline')
  await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 400 })
    canvas.getContext('2d')?.fillRect(0, 0, 10, 10)
    const stream = canvas.captureStream(5)
    Object.assign(window, { stream })
    navigator.mediaDevices.getDisplayMedia = async () => stream
  })
  await page.getByRole('button', { name: words('timelinePlace.start') }).click()
  await expect(page.getByRole('region', { name: words('timelinePlace.title') })).toBeVisible()
  await page.evaluate(() => {
    // What the system does when sharing is ended there.
    const [track] = (window as unknown as { stream: MediaStream }).stream.getTracks()
    track?.stop()
    track?.dispatchEvent(new Event('ended'))
  })
  await expect(page.getByText(words('errors.screen-ended.what'), { exact: true })).toBeVisible()
  await expect(page.getByText(words('errors.screen-ended.next'), { exact: true })).toBeVisible()
  await expect(page.getByRole('region', { name: words('timelinePlace.title') })).toHaveCount(0)
  await looksRight(page, 'timeline-ended')
  await openLibrary(page, 'timeline')
})
