import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import WebSocket from 'ws'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts'

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void; method: string }

/** Chromium's DevTools protocol over one socket. Events are emitted by session, as `(method, parameters)`. */
export class DevTools extends EventEmitter {
  readonly #socket: WebSocket
  #lastId = 0
  readonly #waiting = new Map<number, Waiting>()

  private constructor(socket: WebSocket) {
    super()
    this.setMaxListeners(0)
    this.#socket = socket
    socket.on('message', (data) => this.#receive(String(data)))
  }

  static async connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return new DevTools(socket)
  }

  send<T = Record<string, never>>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#lastId
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  #receive(text: string): void {
    const message = JSON.parse(text)
    if (message.id === undefined) {
      this.emit(message.sessionId ?? 'browser', message.method, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result as never)
  }
}

/** The one Chromium behind all windows of an app. */
export interface Chromium {
  tools: DevTools
  /** Where others, such as Playwright, may connect too. */
  address: string
  process: ChildProcess
}

export async function startChromium(profile: string): Promise<Chromium> {
  const flags = [
    ...(process.env.LVA_TEST_HEADED ? [] : ['--headless']),
    ...CHROMIUM_ARGS,
    '--no-startup-window',
    '--remote-debugging-port=0',
    '--use-fake-device-for-media-stream',
    ...(process.env.LVA_TEST_MICROPHONE
      ? [`--use-file-for-fake-audio-capture=${process.env.LVA_TEST_MICROPHONE}`]
      : []),
    `--user-data-dir=${join(profile, 'chromium')}`,
  ]
  const child = spawn(findChromium(), flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(said)
      if (found?.[1]) resolve(found[1])
    })
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)))
  })
  return { tools: await DevTools.connect(address), address, process: child }
}
