import { expect, type Locator, type Page, test } from '@playwright/test'
import { type ScriptedWeb, startScriptedWeb } from '../scripted-web/server.ts'
import { answered, beSilent, beWelcomed, lastExchange, newSession, openSettings, say } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** Research against a scripted web: off at first, asked before anything leaves, quoted with its sources, and useful when the web is not. */
test.describe.configure({ mode: 'serial' })

const COMPARE = 'Compare photosynthesis and cellular respiration in detail'
const SENT = 'photosynthesis cellular respiration'

const whole = wholeApp()
let web: ScriptedWeb
let page: Page

test.beforeAll(async () => {
  web = await startScriptedWeb()
  page = await whole.open({
    LVA_AGENTS_RESEARCH_WIKIPEDIA_BASE_URL: `${web.url}/wikipedia/{language}`,
    LVA_AGENTS_RESEARCH_ARXIV_BASE_URL: `${web.url}/arxiv`,
    LVA_AGENTS_RESEARCH_TAVILY_BASE_URL: `${web.url}/tavily`,
    LVA_AGENTS_RESEARCH_SOURCE_MS: '1500',
    // The card is looked at for longer than a learner would.
    LVA_AGENTS_CONSENT_MS: '120000',
  })
})

test.afterAll(() => web?.close())

async function lookThingsUp(mode: 'ask' | 'on'): Promise<void> {
  await openSettings(page, 'settings.research.title')
  const radio = page.getByRole('radio', { name: words(`settings.research.modes.${mode}`) })
  await radio.click()
  await expect(radio).toBeChecked()
}

const consent = (): Locator =>
  page.getByRole('region', { name: words('talk.consent.title', { to: new URL(web.url).host }) })

/** The opened timeline of the last answer, once all agents have ended. */
async function timeline(): Promise<Locator> {
  const exchange = lastExchange(page)
  const summary = exchange.locator('summary').filter({ hasText: words('timeline.agent.research') })
  await expect(summary).toBeVisible()
  await summary.click()
  return exchange.getByRole('list', { name: words('timeline.title') })
}

test('nothing is looked up until the learner wants it', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await say(page, COMPARE)
  await answered(page)
  await expect(lastExchange(page).locator('summary')).not.toContainText(words('timeline.agent.research'))
  expect(web.seen).toEqual([])
})

test('the learner sees which words would go to whom, allows it by the keyboard, and gets quotes with their sources', async () => {
  await lookThingsUp('ask')
  await newSession(page)
  await say(page, COMPARE)
  await expect(consent()).toContainText(SENT)
  // The first words do not wait for it.
  await expect(lastExchange(page).locator('p').first()).toBeVisible()
  expect(web.seen).toEqual([])
  await expect(lastExchange(page)).toContainText(words('talk.atWork.asking'))
  await looksRight(page, 'consent')
  await consent()
    .getByRole('button', { name: words('talk.consent.once') })
    .focus()
  await page.keyboard.press('Enter')
  await expect(consent()).toHaveCount(0)
  await answered(page)
  const source = lastExchange(page).locator('a[href="https://en.wikipedia.org/wiki/Photosynthesis"]')
  await expect(source.first()).toBeVisible()
  await expect(lastExchange(page)).toContainText('chlorophyll splits water')
  expect(web.seen.map(({ part }) => part)).toEqual(['wikipedia'])
  await expect(await timeline()).toContainText(words('timeline.askedOf', { to: new URL(web.url).host, sends: SENT }))
  await looksRight(page, 'looked-up')
})

test('a no sends nothing, and the answer says so', async () => {
  web.reset()
  await newSession(page)
  await say(page, 'Compare attention and convolution in detail')
  await consent()
    .getByRole('button', { name: words('talk.consent.no'), exact: true })
    .click()
  await answered(page)
  await expect(await timeline()).toContainText(words('timeline.askedOutcome.refused'))
  expect(web.seen).toEqual([])
})

test('a source that is always allowed is asked without asking, and can be taken back', async () => {
  await newSession(page)
  await say(page, 'Compare attention and softmax in detail')
  await consent()
    .getByRole('button', { name: words('talk.consent.always') })
    .click()
  await timeline()
  await newSession(page)
  await say(page, 'Compare softmax and attention weights in detail')
  await expect(await timeline()).toContainText(words('timeline.askedOutcome.answered'))
  expect(web.seen.map(({ part }) => part)).toEqual(['wikipedia', 'wikipedia'])
  await openSettings(page, 'settings.research.title')
  await looksRight(page, 'research-settings', 2_000)
  const askAgain = page.getByRole('button', { name: words('settings.research.askAgainFor', { name: 'Wikipedia' }) })
  await askAgain.click()
  await expect(askAgain).toHaveCount(0)
})

test('sources are tested, keys are kept and forgotten, and what was fetched is cleared', async () => {
  await openSettings(page, 'settings.research.title')
  await page.getByRole('radio', { name: words('settings.research.webs.tavily') }).click()
  const testTavily = page.getByRole('button', { name: words('settings.research.test', { name: 'Tavily' }) })
  await testTavily.click()
  await expect(page.getByRole('alert')).toContainText(words('errors.source-key-missing.what', { name: 'Tavily' }))
  await looksRight(page, 'research-key-missing', 2_300)
  await page.getByLabel(words('settings.models.key'), { exact: true }).fill('a-wrong-key')
  await page.getByRole('button', { name: words('common.save') }).click()
  await expect(page.getByRole('button', { name: words('settings.models.removeKey') })).toBeVisible()
  await testTavily.click()
  await expect(page.getByRole('alert')).toContainText(words('errors.source-key-refused.what', { name: 'Tavily' }))
  await page.getByRole('button', { name: words('settings.models.removeKey') }).click()
  await expect(page.getByRole('button', { name: words('settings.models.removeKey') })).toHaveCount(0)
  await page.getByRole('radio', { name: words('settings.research.webs.none') }).click()
  await page.getByRole('button', { name: words('settings.research.test', { name: 'arXiv' }) }).click()
  await expect(page.getByRole('status').filter({ hasText: /./ }).first()).toBeVisible()
  await page.getByRole('button', { name: words('settings.research.cacheClear') }).click()
  await expect(page.getByText(words('settings.research.cacheEmpty'))).toBeVisible()
})

test('whatever the web sends, the turn ends with an answer and says what went wrong', async () => {
  await lookThingsUp('on')
  const wrongs = [
    ['large', 'answer-too-large', 'mitosis'],
    ['binary', 'answer-not-text', 'meiosis'],
    ['loop', 'address-unreachable', 'osmosis'],
    ['metadata', 'address-refused', 'diffusion'],
  ] as const
  for (const [wrong, code, topic] of wrongs) {
    web.fault('wikipedia', wrong)
    await newSession(page)
    await say(page, `Compare photosynthesis and ${topic} in detail`)
    await answered(page)
    await expect(await timeline()).toContainText(words(`errors.${code}.what`))
  }
  web.fault('wikipedia', 'hang')
  await newSession(page)
  await say(page, 'Compare photosynthesis and fermentation in detail')
  await answered(page)
  await expect(await timeline()).toContainText(words('timeline.askedOutcome.late'))
})
