import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../scripts/chromium.ts'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { isLvaError, seededRandom, systemClock, withinTime } from '../src-core/kernel/index.ts'
import { createTranscriber, openMoonshine, SPEECH_RATE, writeWav } from '../src-core/models/index.ts'
import { connectTo } from '../test/hosts/served-app.ts'
import { giveMicrophone, sayInto, voicesOf } from '../test/hosts/spoken-into.ts'
import { type ScriptedProvider, startScriptedProvider } from '../test/scripted-provider.ts'
import { spoken } from '../test/spoken.ts'
import { startBuiltApp } from './built-app.ts'
import { indexed } from './built-core.ts'
import { filledFolder } from './filled-folder.ts'
import { bench, quantile, rounded } from './harness.ts'
import { hearClips } from './hear-clips.ts'

const CHUNKS = 1_000
const TURNS = 30
const WARM_UP = 3
/** A turn whose answer is not heard after so long is lost, in milliseconds. */
const LOST_AFTER = 30_000
/** What is said, each about three seconds, one after the other. */
const SAID = [
  'Tell me what I said about plants and the light of the sun.',
  'What did I write about the history of the old bridge?',
  'Please explain how the water comes into the small village.',
  'How does the heart bring the blood to the other organs?',
  'Tell me again why the moon moves the water of the sea.',
]
/** Decibels of the voice above added noise. */
const NOISES = [20, 10]
/** More words than this, for each that was said, are a model that lost its way. */
const RUNAWAY = 1.5

interface Turn {
  /** Milliseconds. How long the learner spoke. */
  said: number
  /** From the end of speech to the first sound of the answer, and its parts. */
  whole: number
  waited: number
  recognised: number
  asked: number
  voiced: number
  /** From the onset of speech to the silence of the answer that was being spoken. */
  silenced: number | undefined
}

await bench({
  name: 'voice',
  about:
    'A conversation without hands in the built app: from the end of speech to the first sound of the answer with a scripted model that takes no time, by its parts; from the onset of speech to the silence of the answer that it interrupts; and word error rates with added noise.',
  data: 'speech',
  options: { turns: `how many turns are measured (${TURNS})` },
  async run({ data, options }) {
    const wers = await noisyWers(data)
    const { turns, lost } = await conversation(Number(options.turns ?? TURNS))
    const silenced = turns.flatMap(({ silenced: ms }) => ms ?? [])
    const row = (what: string, values: number[]) => ({
      what,
      'p50 ms': Math.round(quantile(values, 0.5)),
      'p95 ms': Math.round(quantile(values, 0.95)),
    })
    const share = rounded(
      quantile(
        turns.map(({ whole, waited, said }) => (whole - waited) / said),
        0.95,
      ),
      3,
    )
    return {
      figures: {
        turns: turns.length,
        lost,
        firstSoundP50Ms: Math.round(
          quantile(
            turns.map(({ whole }) => whole),
            0.5,
          ),
        ),
        firstSoundP95Ms: Math.round(
          quantile(
            turns.map(({ whole }) => whole),
            0.95,
          ),
        ),
        oursShareP95: share,
        bargeIns: silenced.length,
        bargeInP50Ms: Math.round(quantile(silenced, 0.5)),
        bargeInP95Ms: Math.round(quantile(silenced, 0.95)),
        ...wers,
      },
      table: [
        row(
          'end of speech to the first sound of the answer',
          turns.map(({ whole }) => whole),
        ),
        row(
          'of that the silence that ends a turn',
          turns.map(({ waited }) => waited),
        ),
        row(
          'of that recognition after the silence, and keeping the sound',
          turns.map(({ recognised }) => recognised),
        ),
        row(
          'of that storing and retrieval, until the model is asked',
          turns.map(({ asked }) => asked),
        ),
        row(
          'of that the first sentence and its voice',
          turns.map(({ voiced }) => voiced),
        ),
        row('onset of speech to the silence of the answer', silenced),
      ],
      targets: [
        { figure: 'lost', atMost: 0 },
        { figure: 'oursShareP95', atMost: 0.6 },
        { figure: 'bargeInP95Ms', atMost: 150 },
        { figure: 'wer', atMost: 0.06 },
        { figure: 'runaway', atMost: 0 },
      ],
    }
  },
})

async function noisyWers(data: string): Promise<Record<string, number>> {
  const transcriber = createTranscriber(await openMoonshine({ threads: 0 }))
  const figures: Record<string, number> = {}
  let runaway = 0
  for (const decibels of [undefined, ...NOISES]) {
    const clips = await hearClips(
      data,
      transcriber,
      decibels === undefined ? undefined : (clip) => noisy(clip, decibels),
    )
    const sum = (of: (clip: (typeof clips)[number]) => number) => clips.reduce((total, clip) => total + of(clip), 0)
    runaway += clips.filter(({ heard, words }) => heard > words * RUNAWAY + 2).length
    figures[decibels === undefined ? 'wer' : `wer${decibels}dB`] = rounded(
      sum((c) => c.errors) / sum((c) => c.words),
      4,
    )
  }
  return { ...figures, runaway }
}

/** White noise, so many decibels below the voice. */
function noisy(clip: Float32Array<ArrayBuffer>, decibels: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(7)
  const power = clip.reduce((sum, sample) => sum + sample * sample, 0) / clip.length
  // Numbers between -1 and 1 that are all as likely have a third of the power of 1.
  const loudness = Math.sqrt((3 * power) / 10 ** (decibels / 10))
  return clip.map((sample) => Math.max(-1, Math.min(1, sample + loudness * (2 * random.fraction() - 1))))
}

async function conversation(count: number): Promise<{ turns: Turn[]; lost: number }> {
  ensureBuilt()
  const folder = await filledFolder(CHUNKS)
  const provider = await startScriptedProvider({ delayMs: 0 })
  const app = await startBuiltApp(folder.dataDir, {
    LVA_LANGUAGE_PROVIDER: 'compatible',
    LVA_LANGUAGE_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
    LVA_LANGUAGE_COMPATIBLE_MODEL: 'scripted-ok',
  })
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGS, '--autoplay-policy=no-user-gesture-required'],
  })
  try {
    const { client, carrier } = await connectTo(app.address)
    await client.settings.set({ welcomed: true, speakAnswers: true, voice: 'packaged', language: 'en' })
    await indexed(client)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    // The microphone was explained to this learner before.
    await page.addInitScript(() => {
      if (location.protocol.startsWith('http')) localStorage.setItem('lva.first-use.microphone', 'explained')
    })
    await giveMicrophone(page)
    const ended = turnsIn(page)
    await page.goto(app.address)
    await page.getByRole('button', { name: 'Talk hands-free' }).click()
    await page.getByText('Speak whenever you like').first().waitFor()
    const turns: Turn[] = []
    let lost = 0
    for (let number = 0; number < WARM_UP + count; number++) {
      const turn = await oneTurn(page, provider, ended, SAID[number % SAID.length] as string)
      if (turn === 'lost') lost++
      else if (number >= WARM_UP) turns.push(turn)
    }
    carrier.close()
    return { turns, lost }
  } finally {
    await browser.close()
    await app.close()
    await provider.close()
    folder.remove()
  }
}

/** What the core told the page of each turn: silence and recognition, in milliseconds. */
function turnsIn(page: Page): { waited: number; recognised: number }[] {
  const turns: { waited: number; recognised: number }[] = []
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const told = /"waited":([\d.]+),"recogniseMs":([\d.]+)/.exec(String(payload))
      if (told) turns.push({ waited: Number(told[1]) * 1_000, recognised: Number(told[2]) })
    }),
  )
  return turns
}

/** Says a sentence, over the answer to the one before, and waits until its answer is to be heard. */
async function oneTurn(
  page: Page,
  provider: ScriptedProvider,
  ended: { waited: number; recognised: number }[],
  sentence: string,
): Promise<Turn | 'lost'> {
  const wav = writeWav({ samples: await spoken(sentence), sampleRate: SPEECH_RATE })
  provider.reset()
  const before = await voicesOf(page)
  const count = ended.length
  const origin = await page.evaluate(() => performance.timeOrigin)
  const asked = provider.waitFor(({ path }) => path.endsWith('/completions')).then(() => Date.now() - origin)
  const { onset, end } = await sayInto(page, wav)
  const answer = async () => ({ askedAt: await asked, begun: await firstAfter(page, end) })
  const heard = await withinTime(systemClock, LOST_AFTER, new AbortController().signal, answer).catch((error) => {
    if (isLvaError(error, 'timeout')) return null
    throw error
  })
  if (!heard) return 'lost'
  const { askedAt, begun } = heard
  const { waited, recognised } = ended[count] ?? { waited: Number.NaN, recognised: Number.NaN }
  const { silenced } = await voicesOf(page)
  const stopped = silenced[before.silenced.length]
  return {
    said: end - onset,
    whole: begun - end,
    waited,
    recognised,
    asked: askedAt - end - waited - recognised,
    voiced: begun - askedAt,
    silenced: stopped !== undefined && stopped < end ? stopped - onset : undefined,
  }
}

/** When the first voice of the page begins after an instant; and it is then heard for a moment. */
async function firstAfter(page: Page, instant: number): Promise<number> {
  const begun = await page.waitForFunction(
    (after) => {
      const { begun } = (window as unknown as { spokenInto: { begun: number[] } }).spokenInto
      return begun.find((at) => at > after)
    },
    instant,
    { timeout: 0 },
  )
  return (await begun.jsonValue()) as number
}
