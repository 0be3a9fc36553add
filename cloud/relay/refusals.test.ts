import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idMaker, isLvaError, ManualClock, type Random, seededRandom, silentLog } from '../../src-core/kernel/index.ts'
import { openStore, type Store } from '../../src-core/store/index.ts'
import { type DeviceFrame, decodeRelayFrame, encodeDeviceFrame, type RelayFrame } from '../../src-core/sync/index.ts'
import { relayServices } from '../../test/chaos/world.ts'
import {
  connect,
  newAccount,
  open,
  PASSWORD,
  roomOf,
  type Session,
  signIn,
  type TestRelay,
  testRelay,
} from '../../test/relay-devices.ts'
import { TEMPLATE_CACHE } from '../../test/template-cache.ts'
import { createAccounts } from './accounts.ts'
import { createConnection } from './connection.ts'
import { memoryRateLimits } from './rate-limits.ts'
import type { Bearer } from './tokens.ts'

/** What somebody gets who has no right to it: nothing. */

const WRONG = 1_000
const FRAMES = 10_000
const DEVICE = 'ab'.repeat(16)

const folder = mkdtempSync(join(tmpdir(), 'lva-refusals-'))
const clock = new ManualClock(Date.UTC(2026, 10, 27))
let store: Store
let relay: TestRelay
beforeAll(async () => {
  relay = await testRelay({ TRUST_PROXY: 'true' })
  store = await openStore({
    dataDir: folder,
    cacheDir: TEMPLATE_CACHE,
    host: 'relay',
    clock,
    log: silentLog,
    statementTimeoutMs: 60_000,
    migrationsFolder: fileURLToPath(new URL('../../migrations/relay', import.meta.url)),
  })
})
afterAll(async () => {
  await relay.stop()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a wrong password', () => {
  let claimed = 0
  /** Through a proxy, which adds whom it hears to what that one claims. */
  const from = (place: string, email: string, password: string, device = DEVICE) =>
    relay.request('/v1/sessions', {
      method: 'POST',
      body: { email, password, device: { id: device, kind: 'test' } },
      headers: { 'x-forwarded-for': `192.0.${(++claimed >> 8) & 255}.${claimed & 255}, ${place}` },
    })

  it('opens nothing a thousand times, is soon not even looked at, and keeps the owner out nowhere else', async () => {
    const email = await newAccount(relay)
    const seen = new Map<number, number>()
    for (let attempt = 0; attempt < WRONG; attempt += 1) {
      const { status, headers } = await from('203.0.113.7', email, `wrong password ${attempt}`)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(Object.fromEntries(seen)).toEqual({ 401: 10, 429: WRONG - 10 })
    expect((await from('203.0.113.7', email, PASSWORD)).status).toBe(429)
    expect((await from('198.51.100.4', email, PASSWORD)).status).toBe(200)
  })

  it('that comes from a thousand places opens nothing either, and does not hold up a device of the account', async () => {
    const accounts = createAccounts({
      database: store.database,
      // As slow as it is, it is not what this is about.
      passwords: { sealed: async (password) => password, fits: async (password, kept) => password === kept },
      tokens: { begin: async () => ({ access: '', refresh: '', expiresIn: 0 }) } as never,
      rates: memoryRateLimits(clock),
      clock,
      newId: idMaker(clock, seededRandom(1)),
      onRevoked: () => undefined,
    })
    const email = 'ada@example.org'
    const enter = (password: string, device: string, place: string) =>
      accounts.signIn({ email, password }, { id: device, kind: 'test' }, place).then(
        () => 'in',
        (error) => (isLvaError(error) ? error.code : String(error)),
      )
    await accounts.create({ email, password: PASSWORD }, '198.51.100.4')
    expect(await enter(PASSWORD, DEVICE, '198.51.100.4')).toBe('in')
    const seen = new Map<string, number>()
    for (let attempt = 0; attempt < WRONG; attempt += 1) {
      const code = await enter(`wrong password ${attempt}`, 'cd'.repeat(16), `203.0.${attempt >> 8}.${attempt & 255}`)
      seen.set(code, (seen.get(code) ?? 0) + 1)
    }
    // The account's own beginning counts too.
    expect(Object.fromEntries(seen)).toEqual({ unauthorized: 98, 'too-many-tries': WRONG - 98 })
    expect(await enter(PASSWORD, 'cd'.repeat(16), '198.51.100.4')).toBe('too-many-tries')
    expect(await enter(PASSWORD, DEVICE, '192.0.2.9')).toBe('in')
    clock.advance(15 * 60_000)
    expect(await enter(PASSWORD, 'cd'.repeat(16), '198.51.100.4')).toBe('in')
  })
})

describe('a token', () => {
  /** Every way in that wants a token, with what it answers. */
  async function everywhere(token: string): Promise<number[]> {
    const name = 'ab'.repeat(16)
    const asked = [
      relay.request('/v1/devices', { token }),
      relay.request(`/v1/devices/${DEVICE}/revoke`, { token, method: 'POST' }),
      relay.request(`/v1/blobs/${name}`, { token }),
      relay.request(`/v1/blobs/${name}`, { token, method: 'HEAD' }),
      relay.request(`/v1/blobs/${name}?offset=0`, {
        token,
        method: 'PUT',
        body: new Uint8Array(3),
        headers: { 'upload-length': '3' },
      }),
      relay.request('/v1/sessions', { token, method: 'DELETE' }),
    ]
    return (await Promise.all(asked)).map(({ status }) => status)
  }

  async function sayHello(token: string): Promise<string> {
    const socket = open(relay, DEVICE)
    await socket.opened
    socket.send({ type: 'hello', version: 1, token })
    const { code } = await socket.next('refused')
    await socket.closed
    return code
  }

  it('that was made up, changed, or signed with nothing opens no door', async () => {
    const { access } = await signIn(relay, await newAccount(relay))
    const [head = '', payload = '', signature = ''] = access.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const sealed = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = [
      `${head}.${payload}.${signature.slice(1)}A`,
      `${head}.${sealed({ ...claims, device: 'cd'.repeat(16), sub: 'another' })}.${signature}`,
      `${sealed({ alg: 'none' })}.${payload}.`,
      `${sealed({ alg: 'HS256' })}.${sealed({ ...claims, exp: claims.exp + 1_000_000 })}.${signature}`,
      'x'.repeat(300),
    ]
    for (const token of forged) {
      expect(new Set(await everywhere(token))).toEqual(new Set([401]))
      expect(await sayHello(token)).toBe('not-welcome')
    }
  })

  it('of a device that was revoked is worth nothing, wherever it was stolen from', async () => {
    const email = await newAccount(relay)
    const [owner, thief] = [await signIn(relay, email), await signIn(relay, email)] as [Session, Session]
    await relay.request(`/v1/devices/${thief.device}/revoke`, { method: 'POST', token: owner.access })
    expect(new Set(await everywhere(thief.access))).toEqual(new Set([403]))
    expect(await sayHello(thief.access)).toBe('revoked')
    const { status } = await relay.request('/v1/sessions/refresh', { method: 'POST', body: { refresh: thief.refresh } })
    expect(status).toBe(403)
  })

  it('of another account sees, changes and ends nothing of this one', async () => {
    const [owner, stranger] = [
      await signIn(relay, await newAccount(relay)),
      await signIn(relay, await newAccount(relay)),
    ]
    const device = await connect(relay, owner)
    device.append('note:a', 'mine', 1)
    await device.next('taken')
    const revoked = await relay.request(`/v1/devices/${owner.device}/revoke`, {
      method: 'POST',
      token: stranger.access,
    })
    expect(revoked.status).toBe(404)
    const intruder = await connect(relay, stranger)
    intruder.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    expect(await intruder.next('head')).toMatchObject({ position: 0 })
    intruder.append('note:a', 'also here', 1)
    await intruder.next('taken')
    device.send({ type: 'ping', echo: new Uint8Array() })
    await device.next('pong')
    expect(device.heard).toEqual([])
    for (const socket of [device, intruder]) socket.close()
  })
})

describe('messages that were mutated', () => {
  const ROOMS = ['note:a', 'note:b', 'settings'].map(roomOf)
  const VICTIM: Bearer = { accountId: 'victim', deviceId: 'd1'.repeat(16) }
  const ATTACKER: Bearer = { accountId: 'attacker', deviceId: 'e1'.repeat(16) }
  const rowsOf = async ({ accountId }: Bearer) =>
    JSON.stringify([
      await store.database.query('select * from relay_frames where account_id = $1 order by room, position', [
        accountId,
      ]),
      await store.database.query('select * from relay_rooms where account_id = $1 order by room', [accountId]),
      await store.database.query('select * from relay_devices where account_id = $1 order by id', [accountId]),
      await store.database.query('select * from relay_passed where account_id = $1 order by room, device_id', [
        accountId,
      ]),
    ])

  /** Any message that a device may send, with a sequence that the relay would take. */
  function anyMessage(random: Random, sequence: number): DeviceFrame {
    const below = (most: number) => Math.floor(random.fraction() * most)
    const room = ROOMS[below(ROOMS.length)] as string
    const sealed = (kind: number) => Uint8Array.from([1, kind, 0, 0, 0, 1, ...random.bytes(168 + below(60))])
    const all: DeviceFrame[] = [
      { type: 'follow', room, cursor: 0 },
      { type: 'leave', room },
      { type: 'append', room, sequence, sealed: sealed(1) },
      { type: 'append', room, sequence, sealed: sealed(4) },
      { type: 'snapshot', room, sequence, covers: 1, sealed: sealed(2) },
      { type: 'passed', room, position: 1 },
      { type: 'whisper', room, sealed: sealed(3) },
      { type: 'list', after: '0'.repeat(32) },
      { type: 'ping', echo: random.bytes(8) },
      { type: 'hello', version: 1, token: VICTIM.deviceId },
    ]
    return all[below(all.length)] as DeviceFrame
  }

  /** Bits turned, cut off, made longer, two of them spliced, sent again, in another order, or nothing but noise. */
  function mutated(random: Random, message: Uint8Array, earlier: readonly Uint8Array[]): Uint8Array {
    const below = (most: number) => Math.floor(random.fraction() * most)
    const other = earlier[below(earlier.length)] ?? message
    switch (below(7)) {
      case 0: {
        const bytes = message.slice()
        const at = below(Math.min(bytes.length, 40))
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
        return bytes
      }
      case 1:
        return message.slice(0, below(message.length))
      case 2:
        return Uint8Array.from([...message, ...random.bytes(1 + below(30))])
      case 3: {
        const at = below(Math.min(message.length, other.length))
        return Uint8Array.from([...message.slice(0, at), ...other.slice(at)])
      }
      case 4:
      case 5:
        return other
      default:
        return random.bytes(1 + below(300))
    }
  }

  it('10,000 of them change nothing of another account, and what they leave is the sender’s own and in order', async () => {
    for (const { accountId, deviceId } of [VICTIM, ATTACKER]) {
      await store.database.query(
        `insert into relay_accounts (id, email, password, epoch, used_bytes, created_at) values ($1, $1, '', 1, 0, now())`,
        [accountId],
      )
      await store.database.query(
        `insert into relay_devices (account_id, id, kind, taken, created_at, last_seen_at) values ($1, $2, 'test', 0, now(), now())`,
        [accountId, deviceId],
      )
    }
    // Whoever says hello is the attacker, whatever the message says.
    const services = relayServices(store.database, clock, () => ATTACKER, { count: () => 0 })
    const random = seededRandom(11)
    for (const [at, room] of ROOMS.entries()) {
      const sealed = Uint8Array.from([1, 1, 0, 0, 0, 1, ...random.bytes(200)])
      await services.rooms.append({ ...VICTIM, room, sequence: at + 1, covers: 0, sealed })
    }
    const [before, secret] = [
      await rowsOf(VICTIM),
      await store.database.query<{ sealed: Uint8Array }>('select sealed from relay_frames where account_id = $1', [
        VICTIM.accountId,
      ]),
    ]

    const heard: RelayFrame[] = []
    const closes: number[] = []
    let taken = 0
    let isOpen = false
    let connection = reopened()
    function reopened() {
      isOpen = true
      const made = createConnection(
        {
          send(message) {
            const frame = decodeRelayFrame(message)
            if (frame.type === 'taken') taken = Math.max(taken, frame.sequence)
            heard.push(frame)
          },
          close(code) {
            isOpen = false
            closes.push(code)
          },
          bufferedAmount: 0,
          pause: () => undefined,
          resume: () => undefined,
        },
        services,
      )
      made.receive(encodeDeviceFrame({ type: 'hello', version: 1, token: 'attacker' }))
      return made
    }
    const answered = async () => {
      const pongs = () => heard.filter(({ type }) => type === 'pong').length
      const known = pongs()
      connection.receive(encodeDeviceFrame({ type: 'ping', echo: new Uint8Array() }))
      while (isOpen && pongs() === known) await new Promise((resolve) => setImmediate(resolve))
    }

    const earlier: Uint8Array[] = []
    for (let number = 0; number < FRAMES; number += 1) {
      const message = encodeDeviceFrame(anyMessage(random, taken + 1))
      earlier.push(message)
      if (earlier.length > 50) earlier.shift()
      if (!isOpen) connection = reopened()
      connection.receive(mutated(random, message, earlier))
      if (number % 10 === 0 && isOpen) await answered()
    }
    if (!isOpen) connection = reopened()
    await answered()
    connection.closed()
    await services.rooms.close()

    expect(await rowsOf(VICTIM)).toBe(before)
    const stored = await store.database.query<{ room: string; position: number; device: string }>(
      'select room, position, device_id as device from relay_frames where account_id = $1 order by room, position',
      [ATTACKER.accountId],
    )
    expect(new Set(stored.map(({ device }) => device))).toEqual(new Set([ATTACKER.deviceId]))
    for (const room of new Set(stored.map((row) => row.room))) {
      const positions = stored.filter((row) => row.room === room).map(({ position }) => position)
      expect(new Set(positions).size).toBe(positions.length)
    }
    const given = heard.flatMap((frame) => (frame.type === 'frame' ? [Buffer.from(frame.sealed)] : []))
    expect(given.length).toBeGreaterThan(0)
    for (const { sealed } of secret) expect(given.some((bytes) => bytes.equals(Buffer.from(sealed)))).toBe(false)
    expect(closes.filter((code) => code === 4400).length).toBeGreaterThan(FRAMES / 10)
    expect(heard.filter(({ type }) => type === 'refused').length).toBeGreaterThan(100)
  })
})
