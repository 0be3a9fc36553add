import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Chromium } from './chromium.ts'
import type { IpcMain } from './ipc-main.ts'
import { pageScript, RECEIVE, SCREEN, SEND } from './page-script.ts'
import type { Protocol } from './protocol.ts'
import { defaultSession } from './session.ts'
import { strict } from './strict.ts'
import * as system from './system-parts.ts'
import { decode, encode } from './wire.ts'

export interface WebPreferences {
  preload?: string
  sandbox?: boolean
  contextIsolation?: boolean
  nodeIntegration?: boolean
  webviewTag?: boolean
  spellcheck?: boolean
}

/** What the windows of one app share. */
export interface World {
  chromium: Chromium
  ipcMain: IpcMain
  protocol: Protocol
}

type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' }
/** What the events of a page that are listened to carry, each some of it. */
interface PageEvents {
  name: string
  payload: string
  frame: { url: string; parentId?: string }
  url: string
}
interface PausedRequest {
  requestId: string
  request: { url: string }
  resourceType: string
  frameId: string
}

let lastId = 0

/** `electron.WebContents` over one target of Chromium. */
export class WebContents extends EventEmitter {
  readonly id = ++lastId
  readonly preferences: WebPreferences
  /** Resolves once Chromium has the page. */
  readonly opened: Promise<void>
  targetId = ''
  destroyed = false
  readonly #world: World
  #session = ''
  #address = ''
  /** Address that `loadURL` asked for; a document request for another one is the page's own doing. */
  #expected = ''
  #loaded = Promise.withResolvers<void>()
  #open: OpenHandler = () => ({ action: 'allow' })

  constructor(world: World, size: { width: number; height: number }, preferences: WebPreferences) {
    super()
    this.setMaxListeners(0)
    this.#world = world
    this.preferences = preferences
    this.opened = this.#openTarget(size)
  }

  async #openTarget(size: { width: number; height: number }): Promise<void> {
    const { tools } = this.#world.chromium
    const { targetId } = await tools.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size,
    })
    this.targetId = targetId
    const attached = await tools.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    this.#session = attached.sessionId
    tools.on(this.#session, (method: string, params: unknown) => this.#hear(method, params))
    await Promise.all([
      this.#ask('Page.enable'),
      this.#ask('Runtime.enable'),
      this.#ask('Runtime.addBinding', { name: SEND }),
      this.#ask('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    ])
    const { preload } = this.preferences
    if (preload)
      await this.#ask('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(readFileSync(preload, 'utf8')) })
  }

  #ask<T>(method: string, params: object = {}): Promise<T> {
    return this.#world.chromium.tools.send<T>(method, params, this.#session)
  }

  #hear(method: string, params: unknown): void {
    const event = params as PageEvents
    if (method === 'Runtime.bindingCalled' && event.name === SEND) this.#hearPage(event.payload)
    else if (method === 'Fetch.requestPaused') void this.#answer(params as PausedRequest)
    else if (method === 'Page.frameNavigated' && !event.frame.parentId) {
      this.#address = this.#world.protocol.fromChromium(event.frame.url)
    } else if (method === 'Page.navigatedWithinDocument') {
      this.#address = this.#world.protocol.fromChromium(event.url)
    } else if (method === 'Page.loadEventFired') {
      this.#loaded.resolve()
      this.emit('did-finish-load', {})
      this.emit('ready-to-show')
    }
  }

  #hearPage(payload: string): void {
    const said = decode(payload) as
      | { channel: string; values: unknown[] }
      | { open: string }
      | { screen: number; audio: boolean }
    if ('open' in said) this.#openWindow(said.open)
    else if ('screen' in said) void this.#giveScreen(said.screen, said)
    else {
      const event = { sender: this, senderFrame: { url: this.#address } }
      this.#world.ipcMain.emit(said.channel, event, ...said.values)
    }
  }

  async #giveScreen(ask: number, wants: { audio: boolean }): Promise<void> {
    const source = await defaultSession.giveScreen(this.#address, wants)
    const display = system.screen.getAllDisplays().find(({ id }) => source?.id === `screen:${id}:0`)
    const { width = 800, height = 500 } = display?.bounds ?? {}
    const scale = display?.scaleFactor ?? 1
    this.send(SCREEN, ask, source && { name: source.name, width: width * scale, height: height * scale })
  }

  #openWindow(url: string): void {
    if (this.#open({ url }).action !== 'deny') throw new Error('the Electron double opens no further windows')
  }

  async #answer({ requestId, request, resourceType }: PausedRequest): Promise<void> {
    const { protocol, chromium } = this.#world
    const address = protocol.fromChromium(request.url)
    try {
      if (resourceType === 'Document' && address !== this.#expected && !this.#mayNavigate(address)) {
        await this.#ask('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
        return
      }
      const response = await protocol.answer(request.url)
      if (!response) {
        await this.#ask('Fetch.continueRequest', { requestId })
        return
      }
      if (resourceType === 'Document') await defaultSession.applyPermissions(chromium.tools, request.url, address)
      await this.#ask('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      })
    } catch (error) {
      // The page may have gone while the app was still answering it.
      if (!this.destroyed) console.error('electron double:', error)
    }
  }

  #mayNavigate(url: string): boolean {
    let stopped = false
    this.emit('will-navigate', {
      url,
      preventDefault: () => {
        stopped = true
      },
    })
    return !stopped
  }

  async loadURL(address: string): Promise<void> {
    await this.opened
    this.#expected = address
    this.#loaded = Promise.withResolvers()
    const { errorText } = await this.#ask<{ errorText?: string }>('Page.navigate', {
      url: this.#world.protocol.toChromium(address),
    })
    if (errorText) throw new Error(`${errorText} loading '${address}'`)
    await this.#loaded.promise
  }

  send(channel: string, ...values: unknown[]): void {
    const text = encode({ channel, values })
    void this.opened
      .then(() => this.#ask('Runtime.evaluate', { expression: `globalThis.${RECEIVE}?.(${JSON.stringify(text)})` }))
      .catch((error) => {
        if (!this.destroyed) console.error('electron double:', error)
      })
  }

  getLastWebPreferences(): WebPreferences {
    return { ...this.preferences }
  }

  getURL(): string {
    return this.#address
  }

  isDestroyed(): boolean {
    return this.destroyed
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler
  }

  /** Called by the window. */
  destroy(): void {
    this.destroyed = true
    everyContents.delete(this.id)
    void this.opened
      .then(() => this.#world.chromium.tools.send('Target.closeTarget', { targetId: this.targetId }))
      // The browser may have ended before.
      .catch(() => undefined)
    this.emit('destroyed')
  }
}

const everyContents = new Map<number, WebContents>()

export function openContents(...given: ConstructorParameters<typeof WebContents>): WebContents {
  const contents = strict('webContents', new WebContents(...given))
  everyContents.set(contents.id, contents)
  return contents
}

/** `electron.webContents`; Playwright finds windows by it. */
export const webContents = {
  getAllWebContents: () => [...everyContents.values()],
  fromId: (id: number) => everyContents.get(id),
  fromDevToolsTargetId: (targetId: string) => [...everyContents.values()].find((item) => item.targetId === targetId),
}
