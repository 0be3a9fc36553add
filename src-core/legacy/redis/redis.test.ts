import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeV1 } from '../../../test/v1-fixtures.ts'
import { V1Source } from '../source.ts'
import { missingFrom } from './exchanges.ts'
import { expandLzf } from './rdb.ts'
import { readRedis } from './read.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-redis-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const exchange = (user: string, timestamp = '2024-05-01T09:30:00.123456') => ({ timestamp, user, agent: 'answered' })
/** As Python's json.dumps writes it. */
const python = (value: unknown) =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
const KEYS: Record<string, string> = {
  'session:a:b c:context': python([exchange('Ümläut 🎉'), exchange('said')]),
  'session:a:b c:metadata': python({ source: 'twilio', from_number: '+15550100', call_status: 'completed' }),
  'session:broken:context': '[{"timestamp": ',
  'session:odd:context': '{"not": "a list"}',
  'rate_limit:1': 'nobody’s business',
}
const EXPECTED = {
  exchanges: [
    { sessionId: 'a:b c', ...exchange('Ümläut 🎉') },
    { sessionId: 'a:b c', ...exchange('said') },
  ],
  sessions: 1,
  phoneNumbers: 1,
  unreadable: 2,
}

describe('what Redis held', () => {
  it.each([
    ['keys and values', KEYS],
    ['a list', Object.entries(KEYS).map(([key, value]) => ({ key, value }))],
  ])('is read from JSON: %s', async (_, json) => {
    writeFileSync(join(folder, 'dump.json'), JSON.stringify(json))
    expect(await readRedis(join(folder, 'dump.json'))).toEqual(EXPECTED)
  })

  it.each([9, 10, 11, 12])('is read from an RDB file of version %i, among values of other types', async (version) => {
    writeFileSync(join(folder, 'dump.rdb'), rdb(version, KEYS))
    expect(await readRedis(join(folder, 'dump.rdb'))).toEqual(EXPECTED)
  })

  it('is read from a server, which is only asked', async () => {
    const asked: string[] = []
    const server = await startRedis(KEYS, asked)
    const { port } = server.address() as { port: number }
    try {
      expect(await readRedis(`redis://:secret@127.0.0.1:${port}`)).toEqual(EXPECTED)
      expect(new Set(asked)).toEqual(new Set(['AUTH', 'SELECT', 'SCAN', 'GET']))
    } finally {
      server.close()
    }
    await expect(readRedis(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'legacy-redis-unreadable' })
  })

  it('is refused where it cannot be read', async () => {
    const path = join(folder, 'dump')
    await expect(readRedis(path)).rejects.toMatchObject({ code: 'legacy-redis-unreadable' })
    for (const content of ['', 'text', '7', 'REDIS0099', Buffer.from('REDIS0012\u0015', 'latin1')]) {
      writeFileSync(path, content)
      await expect(readRedis(path)).rejects.toMatchObject({ code: 'legacy-redis-unreadable' })
    }
    const whole = rdb(12, KEYS)
    for (let length = 9; length < whole.length - 8; length += 7) {
      writeFileSync(path, whole.subarray(0, length))
      await expect(readRedis(path)).rejects.toMatchObject({ code: 'legacy-redis-unreadable' })
    }
  })
})

it('expands LZF, and throws nothing but RangeError at noise', () => {
  // "abcabcabcabc": three literals, then nine letters from three back.
  expect(expandLzf(Uint8Array.of(2, 97, 98, 99, 0xe0, 0, 2), 12).toString()).toBe('abcabcabcabc')
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(2_000), (packed, length) => {
      try {
        expandLzf(packed, length)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})

it('finds the exchanges of which SQLite has no row, each row counting once', async () => {
  const path = join(folder, 'v1.db')
  makeV1(path, [
    { user: 'stored', timestamp: '2024-05-01 09:30:00' },
    { user: 'twice', timestamp: '2024-05-01 09:30:00' },
    { user: 'long ago', timestamp: '2020-01-01 00:00:00' },
  ])
  const source = await V1Source.open(path)
  const of = (user: string, sessionId = 's') => ({ sessionId, ...exchange(user) })
  const missing = await missingFrom(source, [
    of('stored'),
    of('twice'),
    of('twice'),
    of('long ago'),
    of('stored', 'other'),
  ])
  await source.close()
  expect(missing).toEqual([of('twice'), of('long ago'), of('stored', 'other')])
})

function length(n: number): Buffer {
  if (n < 64) return Buffer.of(n)
  return n < 16_384
    ? Buffer.of(0x40 | (n >> 8), n & 0xff)
    : Buffer.of(0x80, n >>> 24, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff)
}

function text(value: string): Buffer {
  return Buffer.concat([length(Buffer.byteLength(value)), Buffer.from(value)])
}

/** An RDB file with these strings, an integer, expiries, and values of the types that later versions of the program left. */
function rdb(version: number, keys: Record<string, string>): Buffer {
  const score = Buffer.alloc(8)
  score.writeDoubleLE(1.5)
  const strings = Object.entries(keys).flatMap(([key, value]) => [
    Buffer.of(252),
    Buffer.alloc(8, 1),
    Buffer.of(0),
    text(key),
    text(value),
  ])
  return Buffer.concat([
    Buffer.from(`REDIS${String(version).padStart(4, '0')}`),
    Buffer.of(250),
    text('redis-ver'),
    text('7.2.0'),
    Buffer.of(254, 0, 251, 9, 2),
    // A sorted set, a hash, a list of packed nodes, a set of packed numbers, and a number.
    Buffer.of(5),
    text('rate_limit:2'),
    length(1),
    text('member'),
    score,
    Buffer.of(4),
    text('hash'),
    length(1),
    text('field'),
    text('value'),
    Buffer.of(18),
    text('list'),
    length(1),
    length(2),
    text('packed'),
    Buffer.of(11),
    text('numbers'),
    text('packed'),
    Buffer.of(0),
    text('counter'),
    Buffer.of(0xc1, 1, 2),
    ...strings,
    Buffer.of(255),
    Buffer.alloc(8),
  ])
}

/** Answers as Redis does, in small pieces. */
function startRedis(keys: Record<string, string>, asked: string[]): Promise<Server> {
  const bulk = (value: string) => `$${Buffer.byteLength(value)}\r\n${value}\r\n`
  const server = createServer((socket) => {
    let received = ''
    let database = '0'
    socket.on('data', (bytes) => {
      received += bytes
      const parts = received.split('\r\n')
      if (parts.length < Number(parts[0]?.slice(1)) * 2 + 2) return
      received = ''
      const words = parts.slice(1).filter((_, index) => index % 2 === 1)
      const [command = '', first = ''] = words
      asked.push(command)
      const names = database === '0' ? Object.keys(keys).filter((key) => key.startsWith('session:')) : []
      const half = Math.ceil(names.length / 2)
      const page = first === '0' ? names.slice(0, half) : names.slice(half)
      if (command === 'SELECT') database = first
      const replies: Record<string, string> = {
        AUTH: '+OK\r\n',
        SELECT: '+OK\r\n',
        SCAN: `*2\r\n${bulk(first === '0' ? '7' : '0')}*${page.length}\r\n${page.map(bulk).join('')}`,
        GET: keys[first] === undefined ? '$-1\r\n' : bulk(keys[first]),
      }
      const reply = Buffer.from(replies[command] ?? '-ERR unknown\r\n')
      socket.write(reply.subarray(0, 3))
      setImmediate(() => socket.write(reply.subarray(3)))
    })
    socket.on('error', () => undefined)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
