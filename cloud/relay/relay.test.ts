import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../src-core/kernel/index.ts'
import { NO_ROOM } from '../../src-core/sync/index.ts'
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

let relay: TestRelay
beforeAll(async () => {
  relay = await testRelay()
})
afterAll(() => relay.stop())

async function vault(devices: number): Promise<{ email: string; sessions: Session[] }> {
  const email = await newAccount(relay)
  const sessions: Session[] = []
  for (let number = 0; number < devices; number += 1) sessions.push(await signIn(relay, email))
  return { email, sessions }
}

async function connected(count: number) {
  const { email, sessions } = await vault(count)
  return { email, sessions, devices: await Promise.all(sessions.map((session) => connect(relay, session))) }
}

describe('rooms', () => {
  it('give every follower every frame once, in the order of commit, and tell the sender when it is kept', async () => {
    const { devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    second.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    expect(await second.next('head')).toMatchObject({ position: 0 })
    const sealed = Array.from({ length: 50 }, (_, at) => first.append('note:a', `word ${at}`, at + 1))
    for (let at = 0; at < 50; at += 1) {
      expect(await first.next('taken')).toMatchObject({ sequence: at + 1, position: at + 1 })
      const frame = await second.next('frame')
      expect(frame).toMatchObject({ position: at + 1, device: first.device, sequence: at + 1, covers: 0 })
      expect(Buffer.from(frame.sealed).equals(Buffer.from(sealed[at] as Uint8Array))).toBe(true)
    }
    expect(second.heard).toEqual([])
  })

  it('give what a device has missed, from its cursor on, then what is new', async () => {
    const { devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    for (let at = 1; at <= 5; at += 1) first.append('note:a', `word ${at}`, at)
    await first.next('taken', ({ sequence }) => sequence === 5)
    second.send({ type: 'follow', room: roomOf('note:a'), cursor: 3 })
    expect([(await second.next('frame')).position, (await second.next('frame')).position]).toEqual([4, 5])
    expect(await second.next('head')).toMatchObject({ position: 5 })
    first.append('note:a', 'later', 6)
    expect(await second.next('frame')).toMatchObject({ position: 6 })
  })

  it('take a frame once, however often it is sent', async () => {
    const { devices } = await connected(1)
    const [device] = devices as [(typeof devices)[0]]
    device.append('note:a', 'once', 1)
    device.append('note:a', 'once', 1)
    device.append('note:a', 'twice', 2)
    device.append('note:a', 'once', 1)
    const taken = [
      await device.next('taken'),
      await device.next('taken'),
      await device.next('taken'),
      await device.next('taken'),
    ]
    expect(taken.map(({ sequence, position }) => [sequence, position])).toEqual([
      [1, 1],
      [1, 1],
      [2, 2],
      [1, 1],
    ])
    device.send({ type: 'list', after: NO_ROOM })
    expect((await device.next('rooms')).rooms).toMatchObject([{ room: roomOf('note:a'), head: 2 }])
  })

  it('refuse a gap in the sequence, and a cursor or a snapshot ahead of the room', async () => {
    const { devices } = await connected(1)
    const [device] = devices as [(typeof devices)[0]]
    device.append('note:a', 'too early', 2)
    expect(await device.next('refused')).toMatchObject({ code: 'sequence-gap', sequence: 2 })
    device.send({ type: 'follow', room: roomOf('note:a'), cursor: 9 })
    expect(await device.next('refused')).toMatchObject({ code: 'cursor-ahead' })
    device.snapshot('note:a', 'all', 1, 4)
    expect(await device.next('refused')).toMatchObject({ code: 'covers-ahead' })
    device.append('note:a', 'fine', 1)
    expect(await device.next('taken')).toMatchObject({ position: 1 })
  })

  it('pass whispers on, and keep none', async () => {
    const { devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    second.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    await second.next('head')
    first.send({ type: 'whisper', room: roomOf('note:a'), sealed: new Uint8Array(200) })
    expect(await first.next('refused')).toMatchObject({ code: 'malformed', refused: 'whisper' })
    const sealed = Uint8Array.from([1, 3, 0, 0, 0, 1, ...new Uint8Array(190)])
    first.send({ type: 'whisper', room: roomOf('note:a'), sealed })
    expect(await second.next('whisper')).toMatchObject({ device: first.device })
    first.send({ type: 'list', after: NO_ROOM })
    expect((await first.next('rooms')).rooms).toEqual([])
  })

  it('that a device does not follow are told of when another appends to them', async () => {
    const { devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    first.append('note:a', 'word', 1)
    expect(await second.next('news')).toMatchObject({ room: roomOf('note:a'), head: 1 })
    await first.next('taken')
    second.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    await second.next('head')
    first.append('note:a', 'another', 2)
    await first.next('taken')
    second.send({ type: 'leave', room: roomOf('note:a') })
    second.send({ type: 'ping', echo: new Uint8Array() })
    await second.next('pong')
    first.append('note:a', 'a third', 3)
    expect(await second.next('news')).toMatchObject({ head: 3 })
    expect([first, second].flatMap(({ heard }) => heard.filter(({ type }) => type === 'news'))).toEqual([])
  })

  it('are those of one account alone', async () => {
    const one = await connected(1)
    const other = await connected(1)
    one.devices[0]?.append('note:a', 'mine', 1)
    await one.devices[0]?.next('taken')
    other.devices[0]?.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    expect(await other.devices[0]?.next('head')).toMatchObject({ position: 0 })
    other.devices[0]?.send({ type: 'list', after: NO_ROOM })
    expect((await other.devices[0]?.next('rooms'))?.rooms).toEqual([])
  })
})

describe('a snapshot', () => {
  it('replaces what it covers once every device has passed it, and a new device begins with it', async () => {
    const { email, devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    const room = roomOf('note:a')
    for (let at = 1; at <= 4; at += 1) first.append('note:a', `word ${at}`, at)
    first.snapshot('note:a', 'all four', 5, 4)
    first.append('note:a', 'after it', 6)
    await first.next('taken', ({ sequence }) => sequence === 6)
    first.send({ type: 'passed', room, position: 6 })
    first.send({ type: 'follow', room, cursor: 0 })
    for (let at = 1; at <= 6; at += 1) expect(await first.next('frame')).toMatchObject({ position: at })

    second.send({ type: 'passed', room, position: 3 })
    second.send({ type: 'ping', echo: new Uint8Array(1) })
    await second.next('pong')
    const third = await connect(relay, await signIn(relay, email))
    third.send({ type: 'follow', room, cursor: 0 })
    expect(await third.next('frame')).toMatchObject({ position: 1 })

    third.send({ type: 'passed', room, position: 6 })
    second.send({ type: 'passed', room, position: 6 })
    third.send({ type: 'ping', echo: new Uint8Array(1) })
    second.send({ type: 'ping', echo: new Uint8Array(1) })
    await Promise.all([second.next('pong'), third.next('pong')])
    const fourth = await connect(relay, await signIn(relay, email))
    fourth.send({ type: 'follow', room, cursor: 0 })
    const begins = [await fourth.next('frame'), await fourth.next('frame')]
    expect(begins.map(({ position, covers }) => [position, covers])).toEqual([
      [5, 4],
      [6, 0],
    ])
    expect(await fourth.next('head')).toMatchObject({ position: 6 })
  })

  it('does not wait for a device that was revoked', async () => {
    const { sessions, devices } = await connected(2)
    const [first] = devices as [(typeof devices)[0]]
    const room = roomOf('note:a')
    first.append('note:a', 'word', 1)
    first.snapshot('note:a', 'word', 2, 1)
    await first.next('taken', ({ sequence }) => sequence === 2)
    await relay.request(`/v1/devices/${sessions[1]?.device}/revoke`, {
      method: 'POST',
      token: sessions[0]?.access as string,
    })
    first.send({ type: 'passed', room, position: 2 })
    first.send({ type: 'follow', room, cursor: 0 })
    expect(await first.next('frame')).toMatchObject({ position: 2, covers: 1 })
    expect(await first.next('head')).toMatchObject({ position: 2 })
    // It was sent ahead of what it covers, and is not sent again at its own place.
    expect(first.heard.filter(({ type }) => type === 'frame')).toEqual([])
    first.append('note:a', 'after it', 3, 2)
    expect(await first.next('frame')).toMatchObject({ position: 3 })
  })
})

describe('a restart', () => {
  it('loses no frame that was taken, and tokens go on', async () => {
    const { sessions, devices } = await connected(1)
    const [device] = devices as [(typeof devices)[0]]
    for (let at = 1; at <= 20; at += 1) device.append('note:a', `word ${at}`, at)
    await device.next('taken', ({ sequence }) => sequence === 20)
    await relay.restart()
    expect(await device.closed).toBe(1001)
    const again = await connect(relay, sessions[0] as Session)
    again.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
    for (let at = 1; at <= 20; at += 1) expect(await again.next('frame')).toMatchObject({ position: at, sequence: at })
    const refreshed = await relay.request('/v1/sessions/refresh', {
      method: 'POST',
      body: { refresh: sessions[0]?.refresh },
    })
    expect(refreshed.status).toBe(200)
  })
})

describe('who may come', () => {
  it('says hello with a token first', async () => {
    const { sessions } = await vault(1)
    const silent = open(relay, 'd1'.repeat(16))
    await silent.opened
    silent.send({ type: 'list', after: NO_ROOM })
    expect(await silent.closed).toBe(4401)
    const forged = open(relay, 'd1'.repeat(16))
    await forged.opened
    forged.send({ type: 'hello', version: 1, token: `${sessions[0]?.access}x` })
    expect(await forged.next('refused')).toMatchObject({ code: 'not-welcome' })
    expect(await forged.closed).toBe(4401)
  })

  it('is no device that was revoked, from that moment on, and the epoch moves', async () => {
    const { email, sessions, devices } = await connected(2)
    const [first, second] = devices as [(typeof devices)[0], (typeof devices)[0]]
    second.append('note:a', 'before', 1)
    await second.next('taken')
    const answer = await relay.request(`/v1/devices/${second.device}/revoke`, {
      method: 'POST',
      token: sessions[0]?.access as string,
    })
    expect(await answer.json()).toEqual({ epoch: 2, lastSequence: 1 })
    expect(await second.closed).toBe(4403)
    const back = open(relay, second.device)
    await back.opened
    back.send({ type: 'hello', version: 1, token: sessions[1]?.access as string })
    expect(await back.next('refused')).toMatchObject({ code: 'revoked' })
    const refreshed = await relay.request('/v1/sessions/refresh', {
      method: 'POST',
      body: { refresh: sessions[1]?.refresh },
    })
    expect(refreshed.status).toBe(403)
    await expect(signIn(relay, email, second.device)).rejects.toThrow('403')
    first.append('note:a', 'with the old key', 1, 1)
    expect(await first.next('refused')).toMatchObject({ code: 'epoch-old' })
    first.append('note:a', 'with the new key', 1, 2)
    expect(await first.next('taken')).toMatchObject({ sequence: 1, position: 2 })
  })

  it('may use a refresh token again for a minute, where the answer was lost; later both who had it are out', async () => {
    const clock = new ManualClock()
    const own = await testRelay({}, { clock })
    const refresh = (token: string) => own.request('/v1/sessions/refresh', { method: 'POST', body: { refresh: token } })
    try {
      const session = await signIn(own, await newAccount(own))
      expect((await refresh(session.refresh)).status).toBe(200)
      clock.advance(60_000)
      const again = await refresh(session.refresh)
      expect(again.status).toBe(200)
      const { refresh: next } = (await again.json()) as Session
      clock.advance(1)
      expect((await refresh(session.refresh)).status).toBe(401)
      expect((await refresh(next)).status).toBe(401)
    } finally {
      await own.stop()
    }
  })

  it('cannot guess a password, and is not told who has an account', async () => {
    const email = await newAccount(relay)
    const guess = (address: string) =>
      relay.request('/v1/sessions', {
        method: 'POST',
        body: { email: address, password: 'a wrong password', device: { id: 'ab'.repeat(16), kind: 'test' } },
      })
    const statuses: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) statuses.push((await guess(email)).status)
    expect(statuses).toEqual([...new Array(9).fill(401), 429, 429, 429])
    const [known, unknown] = [await guess(await newAccount(relay)), await guess('nobody@example.org')]
    expect(await known.text()).toBe(await unknown.text())
    const again = await relay.request('/v1/accounts', { method: 'POST', body: { email, password: PASSWORD } })
    expect(again.status).toBe(429)
  })
})

describe('messages that are none', () => {
  it('end the socket, and nothing of them is kept', async () => {
    const { sessions } = await vault(1)
    for (const bytes of [[], [0x77], [0x04, 1, 2, 3], [0x01, 0, 9]]) {
      const device = await connect(relay, sessions[0] as Session)
      device.sendBytes(Uint8Array.from(bytes))
      expect(await device.closed).toBe(4400)
    }
    const device = await connect(relay, sessions[0] as Session)
    device.send({ type: 'append', room: roomOf('note:a'), sequence: 1, sealed: new Uint8Array(500) })
    expect(await device.next('refused')).toMatchObject({ code: 'malformed' })
    const after = await connect(relay, sessions[0] as Session)
    after.send({ type: 'list', after: NO_ROOM })
    expect((await after.next('rooms')).rooms).toEqual([])
  })
})

describe('blobs', () => {
  const name = 'ab'.repeat(16)
  const put = (token: string, offset: number, piece: Uint8Array, length: number) =>
    relay.request(`/v1/blobs/${name}?offset=${offset}`, {
      method: 'PUT',
      token,
      body: piece,
      headers: { 'upload-length': String(length) },
    })

  it('go on where an upload was cut, and come back whole or in part', async () => {
    const { sessions } = await vault(2)
    const token = sessions[0]?.access as string
    const bytes = Uint8Array.from({ length: 3_000 }, (_, at) => at % 251)
    expect(await (await put(token, 0, bytes.subarray(0, 1_000), 3_000)).json()).toEqual({ offset: 1_000 })
    expect((await relay.request(`/v1/blobs/${name}`, { token })).status).toBe(404)
    const conflict = await put(token, 500, bytes.subarray(500), 3_000)
    expect([conflict.status, await conflict.json()]).toEqual([409, { offset: 1_000 }])
    const head = await relay.request(`/v1/blobs/${name}`, { method: 'HEAD', token })
    expect([head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual(['1000', '3000'])
    expect(await (await put(token, 1_000, bytes.subarray(1_000), 3_000)).json()).toEqual({ offset: 3_000 })

    const other = sessions[1]?.access as string
    const whole = await relay.request(`/v1/blobs/${name}`, { token: other })
    expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    const part = await relay.request(`/v1/blobs/${name}`, { token: other, headers: { range: 'bytes=990-1009' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 990-1009/3000'])
    expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(bytes.subarray(990, 1_010)))).toBe(true)
    const stranger = (await vault(1)).sessions[0]?.access as string
    expect((await relay.request(`/v1/blobs/${name}`, { token: stranger })).status).toBe(404)
    expect((await relay.request(`/v1/blobs/${name}`)).status).toBe(401)
  })

  it('that two devices send at once are kept once, whole, and leave nothing beside them', async () => {
    const { sessions } = await vault(2)
    const other = 'cd'.repeat(16)
    const bytes = Uint8Array.from({ length: 2_000 }, (_, at) => at % 251)
    const send = (session: Session, length: number) =>
      relay.request(`/v1/blobs/${other}?offset=0`, {
        method: 'PUT',
        token: session.access,
        body: bytes.subarray(0, length),
        headers: { 'upload-length': '2000' },
      })
    const answers = await Promise.all([send(sessions[0] as Session, 2_000), send(sessions[1] as Session, 700)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const token = sessions[0]?.access as string
    const { headers } = await relay.request(`/v1/blobs/${other}`, { method: 'HEAD', token })
    const there = Number(headers.get('upload-offset'))
    if (there < 2_000) {
      await relay.request(`/v1/blobs/${other}?offset=${there}`, {
        method: 'PUT',
        token,
        body: bytes.subarray(there),
        headers: { 'upload-length': '2000' },
      })
    }
    const whole = await relay.request(`/v1/blobs/${other}`, { token })
    expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    const files = readdirSync(join(relay.folder, 'sealed')).filter((file) => file.includes(other))
    expect(files).toHaveLength(there < 2_000 ? 2 : 1)
  })

  it('and frames count against the quota', async () => {
    const small = await testRelay({ QUOTA_MB: '1' })
    try {
      const session = await signIn(small, await newAccount(small))
      const status = async (id: string, offset: number, bytes: number, length: number) => {
        const answer = await small.request(`/v1/blobs/${id.repeat(16)}?offset=${offset}`, {
          method: 'PUT',
          token: session.access,
          body: new Uint8Array(bytes),
          headers: { 'upload-length': String(length) },
        })
        return answer.status
      }
      expect(await status('aa', 0, 600_000, 600_000)).toBe(200)
      expect(await status('bb', 0, 600_000, 600_000)).toBe(413)
      // Of one that was begun while there was room, no bytes ask whether the rest still fits.
      expect(await status('cc', 0, 21, 300_000)).toBe(200)
      expect(await status('cc', 21, 0, 300_000)).toBe(200)
      expect(await status('dd', 0, 160_000, 160_000)).toBe(200)
      expect(await status('cc', 21, 0, 300_000)).toBe(413)
      for (const id of ['cc', 'dd']) {
        await small.request(`/v1/blobs/${id.repeat(16)}`, { method: 'DELETE', token: session.access })
      }
      const device = await connect(small, session)
      device.append('note:a', Array.from({ length: 120_000 }, () => Math.random().toString(36).slice(2, 8)).join(''), 1)
      expect(await device.next('refused')).toMatchObject({ code: 'over-quota' })
      device.append('note:a', 'short', 1)
      expect(await device.next('taken')).toMatchObject({ position: 1 })
    } finally {
      await small.stop()
    }
  })
})

describe('a mailbox of two devices', () => {
  it('keeps a few short messages in order', async () => {
    const path = '/v1/pairings/0123456789abcdef'
    for (const word of ['one', 'two']) {
      const left = await relay.request(path, { method: 'POST', body: new TextEncoder().encode(word) })
      expect(left.status).toBe(201)
    }
    const fetched = (await (await relay.request(`${path}?after=1`)).json()) as { messages: string[] }
    expect(fetched.messages.map((message) => Buffer.from(message, 'base64').toString())).toEqual(['two'])
    expect((await relay.request(path, { method: 'POST', body: new Uint8Array(5_000) })).status).toBe(400)
  })
})

describe('those who keep it running', () => {
  it('see that it lives, is ready, and what it counts', async () => {
    expect(await (await relay.request('/health')).json()).toEqual({ status: 'ok' })
    expect(await (await relay.request('/ready')).json()).toEqual({ status: 'ready' })
    const metrics = await (await relay.request('/metrics')).text()
    expect(metrics).toMatch(/^lva_relay_taken_seconds_count [1-9]/m)
    expect(metrics).not.toMatch(/learner-\d|@example/)
  })

  it('are told which variable does not fit', async () => {
    await expect(testRelay({ PORT: 'many' })).rejects.toMatchObject({
      code: 'config-invalid',
      params: { problems: expect.stringContaining('PORT') },
    })
    await expect(testRelay({ S3_ENDPOINT: 'http://x' })).rejects.toMatchObject({ code: 'config-invalid' })
    await expect(testRelay({ RELAY_DATA_DIR: relay.folder })).rejects.toMatchObject({ code: 'vault-locked' })
  })
})
