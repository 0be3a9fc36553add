import { Worker } from 'node:worker_threads'
import type { EngineMessage, EngineRequest, EngineStart } from './messages.ts'

/** PGlite's thread ended, or Postgres inside it did. `lastWords` is what Postgres wrote to its standard error. */
export class EngineDied extends Error {
  readonly lastWords: string

  constructor(reason: string, lines: readonly string[]) {
    super(reason)
    this.name = 'EngineDied'
    this.lastWords = lines.join('\n')
  }
}

/** Postgres as this process has compiled it. What V8 made of it stays with it, so that opening again takes half the time. */
let program: WebAssembly.Module | undefined

/** A run of PGlite in a thread of its own. It takes one request at a time and is never used again once it has died. */
export class Engine {
  readonly #worker: Worker
  readonly #exited: Promise<void>
  #waiting: PromiseWithResolvers<Uint8Array<ArrayBuffer> | undefined>
  #death: EngineDied | undefined

  private constructor(start: EngineStart) {
    // Under its source name beside this file, flat and bundled in a build.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './pglite-worker.js'
    const workerData: EngineStart = { ...start, ...(program && { program }) }
    this.#worker = new Worker(new URL(entry, import.meta.url), { name: 'pglite', workerData, execArgv: [] })
    this.#waiting = Promise.withResolvers()
    this.#worker.on('message', (message: EngineMessage) => this.#receive(message))
    this.#worker.on('error', (error) => this.#die(new EngineDied(`${error.name}: ${error.message}`, [])))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#die(new EngineDied(`the thread of the database ended with code ${code}`, []))
        resolve()
      })
    })
  }

  /** Starts a thread and opens the folder in it. @throws EngineDied, once the thread is gone and the folder free */
  static async start(start: EngineStart): Promise<Engine> {
    const engine = new Engine(start)
    try {
      await engine.#waiting.promise
      return engine
    } catch (error) {
      await engine.kill()
      throw error
    }
  }

  get alive(): boolean {
    return this.#death === undefined
  }

  /** Sends one request of protocol bytes, which change owner. @throws EngineDied */
  async ask(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#request({ type: 'ask', bytes }, [bytes.buffer])) as Uint8Array<ArrayBuffer>
  }

  /** Writes everything down and ends the thread. What cannot be written any more is in the log already. */
  async close(): Promise<void> {
    try {
      await this.#request({ type: 'close' }, [])
      await this.#exited
    } catch (error) {
      if (!(error instanceof EngineDied)) throw error
      await this.kill()
    }
  }

  /**
   * Ends the thread at once, in the middle of a statement if need be: V8 stops WebAssembly at its next loop or call. For the folder this is
   * the same as a killed process, from which Postgres recovers by its log. Resolves when nothing touches the folder any more.
   */
  async kill(): Promise<void> {
    await this.#worker.terminate()
    await this.#exited
  }

  #request(message: EngineRequest, transfer: ArrayBuffer[]): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#death) return Promise.reject(this.#death)
    this.#waiting = Promise.withResolvers()
    this.#worker.postMessage(message, transfer)
    return this.#waiting.promise
  }

  #receive(message: EngineMessage): void {
    if (message.type === 'opened') program = message.program
    if (message.type === 'died') this.#die(new EngineDied(message.reason, message.lines))
    else this.#waiting.resolve(message.type === 'answer' ? message.bytes : undefined)
  }

  #die(death: EngineDied): void {
    if (this.#death) return
    this.#death = death
    this.#waiting.reject(death)
  }
}
