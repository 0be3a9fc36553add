import { ipcMain, type WebContents } from 'electron'
import { type BridgeMessage, MAX_FRAME_BYTES } from '../../src-core/contract/index.ts'
import type { Log } from '../../src-core/kernel/index.ts'
import type { ClientLine, CoreHost } from '../core-host.ts'
import { isOurPage } from './page-address.ts'

/** The one channel between page and main; the preload script has the same word. */
export const CHANNEL = 'lva'

/**
 * Relays frames between our page in each window and the core. Each page has at most one line.
 * @param titles those of open windows, which our page may ask for
 */
export function relayPages(core: CoreHost, log: Log, titles: () => Promise<string[]>): void {
  const lines = new Map<number, ClientLine>()
  const end = (page: number) => {
    lines.get(page)?.close()
    lines.delete(page)
  }

  const open = async (contents: WebContents) => {
    const page = contents.id
    end(page)
    const tell = (message: BridgeMessage) => {
      if (!contents.isDestroyed()) contents.send(CHANNEL, message)
    }
    try {
      await core.ready()
    } catch {
      return tell({ type: 'closed' }) // the core's own failure has been shown by main
    }
    if (contents.isDestroyed() || lines.has(page)) return
    const line = core.connect({
      onFrame: (frame) => tell({ type: 'frame', frame }),
      onClose: () => {
        lines.delete(page)
        tell({ type: 'closed' })
      },
    })
    lines.set(page, line)
    contents.once('destroyed', () => end(page))
    tell({ type: 'opened' })
  }

  const tellWindows = async (contents: WebContents, ask: number) => {
    const told = await titles().catch((error: unknown) => {
      log.warn({ error }, 'the system does not tell the titles of windows')
      return null
    })
    const answer: BridgeMessage = { type: 'windows', ask, titles: told }
    if (!contents.isDestroyed()) contents.send(CHANNEL, answer)
  }

  ipcMain.on(CHANNEL, (event, message: unknown) => {
    if (!event.senderFrame || !isOurPage(event.senderFrame.url) || !isFromPage(message)) {
      log.warn({ sender: event.sender.id }, 'a message from a page was refused')
      return
    }
    if (message.type === 'open') void open(event.sender)
    else if (message.type === 'list-windows') void tellWindows(event.sender, message.ask)
    else lines.get(event.sender.id)?.send(message.frame)
  })
}

function isFromPage(value: unknown): value is Extract<BridgeMessage, { type: 'open' | 'frame' | 'list-windows' }> {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  if (value.type === 'open') return true
  if (value.type === 'list-windows') return 'ask' in value && typeof value.ask === 'number'
  if (value.type !== 'frame' || !('frame' in value)) return false
  const { frame } = value
  if (typeof frame === 'string') return frame.length <= MAX_FRAME_BYTES
  return frame instanceof Uint8Array && frame.byteLength <= MAX_FRAME_BYTES
}
