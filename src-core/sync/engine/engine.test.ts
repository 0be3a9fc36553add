import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { signIn } from '../../../test/relay-devices.ts'
import { allSynced, changing, type SyncDevice, spoilt, stateOf } from '../../../test/sync-world.ts'
import { syncedVaults } from '../../../test/synced-vaults.ts'
import type { RelayFrame } from '../frames.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'

const world = syncedVaults()
const { vaultOf, expectEqual } = world

const say = (device: SyncDevice, userText: string, sessionId = 's') =>
  device.vault.captures.add({ sessionId, source: 'text', userText })

describe('two devices', () => {
  it('come to the same, each while the other looks on', async () => {
    const { add } = await vaultOf()
    const [one, two] = [await add(), await add()]
    await say(one, 'what is attention')
    await allSynced(one, two)
    await say(two, 'and what is memory')
    const note = await one.vault.notes.create({ title: 'Notes', body: 'one' })
    await allSynced(one, two)
    await two.vault.notes.edit(note.id, { body: 'one and two' })
    await one.vault.settings.set({ theme: 'dark' })
    await allSynced(one, two)
    expect((await one.vault.notes.get(note.id)).body).toBe('one and two')
    expect((await two.vault.settings.get()).theme).toBe('dark')
    await expectEqual(one, two)
    // Both have the note open, and tell each other, also after a new connection.
    const name = `note:${note.id}`
    const opened = (device: SyncDevice) => new Promise((resolve) => device.engine.onOpened(resolve))
    const heard = [opened(one), opened(two)]
    for (const { engine } of [one, two]) engine.setOnScreen([name])
    expect(await Promise.all(heard)).toEqual([name, name])
    expect([one.engine.openOn(name), two.engine.openOn(name)]).toEqual([[two.id], [one.id]])
    await two.restart()
    const again = opened(two)
    two.engine.setOnScreen([name])
    await again
    expect(two.engine.openOn(name)).toEqual([one.id])
  })

  it('give a third that comes later everything, whatever was there before they were enrolled', async () => {
    const { add } = await vaultOf()
    const one = await add()
    for (let at = 0; at < 12; at += 1) await say(one, `question ${at}`)
    const two = await add()
    await allSynced(one, two)
    await say(two, 'another')
    const three = await add()
    await allSynced(one, two, three)
    await expectEqual(one, two, three)
  })

  it('merge what both did offline', async () => {
    const { add } = await vaultOf()
    const [one, two] = [await add(), await add()]
    const note = await one.vault.notes.create({ title: 'Notes', body: 'middle' })
    await allSynced(one, two)
    await one.goOffline()
    await two.goOffline()
    for (let at = 0; at < 20; at += 1) {
      await say(one, `one ${at}`)
      await say(two, `two ${at}`)
    }
    await one.vault.notes.edit(note.id, { body: 'left middle' })
    await two.vault.notes.edit(note.id, { body: 'middle right' })
    await one.goOnline()
    await two.goOnline()
    await allSynced(one, two)
    expect((await one.vault.notes.get(note.id)).body).toBe('left middle right')
    await expectEqual(one, two)
  })
})

const refusedOf = (device: SyncDevice) =>
  world.db.query<{ reason: string }>('select reason from sync_refused where vault_id = $1', [device.vault.id])

describe('what goes wrong on the way', () => {
  it('is asked for again: a frame that was spoilt, sent twice, or left out', async () => {
    const { add } = await vaultOf()
    const one = await add()
    for (let at = 0; at < 9; at += 1) await say(one, `question ${at}`)
    await allSynced(one)
    const met = new Set<number>()
    const isFirst = (position: number) => !met.has(position) && met.add(position)
    const two = await add({
      openSocket: changing((frame) => {
        if (frame.type !== 'frame' || !isFirst(frame.position)) return frame
        if (frame.position % 3 === 0) return undefined
        if (frame.position % 3 === 1) return frame
        return spoilt(frame)
      }),
    })
    await allSynced(one, two)
    await expectEqual(one, two)
    expect(await refusedOf(two)).toEqual([])
  })

  it('is passed over where it stays so, and nothing of it is applied; it comes once a digest shows that it is missing', async () => {
    const { add } = await vaultOf()
    const one = await add()
    await one.vault.settings.set({ theme: 'light' })
    await allSynced(one)
    let isSpoilt = false
    const two = await add({
      tuning: { quietMs: 1_000 },
      openSocket: changing((frame) => (frame.type === 'frame' && isSpoilt ? spoilt(frame) : frame)),
    })
    await allSynced(one, two)
    isSpoilt = true
    await one.vault.settings.set({ theme: 'dark' })
    const reasons = async () => (await refusedOf(two)).map(({ reason }) => reason)
    await expect.poll(reasons, { timeout: 60_000 }).toEqual(['signature'])
    expect((await two.vault.settings.get()).theme).not.toBe('dark')
    isSpoilt = false
    await expect.poll(async () => (await two.vault.settings.get()).theme, { timeout: 60_000 }).toBe('dark')
    await allSynced(one, two)
    await expectEqual(one, two)
  })

  it('loses nothing when a device ends in the middle', async () => {
    const { add } = await vaultOf()
    const [one, two] = [await add(), await add()]
    for (let round = 0; round < 3; round += 1) {
      const saying = Array.from({ length: 6 }, (_, at) => say(one, `round ${round}, ${at}`))
      await saying[2]
      await Promise.all([Promise.all(saying).then(() => one.restart()), two.restart()])
    }
    await allSynced(one, two)
    await expectEqual(one, two)
    expect((await two.vault.captures.list({}, { limit: 50 })).items).toHaveLength(18)
  })
})

describe('who belongs to the vault', () => {
  it('decides: frames of a stranger are passed over after a while, and taken once it is introduced', async () => {
    const { add, members } = await vaultOf()
    const one = await add({ tuning: { strangerMs: 500 } })
    const stranger = await add({ isStranger: true })
    // Told for half a second only: it may be over once the stranger is synced.
    const told = stateOf(one.engine, ({ problem }) => problem?.code === 'sync-not-opened')
    await stranger.vault.settings.set({ theme: 'dark' })
    await stateOf(stranger.engine, ({ synced }) => synced)
    await told
    await stateOf(one.engine, ({ synced }) => synced)
    expect((await refusedOf(one)).map(({ reason }) => reason)).toEqual(['stranger'])
    expect((await one.vault.settings.get()).theme).not.toBe('dark')
    members.add(stranger.id)
    await allSynced(one, stranger)
    expect((await one.vault.settings.get()).theme).toBe('dark')
    expect(await refusedOf(one)).toEqual([])
  })

  it('takes nothing that a revoked device signed after the sequence that the revocation names', async () => {
    const { add, members } = await vaultOf()
    const [one, two] = [await add(), await add()]
    await two.vault.settings.set({ theme: 'dark' })
    await allSynced(one, two)
    const known = members.devices.get(two.id)
    if (known) members.devices.set(two.id, { ...known, lastSequence: 1 })
    await two.vault.settings.set({ theme: 'light' })
    await stateOf(two.engine, ({ synced }) => synced)
    await allSynced(one)
    expect((await one.vault.settings.get()).theme).toBe('dark')
    expect((await refusedOf(one)).map(({ reason }) => reason)).toEqual(['revoked'])
  })

  it('seals again what waited, once a revocation has begun the next epoch and its key is there', async () => {
    const { add, members, email } = await vaultOf()
    const [one, two] = [await add(), await add()]
    await allSynced(one, two)
    const gone = await signIn(world.relay, email)
    const { access } = await signIn(world.relay, email, one.id)
    await world.relay.request(`/v1/devices/${gone.device}/revoke`, { method: 'POST', token: access })
    await one.vault.settings.set({ theme: 'dark' })
    await stateOf(one.engine, ({ problem }) => problem?.code === 'sync-key-missing')
    expect(one.engine.state.synced).toBe(false)
    members.epochs.set(2, new Uint8Array(32).fill(2))
    members.epochInForce = 2
    members.changed()
    await allSynced(one, two)
    expect((await two.vault.settings.get()).theme).toBe('dark')
  })

  it('stops, and says why, on a device that was revoked', async () => {
    const { add, email } = await vaultOf()
    const [one, two] = [await add(), await add()]
    const { access } = await signIn(world.relay, email, one.id)
    await world.relay.request(`/v1/devices/${two.id}/revoke`, { method: 'POST', token: access })
    const { phase, problem, synced } = await stateOf(two.engine, ({ phase: now }) => now === 'problem')
    expect([phase, problem?.code, synced]).toEqual(['problem', 'device-revoked', false])
  })
})

describe('digests', () => {
  it('tell how many devices hold a document, and nothing counts that waits', async () => {
    const { add } = await vaultOf()
    const tuning = { quietMs: 1 }
    const [one, two] = [await add({ tuning }), await add({ tuning })]
    await one.vault.settings.set({ theme: 'dark' })
    await allSynced(one, two)
    for (;;) {
      const { state, devices: holding } = await one.engine.documentState('settings')
      expect(state).toBe('sent')
      if (holding === 2) break
      await one.engine.check()
    }
    one.engine.pause()
    await one.vault.settings.set({ theme: 'light' })
    expect(await one.engine.documentState('settings')).toEqual({ state: 'here', devices: 1 })
  })

  it('show a difference, and both devices end with what either had', async () => {
    const { add } = await vaultOf()
    const tuning = { quietMs: 1 }
    const [one, two] = [await add({ tuning }), await add({ tuning })]
    await one.vault.settings.set({ theme: 'dark' })
    await allSynced(one, two)
    const lost = new Y.Doc()
    lost.getMap('settings').set('voice', 'lost on the way')
    await two.vault.documents.apply('settings', Y.encodeStateAsUpdate(lost))
    await one.vault.settings.set({ theme: 'light' })
    const heard = () => one.vault.documents.change('settings', (doc) => doc.getMap('settings').get('voice'))
    while ((await heard()) !== 'lost on the way') await Promise.all([one.engine.check(), two.engine.check()])
    await allSynced(one, two)
    await expectEqual(one, two)
  })
})

describe('long rooms', () => {
  it('get a snapshot, but for that of devices, and a device that comes later begins with it', async () => {
    const { add } = await vaultOf()
    const tuning = { snapshotFrames: 6 }
    const [one, two] = [await add({ tuning }), await add({ tuning })]
    const note = await one.vault.notes.create({ title: 'Notes', body: '' })
    for (let at = 0; at < 8; at += 1) {
      await one.vault.notes.edit(note.id, { body: `word ${at}` })
      await one.vault.documents.change(DEVICES_DOCUMENT, (doc) => doc.getMap('entries').set(`entry ${at}`, at))
      await allSynced(one, two)
    }
    const seen: RelayFrame[] = []
    const three = await add({
      tuning,
      openSocket: changing((frame) => {
        if (frame.type === 'frame') seen.push(frame)
        return frame
      }),
    })
    await allSynced(one, two, three)
    await expectEqual(one, two, three)
    const snapshots = seen.flatMap((frame) => (frame.type === 'frame' && frame.covers > 0 ? [frame.room] : []))
    // Who belongs to the vault is read from the first frame on: that room has none.
    expect(new Set(snapshots).size).toBe(1)
    expect(seen.length).toBeLessThan(9 + 8)
  })

  it('hold nothing that no message can carry: it stays here, and that is said', async () => {
    const { add } = await vaultOf()
    const short = changing((frame) => (frame.type === 'welcome' ? { ...frame, messageBytes: 400 } : frame))
    const one = await add({ openSocket: short })
    await say(
      one,
      Array.from({ length: 400 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000))).join(''),
    )
    const { problem, synced } = await stateOf(one.engine, (state) => state.problem?.code === 'sync-too-long')
    expect([problem?.code, synced]).toEqual(['sync-too-long', false])
  })
})

describe('pausing', () => {
  it('queues what is changed until sync is resumed', async () => {
    const { add } = await vaultOf()
    const [one, two] = [await add(), await add()]
    await allSynced(one, two)
    one.engine.pause()
    await one.vault.settings.set({ theme: 'dark' })
    const { phase, waiting } = await stateOf(one.engine, (state) => state.waiting > 0)
    expect([phase, waiting]).toEqual(['paused', 1])
    one.engine.resume()
    await allSynced(one, two)
    expect((await two.vault.settings.get()).theme).toBe('dark')
  })
})
