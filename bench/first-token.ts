import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../scripts/chromium.ts'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { connectTo } from '../test/hosts/served-app.ts'
import { type ScriptedProvider, startScriptedProvider } from '../test/scripted-provider.ts'
import { startBuiltApp } from './built-app.ts'
import { indexed } from './built-core.ts'
import { filledFolder } from './filled-folder.ts'
import { bench, quantile, rounded } from './harness.ts'
import { sentences } from './sentences.ts'

const CHUNKS = 10_000
const TURNS = 100
const WARM_UP = 10
/** A session goes on for a while, so that turns carry its history along. */
const TURNS_IN_A_SESSION = 10
/** Milliseconds that the scripted model takes before each word. */
const MODEL_MS = 20
/** With which every scripted answer begins, and nothing that is asked. */
const FIRST_WORD = 'You'

interface Timed {
  /** By the page's own clock, in milliseconds: the key that sends, the first change of the screen after it, the first word of the answer. */
  sent: number
  shown: number
  firstWord: number
}

/** Runs in the page: notes when the key was pressed, when the screen first changed after it, and when the first word stood there. */
function watch(firstWord: string): void {
  const timed: Partial<Timed> = {}
  const { promise, resolve } = Promise.withResolvers<Partial<Timed>>()
  ;(window as unknown as { timed: Promise<Partial<Timed>> }).timed = promise
  const begin = (event: KeyboardEvent) => {
    if (event.key === 'Enter') timed.sent = event.timeStamp
  }
  addEventListener('keydown', begin, { capture: true, once: true })
  const observer = new MutationObserver((records) => {
    if (timed.sent === undefined) return
    const now = performance.now()
    timed.shown ??= now
    const isWord = records.some(({ addedNodes }) =>
      [...addedNodes].some((node) => node.textContent?.trimStart().startsWith(firstWord)),
    )
    if (!isWord) return
    timed.firstWord = now
    observer.disconnect()
    resolve(timed)
  })
  observer.observe(document.body, { childList: true, subtree: true, characterData: true })
}

/** Milliseconds for each key: quicker than anybody types. */
const KEY_MS = 10

/** Types a sentence, sends it, and waits for its first word. */
async function turn(page: Page, provider: ScriptedProvider, text: string): Promise<Timed & { asked: number }> {
  await page.getByRole('textbox').first().pressSequentially(text, { delay: KEY_MS })
  await page.evaluate(watch, FIRST_WORD)
  const origin = await page.evaluate(() => performance.timeOrigin)
  provider.reset()
  // On the page's clock: both count from the same second.
  const asked = provider.waitFor(({ path }) => path.endsWith('/completions')).then(() => Date.now() - origin)
  await page.keyboard.press('Enter')
  // Told by the page itself: whoever asks it at every frame makes it draw every frame.
  const timed = await page.evaluate(() => (window as unknown as { timed: Promise<Timed> }).timed)
  return { ...timed, asked: await asked }
}

await bench({
  name: 'first-token',
  about:
    'From the key that sends to the first word of the answer on the screen of the built app in Chromium, less what the scripted model takes for it, with 10,000 chunks in memory.',
  async run() {
    ensureBuilt()
    const folder = await filledFolder(CHUNKS)
    const provider = await startScriptedProvider({ delayMs: MODEL_MS })
    const app = await startBuiltApp(folder.dataDir, {
      LVA_LANGUAGE_PROVIDER: 'compatible',
      LVA_LANGUAGE_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
      LVA_LANGUAGE_COMPATIBLE_MODEL: 'scripted-ok',
    })
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
    const added: number[] = []
    const shown: number[] = []
    const asked: number[] = []
    const drawn: number[] = []
    /** Of the first turn after the page was loaded, which happens once a start of the program; not among the others. */
    const afterLoad: number[] = []
    try {
      const { client, carrier } = await connectTo(app.address)
      await client.settings.set({ welcomed: true, speakAnswers: false, language: 'en' })
      await indexed(client)
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
      await page.goto(app.address)
      for (const [number, text] of sentences(WARM_UP + TURNS, 99).entries()) {
        const isFirst = number % TURNS_IN_A_SESSION === 0
        if (isFirst) {
          await page.goto(new URL('/#/talk', app.address).href)
          await page.reload()
        }
        // Somebody who has just read an answer does not speak before it is indexed.
        await indexed(client)
        const timed = await turn(page, provider, text)
        await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
        if (number < WARM_UP) continue
        const ms = timed.firstWord - timed.sent - MODEL_MS
        if (isFirst) {
          afterLoad.push(ms)
          continue
        }
        added.push(ms)
        shown.push(timed.shown - timed.sent)
        asked.push(timed.asked - timed.sent)
        drawn.push(timed.firstWord - timed.asked - MODEL_MS)
      }
      carrier.close()
    } finally {
      await browser.close()
      await app.close()
      await provider.close()
      folder.remove()
    }
    const row = (what: string, values: number[]) => ({
      what,
      'p50 ms': rounded(quantile(values, 0.5), 1),
      'p95 ms': rounded(quantile(values, 0.95), 1),
      'p99 ms': rounded(quantile(values, 0.99), 1),
    })
    return {
      figures: {
        p50Ms: rounded(quantile(added, 0.5), 1),
        p95Ms: rounded(quantile(added, 0.95), 1),
        p99Ms: rounded(quantile(added, 0.99), 1),
        shownP95Ms: rounded(quantile(shown, 0.95), 1),
        askedP95Ms: rounded(quantile(asked, 0.95), 1),
        drawnP95Ms: rounded(quantile(drawn, 0.95), 1),
        afterLoadP50Ms: rounded(quantile(afterLoad, 0.5), 1),
        turns: added.length,
        chunks: CHUNKS,
      },
      table: [
        row('first word on the screen, less the model', added),
        row('of that until the model was asked', asked),
        row('of that from its first word to the screen', drawn),
        row('what was said on the screen', shown),
        row('first word of the first turn after the page was loaded', afterLoad),
      ],
      targets: [{ figure: 'p95Ms', atMost: 150 }],
    }
  },
})
