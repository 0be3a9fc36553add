import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { spoken } from '../../../test/spoken.ts'
import { seededRandom } from '../../kernel/index.ts'
import { resample } from './resample.ts'
import { openSilero, type Sense, VOICE_FRAME } from './silero.ts'
import { readWav } from './wav.ts'

const CLIPS = resolve(import.meta.dirname, '../../../../shared/data/speech/wav')
const RATE = 16_000

let sense: Sense

beforeAll(async () => {
  sense = await openSilero()
})

const voiced = (probabilities: number[]) => probabilities.filter((p) => p >= 0.5).length / probabilities.length

function noise(seconds: number, loudness: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(5)
  return Float32Array.from({ length: seconds * RATE }, () => (random.fraction() * 2 - 1) * loudness)
}

it('tells the packaged voice from silence, from noise and from a tone', async () => {
  const voice = await spoken('Plants turn light into sugar, and water into air.')
  expect(voiced((await sense(new Float32Array(voice), null)).probabilities)).toBeGreaterThan(0.7)
  expect(voiced((await sense(new Float32Array(2 * RATE), null)).probabilities)).toBe(0)
  expect(voiced((await sense(noise(2, 0.1), null)).probabilities)).toBeLessThan(0.05)
  const tone = Float32Array.from({ length: 2 * RATE }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / RATE))
  expect(voiced((await sense(tone, null)).probabilities)).toBeLessThan(0.05)
})

it('gives the same in pieces as at once: its state travels', async () => {
  const voice = new Float32Array((await spoken('Light into sugar.')).subarray(0, 30 * VOICE_FRAME))
  const whole = await sense(voice, null)
  const pieces: number[] = []
  let state = null
  for (let start = 0; start < voice.length; start += VOICE_FRAME * 3) {
    const part = await sense(voice.slice(start, start + VOICE_FRAME * 3), structuredClone(state))
    pieces.push(...part.probabilities)
    state = part.state
  }
  expect(pieces).toEqual(whole.probabilities)
})

describe.skipIf(!existsSync(CLIPS))(`recorded voices (skipped where ${CLIPS} is missing)`, () => {
  it.each(existsSync(CLIPS) ? readdirSync(CLIPS) : [])('%s: voice, and silence before and after it', async (file) => {
    const clip = readWav(readFileSync(join(CLIPS, file)), { maxSeconds: 600 })
    const samples = await resample(clip.samples, clip.sampleRate, RATE)
    const quiet = noise(1, 0.001)
    const all = new Float32Array(quiet.length * 2 + samples.length)
    all.set(quiet)
    all.set(samples, quiet.length)
    all.set(quiet, quiet.length + samples.length)
    const { probabilities } = await sense(all, null)
    const second = Math.floor(RATE / VOICE_FRAME)
    expect(voiced(probabilities.slice(0, second - 1))).toBe(0)
    expect(voiced(probabilities.slice(second, -second))).toBeGreaterThan(0.6)
    expect(voiced(probabilities.slice(-second + 8))).toBe(0)
  })
})
