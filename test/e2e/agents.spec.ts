import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { answered, beSilent, beWelcomed, goTo, lastExchange, newSession, say } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/**
 * Several agents in the real app: conversation answers at once, research asks an encyclopedia of the learner's own that is slow, hangs or
 * fails, and synthesis joins what came.
 */
test.describe.configure({ mode: 'serial' })

const FACT = 'Lord Rayleigh explained the blue sky in 1905.'
const EXTRACT = 'Lord Rayleigh explained the blue sky in 1871.'
const RESEARCH_MS = 4_000
const CONVERSATION_MS = 2_000

/** What the encyclopedia does with a question. */
let encyclopedia: 'slow' | 'hangs' | 'fails' = 'slow'
/** Lets the questions be answered that wait. */
let release: () => void = () => undefined
let asked = 0

const whole = wholeApp()
let server: Server
let provider: ScriptedProvider
let page: Page

function answerQuestion(response: ServerResponse): void {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pages = [{ title: 'Rayleigh scattering', fullurl: `${base}/wiki/Rayleigh`, index: 1, extract: EXTRACT }]
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ query: { pages } }))
}

test.beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1
    if (encyclopedia === 'fails') response.writeHead(500).end()
    if (encyclopedia === 'slow') release = () => answerQuestion(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider = await startScriptedProvider()
  page = await whole.open({
    ANTHROPIC_API_KEY: 'sk-ant-scripted',
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
    LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-silence',
    LVA_LANGUAGE_PROVIDER: 'offline',
    LVA_AGENTS_RESEARCH_WIKIPEDIA_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    LVA_AGENTS_RESEARCH_SOURCE_MS: '60000',
    LVA_AGENTS_DEADLINES_RESEARCH: String(RESEARCH_MS),
    LVA_AGENTS_DEADLINES_CONVERSATION: String(CONVERSATION_MS),
  })
})

test.afterAll(async () => {
  await provider?.close()
  server?.closeAllConnections()
  server?.close()
})

const research = () => lastExchange(page).getByRole('region', { name: words('talk.adds.research') })
const stop = () => page.getByRole('button', { name: words('talk.stop') })
const missing = (why: 'late' | 'failed') =>
  lastExchange(page).getByText(words(`talk.missing.${why}`, { who: words('talk.who.research') }))

/** Asks something that is looked up; each in words of its own, for what was asked once is kept. */
async function lookUp(question: string): Promise<void> {
  const before = asked
  await newSession(page)
  await say(page, question)
  await expect.poll(() => asked).toBeGreaterThan(before)
}

test('the answer is there before research has ended; what it finds is added below, and what disagrees is named', async () => {
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
  await goTo(page, 'settings')
  await page
    .getByRole('link', { name: words('settings.research.title') })
    .first()
    .click()
  const on = page.getByRole('radio', { name: words('settings.research.modes.on'), exact: false }).first()
  await on.click()
  await expect(on).toBeChecked()
  await newSession(page)
  await say(page, FACT)
  await answered(page)

  await lookUp('Compare in detail with Wikipedia: when did Rayleigh explain the blue sky?')
  const answer = lastExchange(page)
  await expect(answer).toContainText('1905')
  await expect(answer.getByText(words('talk.atWork.research'))).toBeVisible()
  await expect(research()).toHaveCount(0)
  release()
  await expect(research()).toContainText('1871')
  await expect(answer.getByRole('region', { name: words('talk.adds.synthesis') })).toContainText(/1905.*1871/)
  await expect(answer.getByRole('link', { name: '127.0.0.1' })).toBeVisible()
  await answered(page)
  await page.reload()
  await expect(research()).toContainText('1871')
})

test('the learner may go on while research is still at work, and finds what it added', async () => {
  await lookUp('Compare in depth with Wikipedia how Rayleigh saw colours of the blue sky')
  await expect(lastExchange(page).getByText(words('talk.atWork.research'))).toBeVisible()
  await say(page, 'Thank you.')
  await expect(lastExchange(page)).toContainText('Thank you.')
  release()
  const first = page
    .getByRole('list', { name: words('talk.exchanges') })
    .getByRole('article')
    .first()
  await expect(first.getByRole('region', { name: words('talk.adds.research') })).toContainText('1871')
})

test('research that hangs is left out in time, and said', async () => {
  encyclopedia = 'hangs'
  await lookUp('Compare in detail with Wikipedia what Rayleigh wrote of the sky')
  await expect(missing('late')).toBeVisible({ timeout: RESEARCH_MS + 10_000 })
  await expect(research()).toHaveCount(0)
  await page.reload()
  await expect(missing('late')).toBeVisible()
})

test('research that fails is said, and the answer stays', async () => {
  encyclopedia = 'fails'
  await lookUp('Compare in detail with Wikipedia the blue sky and the red evening of Rayleigh')
  await expect(missing('failed')).toBeVisible({ timeout: 20_000 })
  await answered(page)
})

test('stop keeps the answer and asks nobody more', async () => {
  encyclopedia = 'hangs'
  await lookUp('Compare in depth with Wikipedia what Rayleigh and Tyndall say of the blue sky')
  await expect(lastExchange(page).getByText(words('talk.atWork.research'))).toBeVisible()
  await stop().click()
  await expect(stop()).toHaveCount(0)
  await answered(page)
  await expect(missing('late')).toHaveCount(0)
})

test('a model without a first word in time is stood in for by the offline tutor, and that is said', async () => {
  await goTo(page, 'settings')
  await page
    .getByRole('link', { name: words('settings.models.title') })
    .first()
    .click()
  // "The best that is set up" names it, too.
  const anthropic = page.getByRole('radio', { name: new RegExp(`^${words('provider.anthropic')}`) })
  await anthropic.click()
  await expect(anthropic).toBeChecked()
  await newSession(page)
  await say(page, 'When did Rayleigh explain the blue sky?')
  await expect(lastExchange(page).getByText(words('talk.stoodIn', { name: 'scripted-silence' }))).toBeVisible({
    timeout: CONVERSATION_MS + 10_000,
  })
  await expect(lastExchange(page)).toContainText('1905')
})
