import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { redisUnreadable } from '../faults.ts'

/**
 * The few commands of RESP 2 that reading takes: AUTH, SELECT, SCAN and GET. Nothing that writes is ever sent.
 */

const TIMEOUT_MS = 10_000
const SCAN_COUNT = '500'
const LARGEST_REPLY = 64 * 2 ** 20

type Reply = string | number | null | Reply[] | RedisFailure

class RedisFailure {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

/**
 * All `session:*` strings of a server. `redis://[user:password@]host[:port][/database]`; without a host this machine, without a database
 * 0, where v1 kept them, and 1, where later versions did.
 * @throws LvaError legacy-redis-unreadable
 */
export async function readServer(address: string, signal?: AbortSignal): Promise<[string, string][]> {
  const url = new URL(address)
  const host = url.hostname === '' ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? 6_379 : Number(url.port)
  const database = url.pathname.replace('/', '')
  const line = await Line.open(host, port, url.protocol === 'rediss:', signal)
  try {
    if (url.password !== '') {
      const user = url.username === '' ? [] : [decodeURIComponent(url.username)]
      await line.ask('AUTH', ...user, decodeURIComponent(url.password))
    }
    const found = new Map<string, string>()
    for (const number of database === '' ? ['0', '1'] : [database]) {
      await line.ask('SELECT', number)
      let cursor = '0'
      do {
        const [next, keys] = (await line.ask('SCAN', cursor, 'MATCH', 'session:*', 'COUNT', SCAN_COUNT)) as [
          string,
          string[],
        ]
        for (const key of keys) {
          if (!/:(context|metadata)$/.test(key)) continue
          const value = await line.ask('GET', key)
          // It may have expired in between.
          if (typeof value === 'string') found.set(key, value)
        }
        cursor = next
      } while (cursor !== '0')
    }
    return [...found]
  } finally {
    line.close()
  }
}

class Line {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #waiting: PromiseWithResolvers<Reply> | undefined
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the line was closed')))
  }

  static open(host: string, port: number, isSecure: boolean, signal?: AbortSignal): Promise<Line> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error) =>
        reject(redisUnreadable(`The Redis server ${host}:${port} cannot be reached.`, error))
      const socket = isSecure ? connectTls({ host, port, servername: host }) : connect({ host, port })
      signal?.addEventListener('abort', () => socket.destroy(), { once: true })
      socket.once('error', refuse)
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        socket.off('error', refuse)
        resolve(new Line(socket))
      })
    })
  }

  async ask(...words: string[]): Promise<Reply> {
    if (this.#failure) throw redisUnreadable('The Redis server stopped answering.', this.#failure)
    this.#waiting = Promise.withResolvers()
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    this.#socket.write(`*${words.length}\r\n${parts.join('')}`)
    let reply: Reply
    try {
      reply = await this.#waiting.promise
    } catch (error) {
      throw redisUnreadable('The Redis server stopped answering.', error)
    }
    // A value of another type under one of v1's names is none of v1's.
    if (reply instanceof RedisFailure && words[0] === 'GET') return null
    if (reply instanceof RedisFailure) throw redisUnreadable(`The Redis server refused ${words[0]}: ${reply.message}`)
    return reply
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    if (this.#received.length > LARGEST_REPLY) {
      this.#socket.destroy(new Error('the answer is too long'))
      return
    }
    try {
      const parsed = parse(this.#received, 0)
      if (!parsed) return
      this.#received = this.#received.subarray(parsed.end)
      this.#waiting?.resolve(parsed.reply)
    } catch (error) {
      this.#socket.destroy(error as Error)
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(this.#failure)
  }
}

/** One reply, or undefined while it is not all there. */
function parse(bytes: Buffer, at: number): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return undefined
  const text = bytes.toString('utf8', at + 1, lineEnd)
  const next = lineEnd + 2
  switch (bytes.toString('latin1', at, at + 1)) {
    case '+':
      return { reply: text, end: next }
    case '-':
      return { reply: new RedisFailure(text), end: next }
    case ':':
      return { reply: Number(text), end: next }
    case '$': {
      const length = Number(text)
      if (length < 0) return { reply: null, end: next }
      if (bytes.length < next + length + 2) return undefined
      return { reply: bytes.toString('utf8', next, next + length), end: next + length + 2 }
    }
    case '*': {
      const items: Reply[] = []
      let end = next
      for (let left = Number(text); left > 0; left -= 1) {
        const item = parse(bytes, end)
        if (!item) return undefined
        items.push(item.reply)
        end = item.end
      }
      return { reply: items, end }
    }
    default:
      throw new Error('the server does not speak the protocol of Redis')
  }
}
