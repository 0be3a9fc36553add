import { expect, type Locator, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { focusProblem } from './accessibility.ts'
import { answered, beSilent, beWelcomed, goTo, lastExchange, say, sayingOf } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** A session and a day summed up in the real app, with a model that is told what to write, and without one. */
test.describe.configure({ mode: 'serial' })

const FACT = 'Basalt is cooled lava.'
const QUESTION = 'Where does basalt cool?'
const WRITTEN = `You kept that basalt is cooled lava [1]. It is 4 km thick [1].\n? ${QUESTION}`

/** What the model does when it is asked to look back; `stall` stops after the first words. */
let behaviour: 'writes' | 'stall' | 'unauthorized' = 'writes'

const whole = wholeApp()
let provider: ScriptedProvider
let page: Page

const isLookingBack = (text: string) => text.includes('looks back with one person')

test.beforeAll(async () => {
  provider = await startScriptedProvider({
    reply: ({ text }) => {
      if (!isLookingBack(text)) return undefined
      return behaviour === 'writes' ? { text: WRITTEN } : { scenario: behaviour }
    },
  })
  page = await whole.open({
    ANTHROPIC_API_KEY: 'sk-ant-scripted',
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
    LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-ok',
  })
  await whole.browser.grantPermissions(['clipboard-read', 'clipboard-write'])
})
test.afterAll(() => provider?.close())

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const title = () => page.getByRole('heading', { level: 1 })
const summary = () => page.getByRole('region', { name: words('summary.title'), exact: true })
const cards = (): Locator => page.getByRole('region', { name: /cards? from it/ }).getByRole('listitem')
const summed = () => provider.requests.filter(({ body }) => isLookingBack(JSON.stringify(body))).length

test('a session is summed up by its menu, and each place of it opens', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await say(page, FACT)
  await answered(page)
  // Topics come from what was read for concepts.
  await page.goto(page.url().replace(/#.*/, '#/map?view=list'))
  await expect(page.getByText('Basalt', { exact: true }).first()).toBeVisible({ timeout: 60_000 })

  await goTo(page, 'library')
  await page.getByRole('link', { name: words('library.tab.sessions'), exact: true }).click()
  await button('library.sessionMenu', { name: FACT }).press('Enter')
  await page.getByRole('menuitem', { name: words('summary.session') }).press('Enter')
  await expect(title()).toHaveText(FACT)
  await expect(title()).toBeFocused()
  expect(await focusProblem(page)).toBeNull()

  await expect(summary()).toContainText('You kept that basalt is cooled lava')
  await expect(summary().getByRole('img', { name: words('talk.unsupported') })).toBeVisible()
  await expect(summary()).toContainText('scripted-ok')
  await expect(summary().getByText(`? ${QUESTION}`)).toHaveCount(0)
  await looksRight(page, 'summary')
  await button('talk.openSource', { number: 1 }).press('Enter')
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark')).toHaveText(FACT)
  await page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
})

test('it can be copied, and its cards kept, deleted and brought back', async () => {
  await button('common.copy').press('Enter')
  await expect(button('common.copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    'You kept that basalt is cooled lava [1].',
  )

  await expect(cards()).toHaveCount(1)
  await expect(cards().first()).toContainText(FACT)
  await cards()
    .first()
    .getByRole('button', { name: /^Keep: / })
    .press('Enter')
  await expect(cards().first()).toContainText(words('cards.isKept'))
  await cards()
    .first()
    .getByRole('button', { name: /^Delete: / })
    .press('Enter')
  await expect(cards()).toHaveCount(0)
  await button('history.undo.action').last().click()
  await expect(cards().first()).toContainText(words('cards.isKept'))
})

test('it is saved as a note, which is taken back with one press, and was made only once', async () => {
  const before = summed()
  await button('summary.saveAsNote').press('Enter')
  await expect(page.getByRole('textbox', { name: words('library.noteTitle') })).toHaveValue(
    words('summary.titleOf', { name: FACT }),
  )
  const body = page.getByRole('textbox', { name: words('library.noteText') })
  await expect(body).toHaveValue(
    /^You kept that basalt is cooled lava \[1\]\..*\[1\] .*“Basalt is cooled lava.*Where does/s,
  )
  await button('history.undo.action').last().click()
  await expect(title()).toHaveText(FACT)
  await expect(summary()).toContainText('You kept that basalt is cooled lava')
  expect(summed()).toBe(before)
  await goTo(page, 'library')
  await page.getByRole('link', { name: words('library.tab.notes'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('library.noNotes') })).toBeVisible()
})

test('a question of it is asked in its session', async () => {
  await goTo(page, 'library')
  await page.getByRole('link', { name: words('library.tab.sessions'), exact: true }).click()
  await page.getByRole('link').filter({ hasText: FACT }).click()
  await button('summary.session').click()
  await page.getByRole('button', { name: QUESTION }).click()
  await answered(page)
  await expect(page.getByRole('list', { name: words('talk.exchanges') }).getByRole('article')).toHaveCount(2)
  await expect(lastExchange(page)).toContainText(QUESTION)
})

test('Escape stops it, what came stays, and it can be made again', async () => {
  behaviour = 'stall'
  await button('summary.session').press('Enter')
  await expect(summary()).toContainText('You said')
  await expect(button('summary.stop')).toBeVisible()
  await looksRight(page, 'summary-under-way')
  await page.keyboard.press('Escape')
  await expect(summary().getByText(words('summary.stopped')).first()).toBeVisible()
  await expect(summary()).toContainText('You said')
  await provider.waitFor(({ state }) => state === 'aborted')
  behaviour = 'writes'
  await button('common.tryAgain').press('Enter')
  await expect(summary()).toContainText('You kept that basalt is cooled lava')
  // The button that was pressed is gone, the place of the keyboard is not.
  await expect(summary()).toBeFocused()
})

test('a failure says what to do, and the device sums up instead', async () => {
  behaviour = 'unauthorized'
  await button('summary.again').press('Enter')
  const alert = await sayingOf(page, 'provider-key-refused', { name: 'Anthropic' })
  await looksRight(page, 'summary-failed')
  await alert.getByRole('button', { name: words('summary.offline') }).press('Enter')
  await expect(summary()).toContainText(words('talk.offlineTutor'))
  await expect(summary()).toContainText('“Basalt is cooled lava”')
  await expect(page.getByRole('alert')).toHaveCount(0)
  behaviour = 'writes'
})

test('a day is summed up by command, and its questions begin a new session', async () => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(words('summary.today'))
  await expect(page.getByRole('option', { name: words('summary.today'), exact: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(words('summary.day'), { exact: true })).toBeVisible()
  await expect(title()).toBeFocused()
  await expect(summary()).toContainText('You kept that basalt is cooled lava')
  await page.getByRole('button', { name: QUESTION }).press('Enter')
  await answered(page)
  await expect(page.getByRole('list', { name: words('talk.exchanges') }).getByRole('article')).toHaveCount(1)
  await expect(lastExchange(page)).toContainText(QUESTION)
})

test('a day without anything says so, and nothing is sent to anybody for it', async () => {
  await goTo(page, 'library')
  await page.getByRole('listbox').getByRole('option').first().click()
  await button('summary.theDay').press('Enter')
  await expect(summary()).toContainText('You kept')
  const before = summed()
  await button('summary.dayBefore').press('Enter')
  await expect(button('summary.dayBefore')).toBeFocused()
  await expect(summary()).toContainText(words('summary.offer'))
  await button('summary.action').press('Enter')
  await expect(page.getByRole('heading', { name: words('summary.nothing') })).toBeVisible()
  await expect(summary()).toContainText(words('summary.nothingDay'))
  await looksRight(page, 'summary-nothing')
  expect(summed()).toBe(before)
})
