import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { beSilent, beWelcomed, goTo, lastExchange, newSession, say } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** A learner adds a program that speaks MCP, accepts one of its tools, and has a deeper question looked up with it. */

const folder = temporaryFolder()
const SERVER = path.resolve(import.meta.dirname, '../scripted-mcp/stdio-server.ts')
let provider: ScriptedProvider
let app: RunningApp
let browser: BrowserContext
let page: Page

test.beforeAll(async () => {
  provider = await startScriptedProvider({ delayMs: 5 })
  app = await startApp(path.join(folder.path, 'data'), {
    LVA_LANGUAGE_PROVIDER: 'compatible',
    LVA_LANGUAGE_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
    LVA_LANGUAGE_COMPATIBLE_MODEL: 'scripted-tools',
    // The machine of a test may be busy; what is tested is not how fast a program starts.
    LVA_AGENTS_DEADLINES_RESEARCH: '60000',
  })
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
})
test.afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await provider?.close()
  folder.remove()
})

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const section = (name: 'mcp' | 'research') =>
  page.getByRole('link', { name: words(`settings.${name}.title`), exact: true }).click()

test('a program that the learner added answers a deeper question, once they let it', async () => {
  const problems = watchForProblems(page)
  await beWelcomed(page, app.address)
  await beSilent(page)
  await goTo(page, 'settings')
  await section('mcp')
  await button('settings.mcp.addTitle').click()
  await page.getByLabel(words('settings.mcp.name'), { exact: true }).fill('Sky')
  await page.getByLabel(words('settings.mcp.commandLine'), { exact: true }).fill(`"${process.execPath}" "${SERVER}"`)
  await button('settings.mcp.add').click()
  await button('settings.mcp.testNamed', { name: 'Sky' }).click()
  await page.getByRole('checkbox', { name: 'weather', exact: true }).check()
  await button('settings.mcp.accept_one', { count: 1 }).click()
  await expect(page.getByText(words('settings.mcp.uses.running_one', { count: 1 }))).toBeVisible()

  await section('research')
  await page.getByRole('radio', { name: words('settings.research.modes.ask') }).click()
  for (const source of ['webs.wikipedia', 'webs.arxiv'])
    await page.getByRole('switch', { name: words(`settings.research.${source}`) }).click()
  await newSession(page)
  await say(page, 'Compare in detail the weather in Oslo and the weather in Rome')
  await expect(page.getByText(words('talk.consent.title', { to: 'Sky' }))).toBeVisible()
  await expect(page.getByText('weather {"city":"Oslo"}')).toBeVisible()
  await button('talk.consent.once').click()
  await expect(lastExchange(page)).toContainText('It is 12 degrees in Oslo.')
  await expect(lastExchange(page)).toContainText('Sky: weather')
  await page.reload()
  await expect(lastExchange(page)).toContainText('It is 12 degrees in Oslo.')
  expect(problems).toEqual([])
})
