import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { newAccount, type TestRelay, testRelay } from '../../../test/relay-devices.ts'
import { memberOf, syncDevice, type TestSyncDevice } from '../../../test/sync-device-world.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import { seededRandom, silentLog, systemClock, systemRandom } from '../../kernel/index.ts'
import { type BlobStore, memoryBlobs, type Store } from '../../store/index.ts'
import { PIECE_BYTES } from '../blobs/sealed-blob.ts'
import { fromHex } from '../bytes.ts'
import { type SyncEngine, startSync } from '../engine/engine.ts'
import { openWebSocket } from '../engine/web-socket.ts'
import { AttachmentTable, type KeptSince } from './attachment-table.ts'
import { Attachments, type AttachmentTuning } from './attachments.ts'
import { type AttachmentPolicies, type FetchEvent, USUAL_POLICIES } from './kinds.ts'
import { attachmentDocument, readSaid } from './said.ts'

/** Devices with vaults, engines and files of their own, and a relay that listens: all of it real. */

const TUNING: AttachmentTuning = { quietMs: 5, retryMs: 50, quotaMs: 200, askAgainMs: 100, forgetMs: 0 }
const NONE: KeptSince = { recordings: null, pictures: null }
const ALL_ON_DEMAND: AttachmentPolicies = {
  recordings: 'on-demand',
  pictures: 'on-demand',
  documents: 'on-demand',
  frames: 'on-demand',
}

interface Device {
  sync: TestSyncDevice
  blobs: BlobStore
  policies: AttachmentPolicies
  keptSince: KeptSince
  arrived: string[]
  attachments: Attachments
  engine: SyncEngine
  isHeld: boolean
  follow(): void
  /** What the line does to a request of this device. */
  meddle: (url: string, init: RequestInit | undefined, send: () => Promise<Response>) => Promise<Response>
  /** Ends sending and fetching, and begins it anew over what is kept. */
  restart(): Promise<void>
}

let store: Store
let relay: TestRelay
let laptop: Device
let phone: Device
let phrase: string
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  store = await openTestStore()
  relay = await testRelay({ BLOB_MB: '8' })
  const email = await newAccount(relay)
  laptop = await device('Laptop', email, async ({ devices }) => {
    const { words, positions } = devices.phrase.begin()
    await devices.phrase.confirm(positions.map((position) => words[position - 1] ?? ''))
    phrase = words.join(' ')
  })
  await until(() => laptop.engine.state.synced)
  phone = await device('Phone', email, ({ devices }) => devices.joinByPhrase(phrase))
  await until(() => phone.engine.state.synced && laptop.engine.state.synced)
})
afterAll(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
  await relay.stop()
  await store.close()
})
beforeEach(() => {
  for (const one of [laptop, phone]) {
    one.policies = { ...USUAL_POLICIES }
    one.keptSince = NONE
    one.meddle = (_url, _init, send) => send()
    hold(one, false)
  }
})

/** The network costs, or does not. */
function hold(one: Device, isHeld: boolean): void {
  one.isHeld = isHeld
  one.follow()
}

async function device(name: string, email: string, join: (made: TestSyncDevice) => Promise<void>): Promise<Device> {
  const blobs = memoryBlobs()
  const line: typeof fetch = (input, init) => made.meddle(String(input), init, () => fetch(input, init))
  const sync = await syncDevice(name, store, relay, { fetch: line, clock: systemClock })
  const made = {
    ...{ sync, blobs, policies: { ...USUAL_POLICIES }, keptSince: NONE, arrived: [] as string[], isHeld: false },
    meddle: (_url: string, _init: RequestInit | undefined, send: () => Promise<Response>) => send(),
  } as Device
  opened.push(sync)
  await sync.signIn(email)
  await join(sync)
  const { vault } = sync
  const open = async () => {
    const member = memberOf(sync)
    const parts = { db: store.database, vault, clock: systemClock, log: silentLog }
    const { roster, session } = member
    made.engine = await startSync({
      ...parts,
      roster,
      session,
      openSocket: openWebSocket,
      random: systemRandom,
    })
    made.attachments = new Attachments({
      ...{ ...parts, member, blobs, tuning: TUNING },
      policies: () => made.policies,
      keptSince: async () => made.keptSince,
      isCaughtUp: () => made.engine.state.phase === 'live',
      onArrived: (sha256) => made.arrived.push(sha256),
    })
    const { engine, attachments } = made
    made.follow = () => attachments.setMoving(!made.isHeld && ['live', 'catching-up'].includes(engine.state.phase))
    engine.onState(made.follow)
    attachments.start()
    made.follow()
  }
  made.restart = async () => {
    await made.attachments.close()
    await made.engine.close()
    await open()
  }
  await open()
  opened.push({
    close: async () => {
      await made.attachments.close()
      await made.engine.close()
    },
  })
  return made
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + 100_000
  while (!(await holds())) {
    if (systemClock.monotonic() > end) throw new Error(`it did not come true: ${holds}`)
    await systemClock.sleep(5)
  }
}

let made = 0
function someBytes(length: number): Uint8Array {
  made += 1
  return seededRandom(made).bytes(length)
}

/** Something that was said with a recording. */
async function record({ sync: { vault }, blobs }: Device, bytes: Uint8Array): Promise<{ id: string; sha256: string }> {
  const audioSha256 = await blobs.put(bytes)
  const { id } = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'said', audioSha256 })
  return { id, sha256: audioSha256 }
}

async function isGone({ sync: { vault } }: Device, id: string): Promise<boolean> {
  return vault.captures.get(id).then(
    () => false,
    () => true,
  )
}

async function draw({ sync: { vault }, blobs }: Device, bytes: Uint8Array): Promise<{ id: string; sha256: string }> {
  const sha256 = await blobs.put(bytes)
  const pictures = [{ sha256, mediaType: 'image/png' as const, width: 1, height: 1 }]
  const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'look', pictures })
  return { id, sha256 }
}

const rowOf = ({ sync }: Device, sha256: string) => new AttachmentTable(store.database, sync.vault.id).row(sha256)
const isTold = async (device: Device, sha256: string) => (await rowOf(device, sha256))?.atRelay === true
const kindOf = async ({ attachments }: Device, kind: string) =>
  (await attachments.state()).kinds.find((one) => one.kind === kind)
const nameOf = (sha256: string) => memberOf(laptop.sync).roster.keys().blobName(1, fromHex(sha256))

/** Pieces at the relay. */
function piecesOf(sha256: string): number {
  const folder = join(relay.folder, 'sealed')
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.includes(nameOf(sha256))).length : 0
}

async function fetched({ attachments }: Device, sha256: string, signal?: AbortSignal): Promise<FetchEvent[]> {
  const events: FetchEvent[] = []
  for await (const event of attachments.fetch(sha256, signal)) events.push(event)
  return events
}

describe('attachments', () => {
  it('that always travel are on the other device by themselves, byte for byte', async () => {
    const bytes = someBytes(PIECE_BYTES + 7)
    const { sha256 } = await draw(laptop, bytes)
    await until(() => phone.blobs.has(sha256))
    expect(await phone.blobs.get(sha256)).toEqual(bytes)
    await until(() => phone.arrived.includes(sha256))
    expect(await kindOf(phone, 'pictures')).toMatchObject({
      here: { items: 1, bytes: bytes.length },
      toFetch: { items: 0 },
    })
    expect((await laptop.attachments.state()).sentBytes).toBeGreaterThan(bytes.length)
    expect((await phone.attachments.state()).receivedBytes).toBeGreaterThan(bytes.length)
  })

  it('on demand say their size, and come when they are opened', async () => {
    const bytes = someBytes(2 * PIECE_BYTES)
    const { sha256 } = await record(laptop, bytes)
    await until(() => isTold(phone, sha256).then(async (is) => is && ((await rowOf(phone, sha256))?.isNamed ?? false)))
    expect(await phone.attachments.standing(sha256)).toEqual({ state: 'at-relay', bytes: bytes.length })
    expect(await kindOf(phone, 'recordings')).toMatchObject({ elsewhere: { items: 1, bytes: bytes.length } })
    expect(await phone.blobs.has(sha256)).toBe(false)
    const events = await fetched(phone, sha256)
    expect(events.at(-1)).toEqual({ state: 'here' })
    expect(events.filter(({ state }) => state === 'coming').length).toBeGreaterThan(1)
    expect(await phone.blobs.get(sha256)).toEqual(bytes)
    expect(await phone.attachments.standing(sha256)).toEqual({ state: 'here', bytes: bytes.length })
  })

  it('that never travel stay, and the learner is told on which device', async () => {
    laptop.policies = { ...USUAL_POLICIES, recordings: 'never' }
    const { sha256 } = await record(laptop, someBytes(100))
    await until(async () => (await rowOf(phone, sha256))?.isNamed === true)
    expect(await phone.attachments.standing(sha256)).toEqual({ state: 'expected', bytes: null })
    await expect(fetched(phone, sha256)).rejects.toMatchObject({
      code: 'attachment-kept',
      params: { devices: 'Laptop' },
    })
    expect(await kindOf(laptop, 'recordings')).toMatchObject({ toSend: { items: 0 } })
    expect(piecesOf(sha256)).toBe(0)
  })

  it('that no device has are said to be missing', async () => {
    const { sha256 } = await record(laptop, someBytes(100))
    await laptop.blobs.delete(sha256)
    await until(async () => (await rowOf(phone, sha256))?.isNamed === true)
    const missing = fetched(phone, sha256)
    await expect(missing).rejects.toMatchObject({ code: 'attachment-missing' })
  })

  it('that the relay has lost are sent again when they are asked for', async () => {
    const bytes = someBytes(5_000)
    const { sha256 } = await record(laptop, bytes)
    await until(async () => (await isTold(phone, sha256)) && (await rowOf(phone, sha256))?.isNamed === true)
    const { http, session, roster } = memberOf(phone.sync)
    await session.authorized((token) => http.send(`/v1/blobs/${nameOf(sha256)}`, { method: 'DELETE', token }))
    const events = await fetched(phone, sha256)
    expect(events[0]).toMatchObject({ state: 'asked', devices: [{ name: 'Laptop' }] })
    expect(await phone.blobs.get(sha256)).toEqual(bytes)
    const document = attachmentDocument(roster.keys(), sha256)
    await until(async () => {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, await laptop.sync.vault.documents.updateSince(document))
      const said = readSaid(doc, roster.keys())
      return said.sent.has(sha256) && !said.asked.has(sha256)
    })
  })

  it('that are spoilt at the relay are refused, and sent anew', async () => {
    const bytes = someBytes(5_000)
    phone.meddle = async (url, _init, send) => {
      const answer = await send()
      if (answer.status !== 206 || !url.includes('/v1/blobs/')) return answer
      const body = new Uint8Array(await answer.arrayBuffer())
      if (body.length > 100) body[50] = (body[50] ?? 0) ^ 1
      return new Response(body, { status: 206, headers: { 'content-length': String(body.length) } })
    }
    const { sha256 } = await record(laptop, bytes)
    await until(async () => (await isTold(phone, sha256)) && (await rowOf(phone, sha256))?.isNamed === true)
    await expect(fetched(phone, sha256)).rejects.toMatchObject({ code: 'sync-not-opened' })
    expect(await phone.blobs.has(sha256)).toBe(false)
    phone.meddle = (_url, _init, send) => send()
    await fetched(phone, sha256)
    expect(await phone.blobs.get(sha256)).toEqual(bytes)
  })

  it('go on where they were when the program was ended in the middle', async () => {
    const bytes = someBytes(4 * PIECE_BYTES)
    let puts = 0
    let sent = 0
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    laptop.meddle = async (_url, init, send) => {
      if (init?.method !== 'PUT') return send()
      puts += 1
      if (puts > 3) {
        resolve()
        return new Promise<Response>((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        })
      }
      return send()
    }
    const { sha256 } = await draw(laptop, bytes)
    await reached
    await laptop.attachments.close()
    laptop.meddle = (_url, init, send) => {
      if (init?.body instanceof Uint8Array) sent += init.body.length
      return send()
    }
    await laptop.restart()
    await until(() => phone.blobs.has(sha256))
    expect(sent).toBeLessThan(2.5 * PIECE_BYTES)
    expect(await phone.blobs.get(sha256)).toEqual(bytes)
  })

  it('wait where the relay takes no more, say so, and lose nothing', async () => {
    laptop.policies = phone.policies = ALL_ON_DEMAND
    const { blobs } = laptop
    const read = vi.spyOn(blobs, 'read')
    let tries = 0
    laptop.meddle = (_url, init, send) => {
      if (init?.method === 'PUT') tries += 1
      return send()
    }
    const large = await draw(laptop, someBytes(9 * PIECE_BYTES))
    await until(async () => (await laptop.attachments.state()).problem?.code === 'over-quota')
    // Asked again and again, without reading nine megabytes each time.
    await until(() => tries >= 3)
    expect(read.mock.calls.filter(([sha256]) => sha256 === large.sha256)).toEqual([])
    read.mockRestore()
    const small = await record(laptop, someBytes(1_000))
    await until(() => isTold(phone, small.sha256))
    expect(await isTold(laptop, large.sha256)).toBe(false)
    expect(await kindOf(laptop, 'pictures')).toMatchObject({ toSend: { items: 1, bytes: 9 * PIECE_BYTES } })
    expect(await laptop.blobs.has(large.sha256)).toBe(true)
    await laptop.sync.vault.captures.delete([large.id])
    await until(async () => (await laptop.attachments.state()).problem === null)
  })

  it('that nothing names any more go from the relay and from the device that fetched them', async () => {
    const { id, sha256 } = await draw(laptop, someBytes(3_000))
    await until(() => phone.blobs.has(sha256))
    await laptop.sync.vault.captures.delete([id])
    await until(() => piecesOf(sha256) === 0)
    await until(async () => !(await rowOf(phone, sha256))?.isNamed)
    await phone.attachments.settled(new AbortController().signal)
    // As long as it can be restored both devices keep it; then it is sent again.
    expect(await phone.blobs.has(sha256)).toBe(true)
    await laptop.sync.vault.undo()
    await until(() => isTold(phone, sha256))
    const forgotten = await draw(laptop, someBytes(3_000))
    await until(() => phone.blobs.has(forgotten.sha256))
    hold(phone, true)
    await laptop.sync.vault.captures.delete([forgotten.id])
    await laptop.sync.vault.forgetting.forget((thing) => thing.id === forgotten.id, 'proposals')
    await until(() =>
      phone.sync.vault.captures.get(forgotten.id).then(
        () => false,
        () => true,
      ),
    )
    await until(async () => !(await phone.sync.vault.forgetting.deleted()).some((thing) => thing.id === forgotten.id))
    hold(phone, false)
    await until(async () => !(await phone.blobs.has(forgotten.sha256)))
    await until(() => piecesOf(forgotten.sha256) === 0)
  })

  it('of which the transcript stands for the sound go from the relay and the other device, and the transcript comes', async () => {
    const sha256 = await laptop.blobs.put(someBytes(3_000))
    const { library } = laptop.sync.vault
    const origin = { kind: 'file' as const, name: 'lecture.wav', address: null }
    const [added] = await library.add([{ sha256, format: 'audio', size: 3_000, title: 'Lecture', origin }])
    const id = added?.id ?? ''
    await until(() => phone.blobs.has(sha256))
    const words = someBytes(50)
    const transcript = { sha256: await laptop.blobs.put(words), format: 'vtt', size: words.length }
    await library.letSoundsGo([{ id, sha256, days: 30, transcript }])
    await until(() => phone.blobs.has(transcript.sha256))
    await until(async () => !(await phone.blobs.has(sha256)))
    await until(() => piecesOf(sha256) === 0)
    expect((await phone.sync.vault.library.get(id)).sound).toMatchObject({ sha256, size: 3_000, days: 30 })
  })

  it('that nothing names any more go whatever comes of one of them, and what can be restored is asked for once', async () => {
    const all = [
      await draw(laptop, someBytes(100)),
      await draw(laptop, someBytes(100)),
      await draw(laptop, someBytes(100)),
    ]
    await until(() => all.every(({ sha256 }) => phone.arrived.includes(sha256)))
    hold(phone, true)
    const ids = new Set(all.map(({ id }) => id))
    await laptop.sync.vault.captures.delete([...ids])
    await laptop.sync.vault.forgetting.forget((thing) => ids.has(thing.id), 'proposals')
    await until(async () => !(await phone.sync.vault.forgetting.deleted()).some((thing) => ids.has(thing.id)))
    await until(async () => (await Promise.all([...ids].map((id) => isGone(phone, id)))).every(Boolean))
    const { forgetting } = phone.sync.vault
    const [remove, deleted] = [phone.blobs.delete, forgetting.deleted]
    let stuck: string | undefined
    let asked = 0
    phone.blobs.delete = async (sha256) => {
      stuck ??= sha256
      if (sha256 === stuck) throw new Error('the file is held by another program')
      return remove(sha256)
    }
    forgetting.deleted = () => {
      asked += 1
      return deleted()
    }
    hold(phone, false)
    const left = async () => {
      const has = await Promise.all(all.map(({ sha256 }) => phone.blobs.has(sha256)))
      return all.filter((_, at) => has[at]).map(({ sha256 }) => sha256)
    }
    await until(async () => stuck !== undefined && (await left()).length === 1)
    expect(await left()).toEqual([stuck])
    expect(asked).toBeLessThan(all.length)
    phone.blobs.delete = remove
    forgetting.deleted = deleted
    await until(async () => (await left()).length === 0)
  })

  it('of which the others cannot be told keep no other from being told', async () => {
    const { documents } = laptop.sync.vault
    const { change } = documents
    let stuck: string | undefined
    documents.change = (name, fn) => {
      if (name.startsWith('attachments:')) stuck ??= name
      return name === stuck ? Promise.reject(new Error('the document is damaged')) : change(name, fn)
    }
    hold(laptop, true)
    const all: { sha256: string }[] = []
    for (let count = 0; count < 8; count += 1) all.push(await draw(laptop, someBytes(100)))
    hold(laptop, false)
    const told = async () => (await Promise.all(all.map(({ sha256 }) => isTold(phone, sha256)))).filter(Boolean).length
    await until(async () => stuck !== undefined && (await told()) > 0)
    documents.change = change
    await until(async () => (await told()) === all.length)
  })

  it('that are named again while the relay deletes them stay on the device that fetched them', async () => {
    const { id, sha256 } = await draw(laptop, someBytes(3_000))
    await until(() => phone.arrived.includes(sha256))
    const { delete: remove } = phone.blobs
    const removed: string[] = []
    phone.blobs.delete = (one) => {
      removed.push(one)
      return remove(one)
    }
    let isBack = false
    phone.meddle = async (url, init, send) => {
      if (init?.method === 'DELETE' && url.includes(nameOf(sha256)) && !isBack) {
        await laptop.sync.vault.undo()
        await until(() => phone.sync.vault.captures.get(id).then(Boolean, () => false))
        isBack = true
      }
      return send()
    }
    await laptop.sync.vault.captures.delete([id])
    await until(async () => isBack && (await rowOf(phone, sha256))?.isNamed === true)
    expect(removed).toEqual([])
    phone.blobs.delete = remove
    await until(async () => piecesOf(sha256) === 2 && (await isTold(phone, sha256)))
  })

  it('that two captures name stay as long as one does, and travel once', async () => {
    const bytes = someBytes(3_000)
    const first = await draw(laptop, bytes)
    await draw(phone, bytes)
    await until(() => isTold(laptop, first.sha256))
    const has = async (id: string) => (await phone.sync.vault.captures.get(id).catch(() => undefined)) !== undefined
    await until(() => has(first.id))
    await laptop.sync.vault.captures.delete([first.id])
    await until(async () => !(await has(first.id)))
    await phone.attachments.settled(new AbortController().signal)
    expect(await isTold(phone, first.sha256)).toBe(true)
    // Its head, and one piece.
    expect(piecesOf(first.sha256)).toBe(2)
  })

  it('of which it could not be seen at first whether they are here are sent all the same', async () => {
    const { size } = laptop.blobs
    let failures = 1
    laptop.blobs.size = async (sha256) => {
      failures -= 1
      if (failures >= 0) throw new Error('the disk did not answer')
      return size(sha256)
    }
    const { sha256 } = await draw(laptop, someBytes(100))
    await until(() => phone.blobs.has(sha256))
    expect(failures).toBeLessThan(0)
    laptop.blobs.size = size
  })

  it('that are too old to be kept do not travel', async () => {
    laptop.keptSince = phone.keptSince = { recordings: new Date('2100-01-01'), pictures: null }
    const { sha256 } = await record(laptop, someBytes(100))
    const later = await draw(laptop, someBytes(100))
    await until(() => phone.blobs.has(later.sha256))
    expect((await rowOf(laptop, sha256))?.isNamed ?? false).toBe(false)
  })

  it('on which a kept card rests stay, however old they are', async () => {
    phone.policies = { ...USUAL_POLICIES, recordings: 'always' }
    phone.attachments.choicesChanged()
    const cited = await record(laptop, someBytes(100))
    const other = await record(laptop, someBytes(100))
    const { vault } = laptop.sync
    const card = await vault.cards.add({
      front: 'What was said?',
      back: 'This.',
      source: {
        captureId: cited.id,
        kind: 'capture',
        field: 'userText',
        start: 0,
        end: 1,
        text: 's',
        when: '2026-11-27T00:00:00.000Z',
      },
    })
    await vault.cards.keep([card.id])
    await until(async () => (await phone.blobs.has(cited.sha256)) && (await phone.blobs.has(other.sha256)))
    const keptThere = () => phone.sync.vault.cards.list({ state: 'kept' }, { limit: 10 })
    await until(async () => (await keptThere()).items.some(({ id }) => id === card.id))
    for (const one of [laptop, phone]) {
      one.keptSince = { recordings: new Date('2100-01-01'), pictures: null }
      one.attachments.choicesChanged()
    }
    await until(async () => !(await phone.blobs.has(other.sha256)) && piecesOf(other.sha256) === 0)
    expect(await rowOf(phone, cited.sha256)).toMatchObject({ isNamed: true, isHere: true, atRelay: true })
    expect(await phone.blobs.has(cited.sha256)).toBe(true)
    expect(piecesOf(cited.sha256)).toBe(2)
  })

  it('come by themselves also while the learner fetches another one that does not get on', async () => {
    const { sha256 } = await record(laptop, someBytes(100))
    await until(async () => (await isTold(phone, sha256)) && (await rowOf(phone, sha256))?.isNamed === true)
    const { promise: isStuck, resolve: stuck } = Promise.withResolvers<void>()
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>()
    phone.meddle = async (url, init, send) => {
      if (init?.method === 'GET' && url.includes(nameOf(sha256))) {
        stuck()
        await goesOn
      }
      return send()
    }
    const fetching = fetched(phone, sha256)
    await isStuck
    const picture = await draw(laptop, someBytes(100))
    await until(() => phone.blobs.has(picture.sha256))
    expect(await phone.blobs.has(sha256)).toBe(false)
    goOn()
    await fetching
    expect(await phone.blobs.has(sha256)).toBe(true)
  })

  it('that are spoilt again and again are not fetched and sent for ever, and come when they are tried anew', async () => {
    let spoilt = 0
    phone.meddle = async (url, _init, send) => {
      const answer = await send()
      if (answer.status !== 206 || !url.includes('/v1/blobs/')) return answer
      spoilt += 1
      const body = new Uint8Array(await answer.arrayBuffer()).fill(1)
      return new Response(body, { status: 206, headers: { 'content-length': String(body.length) } })
    }
    const { sha256 } = await draw(laptop, someBytes(100))
    const table = new AttachmentTable(store.database, phone.sync.vault.id)
    const isLongFrom = (at: number | undefined) => at !== undefined && at > systemClock.now() + 3_600_000
    await until(async () => spoilt > 1 && isLongFrom(await table.nextAt(new Date(), 0)))
    expect(spoilt).toBe(2)
    expect((await phone.attachments.state()).problem?.code).toBe('sync-not-opened')
    phone.meddle = (_url, _init, send) => send()
    await phone.attachments.retry()
    await until(() => phone.blobs.has(sha256))
  })

  it('move nothing while the network costs, and go on by themselves', async () => {
    hold(laptop, true)
    const { sha256 } = await draw(laptop, someBytes(100))
    await until(async () => (await kindOf(laptop, 'pictures'))?.toSend.items === 1)
    expect(piecesOf(sha256)).toBe(0)
    hold(laptop, false)
    await until(() => phone.blobs.has(sha256))
  })

  it('of which the learner wants no more are not fetched, and the others are not asked any longer', async () => {
    hold(laptop, true)
    const { sha256 } = await record(laptop, someBytes(100))
    await until(async () => (await rowOf(phone, sha256))?.isNamed === true)
    const stop = new AbortController()
    const events: FetchEvent[] = []
    const waiting = (async () => {
      for await (const event of phone.attachments.fetch(sha256, stop.signal)) {
        events.push(event)
        stop.abort(new Error('enough'))
      }
    })()
    await expect(waiting).rejects.toThrow('enough')
    expect(events).toMatchObject([{ state: 'asked' }])
    expect(await rowOf(phone, sha256)).toMatchObject({ isWanted: false })
    hold(laptop, false)
    await until(() => isTold(phone, sha256))
    expect(await phone.blobs.has(sha256)).toBe(false)
  })
})
