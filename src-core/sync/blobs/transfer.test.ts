import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAccount, type TestRelay, testRelay } from '../../../test/relay-devices.ts'
import { memberOf, syncDevice, type TestSyncDevice } from '../../../test/sync-device-world.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import { type Clock, seededRandom, systemClock } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { memoryBlobs, type Store } from '../../store/index.ts'
import { PIECE_BYTES, sealedBytes } from './sealed-blob.ts'
import { downloadBlob, type TransferParts, uploadBlob } from './transfer.ts'

const LARGE = seededRandom(8).bytes(2 * PIECE_BYTES + 5)
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** Pauses between tries are not waited for. */
const hasty: Clock = { ...systemClock, sleep: async (ms, signal) => systemClock.sleep(ms > 10_000 ? ms : 0, signal) }

let store: Store
let relay: TestRelay
let laptop: TestSyncDevice
/** What the line does to an answer. */
let meddle: (answer: Response, url: string, init?: RequestInit) => Promise<Response>

beforeAll(async () => {
  store = await openTestStore()
  relay = await testRelay()
  meddle = async (answer) => answer
  const line: typeof fetch = async (input, init) => meddle(await fetch(input, init), String(input), init)
  laptop = await syncDevice('Laptop', store, relay, { fetch: line, clock: hasty })
  await laptop.signIn(await newAccount(relay))
  const { words, positions } = laptop.devices.phrase.begin()
  await laptop.devices.phrase.confirm(positions.map((position) => words[position - 1] ?? ''))
})
afterAll(async () => {
  await laptop.close()
  await relay.stop()
  await store.close()
})

function parts(blobs: BlobStore = memoryBlobs()): TransferParts {
  const { http, session, roster } = memberOf(laptop)
  return { http, session, keys: roster.keys(), blobs, clock: hasty, signal: new AbortController().signal }
}

async function holding(bytes: Uint8Array): Promise<TransferParts> {
  const blobs = memoryBlobs()
  await blobs.put(bytes)
  return parts(blobs)
}

describe('a blob', () => {
  it('goes to the relay once, and comes to another device as it was', async () => {
    const from = await holding(LARGE)
    const far: number[] = []
    const total = sealedBytes(LARGE.length)
    expect(await uploadBlob(sha(LARGE), { ...from, onProgress: (done) => far.push(done) })).toEqual({
      sent: total,
      epoch: 1,
    })
    expect(far.at(-1)).toBe(total)
    expect(await uploadBlob(sha(LARGE), from)).toEqual({ sent: 0, epoch: 1 })
    const to = parts()
    await downloadBlob(sha(LARGE), to)
    expect(await to.blobs.get(sha(LARGE))).toEqual(LARGE)
  })

  it('may be empty', async () => {
    const none = new Uint8Array()
    await uploadBlob(sha(none), await holding(none))
    const to = parts()
    await downloadBlob(sha(none), to)
    expect(await to.blobs.size(sha(none))).toBe(0)
  })

  it('goes on where its upload was cut, also by another device', async () => {
    const bytes = seededRandom(9).bytes(2 * PIECE_BYTES)
    const cut = new AbortController()
    const from = await holding(bytes)
    const upload = uploadBlob(sha(bytes), { ...from, signal: cut.signal, onProgress: () => cut.abort() })
    await expect(upload).rejects.toThrow()
    await expect(downloadBlob(sha(bytes), parts())).rejects.toMatchObject({ code: 'not-found' })
    const rest = await uploadBlob(sha(bytes), await holding(bytes))
    expect(rest.sent).toBeLessThan(sealedBytes(bytes.length))
    const to = parts()
    await downloadBlob(sha(bytes), to)
    expect(await to.blobs.has(sha(bytes))).toBe(true)
  })

  it('comes whole over a line that is cut again and again', async () => {
    await uploadBlob(sha(LARGE), await holding(LARGE))
    let requests = 0
    meddle = async (answer, _url, init) => {
      if ((init?.method ?? 'GET') !== 'GET') return answer
      requests += 1
      if (requests % 2 === 1) throw new TypeError('the line was cut')
      return answer
    }
    const to = parts()
    await downloadBlob(sha(LARGE), to)
    meddle = async (answer) => answer
    expect(await to.blobs.has(sha(LARGE))).toBe(true)
  })

  it('of which the relay swaps, cuts or changes a piece leaves nothing behind', async () => {
    await uploadBlob(sha(LARGE), await holding(LARGE))
    const twisted: ((bytes: Uint8Array) => Uint8Array)[] = [
      (bytes) => Uint8Array.from(bytes, (byte, at) => (at === 70 ? byte ^ 1 : byte)),
      (bytes) => bytes.subarray(0, bytes.length - 1),
      (bytes) => new Uint8Array(bytes.length),
    ]
    for (const twist of twisted) {
      meddle = async (answer, _url, init) => {
        if ((init?.method ?? 'GET') !== 'GET' || answer.status !== 206) return answer
        const bytes = new Uint8Array(await answer.arrayBuffer())
        const body = bytes.length > 1_000 ? twist(bytes) : bytes
        return new Response(body as BodyInit, { status: 206, headers: { 'content-length': String(body.length) } })
      }
      const to = parts()
      await expect(downloadBlob(sha(LARGE), to)).rejects.toMatchObject({ code: 'sync-not-opened' })
      expect(await to.blobs.has(sha(LARGE))).toBe(false)
    }
    meddle = async (answer) => answer
  })

  it('that nobody sent is not there', async () => {
    await expect(downloadBlob(sha(new Uint8Array([7])), parts())).rejects.toMatchObject({ code: 'not-found' })
  })
})
