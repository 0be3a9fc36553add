import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Client } from '../../src-core/contract/index.ts'
import { descendants } from '../hosts/processes.ts'
import { connectTo } from '../hosts/served-app.ts'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { HOSTILE_STRINGS, naughtyStrings, RAN } from './hostile-strings.ts'
import { tooWide } from './layout.ts'
import { answered, beSilent, beWelcomed, editor, goTo, lastExchange, newSession, say } from './learner.ts'
import { watchForProblems } from './page-problems.ts'
import { words } from './words.ts'

/** Texts that careless programs trip over, and processes that die under the page. */
test.describe.configure({ mode: 'serial' })

/** Within this time a click must show, on a machine with other work. */
const ANSWERS_TO_A_CLICK_MS = 5_000

const folder = temporaryFolder()
const dataDir = path.join(folder.path, 'data')
let app: RunningApp
let browser: BrowserContext
let page: Page
let problems: string[]
/** The same app, asked without a page. */
let client: Client
let hangUp: () => void

test.beforeAll(async () => {
  app = await startApp(dataDir)
  const connection = await connectTo(app.address)
  client = connection.client
  hangUp = () => connection.carrier.close()
  browser = await openBrowser()
  page = browser.pages()[0] ?? (await browser.newPage())
  problems = watchForProblems(page)
  await beWelcomed(page, app.address)
  await beSilent(page)
})

test.afterAll(async () => {
  await browser?.close()
  hangUp?.()
  await app?.stop()
  folder.remove()
})

test.afterEach(async () => {
  expect(problems).toEqual([])
  expect(await page.evaluate((name) => name in globalThis, RAN)).toBe(false)
})

const results = () => page.getByRole('list', { name: words('search.results') })
const searchField = () => page.getByRole('textbox', { name: words('search.field') })

test('a blank text cannot be sent, nor stand in place of what was said', async () => {
  await editor(page).fill(' \n\t ')
  await expect(page.getByRole('button', { name: words('talk.send') })).toHaveCount(0)
  await editor(page).press('Enter')
  await expect(page.getByRole('heading', { name: words('talk.invitation') })).toBeVisible()

  await say(page, 'Something to be emptied.')
  await answered(page)
  await goTo(page, 'library')
  await page.getByRole('option', { name: /Something to be emptied/ }).click()
  await page.getByRole('button', { name: words('common.edit') }).click()
  await page.getByRole('textbox', { name: words('library.editWords') }).fill('   ')
  await expect(page.getByRole('button', { name: words('common.save') })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('option', { name: /Something to be emptied/ })).toBeVisible()
})

test.describe('hostile texts are shown as they are', () => {
  test('when they are said', async () => {
    await newSession(page)
    for (const text of HOSTILE_STRINGS) {
      await say(page, text)
      await expect(lastExchange(page).locator('p.words')).toHaveText(text)
      await answered(page)
    }
    await expect(page.locator('a[href^="javascript:" i], iframe, script:not([src]), main img')).toHaveCount(0)
  })

  test('when they are searched for', async () => {
    await goTo(page, 'search')
    for (const text of HOSTILE_STRINGS.slice(0, 10)) {
      await searchField().fill(text)
      await expect.poll(() => results().locator('[data-result]').allTextContents()).toContain(text)
    }
    await expect(page.locator('a[href^="javascript:" i], iframe, script:not([src]), main img')).toHaveCount(0)
  })

  test('when a session is called so', async () => {
    await newSession(page)
    await say(page, 'A session with many names.')
    await answered(page)
    for (const text of HOSTILE_STRINGS) {
      await page.getByRole('button', { name: words('talk.renameSession') }).click()
      const field = page.getByRole('textbox', { name: words('talk.sessionTitle') })
      await field.fill(text)
      await field.press('Enter')
      await expect(page.getByRole('heading', { level: 1 }).getByText(text, { exact: true })).toBeVisible()
    }
  })

  test('when they are a note', async () => {
    await goTo(page, 'library')
    await page.getByRole('link', { name: words('library.tab.notes') }).click()
    await page.getByRole('button', { name: words('library.newNote') }).click()
    await page.getByRole('textbox', { name: words('library.noteText') }).fill(HOSTILE_STRINGS.join('\n'))
    const title = page.getByRole('textbox', { name: words('library.noteTitle') })
    const row = page.getByRole('list', { name: words('library.tab.notes') }).getByRole('button')
    for (const text of HOSTILE_STRINGS.slice(0, 6)) {
      await title.fill(text)
      await expect(row.locator('span').first()).toHaveText(text)
    }
    const [note] = (await client.notes.list({ cursor: null, limit: 1 })).items
    expect(note?.body).toBe(HOSTILE_STRINGS.join('\n'))
  })

  test('when there are hundreds of them in the Library', async () => {
    const naughty = naughtyStrings().filter((text) => text.trim() !== '')
    test.skip(naughty.length === 0, 'the list of naughty strings is not on this machine')
    const { sessionId } = await client.captures.add({ sessionId: null, text: 'Naughty strings.', source: 'text' })
    const kept = await Promise.all(naughty.map((text) => client.captures.add({ sessionId, text, source: 'text' })))
    await goTo(page, 'library')
    await page.getByRole('link', { name: words('library.tab.captures') }).click()
    const list = page.getByRole('listbox')
    // The list hears of them one after the other; the newest comes to its top last.
    const [newest] = kept.toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1))
    const first = list.getByRole('option').first().locator('p').first()
    await expect.poll(() => first.textContent()).toBe(newest?.userText.slice(0, 220))
    const shown = new Set(await list.evaluate(readWholeList))
    expect(kept.map(({ userText }) => userText.slice(0, 220)).filter((text) => !shown.has(text))).toEqual([])
  })
})

test('a word without an end breaks no screen, on the narrowest and the widest', async () => {
  const word = 'Donaudampfschifffahrt'.repeat(400)
  await newSession(page)
  await say(page, word)
  await answered(page)
  const session = page.url()
  await client.notes.create({ title: word.slice(0, 500), body: word })
  const origin = new URL(app.address).origin
  const visit = async (place: string) => page.goto(`${origin}/#/${place}`)
  for (const width of [360, 3840]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(session)
    await expect(lastExchange(page)).toContainText('Donaudampf')
    expect(await tooWide(page), `Talk at ${width}`).toEqual([])

    await visit('search')
    await searchField().fill(word.slice(0, 1_000))
    await expect(searchField()).toHaveValue(/Donau/)
    expect(await tooWide(page), `Search at ${width}`).toEqual([])

    await visit('library')
    await page.getByRole('option', { name: /Donaudampf/ }).click()
    await expect(page.getByRole('button', { name: words('common.edit') })).toBeVisible()
    expect(await tooWide(page), `a capture at ${width}`).toEqual([])

    await visit('library?tab=sessions')
    await expect(page.getByRole('list', { name: words('library.tab.sessions') })).toContainText('Donaudampf')
    expect(await tooWide(page), `sessions at ${width}`).toEqual([])

    await visit('library?tab=notes')
    await page
      .getByRole('list', { name: words('library.tab.notes') })
      .getByRole('button', { name: /Donau/ })
      .click()
    await expect(page.getByRole('textbox', { name: words('library.noteText') })).toBeVisible()
    expect(await tooWide(page), `a note at ${width}`).toEqual([])

    for (const section of ['models', 'voice', 'privacy', 'cost', 'data', 'appearance', 'keyboard', 'about']) {
      await visit(`settings?section=${section}`)
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
      expect(await tooWide(page), `Settings, ${section}, at ${width}`).toEqual([])
    }
    await visit('welcome')
    await expect(page.getByRole('heading', { name: words('welcome.title') })).toBeVisible()
    expect(await tooWide(page), `the welcome at ${width}`).toEqual([])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('a second app on the same folder says who has it, and ends', async () => {
  const second = await startApp(dataDir).then(
    () => 'it came up',
    (error: Error) => error.message,
  )
  expect(second).toMatch(/ended with 4[\s\S]*in use by the app in a browser[\s\S]*Close it first/)
})

test('the core is killed under the page: it says so, comes back, and has lost nothing', async () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
  const coreOf = () => descendants(app.pid).find(({ command }) => /core\.js/.test(command))?.pid
  await page.goto(new URL(app.address).origin)
  await newSession(page)
  await say(page, 'Said before the core was killed.')
  await answered(page)

  const first = coreOf() ?? 0
  process.kill(first, 'SIGKILL')
  // The next one is held back, so that a fast machine shows what a slow one does.
  let next: number | undefined
  await expect
    .poll(() => {
      next = coreOf()
      return next !== undefined && next !== first
    })
    .toBe(true)
  process.kill(next ?? 0, 'SIGSTOP')
  await expect(page.getByText(words('line.connecting'))).toBeVisible()
  await say(page, 'Said while the core was away.')
  process.kill(next ?? 0, 'SIGCONT')
  await expect(page.getByText(words('line.connecting'))).toHaveCount(0)
  await expect(lastExchange(page)).toContainText('Said while the core was away.')
  await answered(page)
  await expect(page.getByRole('article').first()).toContainText('Said before the core was killed.')
  const kept = (await client.captures.list({ limit: 2, order: 'newest', cursor: null })).items
  expect(kept.map(({ userText }) => userText)).toEqual([
    'Said while the core was away.',
    'Said before the core was killed.',
  ])
  // Chromium itself reports sockets that end.
  problems.splice(0, problems.length, ...problems.filter((problem) => !/WebSocket|ERR_/.test(problem)))
})

// Last, because the models then read for minutes.
test('three megabytes are pasted, kept and shown, and the page goes on', async () => {
  const sentence = 'A long thought that goes on and on, about everything that was ever learnt. '
  const long = sentence.repeat(Math.ceil(3_000_000 / sentence.length))
  await newSession(page)
  await browser.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((text) => navigator.clipboard.writeText(text), long)
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+v')
  await expect
    .poll(() => editor(page).evaluate((field) => (field as HTMLTextAreaElement).value.length))
    .toBe(long.length)
  await page.keyboard.press('Enter')

  const begun = performance.now()
  await goTo(page, 'library')
  await expect(page.getByRole('listbox')).toBeVisible()
  expect(performance.now() - begun).toBeLessThan(ANSWERS_TO_A_CLICK_MS)

  await page.getByRole('option', { name: /A long thought/ }).click()
  await expect(page.getByRole('button', { name: /more characters$/ })).toBeVisible()
  const [kept] = (await client.captures.list({ limit: 1, order: 'newest', cursor: null })).items
  expect(kept?.userText).toBe(long.trim())
  await page.getByRole('link', { name: words('source.openSession') }).click()
  await answered(page)
})

/** Runs in the page: scrolls a list from its beginning to its end. @returns the text of every row it ever drew */
async function readWholeList(list: Element): Promise<string[]> {
  const shown = new Set<string>()
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  /** Whether rows are drawn from the top of what is seen to its bottom, but for a heading or the edge of the list. */
  const isDrawn = () => {
    const { top, bottom } = list.getBoundingClientRect()
    const rows = [...list.querySelectorAll('[role=option]')].map((row) => row.getBoundingClientRect())
    return rows.some((row) => row.top <= top + 100) && rows.some((row) => row.bottom >= bottom - 100)
  }
  list.scrollTop = 0
  for (;;) {
    do await frame()
    while (!isDrawn())
    for (const row of list.querySelectorAll('[role=option] p:first-child')) shown.add(row.textContent ?? '')
    const before = list.scrollTop
    list.scrollTop += list.clientHeight / 2
    // The size of the list is unknown for as long as more of it is being fetched.
    const isWhole = list.querySelector('[role=option]')?.getAttribute('aria-setsize') !== '-1'
    if (list.scrollTop === before && isWhole) return [...shown]
  }
}
