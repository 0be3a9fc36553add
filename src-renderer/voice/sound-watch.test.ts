import { expect, test } from 'vitest'
import { SoundWatch } from './sound-watch.ts'

const RATE = 48_000
/** A tenth of a second. */
const stretch = (loudness: number) =>
  Int16Array.from({ length: RATE / 10 }, (_, n) => loudness * 32_767 * Math.sin((2 * Math.PI * 220 * n) / RATE))
const after = (watch: SoundWatch, seconds: number, loudness: number) => {
  let note = watch.hear(stretch(loudness), RATE)
  for (let tenth = 1; tenth < seconds * 10; tenth++) note = watch.hear(stretch(loudness), RATE)
  return note
}

test('a voice that is as loud as can be is said, and no longer once it is quieter', () => {
  const watch = new SoundWatch()
  expect(after(watch, 1, 1)).toBe(null)
  expect(after(watch, 1, 1)).toBe('clipped')
  expect(after(watch, 9, 0.5)).toBe('clipped')
  expect(after(watch, 2, 0.5)).toBe(null)
})

test('one knock in ten seconds is nothing to speak of', () => {
  const watch = new SoundWatch()
  after(watch, 5, 0.3)
  expect(after(watch, 0.1, 1)).toBe(null)
  expect(after(watch, 5, 0.3)).toBe(null)
})

test('half a minute of nothing at all is said; a quiet room is not', () => {
  const watch = new SoundWatch()
  expect(after(watch, 60, 0.0005)).toBe(null)
  expect(after(watch, 29, 0)).toBe(null)
  expect(after(watch, 2, 0)).toBe('muted')
  expect(after(watch, 0.1, 0.1)).toBe(null)
})
