import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { LvaError } from '../../kernel/index.ts'
import type { ServerProcess } from './types.ts'

/** Lines that are no messages, as programs write that log to their standard output; one that writes more speaks something else. */
const MOST_STRAY_LINES = 100
const NEW_LINE = 0x0a
const LAST_WORDS_LENGTH = 2_000

export interface StdioOptions {
  /** Largest message. */
  bytes: number
  read(line: string): JSONRPCMessage
  tooLarge(): LvaError
  notUnderstood(): LvaError
  ended(wasStarted: boolean): LvaError
}

/** A line to a program. Its first failure is kept: the line is then closed, and the program ended. */
export interface StdioTransport extends Transport {
  readonly failure: LvaError | undefined
  /** The end of what the program wrote to its standard error. */
  readonly lastWords: string
}

/** One message a line, both ways. */
export function stdioTransport(process: ServerProcess, options: StdioOptions): StdioTransport {
  let failure: LvaError | undefined
  let lastWords = ''
  let pieces: Buffer[] = []
  let size = 0
  let stray = 0
  let isClosed = false
  let ending: Promise<void> | undefined

  const transport: StdioTransport = {
    get failure() {
      return failure
    },
    get lastWords() {
      return lastWords
    },
    start: async () => {
      process.stdout.on('data', hear)
      // Always read, or a program that complains a lot would stand still.
      process.stderr.on('data', (piece: Buffer) => {
        lastWords = (lastWords + piece.toString('utf8')).slice(-LAST_WORDS_LENGTH)
      })
      // A program that has just ended makes writing fail; its exit says so.
      for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => undefined)
      process.onExit((wasStarted) => fail(options.ended(wasStarted)))
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(failure ?? options.ended(true))
        process.stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()))
      }),
    close: () => {
      ending ??= process.end()
      if (!isClosed) {
        isClosed = true
        transport.onclose?.()
      }
      return ending
    },
  }

  function fail(error: LvaError): void {
    if (isClosed) return
    failure ??= error
    void transport.close()
  }

  function hear(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(NEW_LINE); end !== -1 && !isClosed; end = rest.indexOf(NEW_LINE)) {
      const line = Buffer.concat([...pieces, rest.subarray(0, end)])
      rest = rest.subarray(end + 1)
      pieces = []
      size = 0
      if (line.length > options.bytes) fail(options.tooLarge())
      else take(line.toString('utf8').trim())
    }
    if (isClosed) return
    size += rest.length
    if (size > options.bytes) fail(options.tooLarge())
    else if (rest.length > 0) pieces.push(rest)
  }

  function take(line: string): void {
    if (line === '') return
    let message: JSONRPCMessage
    try {
      message = options.read(line)
    } catch {
      stray++
      if (stray > MOST_STRAY_LINES) fail(options.notUnderstood())
      return
    }
    transport.onmessage?.(message)
  }

  return transport
}
