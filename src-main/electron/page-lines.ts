import { ipcMain, type WebContents } from 'electron'
import type { z } from 'zod'
import { type BridgeMessage, type DeskMessage, fromPage, MAX_FRAME_BYTES } from '../../src-core/contract/index.ts'
import type { Log } from '../../src-core/kernel/index.ts'
import type { ClientLine, CoreHost } from '../core-host.ts'
import { isOurPage } from './page-address.ts'

/** The one channel between page and main; the preload script has the same word. */
export const CHANNEL = 'lva'

/** What pages ask beside the core. */
export interface DeskEars {
  /** Titles of open windows; null where they cannot be told. */
  titles(): Promise<string[] | null>
  screens(): Promise<Omit<Extract<DeskMessage, { type: 'screens' }>, 'type' | 'ask'>>
  hear(page: number, message: DeskMessage): void
  /** The page is closed, or loaded anew. */
  gone(page: number): void
}

/** Relays frames between our page in each window and the core, and hands the desk what is for it. Each page has at most one line. */
export function relayPages(core: CoreHost, log: Log, desk: DeskEars): void {
  const lines = new Map<number, ClientLine>()
  /** Pages whose end is waited for: once each, however often the core begins anew. */
  const watched = new Set<number>()
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
    if (!watched.has(page)) {
      watched.add(page)
      contents.once('destroyed', () => {
        watched.delete(page)
        end(page)
        desk.gone(page)
      })
    }
    tell({ type: 'opened' })
  }

  const answer = (contents: WebContents, message: BridgeMessage) => {
    if (!contents.isDestroyed()) contents.send(CHANNEL, message)
  }
  const tellWindows = async (contents: WebContents, ask: number) => {
    const titles = await desk.titles().catch((error: unknown) => {
      log.warn({ error }, 'the system does not tell the titles of windows')
      return null
    })
    answer(contents, { type: 'windows', ask, titles })
  }
  const tellScreens = async (contents: WebContents, ask: number) => {
    const told = await desk.screens().catch((error: unknown) => {
      log.warn({ error }, 'the system does not tell what can be shown')
      return { screens: [], isDenied: false }
    })
    answer(contents, { type: 'screens', ask, ...told })
  }

  ipcMain.on(CHANNEL, (event, given: unknown) => {
    const message = event.senderFrame && isOurPage(event.senderFrame.url) ? readFromPage(given) : undefined
    const { sender } = event
    if (!message) log.warn({ sender: sender.id }, 'a message from a page was refused')
    else if (message.type === 'frame') lines.get(sender.id)?.send(message.frame)
    else if (message.type === 'list-windows') void tellWindows(sender, message.ask)
    else if (message.type === 'list-screens') void tellScreens(sender, message.ask)
    else if (message.type === 'open') {
      // One that has a line and opens another was loaded anew. The first one of a page has told nothing yet, and what waits for it stays;
      // one that opens because the core was gone is still what it was.
      if (lines.has(sender.id)) desk.gone(sender.id)
      void open(sender)
    } else desk.hear(sender.id, message)
  })
}

type FromPage = Extract<BridgeMessage, { type: 'open' | 'frame' }> | z.output<typeof fromPage>

/** What a page may say; undefined for anything else. */
function readFromPage(given: unknown): FromPage | undefined {
  if (typeof given !== 'object' || given === null || !('type' in given)) return undefined
  if (given.type === 'open') return { type: 'open' }
  if (given.type !== 'frame') return fromPage.safeParse(given).data
  const frame = 'frame' in given ? given.frame : undefined
  if (typeof frame === 'string') return frame.length <= MAX_FRAME_BYTES ? { type: 'frame', frame } : undefined
  return frame instanceof Uint8Array && frame.byteLength <= MAX_FRAME_BYTES
    ? { type: 'frame', frame: frame as Uint8Array<ArrayBuffer> }
    : undefined
}
