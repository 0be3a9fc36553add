import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Wishes } from './wishes.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('reach the place that is there, or the one that comes, once', () => {
  const wishes = new Wishes()
  const done: string[] = []
  const end = wishes.serve('show-screen', () => done.push('here'))
  wishes.wish('show-screen')
  end()
  wishes.wish('show-screen')
  wishes.wish('hands-free')
  expect(done).toEqual(['here'])
  wishes.serve('show-screen', () => done.push('there'))
  wishes.serve('show-screen', () => done.push('again'))
  expect(done).toEqual(['here', 'there'])
})

it('are forgotten when nobody comes', () => {
  const wishes = new Wishes()
  const done: string[] = []
  wishes.wish('hands-free')
  vi.advanceTimersByTime(3_000)
  wishes.serve('hands-free', () => done.push('late'))
  expect(done).toEqual([])
})
