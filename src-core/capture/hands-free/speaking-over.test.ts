import { describe, expect, it } from 'vitest'
import { spoken } from '../../../test/spoken.ts'
import { type Random, seededRandom, silentLog, systemClock } from '../../kernel/index.ts'
import {
  type ChosenTranscriber,
  createTranscriber,
  openMoonshine,
  openSilero,
  pcm16,
  SPEECH_RATE,
  VOICE_FRAME,
} from '../../models/index.ts'
import { HandsFree } from './hands-free.ts'
import { FRAME_SECONDS, TurnTaking } from './turn-taking.ts'
import type { HandsFreeEvent } from './types.ts'

/** With the real voice detector and the real recogniser: how soon a voice over ours is noticed, and that ours is not taken for one. */

const WORDS = [
  'Tell me what I said about plants and the light of the sun.',
  'Please explain how the water comes into the small village.',
  'How does the heart bring the blood to the other organs?',
]
const OURS = 'Plants take in the light of the sun and make sugar out of water and air.'

let opened: ReturnType<typeof openSilero> | undefined
function sense() {
  opened ??= openSilero()
  return opened
}

/** The first onset in a sound while we speak, in seconds; undefined where there is none. */
async function onsetIn(samples: Float32Array<ArrayBuffer>): Promise<number | undefined> {
  const { probabilities } = await (await sense())(samples, null)
  const taking = new TurnTaking({ pause: 0.7 })
  taking.setSpoken(true)
  const frame = probabilities.findIndex((probability) => taking.hear(probability).some(({ type }) => type === 'onset'))
  return frame < 0 ? undefined : (frame + 1) * FRAME_SECONDS
}

const quiet = (seconds: number, random: Random): Float32Array<ArrayBuffer> =>
  Float32Array.from(
    { length: Math.ceil((seconds * SPEECH_RATE) / VOICE_FRAME) * VOICE_FRAME },
    () => (random.fraction() - 0.5) * 1e-3,
  )

describe('a voice over ours', () => {
  it('is noticed within 80 ms of its first sound, wherever in a frame it begins', async () => {
    const late: number[] = []
    for (const words of WORDS) {
      const clip = await spoken(words)
      for (let place = 0; place < 4; place++) {
        const sound = quiet(3, seededRandom(place))
        const begin = 2 * SPEECH_RATE + (place * VOICE_FRAME) / 4
        sound.set(clip.subarray(0, sound.length - begin), begin)
        const first = sound.findIndex((sample) => Math.abs(sample) > 0.02) / SPEECH_RATE
        late.push(((await onsetIn(sound)) ?? Number.POSITIVE_INFINITY) - first)
      }
    }
    expect(Math.min(...late)).toBeGreaterThan(0)
    expect(Math.max(...late)).toBeLessThan(0.08)
  })

  it('is no click, clap, knock, beep or burst of noise', async () => {
    const random = seededRandom(3)
    const noise = () => random.fraction() - 0.5
    const kinds: ((at: number) => number)[] = [
      (at) => (at === 0 ? 0.9 : 0),
      (at) => noise() * 1.4 * Math.exp(-at / 500),
      (at) => Math.sin((at * 2 * Math.PI * 120) / SPEECH_RATE) * 0.8 * Math.exp(-at / 300),
      (at) => (at < 3_200 ? Math.sin((at * 2 * Math.PI * 880) / SPEECH_RATE) * 0.4 : 0),
      (at) => (at < 1_600 ? noise() * 0.6 : 0),
    ]
    for (const kind of kinds) {
      const sound = quiet(6, random)
      for (let from = 8_000; from + 4_000 < sound.length; from += 12_345) {
        for (let at = 0; at < 4_000; at++) sound[from + at] = (sound[from + at] as number) + kind(at)
      }
      expect(await onsetIn(sound)).toBeUndefined()
    }
  })
})

describe('our own voice, come back through the microphone', () => {
  /** What happens when this sound comes while we say `OURS`, until one of these does. */
  async function eventsOf(
    sound: Float32Array<ArrayBuffer>,
    ...ends: HandsFreeEvent['type'][]
  ): Promise<HandsFreeEvent[]> {
    const listen = await sense()
    const hear = createTranscriber(await openMoonshine({ threads: 1 }))
    const transcriber: ChosenTranscriber = { ...hear, whole: async () => undefined }
    const handsFree = new HandsFree({
      detector: { id: 'silero', frame: VOICE_FRAME, detect: (samples, state) => listen(samples, state) },
      transcriber,
      blobs: { put: async () => 'a'.repeat(64) },
      keepsRecordings: async () => false,
      pause: async () => 0.7,
      clock: systemClock,
      newId: () => 'one',
      log: silentLog,
    })
    const id = await handsFree.open(SPEECH_RATE)
    const events: HandsFreeEvent[] = []
    const over = Promise.withResolvers<void>()
    const reading = (async () => {
      for await (const event of handsFree.events(id)) {
        events.push(event)
        if (ends.includes(event.type)) over.resolve()
      }
    })()
    handsFree.speak(id, OURS)
    const piece = SPEECH_RATE / 50
    for (let from = 0; from < sound.length; from += piece) handsFree.push(id, pcm16(sound.subarray(from, from + piece)))
    await over.promise
    handsFree.close(id)
    await reading
    return events
  }

  /** Our voice through the room: later and softer, twice. */
  async function echo(seconds: number): Promise<Float32Array<ArrayBuffer>> {
    const sound = quiet(seconds, seededRandom(5))
    const voice = await spoken(OURS)
    for (const [delay, loudness] of [
      [0.12, 0.25],
      [0.19, 0.1],
    ] as const) {
      const begin = Math.round(delay * SPEECH_RATE)
      for (const [at, sample] of voice.entries()) {
        if (begin + at < sound.length) sound[begin + at] = (sound[begin + at] as number) + loudness * sample
      }
    }
    return sound
  }

  it('is no turn, and does not end the answer', async () => {
    const events = await eventsOf(await echo(7), 'noise', 'nothing', 'turn')
    const types = events.map(({ type }) => type)
    expect(types).not.toContain('turn')
    expect(types).not.toContain('partial')
    expect(events.at(-1)).toEqual({ type: 'noise', ours: true })
  })

  it('hides no real voice over it', async () => {
    const sound = await echo(7)
    const words = await spoken('Stop, please. What is the name of the old bridge?')
    const begin = SPEECH_RATE
    for (const [at, sample] of words.entries()) {
      if (begin + at < sound.length) sound[begin + at] = (sound[begin + at] as number) * 0.2 + sample
    }
    const types = (await eventsOf(sound, 'turn', 'partial')).map(({ type }) => type)
    expect(types).toContain('partial')
  })
})
