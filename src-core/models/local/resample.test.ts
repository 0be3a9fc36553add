import fc from 'fast-check'
import { expect, it } from 'vitest'
import { resample, resampled } from './resample.ts'

const WANTED = 16_000
const tone = (hertz: number, rate: number, count: number) =>
  Float32Array.from({ length: count }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate))
/** Root mean square in decibels of a full-scale sine. */
const level = (samples: Float32Array) =>
  10 * Math.log10((2 * samples.reduce((sum, sample) => sum + sample * sample, 0)) / samples.length + 1e-20)
/** Without the ends, where the tone begins and stops. */
const inner = (samples: Float32Array) => samples.slice(500, -500)

const RATES = [8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000]

it.each(RATES)('keeps a tone of %i samples a second as it is', async (rate) => {
  for (const hertz of [200, 1_000, 3_000]) {
    const result = await resample(tone(hertz, rate, rate / 4), rate, WANTED)
    const wanted = tone(hertz, WANTED, result.length)
    const error = inner(result.map((sample, index) => sample - (wanted[index] ?? 0)))
    expect(level(error)).toBeLessThan(-75)
  }
})

it.each(RATES.filter((rate) => rate >= 24_000))('lets nothing above the new band fold back from %i', async (rate) => {
  for (const hertz of [8_200, 9_000, 11_000].filter((high) => high < rate / 2)) {
    expect(level(inner(await resample(tone(hertz, rate, rate / 4), rate, WANTED)))).toBeLessThan(-60)
  }
})

it('keeps what is constant, for any pair of rates', async () => {
  const rate = fc.integer({ min: 4_000, max: 100_000 })
  await fc.assert(
    fc.asyncProperty(rate, rate, fc.float({ min: -1, max: 1, noNaN: true }), async (from, to, value) => {
      // Longer than the filter on both sides, at the lower of the two rates.
      const count = Math.ceil(160 * Math.max(1, from / to))
      const result = await resample(new Float32Array(count).fill(value), from, to)
      expect(result).toHaveLength(Math.round((count * to) / from))
      expect(result[Math.floor(result.length / 2)]).toBeCloseTo(value, 4)
    }),
    { seed: 5, numRuns: 25 },
  )
})

it('is linear', async () => {
  const a = tone(440, 44_100, 2_000)
  const b = tone(1_234, 44_100, 2_000)
  const sum = a.map((sample, index) => 0.5 * sample - 0.25 * (b[index] ?? 0))
  const [ra, rb, rsum] = await Promise.all([a, b, sum].map((samples) => resample(samples, 44_100, WANTED)))
  for (const [index, sample] of (rsum as Float32Array).entries()) {
    expect(sample).toBeCloseTo(0.5 * (ra?.[index] ?? 0) - 0.25 * (rb?.[index] ?? 0), 5)
  }
})

it('gives back the same samples for the same rate, and none for none', async () => {
  const samples = tone(440, WANTED, 100)
  expect(await resample(samples, WANTED, WANTED)).toBe(samples)
  expect(await resample(new Float32Array(), 48_000, WANTED)).toHaveLength(0)
})

it('makes the same of sound that comes in pieces of any length', async () => {
  const rate = fc.integer({ min: 4_000, max: 100_000 })
  const lengths = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(rate, rate, lengths, async (from, to, counts) => {
      const samples = tone(
        440,
        from,
        counts.reduce((sum, count) => sum + count, 0),
      )
      async function* pieces() {
        let at = 0
        for (const count of counts) {
          yield samples.slice(at, at + count)
          at += count
        }
      }
      const result: number[] = []
      for await (const piece of resampled(pieces(), from, to)) result.push(...piece)
      const whole = await resample(samples, from, to)
      expect(result).toHaveLength(whole.length)
      for (const [index, sample] of whole.entries()) expect(result[index]).toBeCloseTo(sample, 6)
    }),
    { seed: 5, numRuns: 10 },
  )
})
