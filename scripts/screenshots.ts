import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Client } from '../src-core/contract/index.ts'
import { serveApp } from '../test/hosts/served-app.ts'
import { screenWith } from '../test/made-pictures.ts'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import { ensureBuilt } from './ensure-built.ts'

/**
 * `npm run screenshots [-- PART OF A NAME]`: the real app on a data folder of its own, filled through the contract; every screen, light and
 * dark, at 1440 and 390 px, into `screenshots/`, which is not committed.
 */
const folder = resolve(import.meta.dirname, '../screenshots')
const wanted = process.argv[2] ?? ''

const SESSIONS: { title: string | null; said: string[] }[] = [
  {
    title: 'Photosynthesis',
    said: [
      'Photosystem II comes before photosystem I. It splits water, and that is where the oxygen comes from.',
      'The proton gradient across the thylakoid membrane drives ATP synthase, like water behind a dam.',
    ],
  },
  {
    title: null,
    said: [
      'A test that is 99 % accurate can still be wrong most of the time when the disease is rare: the base rate decides.',
    ],
  },
  {
    title: 'Attention in transformers',
    said: [
      "I'm learning how attention works in transformers: every token asks a question, and every other token offers a key.",
      'The weights always sum to one because of the softmax, so the output is a weighted average of the values.',
    ],
  },
]
const SPOKEN = 'Attention lets each word look at every other word.'
const PLAN = [
  'Week one is about the light reactions of plants.',
  'The exam of Professor Lindqvist is on 12 December.',
  'Office hours are on Tuesdays after lunch.',
]
const QUESTION = 'What did I say about the softmax and the weights in attention?'

interface Shot {
  name: string
  place: string
  /** Leads the page there; called after `place` was opened. */
  act?(page: Page): Promise<unknown>
}

const pressed = (label: RegExp) => (page: Page) => page.getByRole('button', { name: label }).first().click()

type Seeded = Awaited<ReturnType<typeof seed>>

function shots(seeded: Seeded): Shot[] {
  const ofPicture = `#/talk?session=${JSON.stringify(seeded.pictured)}`
  const inSession = `#/talk?session=${JSON.stringify(seeded.session)}`
  const capture = `#/library?capture=${JSON.stringify(seeded.capture)}`
  return [
    { name: 'welcome', place: '#/welcome' },
    { name: 'talk-beginning', place: '#/talk' },
    { name: 'talk-conversation', place: inSession },
    { name: 'talk-source', place: inSession, act: pressed(/^Open source 1/) },
    { name: 'talk-picture', place: ofPicture },
    { name: 'talk-picture-source', place: ofPicture, act: pressed(/^Open source 1/) },
    { name: 'talk-picture-large', place: ofPicture, act: pressed(/^Open picture 1/) },
    { name: 'talk-pictures-to-send', place: '#/talk', act: choosePicture },
    { name: 'talk-recording', place: inSession, act: record },
    { name: 'talk-sessions', place: inSession, act: pressed(/Switch session$/) },
    { name: 'palette', place: inSession, act: openPalette },
    { name: 'summary', place: `#/summary?session=${JSON.stringify(seeded.session)}`, act: sumUp },
    { name: 'library', place: '#/library' },
    { name: 'library-capture', place: capture },
    { name: 'library-edit', place: capture, act: pressed(/^Edit$/) },
    { name: 'library-sessions', place: '#/library?tab=sessions' },
    { name: 'library-notes', place: '#/library?tab=notes' },
    { name: 'library-note', place: `#/library?tab=notes&note=${JSON.stringify(seeded.note)}` },
    { name: 'search', place: '#/search?q="where does oxygen come from"', act: pressedWhy },
    { name: 'map', place: '#/map?view="map"' },
    { name: 'map-concept', place: '#/map', act: chooseConcept },
    { name: 'map-list', place: '#/map?view="list"' },
    { name: 'search-judging', place: '#/search?q="waht did I say about oxigen today"&judging=true' },
    { name: 'search-not-known', place: '#/search?q="the capital of Peru"' },
    { name: 'search-filters', place: '#/search?q="water"&language="en"' },
    { name: 'search-empty', place: '#/search' },
    ...[
      'models',
      'voice',
      'privacy',
      'cost',
      'mcp',
      'data',
      'takeHome',
      'backups',
      'appearance',
      'keyboard',
      'about',
      'erase',
    ].map((section) => ({
      name: `settings-${section}`,
      place: `#/settings?section=${section}`,
    })),
  ]
}

async function record(page: Page): Promise<void> {
  await page.keyboard.press('F9')
  await page.waitForTimeout(3_000)
}

async function choosePicture(page: Page): Promise<void> {
  await page
    .locator('input[data-pictures]')
    .setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: screenWith(PLAN, { heading: 'Course plan' }) })
}

async function sumUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sum up' }).click()
  await page.getByRole('button', { name: 'Save as note' }).waitFor()
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('oxygen')
  await page.getByRole('option').first().waitFor()
}

async function chooseConcept(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('softmax')
  await page.getByRole('option').filter({ hasText: 'entr' }).first().click()
}

async function pressedWhy(page: Page): Promise<void> {
  await page.getByText('Why found').first().click()
}

/** Says everything through the contract, as a learner would: typed and, by the packaged voice, spoken. */
async function seed(client: Client) {
  await client.settings.set({ welcomed: true, speakAnswers: false, language: 'en' })
  let session = ''
  for (const { title, said } of SESSIONS) {
    let sessionId: string | null = null
    for (const text of said) sessionId = await say(client, { sessionId, text, source: 'text' as const })
    if (sessionId && title) await client.sessions.rename({ id: sessionId, title })
    session = sessionId ?? session
  }
  const heard = await client.speech.transcribe({ audio: await client.speech.speak({ text: SPOKEN }) })
  await say(client, { sessionId: session, text: heard.text, source: 'voice' as const, audioSha256: heard.audioSha256 })
  await client.notes.create({
    title: 'Exam plan',
    body: 'Friday: topics.\nWeekend: probability.\nMonday: photosynthesis, with drawings.',
  })
  const note = await client.notes.create({
    title: 'Questions for Thursday’s seminar',
    body: 'Why is the score divided by the square root of the dimension?\n\nIs there a head that only copies?',
  })
  while ((await client.app.indexProgress()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 200))
  await say(client, { sessionId: session, text: QUESTION, source: 'text' as const })
  const newest = await client.captures.list({ limit: 3 })
  const plan = screenWith(PLAN, { heading: 'Course plan' })
  const { sha256 } = await client.pictures.add({ picture: new Blob([new Uint8Array(plan)]) })
  const about = { sessionId: null, text: 'When is the exam of Lindqvist?', source: 'text' as const, pictures: [sha256] }
  const pictured = await say(client, about)
  return { session, pictured, capture: newest.items[2]?.id ?? '', note: note.id }
}

/** @returns the session */
async function say(client: Client, turn: Parameters<Client['turns']['send']>[0]): Promise<string> {
  let session = ''
  for await (const event of await client.turns.send(turn)) if (event.type === 'done') session = event.capture.sessionId
  return session
}

async function shoot(browser: Browser, address: string, list: Shot[], colorScheme: 'light' | 'dark', width: number) {
  const isPhone = width < 600
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: isPhone ? 844 : 900 },
    deviceScaleFactor: isPhone ? 2 : 1,
    isMobile: isPhone,
    hasTouch: isPhone,
    colorScheme,
    locale: 'en-GB',
  })
  const page = await context.newPage()
  const [origin] = address.split('/open')
  await page.goto(address)
  await page.waitForLoadState('networkidle')
  for (const { name, place, act } of list) {
    if (!name.includes(wanted)) continue
    await page.goto('about:blank')
    await page.goto(`${origin}/${place}`)
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(250)
    await act?.(page)
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) })
  }
  await context.close()
}

ensureBuilt()
mkdirSync(folder, { recursive: true })
if (wanted === '') {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
}
const app = await serveApp()
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
})
try {
  const { client, carrier } = await app.connect()
  const list = shots(await seed(client))
  carrier.close()
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1440, 390]) await shoot(browser, app.address, list, colorScheme, width)
  console.log(`made ${folder}`)
} finally {
  await browser.close()
  await app.stop()
}
