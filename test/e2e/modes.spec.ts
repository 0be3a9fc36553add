import { expect, type Locator, type Page, test } from '@playwright/test'
import { answered, ask, beSilent, beWelcomed, goTo, lastExchange, newSession, openSettings } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Finding out for oneself, with the offline tutor: the ladder of hints, Socratic talk, and being asked first for a goal. */
test.describe.configure({ mode: 'serial' })

const FACT = 'Photosynthesis turns light into chemical energy.'
const QUESTION = 'What does photosynthesis do?'
const GOAL = 'I want to understand photosynthesis'

const whole = wholeApp()
let page: Page

test.beforeAll(async () => {
  page = await whole.open()
})

type Mode = 'answer' | 'ask-first' | 'socratic'
const nameOf = (mode: Mode) => words(`talk.mode.${mode}.name`)
const modeButton = (mode: Mode): Locator =>
  page.getByRole('button', { name: words('talk.mode.now', { mode: nameOf(mode) }) })
/** Of the radio buttons in Settings, whose names go on with what they mean. */
const usualMode = (mode: Mode): Locator =>
  page
    .getByRole('radiogroup', { name: words('settings.models.talkMode') })
    .getByRole('radio', { name: new RegExp(`^${nameOf(mode)}`) })
const showAnswer = (): Locator => lastExchange(page).getByRole('button', { name: words('talk.mode.showMe') })
const goalLine = (): Locator => lastExchange(page).getByText(words('talk.mode.forGoal', { goal: GOAL }))

async function choose(from: Mode, to: Mode): Promise<void> {
  await modeButton(from).click()
  await page.getByRole('menuitemradio', { name: nameOf(to) }).click()
  await expect(modeButton(to)).toBeVisible()
}

test('ask before tell: an attempt, three hints that help more and more, and the answer', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await ask(page, FACT)
  await newSession(page)
  await modeButton('answer').click()
  await expect(page.getByRole('menuitemradio')).toHaveCount(3)
  await looksRight(page, 'modes')
  await page.keyboard.press('Escape')
  await choose('answer', 'ask-first')
  await expect(await ask(page, QUESTION)).not.toContainText('chemical')
  await expect(showAnswer()).toBeVisible()
  await expect(lastExchange(page)).not.toContainText(words('talk.restsOnNothing'))
  await looksRight(page, 'attempt')
  await expect(await ask(page, 'I have no idea')).not.toContainText('chemical')
  await expect(await ask(page, 'Still no idea')).toContainText('___')
  await expect(lastExchange(page)).toContainText(words('talk.mode.hint', { number: 2, most: 3 }))
  await expect(await ask(page, 'I do not know')).toContainText('c…')
  await looksRight(page, 'hints')
  await showAnswer().click()
  await expect(lastExchange(page)).toContainText('chemical energy')
  await answered(page)
  await expect(showAnswer()).toHaveCount(0)
  await looksRight(page, 'shown')
})

test('Socratic: a question back, until the learner wants to be told', async () => {
  await newSession(page)
  await choose('answer', 'socratic')
  await expect(await ask(page, QUESTION)).not.toContainText('chemical')
  await looksRight(page, 'socratic')
  // The session keeps to it.
  await page.reload()
  await expect(modeButton('socratic')).toBeVisible()
  await showAnswer().press('Enter')
  await expect(lastExchange(page)).toContainText('chemical energy')
})

test('what Settings say holds for new sessions', async () => {
  await openSettings(page, 'settings.models.title')
  const askFirst = usualMode('ask-first')
  await askFirst.click()
  await expect(askFirst).toBeChecked()
  await looksRight(page, 'mode-settings', 1_600)
  await newSession(page)
  await expect(modeButton('ask-first')).toBeVisible()
  await expect(await ask(page, QUESTION)).not.toContainText('chemical')
  await openSettings(page, 'settings.models.title')
  const answer = usualMode('answer')
  await answer.click()
  await expect(answer).toBeChecked()
})

test('a question that touches a goal is asked back first, says for which, and can be switched off', async () => {
  await goTo(page, 'library')
  await page.getByRole('link', { name: words('library.tab.about') }).click()
  await page.getByRole('button', { name: words('about.add') }).click()
  await page.getByRole('textbox', { name: words('about.statement') }).fill(GOAL)
  await page.getByRole('combobox', { name: words('about.kindLabel') }).selectOption({ label: words('about.kind.goal') })
  await page.getByRole('button', { name: words('about.keep'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('about.kinds.goal') })).toBeVisible()

  await newSession(page)
  await expect(await ask(page, QUESTION)).not.toContainText('chemical')
  await expect(goalLine()).toBeVisible()
  await looksRight(page, 'for-goal')
  await lastExchange(page)
    .getByRole('link', { name: words('talk.mode.change') })
    .click()
  const isOn = page.getByRole('switch', { name: words('settings.models.askAboutGoals') })
  await isOn.click()
  await expect(isOn).not.toBeChecked()
  await newSession(page)
  await expect(await ask(page, QUESTION)).toContainText('chemical energy')
  await expect(goalLine()).toHaveCount(0)
})

test('figures and days are reckoned on the device, and the answer says so', async () => {
  await newSession(page)
  const answer = await ask(page, 'What is 17% of 340?')
  await expect(answer).toContainText('57.8')
  await expect(answer).toContainText(words('talk.offlineReckoned'))
  await expect(answer).not.toContainText(words('talk.restsOnNothing'))
  await answer.locator('summary').first().click()
  await expect(answer.getByRole('list', { name: words('timeline.title') })).toContainText('17% of 340 = 57.8')
  await ask(page, 'What day is it in Tokyo?')
  await looksRight(page, 'reckoned')
})
