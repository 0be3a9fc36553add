import { expect, it, vi } from 'vitest'
import { ManualClock } from '../kernel/index.ts'
import { DRAWN_WITHIN_MS, FirstWords } from './first-words.ts'

it('is busy from the beginning of a turn until its first word can have been drawn, and tells who waits for that once', async () => {
  const clock = new ManualClock()
  const firstWords = new FirstWords(clock)
  const rested = vi.fn()
  firstWords.onRest(rested)
  expect(firstWords.isBusy()).toBe(false)
  const turn = firstWords.begin()
  turn.heard({ type: 'kind', kind: 'simple', by: 'device' })
  expect(firstWords.isBusy()).toBe(true)
  expect(rested).not.toHaveBeenCalled()
  turn.heard({ type: 'delta', text: 'You' })
  turn.heard({ type: 'delta', text: ' said' })
  turn.over()
  clock.advance(DRAWN_WITHIN_MS - 1)
  expect(firstWords.isBusy()).toBe(true)
  expect(rested).not.toHaveBeenCalled()
  clock.advance(1)
  await Promise.resolve()
  expect(firstWords.isBusy()).toBe(false)
  expect(rested).toHaveBeenCalledTimes(1)
})

it('stays busy while another turn has no word yet', () => {
  const firstWords = new FirstWords(new ManualClock())
  const [one, other] = [firstWords.begin(), firstWords.begin()]
  one.over()
  expect(firstWords.isBusy()).toBe(true)
  other.over()
  expect(firstWords.isBusy()).toBe(false)
})

it('forgets who no longer listens', () => {
  const firstWords = new FirstWords(new ManualClock())
  const rested = vi.fn()
  firstWords.onRest(rested)()
  firstWords.begin().over()
  expect(rested).not.toHaveBeenCalled()
})
