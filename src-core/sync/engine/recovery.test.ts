import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import {
  allSynced,
  changing,
  type SyncDevice,
  type SyncDeviceParts,
  secretOf,
  spoilt,
  stateOf,
} from '../../../test/sync-world.ts'
import { syncedVaults } from '../../../test/synced-vaults.ts'
import { contentsOf } from '../../../test/vault-world.ts'
import { LvaError } from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import { encodeRelayFrame } from '../frames.ts'
import { syncNow } from './sync-now.ts'
import { openWebSocket } from './web-socket.ts'

const world = syncedVaults()
const { vaultOf, expectEqual } = world

/** A relay that takes no message above so many bytes. */
const shortMessages = (messageBytes: number) =>
  changing((frame) => (frame.type === 'welcome' ? { ...frame, messageBytes } : frame))

describe('what is changed in one moment', () => {
  const sequenceOf = async ({ vault }: SyncDevice) => {
    const [row] = await world.db.query<{ sequence: number }>('select sequence from sync_state where vault_id = $1', [
      vault.id,
    ])
    return row?.sequence ?? 0
  }

  it('is sent as one, soon also where changes go on', async () => {
    const { add } = await vaultOf()
    const one = await add({ tuning: { gatherMs: 60_000, longestGatherMs: 500 } })
    await allSynced(one)
    const before = await sequenceOf(one)
    for (const theme of ['dark', 'light', 'dark'] as const) await one.vault.settings.set({ theme })
    await stateOf(one.engine, ({ synced }) => synced)
    expect(await sequenceOf(one)).toBe(before + 1)
  })

  it('is sent at once where the learner asks for it', async () => {
    const { add } = await vaultOf()
    const one = await add({ tuning: { gatherMs: 600_000, longestGatherMs: 600_000 } })
    await allSynced(one)
    await one.vault.settings.set({ theme: 'dark' })
    expect(one.engine.state.synced).toBe(false)
    await one.engine.check()
    await stateOf(one.engine, ({ synced }) => synced)
  })
})

describe('what could not be sent or taken', () => {
  it.each([
    ['a while', 500, () => undefined],
    ['a new connection', undefined, (two: SyncDevice) => two.restart()],
  ] as const)(
    'comes after %s, also where it is all that there is of a document: its room is read anew',
    async (_, quietMs, mended) => {
      const { add } = await vaultOf()
      const one = await add()
      await one.vault.settings.set({ theme: 'light' })
      await allSynced(one)
      let isSpoilt = false
      const two = await add({
        ...(quietMs && { tuning: { quietMs } }),
        openSocket: changing((frame) => (frame.type === 'frame' && isSpoilt ? spoilt(frame) : frame)),
      })
      await allSynced(one, two)
      isSpoilt = true
      await one.vault.notes.create({ title: 'Attention', body: 'one' })
      const told = await stateOf(two.engine, ({ problem }) => problem?.code === 'sync-not-opened')
      expect(told).toMatchObject({ synced: false, refused: 1 })
      isSpoilt = false
      await mended(two)
      await allSynced(one, two)
      expect((await two.vault.notes.list({ limit: 5 })).items.map(({ title }) => title)).toEqual(['Attention'])
      expect(two.engine.state.refused).toBe(0)
      await expectEqual(one, two)
    },
  )

  describe('is mended by a digest', () => {
    /** What one writes reaches two spoilt; two then says what it holds. */
    async function expectMended(ofOne: Partial<SyncDeviceParts>, before: () => void = () => undefined) {
      const { add } = await vaultOf()
      let isSpoilt = false
      const one = await add(ofOne)
      const two = await add({
        tuning: { quietMs: 100 },
        openSocket: changing((frame) => (frame.type === 'frame' && isSpoilt ? spoilt(frame) : frame)),
      })
      await one.vault.settings.set({ theme: 'light' })
      await allSynced(one, two)
      isSpoilt = true
      before()
      await one.vault.settings.set({ theme: 'dark' })
      await stateOf(two.engine, ({ refused }) => refused === 1)
      isSpoilt = false
      await expect.poll(async () => (await two.vault.settings.get()).theme, { timeout: 10_000 }).toBe('dark')
    }

    it('also where the disk fails in the moment in which that is compared', async () => {
      let failures = 0
      const { db } = world
      // It cannot be written down that there is something to mend.
      const failing: Database = {
        ...{ kind: db.kind, features: db.features, query: db.query.bind(db), exec: db.exec.bind(db) },
        ...{ scrub: db.scrub.bind(db), close: db.close.bind(db) },
        transaction: (task) =>
          db.transaction((tx) =>
            task({
              exec: tx.exec.bind(tx),
              query: (text, ...rest) => {
                if (!text.includes('mended_with') || failures > 0) return tx.query(text, ...rest)
                failures += 1
                throw new LvaError('disk-full', 'The disk is full.')
              },
            }),
          ),
      }
      await expectMended({ db: failing })
      expect(failures).toBe(1)
    })

    it('also where it came back from the relay before its acknowledgement, which is lost', async () => {
      let isLost = false
      await expectMended(
        { openSocket: changing((frame) => (frame.type === 'taken' && isLost ? undefined : frame)) },
        () => {
          isLost = true
        },
      )
    })
  })

  it('is in no snapshot of the device that refused it: the relay keeps it for those that come later', async () => {
    const { add } = await vaultOf()
    let isSpoilt = false
    const one = await add()
    const two = await add({
      tuning: { snapshotFrames: 4 },
      openSocket: changing((frame) => (frame.type === 'frame' && isSpoilt ? spoilt(frame) : frame)),
    })
    await one.vault.settings.set({ theme: 'light' })
    await allSynced(one, two)
    isSpoilt = true
    await one.vault.settings.set({ theme: 'dark' })
    await stateOf(two.engine, ({ refused }) => refused === 1)
    isSpoilt = false
    for (let at = 0; at < 8; at += 1) {
      await two.vault.settings.set({ voice: `voice ${at}` })
      await allSynced(one, two)
    }
    const three = await add()
    await allSynced(one, two, three)
    expect((await three.vault.settings.get()).theme).toBe('dark')
  })

  it('counts as kept on no other device where its digest cannot be compared, since more waits here', async () => {
    const { add } = await vaultOf()
    const one = await add({ tuning: { gatherMs: 600_000, longestGatherMs: 600_000 } })
    let isSpoilt = false
    const two = await add({
      tuning: { quietMs: 1_000 },
      openSocket: changing((frame) => (frame.type === 'frame' && isSpoilt ? spoilt(frame) : frame)),
    })
    const capture = (userText: string) => one.vault.captures.add({ sessionId: 's', source: 'text', userText })
    await allSynced(one, two)
    await capture('first')
    await one.engine.check()
    await allSynced(one, two)
    isSpoilt = true
    const missed = await capture('missed')
    await one.engine.check()
    await stateOf(two.engine, ({ refused }) => refused === 1)
    isSpoilt = false
    await capture('waits')
    const journal = (await one.vault.documents.documentOf('capture', missed.id)) ?? ''
    const digests = async () => {
      const rows = await world.db.query('select 1 from sync_taken where vault_id = $1 and device = $2', [
        one.vault.id,
        two.id,
      ])
      return rows.length
    }
    await expect.poll(digests, { timeout: 10_000 }).toBe(1)
    expect(await one.engine.documentState(journal, missed.id)).toEqual({ state: 'sent', devices: 1 })
  })

  it('is not deleted at the relay for a snapshot of a device that is known to hold something else', async () => {
    const { add } = await vaultOf()
    const one = await add({ tuning: { snapshotFrames: 4 } })
    const two = await add({ tuning: { quietMs: 100 } })
    const rowOfOne = async (statement: string): Promise<unknown> => {
      const [row = {}] = await world.db.query(statement, [one.vault.id])
      return Object.values(row)[0]
    }
    await one.vault.settings.set({ theme: 'light' })
    await allSynced(one, two)
    // Two has something that it believes to be at the relay.
    const lost = new Y.Doc()
    lost.getMap('settings').set('voice', 'lost')
    await two.vault.documents.apply('settings', Y.encodeStateAsUpdate(lost))
    await one.vault.settings.set({ theme: 'dark' })
    const agrees = () => rowOfOne('select agrees from sync_taken where vault_id = $1 and agrees is not null')
    await expect.poll(agrees, { timeout: 10_000 }).toBe(false)
    for (let at = 0; at < 8; at += 1) {
      await one.vault.settings.set({ talkMode: at % 2 === 0 ? 'socratic' : 'answer' })
      await allSynced(one, two)
    }
    expect(await rowOfOne('select max(covered) from sync_rooms where vault_id = $1')).toBe(0)
  })

  it('is taken once its device is known, also where something newer of it came first', async () => {
    const { add, members } = await vaultOf()
    const one = await add({ tuning: { strangerMs: 500 } })
    const stranger = await add({ isStranger: true })
    // Told for half a second only: it may be over once the stranger is synced.
    const told = stateOf(one.engine, ({ problem }) => problem?.code === 'sync-not-opened')
    await stranger.vault.settings.set({ theme: 'dark' })
    await stateOf(stranger.engine, ({ synced }) => synced)
    await told
    await stateOf(one.engine, ({ synced }) => synced)
    // Known, and nobody has been told yet.
    members.devices.set(stranger.id, { signingKey: ed25519.getPublicKey(secretOf(stranger.id)) })
    await stranger.vault.settings.set({ talkMode: 'socratic' })
    await allSynced(one, stranger)
    members.changed()
    await allSynced(one, stranger)
    expect((await one.vault.settings.get()).theme).toBe('dark')
    expect(await contentsOf(one.vault)).toEqual(await contentsOf(stranger.vault))
  })

  it('is sent with the next connection once it has become short enough', async () => {
    const { add } = await vaultOf()
    const one = await add({ openSocket: shortMessages(1_500) })
    const long = Array.from({ length: 1_800 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)))
    const note = await one.vault.notes.create({ title: 'Notes', body: long.join('') })
    await stateOf(one.engine, (state) => state.problem?.code === 'sync-too-long')
    await one.vault.notes.edit(note.id, { body: 'short' })
    await one.restart()
    await allSynced(one)
    expect(one.engine.state.problem).toBeNull()
  })
})

describe('syncing now', () => {
  const never = new AbortController().signal

  it('asks the relay also where all seems to be synced', async () => {
    const { add } = await vaultOf()
    const one = await add()
    await allSynced(one)
    const before = one.engine.state.sentBytes
    expect(await syncNow(one.engine, never)).toMatchObject({ phase: 'live', synced: true, problem: null })
    expect(one.engine.state.sentBytes).toBeGreaterThan(before)
  })

  it('answers at once while it is paused', async () => {
    const { add } = await vaultOf()
    const one = await add()
    await allSynced(one)
    one.engine.pause()
    expect(await syncNow(one.engine, never)).toMatchObject({ phase: 'paused', synced: false })
  })

  it('tells what stands in the way now, not what did before', async () => {
    const { add } = await vaultOf()
    let speaksRelay = false
    const one = await add({
      tuning: { longestRetryMs: 1_000_000 },
      openSocket: (address, events) => {
        if (speaksRelay) return openWebSocket(address, events)
        const frame = { type: 'refused', refused: 'hello', code: 'malformed', waitMs: 0, sequence: 0 } as const
        queueMicrotask(() => events.message(encodeRelayFrame(frame)))
        return { send: () => {}, close: () => {}, pause: () => {}, resume: () => {} }
      },
    })
    await stateOf(one.engine, ({ problem }) => problem?.code === 'relay-not-understood')
    speaksRelay = true
    expect(await syncNow(one.engine, never)).toMatchObject({ phase: 'live', synced: true, problem: null })
  })
})
