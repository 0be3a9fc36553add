import { beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '../../src-core/kernel/index.ts'
import type { CoreHost } from '../core-host.ts'
import { CHANNEL, relayPages } from './page-lines.ts'

const ipc = vi.hoisted(() => ({ hear: (_event: unknown, _given: unknown): void => undefined }))
vi.mock('electron', () => ({
  ipcMain: {
    on(_channel: string, listener: typeof ipc.hear) {
      ipc.hear = listener
    },
  },
}))

const PAGE = { id: 7, isDestroyed: () => false, once: vi.fn<(event: string, end: () => void) => void>(), send: vi.fn() }
const gone = vi.fn()
const hear = vi.fn()
let lose: () => void = () => undefined

const say = (message: unknown) => ipc.hear({ senderFrame: { url: 'lva://app/' }, sender: PAGE }, message)
const begins = async () => {
  say({ type: 'open' })
  await vi.waitFor(() => expect(PAGE.send).toHaveBeenLastCalledWith(CHANNEL, { type: 'opened' }))
  PAGE.send.mockClear()
}

beforeEach(() => {
  vi.clearAllMocks()
  const core: Pick<CoreHost, 'ready' | 'connect'> = {
    ready: async () => undefined,
    connect({ onClose }) {
      lose = onClose
      const nothing = () => undefined
      return { send: nothing, pause: nothing, resume: nothing, close: nothing }
    },
  }
  relayPages(core as CoreHost, silentLog, {
    titles: async () => null,
    screens: async () => ({ screens: [], isDenied: false }),
    hear,
    gone,
  })
})

it('a page that begins has lost nothing: links and words that wait for it are still to come', async () => {
  await begins()
  expect(gone).not.toHaveBeenCalled()
})

it('a page that was loaded anew has forgotten what it told', async () => {
  await begins()
  await begins()
  expect(gone.mock.calls).toEqual([[7]])
})

it('a page whose core was gone is still what it was', async () => {
  await begins()
  lose()
  await begins()
  expect(gone).not.toHaveBeenCalled()
})

it('the end of a page is waited for once, however often its core begins anew', async () => {
  await begins()
  for (let restart = 0; restart < 20; restart += 1) {
    lose()
    await begins()
  }
  expect(PAGE.once).toHaveBeenCalledTimes(1)
  const [event, end] = PAGE.once.mock.calls[0] ?? []
  expect(event).toBe('destroyed')
  end?.()
  expect(gone.mock.calls).toEqual([[7]])
})
