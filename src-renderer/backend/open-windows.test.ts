import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { BridgeMessage } from '../../src-core/contract/index.ts'
import { openWindows } from './open-windows.ts'

let tell: (message: BridgeMessage) => void
let asks: number[]
let windows: () => Promise<string[] | null>

beforeEach(() => {
  vi.useFakeTimers()
  asks = []
  windows = openWindows({
    send: (message) => {
      if (message.type === 'list-windows') asks.push(message.ask)
    },
    subscribe: (listener) => {
      tell = listener
    },
  })
})
afterEach(() => vi.useRealTimers())

it('asks the desktop each time, and hears nothing else', async () => {
  for (const title of ['Lecture 1', 'Lecture 2']) {
    const told = windows()
    tell({ type: 'closed' })
    tell({ type: 'windows', ask: asks.at(-1) ?? 0, titles: [title] })
    expect(await told).toEqual([title])
  }
  const none = windows()
  tell({ type: 'windows', ask: asks.at(-1) ?? 0, titles: [] })
  expect(await none).toEqual([])
})

it('an answer that is late is no answer, neither to its own question nor to the next', async () => {
  const late = windows()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await late).toBeNull()
  const next = windows()
  tell({ type: 'windows', ask: asks[0] ?? 0, titles: ['As it was'] })
  tell({ type: 'windows', ask: asks[1] ?? 0, titles: ['As it is'] })
  expect(await next).toEqual(['As it is'])
})

it('a desktop that cannot tell is not one without windows', async () => {
  const told = windows()
  tell({ type: 'windows', ask: asks[0] ?? 0, titles: null })
  expect(await told).toBeNull()
})
