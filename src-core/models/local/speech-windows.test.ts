import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { halve, speechWindows } from './speech-windows.ts'

const RATE = 16_000

/** Sound made of stretches: seconds and loudness (0 to 1) of a noise with the rhythm of syllables; over a faint background. */
function sound(...stretches: [seconds: number, loudness: number][]): Float32Array {
  const random = seededRandom(11)
  const samples: number[] = []
  for (const [seconds, loudness] of stretches) {
    for (let index = 0; index < seconds * RATE; index++) {
      const syllable = Math.max(0, Math.sin((2 * Math.PI * 4 * index) / RATE)) ** 2
      samples.push((random.fraction() - 0.5) * (0.002 + loudness * syllable))
    }
  }
  return Float32Array.from(samples)
}

it('finds one stretch of speech with a margin on both sides', async () => {
  const [window, ...rest] = await speechWindows(sound([3, 0], [4, 0.5], [3, 0]), RATE)
  expect(rest).toEqual([])
  expect(window?.start).toBeGreaterThan(2.4)
  expect(window?.start).toBeLessThan(3)
  expect(window?.end).toBeGreaterThan(6.9)
  expect(window?.end).toBeLessThan(7.6)
})

it('leaves out long pauses and keeps short ones', async () => {
  expect(await speechWindows(sound([2, 0.5], [1, 0], [2, 0.5]), RATE)).toHaveLength(1)
  expect(await speechWindows(sound([2, 0.5], [5, 0], [2, 0.5]), RATE)).toHaveLength(2)
})

it('finds nothing where nothing rises above the background, loud or faint', async () => {
  const random = seededRandom(12)
  const noise = (loudness: number) =>
    Float32Array.from({ length: 5 * RATE }, () => (random.fraction() - 0.5) * loudness)
  for (const samples of [noise(1e-4), noise(0.1), noise(2), new Float32Array(5 * RATE), new Float32Array(0)]) {
    expect(await speechWindows(samples, RATE)).toEqual([])
  }
})

it('takes a click for no speech', async () => {
  const samples = sound([4, 0])
  samples.fill(0.8, 32_000, 32_300)
  expect(await speechWindows(samples, RATE)).toEqual([])
})

it('cuts ten minutes at pauses into windows of at most 25 seconds that cover all speech', async () => {
  const sentences = Array.from({ length: 75 }, (): [number, number][] => [
    [7.6, 0.5],
    [0.4, 0],
  ])
  const samples = sound(...sentences.flat())
  const windows = await speechWindows(samples, RATE)
  expect(windows.length).toBeGreaterThanOrEqual(24)
  for (const [index, { start, end }] of windows.entries()) {
    expect(end - start).toBeLessThanOrEqual(25)
    const next = windows[index + 1]
    if (!next) continue
    expect(next.start).toBe(end)
    // Pauses are at 7.6 to 8 of every 8 seconds.
    expect(end % 8).toBeGreaterThan(7.5)
  }
})

it('cuts speech without any pause too', async () => {
  const random = seededRandom(13)
  const samples = sound([0.5, 0], [70, 0.5], [0.5, 0]).map((sample) => sample + (random.fraction() - 0.5) * 1e-3)
  const windows = await speechWindows(samples, RATE)
  expect(windows.length).toBeGreaterThanOrEqual(3)
  for (const { start, end } of windows) expect(end - start).toBeLessThanOrEqual(25)
})

it('halves a window at the pause near its middle', async () => {
  const [first, second] = await halve(sound([4, 0.5], [0.6, 0], [5, 0.5]), RATE)
  expect(first.start).toBe(0)
  expect(first.end).toBeGreaterThan(3.9)
  expect(first.end).toBeLessThan(4.8)
  expect(second).toEqual({ start: first.end, end: 9.6 })
})
