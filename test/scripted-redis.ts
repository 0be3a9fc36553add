import { createServer, type Socket } from 'node:net'

/**
 * A Redis for tests: the few commands that the relay uses, over the real protocol (RESP2). What it does not know it answers with an error, so
 * that a command that is used newly is noticed.
 */
export interface ScriptedRedis {
  /** Such as redis://127.0.0.1:1234. */
  readonly url: string
  /** Ends it at once; what it counted is lost. */
  kill(): Promise<void>
  /** Starts it again at the same address after `kill`. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function scriptedRedis(): Promise<ScriptedRedis> {
  const values = new Map<string, { count: number; ends: number }>()
  const subscribers = new Map<string, Set<Socket>>()
  const sockets = new Set<Socket>()

  const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
  const live = (key: string) => {
    const value = values.get(key)
    if (value && value.ends <= Date.now()) values.delete(key)
    return values.get(key)
  }

  function answer(socket: Socket, [name = '', ...args]: string[]): string {
    const [key = '', value = ''] = args
    switch (name.toLowerCase()) {
      case 'ping':
        return '+PONG\r\n'
      case 'info':
        return bulk('redis_version:7.0.0\r\nloading:0\r\n')
      case 'client':
      case 'select':
        return '+OK\r\n'
      case 'incr': {
        const kept = live(key) ?? { count: 0, ends: Number.POSITIVE_INFINITY }
        kept.count += 1
        values.set(key, kept)
        return `:${kept.count}\r\n`
      }
      case 'pexpire': {
        const kept = live(key)
        if (kept) kept.ends = Date.now() + Number(value)
        return `:${kept ? 1 : 0}\r\n`
      }
      case 'pttl': {
        const kept = live(key)
        if (!kept) return ':-2\r\n'
        return kept.ends === Number.POSITIVE_INFINITY ? ':-1\r\n' : `:${kept.ends - Date.now()}\r\n`
      }
      case 'subscribe': {
        const set = subscribers.get(key) ?? new Set()
        subscribers.set(key, set.add(socket))
        return `*3\r\n${bulk('subscribe')}${bulk(key)}:1\r\n`
      }
      case 'publish': {
        const told = subscribers.get(key) ?? new Set()
        for (const other of told) other.write(`*3\r\n${bulk('message')}${bulk(key)}${bulk(value)}`)
        return `:${told.size}\r\n`
      }
      default:
        return `-ERR unknown command '${name}'\r\n`
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    let unread = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data])
      for (;;) {
        const command = readCommand(unread)
        if (!command) return
        unread = unread.subarray(command.length)
        socket.write(answer(socket, command.words))
      }
    })
    socket.on('close', () => {
      sockets.delete(socket)
      for (const set of subscribers.values()) set.delete(socket)
    })
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      values.clear()
      server.close(() => resolve())
    })
  return { url: `redis://127.0.0.1:${port}`, kill: close, restart: () => listen(port), close }
}

/** One command, an array of bulk strings, and its length in bytes; undefined where it is not whole yet. */
function readCommand(bytes: Buffer): { words: string[]; length: number } | undefined {
  let at = 0
  const line = () => {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return undefined
    const text = bytes.toString('utf8', at, end)
    at = end + 2
    return text
  }
  const head = line()
  if (!head?.startsWith('*')) return undefined
  const words: string[] = []
  for (let left = Number(head.slice(1)); left > 0; left -= 1) {
    const size = line()
    if (size === undefined) return undefined
    const length = Number(size.slice(1))
    if (bytes.length < at + length + 2) return undefined
    words.push(bytes.toString('utf8', at, at + length))
    at += length + 2
  }
  return { words, length: at }
}
