import { expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { openBrowser } from './app.ts'
import { answered, beSilent, beWelcomed, editor, goTo, lastExchange, newSession } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** The screen through the whole app: a tab of a real Chromium is captured, looked at before it is kept, covered, cut, and explained. */
test.describe.configure({ mode: 'serial' })

const SHOWN = 'A lecture on the screen'
const LECTURE = `<title>${SHOWN}</title><body style="margin:60px;font:32px sans-serif;background:#fff;color:#111">
  <h1>Glycolysis</h1><p>Glycolysis splits glucose into two molecules of pyruvate.</p>
  <p style="position:absolute;top:500px;margin:0">Password: Otter$4711xyz</p></body>`

const whole = wholeApp()
let page: Page
let shown: Page

test.beforeAll(async () => {
  const environment = {
    LVA_LANGUAGE_PROVIDER: 'offline',
    LVA_AGENTS_DEADLINES_VISION: '60000',
  }
  const args = [`--auto-select-tab-capture-source-by-title=${SHOWN}`]
  shown = await whole.open(environment, { width: 1280, height: 800, args })
  await shown.goto(`data:text/html,${encodeURIComponent(LECTURE)}`)
  page = await whole.newPage()
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await newSession(page)
})

const preview = () => page.getByRole('dialog', { name: words('screen.title') })
const inPreview = (name: Parameters<typeof words>[0], values = {}) =>
  preview().getByRole('button', { name: words(name, values), exact: true })
const strip = () => page.getByRole('list', { name: words('pictures.toSend') })

async function showScreen(): Promise<void> {
  await editor(page).focus()
  await page.keyboard.press('Control+Shift+S')
  await expect(preview().getByRole('img', { name: words('screen.picture') })).toBeVisible()
}

/** Size of the picture that is about to be sent, and its colour at a part of it. */
function attached(x: number, y: number) {
  return strip()
    .getByRole('img')
    .last()
    .evaluate(
      async (image: HTMLImageElement, [x, y]) => {
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = image.naturalWidth
        canvas.height = image.naturalHeight
        const context = canvas.getContext('2d')
        context?.drawImage(image, 0, 0)
        const at = context?.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data
        return { width: canvas.width, height: canvas.height, colour: [...(at ?? [])].slice(0, 3) }
      },
      [x, y] as const,
    )
}

test('a still is shown by keys before it is kept, and thrown away without a trace', async () => {
  await showScreen()
  expect(await seriousViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(preview()).toHaveCount(0)
  await expect(strip()).toHaveCount(0)
  await expect(editor(page)).toBeFocused()
})

test('another still does not take the place of one that is open, which was looked at', async () => {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices
    const ask = devices.getDisplayMedia.bind(devices)
    Object.assign(window, { asked: 0 })
    devices.getDisplayMedia = (options) => {
      Object.assign(window, { asked: (window as unknown as { asked: number }).asked + 1 })
      return ask(options)
    }
  })
  await editor(page).focus()
  await page.keyboard.press('Control+Shift+S')
  await page.keyboard.press('Control+Shift+S')
  await expect(preview().getByRole('img', { name: words('screen.picture') })).toBeVisible()
  await page.keyboard.press('Control+Shift+S')
  await page.keyboard.press('Escape')
  await expect(preview()).toHaveCount(0)
  await page.keyboard.press('Control+Shift+S')
  await expect(preview()).toBeVisible()
  expect(await page.evaluate(() => (window as unknown as { asked: number }).asked)).toBe(2)
  await page.keyboard.press('Escape')
})

test('what looks like a password is covered before it is kept, and can be uncovered', async () => {
  test.slow()
  await showScreen()
  const found = inPreview('screen.foundBox', { number: 1, what: words('screen.found.password') })
  await expect(inPreview('screen.attach')).toBeDisabled()
  await expect(found).toBeVisible({ timeout: 60_000 })
  await expect(preview().getByRole('status')).toHaveText(words('screen.covered_one', { count: 1 }))
  expect(await seriousViolations(page)).toEqual([])
  await inPreview('screen.attach').click()
  expect(await attached(0.3, 0.645)).toMatchObject({ colour: [0, 0, 0] })
  await page.getByRole('button', { name: words('pictures.remove', { number: 1 }) }).click()
  await showScreen()
  await expect(found).toBeVisible({ timeout: 60_000 })
  await found.press('Delete')
  await expect(found).toHaveCount(0)
  await expect(preview().getByRole('status')).toHaveText(words('screen.nothingFound'))
  await inPreview('screen.discard').last().click()
})

test('boxes are added, moved, taken back and taken away by keys alone', async () => {
  await showScreen()
  await inPreview('screen.addBox').press('Enter')
  const box = inPreview('screen.box', { number: 1 })
  await expect(box).toBeFocused()
  const before = await box.boundingBox()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  const after = await box.boundingBox()
  expect(after?.x).toBeGreaterThan(before?.x ?? 0)
  expect(after?.height).toBeGreaterThan(before?.height ?? 0)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  expect(await box.boundingBox()).toEqual(before)
  await page.keyboard.press('Delete')
  await expect(box).toHaveCount(0)
  await inPreview('screen.undo').press('Enter')
  await expect(box).toHaveCount(1)
  await inPreview('screen.discard').last().click()
})

test('what is covered is black in what is attached, and what is not cut out is not in it', async () => {
  await showScreen()
  const still = preview().locator('[data-still]')
  const area = (await still.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    await page.mouse.move(area.x + from[0] * area.width, area.y + from[1] * area.height)
    await page.mouse.down()
    await page.mouse.move(area.x + to[0] * area.width, area.y + to[1] * area.height, { steps: 4 })
    await page.mouse.up()
  }
  await drag([0.5, 0.1], [0.7, 0.2])
  await preview()
    .getByRole('radio', { name: words('screen.cut') })
    .click()
  await drag([0, 0], [1, 0.5])
  await expect(inPreview('screen.attach')).toBeEnabled({ timeout: 60_000 })
  await inPreview('screen.attach').click()
  await expect(preview()).toHaveCount(0)
  await expect(editor(page)).toBeFocused()
  expect(await attached(0.6, 0.3)).toMatchObject({ colour: [0, 0, 0] })
  const { width, height, colour } = await attached(0.9, 0.9)
  expect(colour).toEqual([255, 255, 255])
  expect(width / height).toBeCloseTo(1280 / 400, 1)
  await page.getByRole('button', { name: words('pictures.remove', { number: 1 }) }).click()
})

test('screens of more pixels than are kept are scaled down: it is said, and what is covered stays where it is', async () => {
  test.slow()
  const wide = await whole.newPage()
  await wide.addInitScript(() => {
    // Two screens of 8K side by side, as the system hands them over.
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 15_360, height: 4_320 })
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      const draw = () => {
        context.fillStyle = '#fff'
        context.fillRect(0, 0, canvas.width, canvas.height)
        context.fillStyle = '#222'
        context.font = '120px sans-serif'
        context.fillText('Glycolysis splits glucose into two molecules of pyruvate.', 400, 800)
        context.fillText('Password: Otter$4711xyz', 11_000, 3_240)
      }
      draw()
      const stream = canvas.captureStream()
      const again = setInterval(draw, 500)
      stream.getTracks()[0]?.addEventListener('ended', () => clearInterval(again))
      return stream
    }
  })
  await wide.goto(whole.app.address)
  await editor(wide).focus()
  await wide.keyboard.press('Control+Shift+S')
  const open = wide.getByRole('dialog', { name: words('screen.title') })
  const scaled = words('screen.scaledDown', { seen: '15,360 × 4,320', kept: '11,925 × 3,354' })
  await expect(open.getByRole('note')).toHaveText(scaled, { timeout: 60_000 })
  const found = words('screen.foundBox', { number: 1, what: words('screen.found.password') })
  const box = open.getByRole('button', { name: found, exact: true })
  await expect(box).toBeVisible({ timeout: 120_000 })
  const still = (await open.locator('[data-still]').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const at = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  expect((at.x - still.x) / still.width).toBeCloseTo(11_600 / 15_360, 1)
  expect((at.y - still.y) / still.height).toBeCloseTo(3_150 / 4_320, 1)
  await open.getByRole('button', { name: words('screen.attach'), exact: true }).click()
  const image = wide.getByRole('list', { name: words('pictures.toSend') }).getByRole('img')
  const size = await image.evaluate(async (shown: HTMLImageElement) => {
    await shown.decode()
    return [shown.naturalWidth, shown.naturalHeight]
  })
  expect(size).toEqual([11_925, 3_354])
  await wide.close()
})

test('"Explain this" is answered from what was read on the device, and found again', async () => {
  test.slow()
  await showScreen()
  await expect(inPreview('screen.explain')).toBeEnabled({ timeout: 60_000 })
  await inPreview('screen.explain').click()
  await expect(lastExchange(page)).toContainText(words('screen.explain'))
  await expect(lastExchange(page)).toContainText('two molecules of pyruvate', { timeout: 90_000 })
  await answered(page)
  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('glucose pyruvate')
  const hit = page.locator('[data-result]').filter({ hasText: 'pyruvate' }).first()
  await expect(hit).toBeVisible({ timeout: 30_000 })
  await hit.click()
  const source = page.getByRole('complementary', { name: words('source.title') })
  await expect(source.locator('[data-region]')).toBeVisible()
  await source.getByRole('button', { name: words('common.close') }).click()
})

test('where nothing is chosen, and where the screen is black, the words say what to do', async () => {
  await goTo(page, 'talk')
  await shown.evaluate(() => {
    document.body.replaceChildren()
    document.body.style.background = '#000'
  })
  // Until it is drawn, a capture gives the lecture once more. A screenshot waits for it.
  await shown.screenshot()
  await page.keyboard.press('Control+Shift+S')
  await expect(page.getByText(words('errors.screen-black.next'), { exact: true })).toBeVisible()
  await shown.close()
  const strict = await openBrowser({ args: ['--use-fake-ui-for-media-stream=deny'] })
  const refused = strict.pages()[0] ?? (await strict.newPage())
  await refused.goto(whole.app.address)
  await expect(editor(refused)).toBeVisible()
  await refused.keyboard.press('Control+Shift+S')
  await expect(refused.getByText(words('errors.screen-refused.next'), { exact: true })).toBeVisible()
  await strict.close()
})
