import { decode, encode } from './wire.ts'

/** Names of the two ways between the page's world and the double. */
export const SEND = '__electronDoubleSend'
export const RECEIVE = '__electronDoubleReceive'
/** Channel of the answers to requests for the screen. */
export const SCREEN = '__electronDoubleScreen'

/**
 * The script that runs first in every document of a window: it gives the preload script what a sandboxed preload script has
 * (`require('electron')` with contextBridge and ipcRenderer), runs it, and leaves nothing of that to the page.
 * @param preload source of the preload script, CommonJS
 */
export function pageScript(preload: string): string {
  return `(() => {
    if (window !== window.top) return
    const encode = ${encode.toString()}
    const decode = ${decode.toString()}
    const post = globalThis[${JSON.stringify(SEND)}]
    delete globalThis[${JSON.stringify(SEND)}]
    const listeners = []
    Object.defineProperty(globalThis, ${JSON.stringify(RECEIVE)}, { value: (text) => {
      for (const listener of listeners) listener(decode(text))
    } })
    const line = { post: (message) => post(encode(message)), onMessage: (listener) => listeners.push(listener) }
    const electron = (${preloadElectron.toString()})(line)
    ;(${askForScreens.toString()})(line, ${JSON.stringify(SCREEN)})
    ;(${askForWindows.toString()})((url) => post(encode({ open: url })))
    const require = (name) => {
      if (name === 'electron') return electron
      throw new Error('a sandboxed preload script cannot require ' + name)
    }
    const module = { exports: {} }
    ;(function (require, module, exports, process) {
${preload}
    })(require, module, module.exports, { type: 'renderer', sandboxed: true, contextIsolated: true, platform: ${JSON.stringify(process.platform)} })
  })()`
}

/** Runs in the page: a window that it wants to open is asked for instead; Chromium itself cannot be told not to open one. */
function askForWindows(ask: (url: string) => void): void {
  window.open = (url) => {
    ask(new URL(String(url), location.href).href)
    return null
  }
  addEventListener(
    'click',
    (event) => {
      const link = (event.target as Element).closest?.('a[target]') as HTMLAnchorElement | null
      if (!link || link.target === '_self') return
      event.preventDefault()
      ask(link.href)
    },
    true,
  )
}

/**
 * Runs in the page: what the app gives to a request for the screen is painted with its name, in pixels as large as the real one would be, and moves
 * a little, as a screen does.
 */
function askForScreens(line: Line, channel: string): void {
  type Given = { name: string; width: number; height: number } | null
  const waiting: ((given: Given) => void)[] = []
  line.onMessage((message) => {
    if (message.channel === channel) waiting[message.values[0] as number]?.(message.values[1] as Given)
  })
  const paint = ({ name, width, height }: NonNullable<Given>) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const context = canvas.getContext('2d')
    let frame = 0
    const draw = () => {
      if (!context) return
      context.fillStyle = name.endsWith('2') ? '#204080' : '#f4f1ea'
      context.fillRect(0, 0, width, height)
      context.fillStyle = name.endsWith('2') ? '#ffffff' : '#202020'
      context.font = '48px sans-serif'
      context.fillText(`${name}: ATP stores energy.`, 60, 120)
      context.fillRect(0, 0, 1 + (frame++ % 2), 1)
    }
    draw()
    const ticks = setInterval(draw, 100)
    const stream = canvas.captureStream(10)
    for (const track of stream.getTracks()) {
      const stop = track.stop.bind(track)
      track.stop = () => {
        clearInterval(ticks)
        stop()
      }
    }
    return stream
  }
  if (!navigator.mediaDevices) return
  navigator.mediaDevices.getDisplayMedia = async (wanted) => {
    if (!navigator.userActivation.isActive) throw new DOMException('needs a gesture', 'InvalidStateError')
    const ask = waiting.length
    const given = await new Promise<Given>((resolve) => {
      waiting.push(resolve)
      line.post({ screen: ask, audio: Boolean(wanted?.audio) })
    })
    if (!given) throw new DOMException('Permission denied', 'NotAllowedError')
    return paint(given)
  }
}

type Listener = (event: object, ...values: unknown[]) => void
type Line = {
  post(message: unknown): void
  onMessage(listener: (message: { channel: string; values: unknown[] }) => void): void
}

/** Runs in the page: it may use nothing from outside its own braces. */
function preloadElectron(line: Line): object {
  const listeners = new Map<string, Listener[]>()
  line.onMessage(({ channel, values }) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...values)
  })
  const missing = (part: string, target: object) =>
    new Proxy(target, {
      get(own, key) {
        if (key in own || typeof key === 'symbol') return Reflect.get(own, key)
        throw new Error(`the Electron double does not imitate ${part}.${String(key)}`)
      },
    })
  /** What crosses the bridge is copied and cannot be changed from the page. */
  const copy = (value: unknown): unknown => {
    if (typeof value === 'function') return Object.freeze((...values: unknown[]) => value(...values))
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copy(child)])))
  }
  return missing('electron', {
    ipcRenderer: missing('ipcRenderer', {
      send: (channel: string, ...values: unknown[]) => line.post({ channel, values }),
      on: (channel: string, listener: Listener) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      },
    }),
    contextBridge: missing('contextBridge', {
      exposeInMainWorld: (name: string, api: unknown) => {
        Object.defineProperty(globalThis, name, { value: copy(api), enumerable: true })
      },
    }),
  })
}
