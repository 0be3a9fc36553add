import path from 'node:path'
import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { openBrowser, startApp, temporaryFolder } from './app.ts'
import { imitated } from './imitated.ts'
import { answered, beSilent, beWelcomed, goTo, say } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** The place Map: on an imitated core, where many concepts are at hand, and once through the whole app. */

let page: Page
let problems: string[]

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const drawing = () => page.getByRole('application')
const about = () => page.getByRole('complementary', { name: words('map.about') })
const heading = (name: string) => about().getByRole('heading', { name, exact: true, level: 2 })
const list = () => page.getByRole('listbox', { name: words('map.concepts'), exact: true })
const menuItem = (key: string) => page.getByRole('menuitem', { name: words(key), exact: true })
const drawer = () => page.getByRole('complementary', { name: words('source.title') })

test.describe('on an imitated core', () => {
  const screens = imitated()

  async function open(place = '#/map', scenario = '', options: BrowserContextOptions = {}): Promise<void> {
    page = await screens.open(`/?${scenario}${place}`, options)
  }

  test('is walked through by keys, and reads about what is chosen', async () => {
    await open()
    await drawing().focus()
    await page.keyboard.press('ArrowRight')
    await expect(heading('Attention')).toBeVisible()
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key)
    await expect(page).toHaveURL(/concept=/)
    await page.keyboard.press('+')
    await page.keyboard.press('0')
    await page.keyboard.press('Enter')
    await expect(about()).toBeFocused()
    await drawing().focus()
    await page.keyboard.press('Escape')
    await expect(heading(words('map.overview'))).toBeVisible()
  })

  test('finds a concept by its name, shows its neighbours, and opens what the learner said', async () => {
    await open()
    await page.getByRole('combobox', { name: words('map.find') }).fill('softm')
    await page.keyboard.press('Enter')
    await expect(heading('Softmax')).toBeVisible()
    await about().getByRole('button', { name: 'Weighted average', exact: true }).click()
    await expect(heading('Weighted average')).toBeVisible()
    await about().getByRole('listitem').last().getByRole('button').click()
    await expect(drawer()).toBeVisible()
  })

  test('shows what a line rests on, unlinks it, and links again', async () => {
    await open('#/map?concept="concept-softmax"')
    await button('map.whatShows', { from: 'Softmax', to: 'Attention' }).click()
    await expect(about()).toContainText(words('map.kind.prerequisite.sentence', { from: 'Softmax', to: 'Attention' }))
    await button('map.unlink').click()
    await expect(about()).toContainText(words('map.notConnected'))
    await button('history.undo.action').click()
    await expect(about()).toContainText(words('map.kind.prerequisite.sentence', { from: 'Softmax', to: 'Attention' }))
  })

  test('renames, merges, splits and hides, and takes each back', async () => {
    await open('#/map?concept="concept-attention"')
    await button('map.correct').click()
    await menuItem('map.rename').click()
    await page.getByRole('textbox', { name: words('map.name') }).fill('Paying attention')
    await page.keyboard.press('Enter')
    await expect(heading('Paying attention')).toBeVisible()
    await button('history.undo.action').last().click()
    await expect(heading('Attention')).toBeVisible()

    await button('map.correct').click()
    await menuItem('map.merge').click()
    await page.getByRole('dialog').getByRole('combobox').fill('Transf')
    await page.getByRole('option', { name: /^Transformer/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: words('map.merge'), exact: true })
      .click()
    await expect(button('map.split', { name: 'Transformer' })).toBeVisible()
    await button('map.split', { name: 'Transformer' }).click()
    await expect(button('map.split', { name: 'Transformer' })).toHaveCount(0)

    await button('map.correct').click()
    await menuItem('map.link').click()
    await page.getByLabel(words('map.howConnected', { name: 'Attention' })).selectOption('uses')
    await page
      .getByRole('dialog')
      .getByRole('combobox', { name: words('map.other') })
      .fill('Oxyg')
    await page.getByRole('option', { name: /^Oxygen/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: words('map.link'), exact: true })
      .click()
    await expect(about().getByRole('region', { name: words('map.kind.uses.from') })).toContainText('Oxygen')

    await button('map.correct').click()
    await menuItem('map.hide').click()
    await page.getByRole('radio', { name: words('map.list') }).click()
    await expect(list().getByText('Attention', { exact: true })).toHaveCount(0)
    await button('map.showHidden_one', { count: 1 }).click()
    await list()
      .getByRole('button', { name: words('map.unhide') })
      .click()
    // None is hidden any more: the others are back by themselves.
    await expect(list().getByText('Attention', { exact: true })).toBeVisible()
    await expect(button('map.showShown')).toHaveCount(0)
  })

  test('tells what was thought over time, gaps, and a learning path', async () => {
    await open()
    await page.getByRole('combobox', { name: words('map.pathFrom') }).fill('Exponential')
    await page.getByRole('option', { name: /^Exponential function/ }).click()
    await page.getByRole('combobox', { name: words('map.pathTo') }).fill('Transformer')
    await page.getByRole('option', { name: /^Transformer/ }).click()
    const path = about().getByRole('region', { name: words('map.path') })
    await expect(path.getByRole('listitem')).toHaveText(['Exponential function', 'Softmax', 'Attention', 'Transformer'])
    await expect(about().getByRole('region', { name: words('map.gaps') })).toContainText('Exam topics')
    await path.getByRole('button', { name: 'Attention' }).click()
    await page.getByRole('radio', { name: words('map.overTime') }).click()
    await expect(about().getByRole('heading', { level: 4 }).first()).toBeVisible()
  })

  test('stays open to the hand while 2,000 concepts are arranged', async () => {
    await open('#/map', 'concepts=3000')
    await button('map.filter').click()
    await page.getByLabel(words('map.most')).selectOption('2000')
    await expect(page.getByRole('progressbar', { name: words('map.arranging') })).toBeVisible()
    await page.keyboard.press('Escape')
    // Closing gives the focus back to its button, which would close the list of the field that is written in.
    await expect(page.getByLabel(words('map.most'))).toBeHidden()
    await expect(button('map.filter')).toBeFocused()
    await page.getByRole('combobox', { name: words('map.find') }).fill('Photosynth')
    await expect(page.getByRole('option', { name: /^Photosynthesis/ })).toBeVisible()
    await expect(page.getByRole('progressbar', { name: words('map.arranging') })).toBeVisible()
    await expect(page.getByRole('application', { name: words('map.drawing_other', { shown: 2_000 }) })).toBeVisible({
      timeout: 60_000,
    })
  })

  test('is read as a list by keys, also on a phone', async () => {
    await open('#/map', '', { viewport: { width: 390, height: 844 } })
    await list().focus()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('heading', { name: 'Attention', level: 2 })).toBeVisible()
    await button('common.close').click()
    await expect(list()).toBeVisible()
    await page.getByLabel(words('map.order')).selectOption('name')
    await expect(list().getByRole('option').first()).toContainText('ATP synthase')
  })

  test('teaches while there is nothing, and says what is still being read', async () => {
    await open('#/map', 'empty=1')
    await expect(page.getByRole('heading', { name: words('map.emptyTitle') })).toBeVisible()
    await page.context().close()
    await open('#/map', 'unread=3')
    await expect(page.getByRole('status')).toContainText(words('map.reading_other', { count: 3 }))
  })

  test('is found from the palette', async () => {
    await open('#/talk')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('ATP syn')
    await page
      .getByRole('group', { name: words('map.concepts') })
      .getByRole('option', { name: /ATP synthase/ })
      .click()
    await expect(heading('ATP synthase')).toBeVisible()
    expect(await seriousViolations(page)).toEqual([])
  })
})

test('draws what was said a moment ago, opens the sentence behind a line, and takes corrections back', async () => {
  const folder = temporaryFolder()
  const app = await startApp(path.join(folder.path, 'data'))
  const browser = await openBrowser()
  try {
    page = browser.pages()[0] ?? (await browser.newPage())
    problems = watchForProblems(page)
    await beWelcomed(page, app.address)
    await beSilent(page)
    await say(page, 'You need linear algebra before neural networks.')
    await answered(page)
    await goTo(page, 'map')
    await page.getByRole('radio', { name: words('map.list') }).click()
    await list()
      .getByRole('option', { name: /linear algebra/i })
      .click({ timeout: 30_000 })
    await button('map.whatShows', { from: 'linear algebra', to: 'neural networks' }).click()
    await expect(about()).toContainText(/You need linear algebra before neural networks/)
    await about()
      .getByRole('button', { name: /^You need linear algebra/ })
      .click()
    await expect(drawer()).toContainText('You need linear algebra before neural networks.')
    await drawer()
      .getByRole('button', { name: words('common.close') })
      .click()

    const takeBack = () => button('history.undo.action').last().click()
    const correct = async (how: string) => {
      await button('map.correct').click()
      await menuItem(how).click()
    }
    const chooseOther = async () => {
      await page.getByRole('dialog').getByRole('combobox').last().fill('neural')
      await page.getByRole('option', { name: /^neural networks/ }).click()
    }
    await list()
      .getByRole('option', { name: /linear algebra/i })
      .click()
    await correct('map.link')
    await page.getByLabel(words('map.howConnected', { name: 'linear algebra' })).selectOption('uses')
    await chooseOther()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: words('map.link'), exact: true })
      .click()
    const uses = about().getByRole('region', { name: words('map.kind.uses.from') })
    await expect(uses).toContainText('neural networks')
    await takeBack()
    await expect(uses).toHaveCount(0)

    await correct('map.merge')
    await chooseOther()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: words('map.merge'), exact: true })
      .click()
    await expect(button('map.split', { name: 'neural networks' })).toBeVisible()
    await expect(list().getByRole('option', { name: /neural networks/i })).toHaveCount(0)
    await takeBack()
    await expect(list().getByRole('option', { name: /neural networks/i })).toBeVisible()
    await expect(button('map.split', { name: 'neural networks' })).toHaveCount(0)

    await correct('map.hide')
    await expect(list().getByRole('option', { name: /linear algebra/i })).toHaveCount(0)
    await takeBack()
    await expect(list().getByRole('option', { name: /linear algebra/i })).toBeVisible()
    expect(problems).toEqual([])
  } finally {
    await browser.close()
    await app.stop()
    folder.remove()
  }
})
