import { Worker } from 'node:worker_threads'
import { LvaError, Mutex } from '../kernel/index.ts'
import { noSpace, refuseIfAborted } from './faults.ts'
import type { V1Row } from './row.ts'
import type { Failure, FileInfo, ReaderAnswer, ReaderRequest } from './sqlite/messages.ts'

/** Rows, and characters of text, that are read and written at once. */
const ROWS = 1_000
const CHARACTERS = 2_000_000

/** An open database of v1, read by a thread of its own. Nothing in it or beside it changes. */
export class V1Source {
  readonly info: FileInfo
  readonly #thread: ReaderThread

  private constructor(thread: ReaderThread, info: FileInfo) {
    this.#thread = thread
    this.info = info
  }

  /** @throws LvaError legacy-not-v1, legacy-damaged */
  static async open(path: string): Promise<V1Source> {
    const thread = new ReaderThread()
    try {
      return new V1Source(thread, (await thread.ask({ type: 'open', path }, 'opened')).info)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  /** All rows in the order of their ids, some at a time; the next are read while the caller works. @throws LvaError legacy-damaged, cancelled */
  async *rows(signal?: AbortSignal): AsyncGenerator<V1Row[]> {
    let next = this.#rowsAfter(null)
    for (;;) {
      refuseIfAborted(signal)
      const rows = await next
      const last = rows.at(-1)
      if (!last) return
      next = this.#rowsAfter(last.id)
      // Heard when it is waited for; nobody waits any more where the caller has left.
      next.catch(() => undefined)
      yield rows
    }
  }

  async #rowsAfter(after: string | null): Promise<V1Row[]> {
    const request = { type: 'rows', after, most: ROWS, mostBytes: CHARACTERS } as const
    return (await this.#thread.ask(request, 'rows')).rows
  }

  async rowsById(ids: readonly string[]): Promise<V1Row[]> {
    return (await this.#thread.ask({ type: 'rowsById', ids: [...ids] }, 'rows')).rows
  }

  async rowsOfSession(sessionId: string): Promise<V1Row[]> {
    return (await this.#thread.ask({ type: 'rowsOfSession', sessionId }, 'rows')).rows
  }

  /** SHA-256 of the file as it is now. */
  async sha256(): Promise<string> {
    return (await this.#thread.ask({ type: 'hash' }, 'hashed')).sha256
  }

  /**
   * Indexes the words of all rows as v1 did, in a file that is the caller's.
   * @throws LvaError disk-full, cancelled
   */
  async indexWords(file: string, onRows: () => void, signal?: AbortSignal): Promise<void> {
    let after: string | null = null
    do {
      refuseIfAborted(signal)
      const { last }: { last: string | null } = await this.#thread.ask(
        { type: 'indexRows', file, after, most: ROWS },
        'indexed',
      )
      after = last
      onRows()
    } while (after !== null)
  }

  /** v1 ids of the rows that v1's own full-text query finds, once `indexWords` has run. */
  async find(query: string, most: number): Promise<string[]> {
    return (await this.#thread.ask({ type: 'find', query, most }, 'found')).ids
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

class ReaderThread {
  readonly #worker: Worker
  readonly #turn = new Mutex()
  #waiting: PromiseWithResolvers<ReaderAnswer> | undefined
  #death: Error | undefined

  constructor() {
    // Under its source name in the sources, flat and bundled in a build.
    const entry = import.meta.url.endsWith('.ts') ? './sqlite/worker.ts' : './v1-reader.js'
    this.#worker = new Worker(new URL(entry, import.meta.url), { name: 'v1-reader', execArgv: [] })
    this.#worker.on('message', (answer: ReaderAnswer) => this.#waiting?.resolve(answer))
    this.#worker.on('error', (error) => this.#die(error))
    this.#worker.on('exit', (code) => this.#die(new Error(`the reading thread ended with code ${code}`)))
  }

  /** One at a time; others wait for their turn. */
  ask<T extends ReaderAnswer['type']>(request: ReaderRequest, _type: T): Promise<Extract<ReaderAnswer, { type: T }>> {
    return this.#turn.run(() => this.#ask(request))
  }

  async #ask<T extends ReaderAnswer['type']>(request: ReaderRequest): Promise<Extract<ReaderAnswer, { type: T }>> {
    if (this.#death) throw this.#death
    this.#waiting = Promise.withResolvers()
    this.#worker.postMessage(request)
    const answer = await this.#waiting.promise
    if (answer.type === 'failed') throw toError(answer.reason, answer.detail)
    return answer as Extract<ReaderAnswer, { type: T }>
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #die(error: Error): void {
    this.#death = error
    this.#waiting?.reject(error)
  }
}

function toError(reason: Failure, detail: string): LvaError {
  switch (reason) {
    case 'damaged':
      return new LvaError('legacy-damaged', `The database of v1 is damaged or cut off (${detail}).`, {
        advice: 'Take another copy of it, or one from a backup; nothing was imported from this one.',
      })
    case 'no-space':
      return noSpace()
    case 'unexpected':
      return new LvaError('internal', 'The database of v1 could not be read.', {
        advice: 'Try again; if it keeps happening, run "lva doctor" and report what it prints.',
        cause: new Error(detail),
      })
    default:
      return new LvaError('legacy-not-v1', NOT_V1[reason](detail), {
        advice: 'Choose the file learning_captures.db of v1, a folder with it, or a zip of that.',
        params: { reason },
      })
  }
}

const NOT_V1: Record<Exclude<Failure, 'damaged' | 'no-space' | 'unexpected'>, (detail: string) => string> = {
  empty: () => 'The file is empty.',
  'not-sqlite': () => 'The file is no SQLite database, or an encrypted one.',
  'other-program': () => 'The database belongs to another program: it has no table "captures".',
  'columns-missing': (columns) => `The table "captures" is not v1's: it has no ${columns}.`,
}
