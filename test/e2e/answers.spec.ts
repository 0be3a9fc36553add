import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { answered, beSilent, beWelcomed, goTo, lastExchange, newSession, say, sayingOf } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** Answers from a provider that does what its model's name says (test/scripted-provider.ts), and everything that it can do wrong. */
test.describe.configure({ mode: 'serial' })

const KEY_OF_ENVIRONMENT = 'sk-ant-canary-environment-5d1e'
const TYPED_KEY = 'sk-canary-typed-8b03f6a9'
const FACT = 'Attention in a transformer compares queries with keys, and the weights mix the values.'
const QUESTION = 'What did I say about attention in a transformer?'

const folder = temporaryFolder()
const dataDir = path.join(folder.path, 'data')
let provider: ScriptedProvider
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]

test.beforeAll(async () => {
  provider = await startScriptedProvider({ delayMs: 5 })
  app = await startApp(dataDir, {
    ANTHROPIC_API_KEY: KEY_OF_ENVIRONMENT,
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
    LVA_LANGUAGE_ANTHROPIC_MODEL: 'scripted-ok',
    // Below the deadline of the conversation, after which the offline tutor would answer.
    LVA_LANGUAGE_FIRST_TOKEN_TIMEOUT_MS: '3000',
    LVA_LANGUAGE_IDLE_TIMEOUT_MS: '60000',
    LVA_LANGUAGE_RETRY_ATTEMPTS: '2',
    LVA_LANGUAGE_RETRY_BASE_MS: '20',
    LVA_LANGUAGE_BREAKER_FAILURES: '100',
    LVA_LOG_LEVEL: 'debug',
  })
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
})

test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await provider?.close()
  folder.remove()
})

test.afterEach(() => {
  expect(problems).toEqual([])
})

/** The part of Settings about one provider. */
const partOf = (name: 'anthropic' | 'openai' | 'compatible'): Locator =>
  page.getByRole('heading', { name: words(`provider.${name}`), exact: true }).locator('..')

async function openSettings(section: 'models' | 'cost'): Promise<void> {
  await goTo(page, 'settings')
  await page
    .getByRole('link', { name: words(`settings.${section}.title`) })
    .first()
    .click()
}

/** Chooses who answers. */
async function answerBy(choice: 'provider.offline' | 'settings.models.auto'): Promise<void> {
  // Another choice may name this one in what is said below it ("Just now: …"): the name itself comes first.
  const radio = page.getByRole('radio', { name: new RegExp(`^${words(choice)}`) })
  await radio.click()
  await expect(radio).toBeChecked()
}

/** Types a model's name into Settings, as one who knows what they want. */
async function setModel(name: 'anthropic' | 'compatible', model: string): Promise<void> {
  await openSettings('models')
  const field = partOf(name).getByLabel(words('settings.models.model'), { exact: true })
  await field.fill(model)
  await field.press('Enter')
  await expect(page.getByText(words('settings.models.ready', { model }))).toBeVisible()
}

/** Asks a new question of a model that behaves as `scenario` says. */
async function ask(scenario: string, question = QUESTION): Promise<void> {
  await setModel('anthropic', `scripted-${scenario}`)
  await newSession(page)
  await say(page, question)
}

const tryAgain = () => page.getByRole('button', { name: words('common.tryAgain') })
const asked = (scenario: string) => provider.requests.filter((request) => request.scenario === scenario)

test('an answer streams in, cites what was said before, and the citation opens it', async () => {
  await beWelcomed(page, app.address)
  await beSilent(page)
  await say(page, FACT)
  await answered(page)
  await expect(lastExchange(page)).toContainText('scripted-ok')

  await goTo(page, 'search')
  await page.getByRole('textbox', { name: words('search.field') }).fill('queries with keys')
  await expect(page.getByRole('list', { name: words('search.results') }).getByText(FACT)).toBeVisible({
    timeout: 60_000,
  })

  await newSession(page)
  await say(page, QUESTION)
  await answered(page)
  await expect(lastExchange(page)).toContainText(`You said: ${QUESTION}`)
  await lastExchange(page)
    .getByRole('button', { name: words('talk.openSource', { number: 1 }) })
    .click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark')).toHaveText(FACT)
  await drawer.getByRole('button', { name: words('common.close') }).click()

  const [first] = provider.requests.filter((request) => request.path === '/v1/messages')
  expect(first?.apiKey).toBe(KEY_OF_ENVIRONMENT)
})

test('a citation opens at its sentence, and what memory does not hold is said plainly', async () => {
  await newSession(page)
  const sentence = 'Photosystem II splits water, and the oxygen comes from there.'
  await say(page, `Today was long. ${sentence} Then I went home by train.`)
  await answered(page)
  await goTo(page, 'search')
  const field = page.getByRole('textbox', { name: words('search.field') })
  await field.fill('where does the oxygen of plants come from')
  const results = page.getByRole('list', { name: words('search.results') })
  await expect(results.getByText(sentence)).toBeVisible({ timeout: 60_000 })
  await field.fill('the capital of Peru')
  await expect(
    page.getByText(words('search.notKnown')).or(page.getByRole('heading', { name: words('search.nothing') })),
  ).toBeVisible()

  await openSettings('models')
  await answerBy('provider.offline')
  await newSession(page)
  await say(page, 'Where does the oxygen come from?')
  await answered(page)
  await lastExchange(page)
    .getByRole('button', { name: words('talk.openSource', { number: 1 }) })
    .first()
    .click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark')).toHaveText(sentence)
  await drawer.getByRole('button', { name: words('common.close') }).click()

  await newSession(page)
  await say(page, 'What is the capital of Peru?')
  await answered(page)
  await expect(lastExchange(page)).toContainText(words('talk.restsOnNothing'))
  await expect(lastExchange(page).getByRole('button', { name: words('talk.openSource', { number: 1 }) })).toHaveCount(0)
  await lastExchange(page)
    .getByRole('link', { name: words('talk.searchWider') })
    .click()
  await expect(field).toHaveValue('What is the capital of Peru?')
  await openSettings('models')
  await answerBy('settings.models.auto')
})

test('the stop button ends an answer and keeps what came', async () => {
  await ask('stall', 'Please begin and then hang.')
  await expect(lastExchange(page)).toContainText('You said: Please')
  await page.getByRole('button', { name: words('talk.stop') }).click()
  await expect(lastExchange(page)).toContainText(words('talk.ending.stopped'))
  await provider.waitFor((request) => request.scenario === 'stall' && request.state === 'aborted')
  await page.reload()
  await expect(lastExchange(page)).toContainText('You said: Please')
  await expect(lastExchange(page)).toContainText(words('talk.ending.stopped'))
})

test('a refused key is said, with what to do, and the offline tutor answers instead', async () => {
  await ask('unauthorized')
  const alert = await sayingOf(page, 'provider-key-refused', { name: 'Anthropic' })
  await expect(alert).not.toContainText(KEY_OF_ENVIRONMENT)
  expect(asked('unauthorized')).toHaveLength(1)
  await alert.getByRole('button', { name: words('talk.answerOffline') }).click()
  await answered(page)
  await expect(lastExchange(page)).toContainText(words('talk.offlineTutor'))
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a short trouble of the provider is not even noticed', async () => {
  await ask('error-x1')
  await answered(page)
  expect(asked('error')).toHaveLength(2)
})

test('a longer one is said, and trying again answers', async () => {
  await ask('overloaded-x2')
  await sayingOf(page, 'provider-unavailable', { name: 'Anthropic' })
  await tryAgain().click()
  await answered(page)
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(asked('overloaded')).toHaveLength(3)
})

test('an answer that is cut in the middle is not kept, and can be asked for again later', async () => {
  await ask('cut', 'Please begin and then break off.')
  await sayingOf(page, 'provider-stream-cut', { name: 'Anthropic' })
  await expect(lastExchange(page)).toContainText('You said: Please')
  await page.reload()
  await expect(lastExchange(page)).toContainText('Please begin and then break off.')
  await expect(lastExchange(page)).toContainText(words('talk.noAnswer'))
  await expect(lastExchange(page)).not.toContainText('You said')
  const session = page.url()
  await setModel('anthropic', 'scripted-ok')
  await page.goto(session)
  await page.getByRole('button', { name: words('talk.getAnswer') }).click()
  await answered(page)
})

test('a provider that stays silent is not waited for longer than configured', async () => {
  await ask('silence')
  await sayingOf(page, 'timeout')
  expect(asked('silence')).toHaveLength(1)
  await expect(tryAgain()).toBeVisible()
})

test('a used up budget spends nothing, says so, and goes on once it is raised', async () => {
  await setModel('anthropic', 'claude-haiku-5-5')
  await openSettings('cost')
  const budget = page.getByLabel(words('settings.cost.budget'))
  await budget.fill('0.0001')
  await budget.press('Enter')
  await expect(page.getByText(words('settings.cost.of', { budget: '$0.0001' }))).toBeVisible()
  await newSession(page)
  const before = provider.requests.length
  await say(page, QUESTION)
  const alert = await sayingOf(page, 'budget-reached')
  await expect(alert.getByRole('button', { name: words('talk.answerOffline') })).toBeVisible()
  expect(provider.requests).toHaveLength(before)

  const session = page.url()
  await openSettings('cost')
  await budget.fill('2')
  await budget.press('Enter')
  await expect(page.getByText(words('settings.cost.of', { budget: '$2.00' }))).toBeVisible()
  await page.goto(session)
  await tryAgain().click()
  await answered(page)
  await openSettings('cost')
  await expect(page.getByRole('row', { name: /claude-haiku-5-5/ })).toBeVisible()
})

test('a server of one’s own is set up by its address, tested, and answers', async () => {
  await openSettings('models')
  const part = partOf('compatible')
  const address = part.getByLabel(words('settings.models.address'))
  const model = part.getByLabel(words('settings.models.model'), { exact: true })
  const runTest = part.getByRole('button', { name: words('settings.models.test') })

  const nobody = `127.0.0.1:${await freePort()}`
  await address.fill(nobody)
  await address.press('Enter')
  await model.fill('scripted-ok')
  await model.press('Enter')
  await expect(runTest).toBeEnabled()
  await runTest.click()
  const alert = part.getByRole('alert').filter({ hasText: words('errors.network-down.next') })
  await expect(alert).toContainText(words('errors.network-down.what'))

  await address.fill(`${provider.url}/v1`)
  await address.press('Enter')
  await expect(address).toHaveValue(`${provider.url}/v1`)
  await runTest.click()
  await expect(part.getByText(/^Works: scripted-ok answered in/)).toBeVisible()
  await expect(alert).toHaveCount(0)

  await page.reload()
  await model.focus()
  await expect(part.getByText(words('settings.models.modelsKnown_other', { count: 4 }))).toBeVisible()
  expect(
    await part.locator('datalist option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value)),
  ).toContain('llama3.2:latest')

  await page.getByRole('radio', { name: words('provider.compatible') }).click()
  await newSession(page)
  await say(page, QUESTION)
  await answered(page)
  expect(provider.requests.at(-1)?.path).toBe('/v1/chat/completions')
})

test('a typed key reaches its provider and nothing else', async () => {
  await setModel('compatible', 'scripted-unauthorized')
  const part = partOf('compatible')
  await part.getByLabel(words('settings.models.keyOptional')).fill(TYPED_KEY)
  await part.getByRole('button', { name: words('common.save') }).click()
  await expect(part.getByText(words('settings.models.keyStored'))).toBeVisible()
  await expect(part.getByText(words('settings.models.keptIn.session'))).toBeVisible()

  // The scripted provider repeats the key in its refusal, as some servers do.
  await part.getByRole('button', { name: words('settings.models.test') }).click()
  await expect(part.getByRole('alert')).toContainText(words('errors.provider-key-refused.next'))
  await newSession(page)
  await say(page, QUESTION)
  await expect(page.getByRole('alert')).toBeVisible()
  expect(provider.requests.at(-1)?.apiKey).toBe(TYPED_KEY)

  expect(await page.evaluate(everythingThePageHolds)).not.toContain(TYPED_KEY)
  await openSettings('models')
  await expect(part.getByLabel(words('settings.models.keyOptional'))).toHaveValue('')
  expect(await page.evaluate(everythingThePageHolds)).not.toContain(TYPED_KEY)
  expectNowhere()
})

test('and is nowhere after the program has ended', async () => {
  await page.close()
  expect(await app.stop()).toBe(0)
  expect(readdirSync(dataDir).length).toBeGreaterThan(0)
  expectNowhere()
})

/** No file below the folder, and nothing printed, holds a key, in any spelling that a program might choose. */
function expectNowhere(): void {
  for (const key of [TYPED_KEY, KEY_OF_ENVIRONMENT]) {
    for (const spelling of [key, Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')]) {
      const needle = Buffer.from(spelling)
      const holders = readdirSync(folder.path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file).includes(needle))
      expect(holders, `files that hold ${spelling}`).toEqual([])
      expect(app.printed()).not.toContain(spelling)
    }
  }
}

/** Runs in the page: its document with the values of its fields, and all that it keeps. */
async function everythingThePageHolds(): Promise<string> {
  const fields = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value)
  const databases = (await indexedDB.databases()).map(({ name }) => name)
  const caches_ = await caches.keys()
  return JSON.stringify([
    document.documentElement.outerHTML,
    fields,
    { ...localStorage },
    { ...sessionStorage },
    document.cookie,
    location.href,
    databases,
    caches_,
  ])
}

/** A port at which nobody listens. */
function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
