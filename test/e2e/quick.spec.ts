import { expect, type Page, test } from '@playwright/test'
import { screenWith } from '../made-pictures.ts'
import { seriousViolations } from './accessibility.ts'
import { beWelcomed, editor, goTo } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** The small window: opened by keys from any place, kept with Enter, gone. */
test.describe.configure({ mode: 'serial' })

const whole = wholeApp()
let page: Page

test.beforeAll(async () => {
  page = await whole.open()
  await beWelcomed(page, whole.app.address)
})

async function openQuick(): Promise<Page> {
  const [quick] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Control+Shift+E')])
  await expect(field(quick)).toBeFocused()
  return quick
}

const field = (quick: Page) => quick.getByRole('textbox', { name: words('quick.editor') })

test('a thought is kept with Enter, and the window is gone', async () => {
  await editor(page).focus()
  const quick = await openQuick()
  expect(await seriousViolations(quick)).toEqual([])
  await field(quick).fill('Entropy never falls in a closed system.')
  await Promise.all([quick.waitForEvent('close'), field(quick).press('Enter')])
  await goTo(page, 'library')
  await expect(page.getByText('Entropy never falls in a closed system.').first()).toBeVisible()
})

test('a picture that is pasted goes along', async () => {
  const quick = await openQuick()
  const picture = screenWith(['Heat flows from hot to cold.'])
  await field(quick).evaluate((field, base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }))
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }))
  }, picture.toString('base64'))
  await expect(quick.getByRole('list', { name: words('pictures.toSend') }).getByRole('img')).toHaveCount(1)
  await Promise.all([quick.waitForEvent('close'), field(quick).press('Enter')])
  await expect(page.getByLabel(words('pictures.count_one', { count: 1 })).first()).toBeVisible()
})

test('Escape throws nothing away at once', async () => {
  const quick = await openQuick()
  await field(quick).fill('half a thought')
  await field(quick).press('Escape')
  await expect(quick.getByRole('status')).toHaveText(words('quick.escAgain'))
  const gone = quick.waitForEvent('close')
  // The window is gone before the key is up.
  await field(quick)
    .press('Escape')
    .catch(() => undefined)
  await gone
})

test('in the place of another page, Escape leaves the words in Talk', async () => {
  await goTo(page, 'talk')
  await editor(page).fill('half a question')
  await page.evaluate(() => {
    location.hash = '#/quick'
  })
  await expect(field(page)).toHaveValue('half a question')
  await field(page).press('Escape')
  await expect(editor(page)).toHaveValue('half a question')
})
