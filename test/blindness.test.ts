import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../src-core/contract/index.ts'
import { systemClock } from '../src-core/kernel/index.ts'
import { sealedBytes } from '../src-core/sync/blobs/sealed-blob.ts'
import { filesIn, formsIn, formsOf, foundIn, memoryOf } from './canary-search.ts'
import { CoreDevice } from './core-device.ts'
import { openProxy, type RecordingProxy } from './recording-proxy.ts'
import { connect, newAccount, roomOf, signIn } from './relay-devices.ts'
import { type RelayProcess, startRelayProcess } from './relay-process.ts'

/** Words that a learner types are nowhere on the relay, nor on the way to it; words that are not sealed are found everywhere. */

/** One word in everything that is typed: whatever leaks, it is in it. */
const CANARY = 'qvexucanarymowaz'
/** Sent without a seal, to see that the search would find it. */
const PLANTED = 'wyzupplantedkovil'
const PASSWORD = 'jolqpasswordxuvi'
const EMAIL = 'ada@example.org'
const LOOK_AGAIN_MS = 100
/** A file that travels as an attachment; the word stands in it a thousand times. */
const ATTACHED = Buffer.from(Array.from({ length: 1_000 }, (_, at) => `Line ${at} says ${CANARY}.\n`).join(''))

describe('the search', () => {
  it.each([...formsOf(PLANTED).keys()])('finds %s', (name) => {
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 251))
    const form = formsOf(PLANTED).get(name) as Buffer
    expect(formsIn(Buffer.concat([noise, form, noise]), PLANTED)).toContain(name)
    expect(formsIn(noise, PLANTED)).toEqual([])
  })

  it.each([0, 1, 2])('finds base64 with %s bytes before', (before) => {
    const text = Buffer.from(`${'x'.repeat(before)}${PLANTED} and more`).toString('base64')
    expect(formsIn(Buffer.from(text), PLANTED).join()).toMatch(/base64/)
  })

  it.each([
    ['gzip', gzipSync],
    ['zlib', deflateSync],
    ['plain deflate', deflateRawSync],
  ])('looks into %s', (_, pack) => {
    const packed = pack(Buffer.from(`It is said: ${PLANTED}. `.repeat(5)))
    const bytes = Buffer.concat([Buffer.alloc(40, 7), packed, Buffer.alloc(40, 9)])
    expect(foundIn(bytes, [PLANTED, CANARY], true)).toEqual(
      new Map([
        [PLANTED, ['packed']],
        [CANARY, []],
      ]),
    )
  })
})

describe.skipIf(process.platform !== 'linux')('the relay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lva-blind-'))
  const devices = ['laptop', 'tablet'].map((name) => new CoreDevice(join(folder, name)))
  let line: RecordingProxy
  let relay: RelayProcess
  beforeAll(async () => {
    line = await openProxy(true)
    relay = await startRelayProcess(join(folder, 'relay'), { LOG_LEVEL: 'debug' })
    line.lead(relay.address)
    await Promise.all(devices.map((device) => device.start()))
  })
  afterAll(async () => {
    await Promise.all(devices.map((device) => device.stop()))
    await line.close()
    await relay.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  it('holds, logs and carries no word of what is typed on devices', async () => {
    const [laptop, tablet] = devices.map(({ client }) => client) as [Client, Client]
    const account = { relay: line.address, email: EMAIL, password: PASSWORD }
    await laptop.sync.createAccount(account)
    const { words, positions } = await laptop.sync.newPhrase()
    await laptop.sync.confirmPhrase({ words: positions.map((position) => words[position - 1] ?? '') })
    await typeEverywhere(laptop)
    await tablet.sync.signIn(account)
    await pair(laptop, tablet)
    // The other device has all of it: it did cross.
    while (!(await hasCrossed(tablet))) {
      await Promise.all([laptop.sync.now(), tablet.sync.now()])
      await systemClock.sleep(LOOK_AGAIN_MS)
    }
    await tablet.captures.add({ sessionId: null, source: 'text', text: `${CANARY} from the tablet` })
    await tablet.sync.now()
    const { items } = await tablet.documents.list({ limit: 10 })
    const attached = items.find(({ size }) => size === ATTACHED.length)
    expect(items).toHaveLength(2)
    const crossed = await tablet.documents.file({ id: attached?.id ?? '' })
    expect(Buffer.from(await crossed.arrayBuffer()).equals(ATTACHED)).toBe(true)
    await plant()
    // What the relay keeps of both files are as many sealed blobs, as long as these files are when they are sealed.
    const kept = [...filesIn(join(relay.folder, 'sealed'))]
    const lengths = new Map<string, number>()
    for (const [path, { length }] of kept) {
      // Account, name of the blob, and which piece of it.
      const [, name = ''] = basename(path).split('.')
      lengths.set(name, (lengths.get(name) ?? 0) + length)
    }
    expect([...lengths.values()].sort()).toEqual(items.map(({ size }) => sealedBytes(size)).sort())
    // Sent by one device and fetched by the other.
    const traffic = line.recorded()
    for (const [path, bytes] of kept) expect([path, timesIn(traffic, bytes) >= 2]).toEqual([path, true])

    const typed = [CANARY, words.join(' ')]
    const planted: string[] = []
    const look = (place: string, bytes: Buffer, isPlainDeflateTried: boolean) => {
      // What opens the account is on its way to the relay, and nowhere else.
      const secrets = place === 'traffic' ? typed : [...typed, PASSWORD]
      const found = foundIn(bytes, [...secrets, PLANTED], isPlainDeflateTried)
      for (const word of secrets) expect([place, word, found.get(word)]).toEqual([place, word, []])
      if (found.get(PLANTED)?.length) planted.push(place)
    }
    look('traffic', traffic, true)
    look('log', Buffer.from(relay.logged()), true)
    for (const [path, bytes] of filesIn(relay.folder)) look(path, bytes, false)
    expect(planted).toContain('traffic')
    expect(planted.filter((place) => place.startsWith(relay.folder)).length).toBeGreaterThan(0)
    expect(relay.logged()).toContain('the relay listens')

    const inMemory = new Set<string>()
    for (const piece of memoryOf(relay.process.pid as number)) {
      for (const word of [...typed, PLANTED]) if (formsIn(piece, word).length > 0) inMemory.add(word)
    }
    expect([...inMemory]).toEqual([PLANTED])
  }, 600_000)

  /** A frame that is not sealed; the relay cannot tell. */
  async function plant(): Promise<void> {
    const onLine = { ...relay, address: line.address }
    const socket = await connect(onLine, await signIn(relay, await newAccount(relay)))
    const sealed = Buffer.concat([
      Buffer.from([1, 1, 0, 0, 0, 1]),
      Buffer.alloc(60, 5),
      Buffer.from(PLANTED),
      Buffer.alloc(120, 5),
    ])
    socket.send({ type: 'append', room: roomOf('note:a'), sequence: 1, sealed: Uint8Array.from(sealed) })
    await socket.next('taken')
    socket.close()
  }
})

/** The canary in everything that a learner can type into. */
async function typeEverywhere(client: Client): Promise<void> {
  const capture = await client.captures.add({ sessionId: null, source: 'text', text: `${CANARY} said in Talk` })
  await client.captures.edit({ id: capture.id, userText: `${CANARY} said better` })
  await client.sessions.rename({ id: capture.sessionId, title: `Session ${CANARY}` })
  const note = await client.notes.create({ title: `Note ${CANARY}`, body: `A body with ${CANARY} in it.` })
  await client.notes.edit({ id: note.id, body: `A longer body with ${CANARY}. `.repeat(100) })
  await client.memories.add({ text: `The learner likes ${CANARY}`, kind: 'preference' })
  await client.settings.set({ compatibleModel: CANARY, voice: `voice ${CANARY}` })
  const collection = await client.collections.create({ name: `Collection ${CANARY}` })
  const { document } = await client.documents.addText({ title: `${CANARY}.txt`, text: `File with ${CANARY} inside.` })
  await client.documents.setTags({ ids: [document.id], add: [CANARY] })
  await client.documents.setCollections({ ids: [document.id], add: [collection.id] })
  await client.documents.add({ name: `Attached ${CANARY}.txt`, file: new Blob([ATTACHED]) })
  const { device } = await client.sync.status()
  if (device === null) throw new Error('the device belongs to no vault')
  await client.sync.rename({ id: device, name: `Device ${CANARY}` })
}

async function hasCrossed(client: Client): Promise<boolean> {
  const [captures, notes, memories, settings, sessions, { devices }, documents] = await Promise.all([
    client.captures.list({ limit: 10 }),
    client.notes.list({ limit: 10 }),
    client.memories.list({ limit: 10 }),
    client.settings.get(),
    client.sessions.list({ limit: 10 }),
    client.sync.devices(),
    client.documents.list({ limit: 10 }),
  ])
  const files = await Promise.all(documents.items.map(({ sha256 }) => client.attachments.get({ sha256 })))
  if (files.length < 2 || files.some(({ state }) => state !== 'here')) return false
  return [captures.items, notes.items, memories.items, settings, sessions.items, devices, documents.items].every(
    (held) => JSON.stringify(held).includes(CANARY),
  )
}

/** How often the first kilobyte of these bytes stands in others: a body of HTTP may come in chunks. */
function timesIn(bytes: Buffer, sought: Buffer): number {
  const needle = sought.subarray(0, 1_024)
  let times = 0
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) times += 1
  return times
}

async function pair(host: Client, joining: Client): Promise<void> {
  let admitting = Promise.resolve()
  const admit = async (code: string) => {
    for await (const event of await host.sync.admit({ code }))
      if (event.state === 'compare') await host.sync.answer({ id: event.id, equal: true })
  }
  for await (const event of await joining.sync.joinByCode()) if (event.state === 'code') admitting = admit(event.code)
  await admitting
}
