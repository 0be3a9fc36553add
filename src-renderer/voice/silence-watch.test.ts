import { describe, expect, it } from 'vitest'
import { SilenceWatch } from './silence-watch.ts'

const STEP = 0.05

/** Hears stretches. @returns after how many seconds it was over; undefined where it was not */
function hear(watch: SilenceWatch, seconds: number, rms: (step: number) => number): number | undefined {
  for (let step = 1; step * STEP <= seconds + 1e-9; step++) if (watch.hear(rms(step), STEP)) return step * STEP
  return undefined
}

/** Syllables of a quarter of a second, and the room between them. */
const voice = (room: number) => (step: number) => (step % 6 === 0 ? room : room + 0.12)
const still = (room: number) => () => room

describe('silence', () => {
  it('after voice ends it', () => {
    const watch = new SilenceWatch(2, 10)
    expect(hear(watch, 1, still(0.002))).toBeUndefined()
    expect(hear(watch, 8, voice(0.002))).toBeUndefined()
    expect(hear(watch, 1.8, still(0.002))).toBeUndefined()
    expect(hear(watch, 1, voice(0.002))).toBeUndefined()
    expect(hear(watch, 4, still(0.002))).toBeCloseTo(2, 0)
  })

  it('without any voice ends it after a longer while', () => {
    expect(hear(new SilenceWatch(2, 10), 20, still(0.001))).toBeCloseTo(10, 0)
  })

  it('is what is quiet for the room: voice is heard above a fan, and the fan alone is silence', () => {
    const watch = new SilenceWatch(2, 10)
    expect(hear(watch, 8, voice(0.03))).toBeUndefined()
    expect(hear(watch, 6, still(0.03))).toBeLessThan(4.1)
  })

  it('a knock is no voice', () => {
    const watch = new SilenceWatch(2, 10)
    hear(watch, 1, still(0.001))
    hear(watch, 0.1, still(0.4))
    expect(hear(watch, 20, still(0.001))).toBeCloseTo(9, 0)
  })
})
