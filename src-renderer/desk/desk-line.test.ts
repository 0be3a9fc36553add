import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { BridgeMessage } from '../../src-core/contract/index.ts'
import { DeskLine } from './desk-line.ts'

let tell: (message: BridgeMessage) => void
let asks: number[]
let line: DeskLine
let sent: BridgeMessage[]
const windows = () => line.windows()

beforeEach(() => {
  vi.useFakeTimers()
  asks = []
  sent = []
  line = new DeskLine({
    send: (message) => {
      sent.push(message)
      if ('ask' in message) asks.push(message.ask)
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

it('tells what the page does, when that changes', () => {
  const quiet = {
    language: 'en',
    listening: false,
    handsFree: false,
    recording: 'off',
    timeline: 'off',
    syncing: false,
    problem: false,
  } as const
  line.report(quiet)
  line.report({ ...quiet })
  line.report({ ...quiet, listening: true })
  line.report(quiet)
  expect(sent).toHaveLength(3)
})

it('hears what the desktop says, until it is not wanted any more', () => {
  const heard: unknown[] = []
  const stop = line.on('do', (action) => heard.push(action))
  line.on('link', (link) => heard.push(link))
  line.on('quick-text', (text) => heard.push(text))
  let changes = 0
  line.subscribe(() => changes++)
  tell({ type: 'do', action: 'talk' })
  stop()
  tell({ type: 'do', action: 'record' })
  tell({ type: 'link', link: 'lva://capture/1' })
  tell({ type: 'quick-text', text: 'words' })
  expect(heard).toEqual(['talk', 'lva://capture/1', 'words'])
  expect([line.state, changes]).toEqual([null, 0])
})

it('waits for windows to step aside, and not for ever', async () => {
  const aside = line.stepAside()
  tell({ type: 'aside', ask: asks[0] ?? 0 })
  await aside
  const never = line.stepAside()
  await vi.advanceTimersByTimeAsync(2_000)
  await never
})

it('a desktop that tells of no screens has none', async () => {
  const told = line.screens()
  tell({ type: 'screens', ask: asks[0] ?? 0, screens: [], isDenied: true })
  expect(await told).toMatchObject({ screens: [], isDenied: true })
  const never = line.screens()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await never).toEqual({ screens: [], isDenied: false })
})
