import {
  type Clock,
  type Closable,
  errorFromWire,
  type Log,
  type LogLevel,
  LvaError,
  Mutex,
  type WireError,
} from '../../kernel/index.ts'
import type { ChildHandle } from '../../models/index.ts'
import type { PictureResult, PictureWork } from '../pictures/work.ts'
import { tooComplex, tookTooLong } from './errors.ts'
import type { ReaderMessage, ReaderReply } from './reader-protocol.ts'
import type { DecodeSound, DocumentLimits, DocumentSource, ParsedDocument, ReadDocument } from './types.ts'

export interface RemoteReaderOptions {
  /** Starts the documents process with that much memory for JavaScript, in MB. */
  spawn(heapMb: number): ChildHandle
  limits: DocumentLimits
  logLevel: LogLevel
  clock: Clock
  log: Log
}

export interface RemoteReader extends Closable {
  readonly read: ReadDocument
  readonly decode: DecodeSound
  /** @throws LvaError picture-damaged; document-too-complex where it ended the process; cancelled */
  look<Kind extends PictureWork['kind']>(
    bytes: Uint8Array,
    work: Extract<PictureWork, { kind: Kind }>,
    signal: AbortSignal,
  ): Promise<PictureResult[Kind]>
}

/** A process that is larger than this part of its limit after a document is replaced before the next. */
const RECYCLE_ABOVE = 0.4
const LOOK_EVERY_MS = 250

/**
 * Reads documents in a process of their own. Stopping, taking too long, standing still and growing too large all end the process; the next
 * document gets a new one, so that nothing in a document can harm more than its own reading.
 */
export function createRemoteReader(options: RemoteReaderOptions): RemoteReader {
  const reader = new Supervisor(options)
  return {
    read: (source, how) => reader.read(source, how),
    decode: (bytes, how) => reader.decode(bytes, how),
    look: (bytes, work, signal) => reader.look(bytes, work, signal),
    close: () => reader.close(),
  }
}

class Supervisor {
  readonly #options: RemoteReaderOptions
  readonly #turn = new Mutex()
  #child: ChildHandle | undefined
  #lastId = 0
  /** Told of what the process says, and of its end: the reading that is under way. Nothing holds its document once it is over. */
  #under: { hear(reply: ReaderReply): void; mourn(gone: ChildHandle, code: number | null): void } | undefined
  #closed = false

  constructor(options: RemoteReaderOptions) {
    this.#options = options
  }

  read(source: DocumentSource, { onProgress, signal }: Parameters<ReadDocument>[1]): Promise<ParsedDocument> {
    const ask = (id: number): ReaderMessage => ({ type: 'read', id, source, ...this.#asked() })
    return this.#turn.run(() =>
      this.#work<ParsedDocument>(ask, signal, (reply, done) => {
        if (reply.type === 'progress') onProgress(reply.done, reply.total)
        else if (reply.type === 'done') done(reply.parsed)
      }),
    )
  }

  decode(bytes: Uint8Array, { onSound, signal }: Parameters<DecodeSound>[1]): Promise<void> {
    const ask = (id: number): ReaderMessage => ({ type: 'decode', id, bytes, ...this.#asked() })
    return this.#turn.run(() =>
      this.#work<void>(ask, signal, (reply, done) => {
        if (reply.type === 'sound') return onSound(reply.samples, reply.seconds)
        if (reply.type === 'decoded') done()
        return undefined
      }),
    )
  }

  look<Kind extends PictureWork['kind']>(
    bytes: Uint8Array,
    work: Extract<PictureWork, { kind: Kind }>,
    signal: AbortSignal,
  ): Promise<PictureResult[Kind]> {
    const ask = (id: number): ReaderMessage => ({ type: 'picture', id, bytes, work, ...this.#asked() })
    return this.#turn.run(() =>
      this.#work<PictureResult[Kind]>(ask, signal, (reply, done) => {
        if (reply.type === 'picture') done(reply.result as PictureResult[Kind])
      }),
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#child?.kill()
    this.#child = undefined
  }

  #asked() {
    const { limits, logLevel } = this.#options
    return { limits, logLevel }
  }

  /**
   * Asks the process for one thing and waits for its end.
   * @param hear told of every reply but a failure. While what it answers is pending, the process waits to be asked for more: that time is
   *   not its own.
   */
  async #work<Result>(
    ask: (id: number) => ReaderMessage,
    signal: AbortSignal,
    hear: (reply: ReaderReply, done: (result: Result) => void) => Promise<void> | undefined | void,
  ): Promise<Result> {
    signal.throwIfAborted()
    if (this.#closed) throw new LvaError('cancelled', 'Reading documents is closed.')
    const { limits, clock, log } = this.#options
    const child = this.#child ?? this.#start()
    const id = ++this.#lastId
    const outcome = Promise.withResolvers<Result>()
    const over = new AbortController()
    let begun = clock.monotonic()
    let lastStep = begun
    let isHeld = false
    const give = (error: unknown) => {
      outcome.reject(error)
      this.#end(child)
    }
    const onAbort = () => give(new LvaError('cancelled', 'Stopped.', { cause: signal.reason }))
    signal.addEventListener('abort', onAbort, { once: true })
    const hold = async (consumed: Promise<void>) => {
      isHeld = true
      const since = clock.monotonic()
      await consumed
      isHeld = false
      lastStep = clock.monotonic()
      begun += lastStep - since
      if (!over.signal.aborted) child.send({ type: 'more', id } satisfies ReaderMessage)
    }
    const onReply = (reply: ReaderReply) => {
      if (reply.id !== id || over.signal.aborted) return
      lastStep = clock.monotonic()
      const isOver = reply.type !== 'progress' && reply.type !== 'sound'
      if (!isOver && reply.residentMb > limits.memoryMb) return give(tooComplex())
      if (reply.type === 'failed') outcome.reject(errorFromWire(reply.error))
      else {
        const consumed = hear(reply, outcome.resolve)
        if (consumed) hold(consumed).catch(give)
      }
      if (isOver && reply.residentMb > limits.memoryMb * RECYCLE_ABOVE) this.#end(child)
    }
    const mourn = (gone: ChildHandle, code: number | null) => {
      if (gone !== child || over.signal.aborted) return
      log.warn({ code }, 'the documents process ended while it read')
      // It ran out of memory, or met a fault in a parser: another try with the same bytes would end the same.
      outcome.reject(this.#closed ? new LvaError('cancelled', 'Reading documents is closed.') : tooComplex())
    }
    const watch = async () => {
      for (;;) {
        await clock.sleep(LOOK_EVERY_MS, over.signal)
        if (isHeld) continue
        const now = clock.monotonic()
        if (now - begun > limits.seconds * 1_000) return give(tookTooLong(limits.seconds))
        if (now - lastStep > limits.stallSeconds * 1_000) return give(tookTooLong(limits.stallSeconds))
      }
    }
    // Ends with the reading.
    watch().catch(() => undefined)
    this.#under = { hear: onReply, mourn }
    child.send(ask(id))
    try {
      return await outcome.promise
    } finally {
      this.#under = undefined
      over.abort()
      signal.removeEventListener('abort', onAbort)
    }
  }

  #start(): ChildHandle {
    try {
      const child = this.#options.spawn(this.#options.limits.memoryMb)
      this.#child = child
      child.onMessage((message) => {
        if (isReply(message)) return this.#under?.hear(message)
        // What a document has taken over is not spoken with: ended, it counts as gone.
        this.#end(child)
        this.#under?.mourn(child, null)
      })
      child.onExit((code) => {
        if (this.#child === child) this.#child = undefined
        this.#under?.mourn(child, code)
      })
      return child
    } catch (cause) {
      throw new LvaError('document-reader-down', 'The part of the program that reads documents cannot be started.', {
        advice: 'It is tried again in a moment. If it keeps failing, run "lva doctor".',
        cause,
      })
    }
  }

  #end(child: ChildHandle): void {
    if (this.#child === child) this.#child = undefined
    child.kill()
  }
}

/** Whether a message has the shape of a reply; the process reads files that nobody trusts. */
function isReply(message: unknown): message is ReaderReply {
  if (typeof message !== 'object' || message === null) return false
  const { type, id, residentMb, ...rest } = message as Partial<Record<string, unknown>>
  if (typeof id !== 'number' || typeof residentMb !== 'number') return false
  if (type === 'progress') return typeof rest.done === 'number' && typeof rest.total === 'number'
  if (type === 'decoded') return true
  if (type === 'picture') return typeof rest.result === 'object' && rest.result !== null
  if (type === 'sound') return rest.samples instanceof Float32Array && typeof rest.seconds === 'number'
  if (type === 'failed') return typeof (rest.error as WireError | undefined)?.code === 'string'
  const parsed = rest.parsed as Partial<ParsedDocument> | undefined
  return type === 'done' && typeof parsed?.text === 'string' && Array.isArray(parsed.blocks)
}
