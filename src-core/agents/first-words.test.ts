import { expect, it, vi } from 'vitest'
import { FirstWords } from './first-words.ts'

it('is busy from the beginning of a turn to its first word, and tells who waits for that once', () => {
  const firstWords = new FirstWords()
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
  expect(firstWords.isBusy()).toBe(false)
  expect(rested).toHaveBeenCalledTimes(1)
})

it('stays busy while another turn has no word yet', () => {
  const firstWords = new FirstWords()
  const [one, other] = [firstWords.begin(), firstWords.begin()]
  one.over()
  expect(firstWords.isBusy()).toBe(true)
  other.over()
  expect(firstWords.isBusy()).toBe(false)
})

it('forgets who no longer listens', () => {
  const firstWords = new FirstWords()
  const rested = vi.fn()
  firstWords.onRest(rested)()
  firstWords.begin().over()
  expect(rested).not.toHaveBeenCalled()
})
