import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { type ManualClock, silentLog } from '../kernel/index.ts'
import { type BlobStore, type Database, memoryBlobs, type Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { Forgetting } from './forgetting.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let store: Store
let vault: OpenVault
let clock: ManualClock
let blobs: BlobStore
let scrubs: number
let failing: boolean
/** Rewriting the files goes on until it is told to stop. */
let endless: boolean

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  ;({ vault, clock } = await openTestVault(store.database))
  blobs = memoryBlobs()
  scrubs = 0
  failing = false
  endless = false
})

function open(): Forgetting {
  const db: Database = {
    kind: store.database.kind,
    features: store.database.features,
    query: (...args) => store.database.query(...args),
    exec: (...args) => store.database.exec(...args),
    transaction: (task) => store.database.transaction(task),
    close: async () => undefined,
    scrub: async (signal) => {
      if (failing) throw new Error('no room')
      scrubs += 1
      if (endless) await clock.sleep(HOUR, signal)
    },
  }
  return new Forgetting({ db, vault, blobs, settle: async () => undefined, clock, log: silentLog })
}

/** Other machines are slower. */
const soon = <T>(what: () => T) => expect.poll(what, { timeout: 60_000 })

const deleted = async (audioSha256: string | null = null) => {
  const { id } = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'CANARY', audioSha256 })
  await vault.captures.delete([id])
  return id
}

it('forgets a day after the deletion, with blobs that nothing else names, and rewrites the files five minutes later', async () => {
  const [own, shared] = [await blobs.put(new Uint8Array([1])), await blobs.put(new Uint8Array([2]))]
  await vault.captures.add({ sessionId: 't', source: 'voice', userText: 'stays', audioSha256: shared })
  const first = await deleted(own)
  await deleted(shared)
  const forgetting = open()
  forgetting.start()
  await soon(() => clock.sleeping).toBe(1)
  await clock.advance(23 * HOUR)
  await soon(() => clock.sleeping).toBe(1)
  expect(await forgetting.waiting()).toMatchObject({ captures: 2, hours: 24 })
  await clock.advance(2 * HOUR)
  await soon(async () => (await forgetting.waiting()).captures).toBe(0)
  await expect(vault.captures.restore([first])).rejects.toMatchObject({ code: 'not-found' })
  await soon(async () => [await blobs.has(own), await blobs.has(shared)]).toEqual([false, true])
  expect(scrubs).toBe(0)
  await soon(() => clock.sleeping).toBe(2)
  await clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(1)
  await forgetting.close()
})

it('keeps the recordings of what was deleted later, so that taking it back brings all of it', async () => {
  const [old, both, young] = await Promise.all([1, 2, 3].map((byte) => blobs.put(new Uint8Array([byte]))))
  await deleted(old)
  await deleted(both)
  await clock.advance(23 * HOUR)
  await deleted(both)
  const last = await deleted(young)
  await clock.advance(2 * HOUR)
  const forgetting = open()
  expect(await forgetting.forgetDue()).toMatchObject({ captures: 2 })
  const kept = () => Promise.all([old, both, young].map((sha256) => blobs.has(sha256 ?? '')))
  expect(await kept()).toEqual([false, true, true])
  await vault.captures.restore([last])
  await forgetting.forgetNow()
  expect(await kept()).toEqual([false, false, true])
  await forgetting.close()
})

it('rewrites the files after a restart where that was still owed, and after a failure', async () => {
  const forgetting = open()
  await deleted()
  failing = true
  await expect(forgetting.forgetNow()).rejects.toThrow('no room')
  expect(await forgetting.waiting()).toMatchObject({ captures: 0 })
  await forgetting.close()
  failing = false
  const again = open()
  again.start()
  await soon(() => clock.sleeping).toBe(2)
  await clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(1)
  await again.close()
  const third = open()
  third.start()
  await soon(() => clock.sleeping).toBe(1)
  await third.close()
})

it('stops rewriting when it is closed, and goes on after the next start', async () => {
  const forgetting = open()
  await deleted()
  endless = true
  const stopped = expect(forgetting.forgetNow()).rejects.toMatchObject({ code: 'cancelled' })
  await soon(() => scrubs).toBe(1)
  await forgetting.close()
  await stopped
  endless = false
  const again = open()
  again.start()
  await soon(() => clock.sleeping).toBe(2)
  clock.advance(5 * MINUTE)
  await soon(() => scrubs).toBe(2)
  await again.close()
})

it('tries again an hour after a failure, and rests where rewriting takes long', async () => {
  const forgetting = open()
  await deleted()
  failing = true
  await expect(forgetting.forgetNow()).rejects.toThrow('no room')
  failing = false
  endless = true
  await soon(() => clock.sleeping).toBe(1)
  clock.advance(HOUR)
  await soon(() => scrubs).toBe(1)
  await soon(() => clock.sleeping).toBe(1)
  clock.advance(HOUR)
  // In turn: it has ended then.
  await forgetting.forgetDue()
  endless = false
  await deleted()
  await vault.forgetting.forget(new Date(clock.now() + 1).toISOString(), 'proposals')
  clock.advance(5 * MINUTE)
  expect(clock.sleeping).toBe(1)
  clock.advance(20 * HOUR)
  await soon(() => scrubs).toBe(2)
  await forgetting.close()
})
