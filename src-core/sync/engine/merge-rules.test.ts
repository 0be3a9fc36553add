import { describe, expect, it } from 'vitest'
import { allSynced, type SyncDevice, type SyncDeviceParts } from '../../../test/sync-world.ts'
import { syncedVaults } from '../../../test/synced-vaults.ts'
import { type Clock, systemClock } from '../../kernel/index.ts'

/** What comes of changes that devices made without knowing of each other (docs/vault.md §6), through a real relay. */

const world = syncedVaults()
const { expectEqual } = world

async function devicesOf(...parts: Partial<SyncDeviceParts>[]): Promise<SyncDevice[]> {
  const { add } = await world.vaultOf()
  const all: SyncDevice[] = []
  for (const part of parts) all.push(await add(part))
  return all
}

async function two(): Promise<[SyncDevice, SyncDevice]> {
  const { add } = await world.vaultOf()
  return [await add(), await add()]
}

/** Each does its part while it is offline; then all come together. */
async function apart(devices: readonly SyncDevice[], works: ((device: SyncDevice) => Promise<unknown>)[]) {
  await allSynced(...devices)
  for (const device of devices) await device.goOffline()
  for (const [at, work] of works.entries()) await work(devices[at] as SyncDevice)
  for (const device of devices) await device.goOnline()
  await allSynced(...devices)
  await expectEqual(...devices)
}

const say = (device: SyncDevice, userText: string) =>
  device.vault.captures.add({ sessionId: 's', source: 'text', userText })

/** A clock that is that many hours ahead. */
function skewed(hours: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + hours * 3_600_000 }
}

describe('conflicts', () => {
  it('keep both texts of a capture that two devices edited, with device and time; restoring is one step', async () => {
    const [one, other] = await two()
    const { id } = await say(one, 'what is atention')
    await apart(
      [one, other],
      [
        (device) => device.vault.captures.edit(id, { userText: 'what is attention' }),
        (device) => device.vault.captures.edit(id, { userText: 'what is a tension' }),
      ],
    )
    const [conflict, ...more] = await one.vault.conflicts.list()
    expect(more).toEqual([])
    if (!conflict) throw new Error('no conflict')
    const { lost, kept } = conflict
    expect([lost.value, kept.value].sort()).toEqual(['what is a tension', 'what is attention'])
    expect([lost.device, kept.device].sort()).toEqual([one.id, other.id].sort())
    expect(lost.device).toBe(lost.value === 'what is attention' ? one.id : other.id)
    for (const side of [lost, kept]) expect(Date.parse(side.at ?? '')).toBeGreaterThan(0)
    expect(conflict).toMatchObject({ what: 'captureText', subject: id })

    await other.vault.conflicts.settle(conflict.doc, conflict.id, 'restore')
    expect((await other.vault.captures.get(id)).userText).toBe(lost.value)
    await other.vault.undo()
    expect((await other.vault.captures.get(id)).userText).toBe(kept.value)
    expect(await other.vault.conflicts.list()).toMatchObject([{ id: conflict.id, lost, kept: { value: kept.value } }])
    await other.vault.redo()
    await allSynced(one, other)
    expect((await one.vault.captures.get(id)).userText).toBe(lost.value)
    expect(await one.vault.conflicts.count()).toBe(0)
    await expect(one.vault.conflicts.settle(conflict.doc, conflict.id, 'keep')).rejects.toMatchObject({
      code: 'not-found',
    })
    await one.vault.rebuild()
    await expectEqual(one, other)
  })

  it('are let be on every device by one', async () => {
    const [one, other] = await two()
    await apart(
      [one, other],
      [
        (device) => device.vault.settings.set({ theme: 'dark' }),
        (device) => device.vault.settings.set({ theme: 'light' }),
      ],
    )
    const [conflict] = await other.vault.conflicts.list()
    if (!conflict) throw new Error('no conflict')
    expect(conflict).toMatchObject({ what: 'setting', field: 'theme' })
    await other.vault.conflicts.settle(conflict.doc, conflict.id, 'keep')
    await allSynced(one, other)
    expect(await one.vault.conflicts.list()).toEqual([])
    expect((await one.vault.settings.get()).theme).toBe(conflict.kept.value)
    await expectEqual(one, other)
  })

  it('say that something was deleted while it was edited, and bring it back with the edit', async () => {
    const [one, other] = await two()
    const { id } = await say(one, 'never mind')
    const note = await one.vault.notes.create({ title: 'Plan', body: 'first' })
    await apart(
      [one, other],
      [
        async (device) => {
          await device.vault.captures.delete([id])
          await device.vault.notes.delete(note.id)
        },
        async (device) => {
          await device.vault.captures.edit(id, { userText: 'do mind' })
          await device.vault.notes.edit(note.id, { body: 'first and second' })
        },
      ],
    )
    const conflicts = await other.vault.conflicts.list()
    expect(conflicts.map(({ what, lost }) => [what, lost.value]).sort()).toEqual([
      ['captureDeleted', 'do mind'],
      ['noteDeleted', 'Plan\n\nfirst and second'],
    ])
    for (const { kept, lost } of conflicts) expect([lost.device, kept.device]).toEqual([one.id, other.id].reverse())
    for (const conflict of conflicts) await other.vault.conflicts.settle(conflict.doc, conflict.id, 'restore')
    await allSynced(one, other)
    expect((await one.vault.captures.get(id)).userText).toBe('do mind')
    expect((await one.vault.notes.get(note.id)).body).toBe('first and second')
    await expectEqual(one, other)
  })

  it('know cards, memories, titles and corrections field by field', async () => {
    const [one, other] = await two()
    await say(one, 'begin')
    const card = await one.vault.cards.add({ front: 'What is a tensor?', back: 'A map', source: null })
    const note = await one.vault.notes.create({ title: 'Notes', body: '' })
    const change = (word: string) => async (device: SyncDevice) => {
      await device.vault.cards.edit(card.id, { back: `A ${word} map` })
      await device.vault.sessions.rename('s', `About ${word}`)
      await device.vault.notes.edit(note.id, { title: `Notes on ${word}` })
      await device.vault.concepts.rename('tensor', `Tensor ${word}`)
    }
    await apart([one, other], [change('one'), change('two')])
    const conflicts = await one.vault.conflicts.list()
    expect(conflicts.map(({ what, field }) => `${what} ${field}`).sort()).toEqual([
      'card back',
      'concept conceptNames',
      'noteTitle ',
      'sessionTitle ',
    ])
    for (const conflict of conflicts) {
      if (conflict.what !== 'concept') expect(conflict.lost.at).not.toBeNull()
      await one.vault.conflicts.settle(conflict.doc, conflict.id, 'restore')
    }
    const lost = conflicts.find(({ what }) => what === 'card')?.lost.value
    await allSynced(one, other)
    expect((await other.vault.cards.get(card.id)).back).toBe(lost)
    await expectEqual(one, other)
  })

  it('of what was forgotten are gone with it, also from what is stored', async () => {
    const [one, other] = await two()
    const card = await one.vault.cards.add({ front: 'Secret?', back: 'nothing yet', source: null })
    await apart(
      [one, other],
      [
        (device) => device.vault.cards.edit(card.id, { back: 'hidden word of one' }),
        (device) => device.vault.cards.edit(card.id, { back: 'hidden word of two' }),
      ],
    )
    expect(await one.vault.conflicts.count()).toBe(1)
    await other.vault.cards.delete([card.id])
    await allSynced(one, other)
    for (const device of [one, other]) {
      expect(await device.vault.conflicts.count()).toBe(0)
      const rows = await world.db.query<{ update: Uint8Array }>(
        `select "update" from doc_updates where vault_id = $1 and doc = 'deck'`,
        [device.vault.id],
      )
      for (const { update } of rows) expect(Buffer.from(update).includes('hidden word')).toBe(false)
    }
    await expectEqual(one, other)
  })

  it('do not come of text that merges, nor of what a device changed that had seen it', async () => {
    const devices = await devicesOf({}, {}, {})
    const [first] = devices as [SyncDevice]
    const note = await first.vault.notes.create({ title: 'Notes', body: 'middle' })
    await apart(devices, [
      (device) => device.vault.notes.edit(note.id, { body: 'begin middle' }),
      (device) => device.vault.notes.edit(note.id, { body: 'middle end' }),
      (device) => device.vault.notes.edit(note.id, { body: 'mid-dle' }),
    ])
    const { body } = await first.vault.notes.get(note.id)
    for (const part of ['begin ', 'mid-dle', ' end']) expect(body).toContain(part)
    for (const [at, device] of devices.entries()) {
      await device.vault.settings.set({ voiceRate: 1 + at / 10 })
      await allSynced(...devices)
    }
    for (const device of devices) expect(await device.vault.conflicts.list()).toEqual([])
  })
})

describe('merging', () => {
  it('does not ask clocks: hours apart, every change is there and both come to the same', async () => {
    const [behind, ahead] = await devicesOf({ clock: skewed(-9) }, { clock: skewed(14) })
    if (!behind || !ahead) throw new Error('two devices')
    const { id } = await say(ahead, 'of tomorrow')
    await apart(
      [behind, ahead],
      [
        async (device) => {
          await say(device, 'of yesterday')
          await device.vault.captures.edit(id, { userText: 'edited yesterday' })
        },
        (device) => say(device, 'of tomorrow, again'),
      ],
    )
    const { items } = await ahead.vault.captures.list({}, { limit: 10 })
    expect(items.map(({ userText }) => userText).sort()).toEqual([
      'edited yesterday',
      'of tomorrow, again',
      'of yesterday',
    ])
    expect(await ahead.vault.conflicts.list()).toEqual([])
  })

  it('keeps cards and grades of the same minute of all devices', async () => {
    const devices = await devicesOf({}, {}, {})
    const grade = (device: SyncDevice, at: number) =>
      device.vault.documents.change('reviews:2026-11', (doc) => {
        doc.getArray('grades').push([{ card: 'c', at: '2026-11-27T10:00:00.000Z', grade: at }])
      })
    await apart(
      devices,
      [1, 2, 3].map((at) => async (device: SyncDevice) => {
        await device.vault.cards.add({ front: `Question ${at}`, back: 'Answer', source: null })
        await grade(device, at)
      }),
    )
    for (const { vault } of devices) {
      expect((await vault.cards.list({}, { limit: 10 })).items.map(({ front }) => front).sort()).toEqual([
        'Question 1',
        'Question 2',
        'Question 3',
      ])
      const grades = await vault.documents.change('reviews:2026-11', (doc) =>
        doc.getArray<{ grade: number }>('grades').map((one) => one.grade),
      )
      expect(grades.sort()).toEqual([1, 2, 3])
    }
  })

  it('keeps what a newer version wrote that this one does not know', async () => {
    const [old, newer] = await two()
    const { id } = await say(old, 'known')
    await allSynced(old, newer)
    const [journal] = (await newer.vault.documents.names()).filter((name) => name.startsWith('journal:'))
    if (!journal) throw new Error('no journal')
    await apart(
      [old, newer],
      [
        (device) => device.vault.captures.edit(id, { userText: 'edited by the old one' }),
        async (device) => {
          await device.vault.documents.change(journal, (doc) => {
            doc.getMap('edits').set(`${id}/mood`, { glad: true })
            doc.getMap('feelings').set(id, 'new map')
          })
          await device.vault.documents.change(
            'settings',
            (doc) => void doc.getMap('settings').set('newPreference', [1]),
          )
          await device.vault.documents.change('plans:2027', (doc) => void doc.getMap('plans').set('p', 'new document'))
        },
      ],
    )
    await old.vault.captures.edit(id, { userText: 'edited once more' })
    await old.vault.rebuild()
    await allSynced(old, newer)
    for (const { vault } of [old, newer]) {
      expect((await vault.captures.get(id)).userText).toBe('edited once more')
      const [mood, feeling] = await vault.documents.change(journal, (doc) => [
        doc.getMap('edits').get(`${id}/mood`),
        doc.getMap('feelings').get(id),
      ])
      expect([mood, feeling]).toEqual([{ glad: true }, 'new map'])
      expect(await vault.documents.change('settings', (doc) => doc.getMap('settings').get('newPreference'))).toEqual([
        1,
      ])
      expect(await vault.documents.change('plans:2027', (doc) => doc.getMap('plans').get('p'))).toBe('new document')
    }
  })
})

describe('where a change has come', () => {
  it('is told of each capture; what waits of others in its journal does not count', async () => {
    const [one] = await devicesOf({})
    if (!one) throw new Error('a device')
    const [sent, edited, deleted] = [await say(one, 'sent'), await say(one, 'edited'), await say(one, 'deleted')]
    await allSynced(one)
    const journal = await one.vault.documents.documentOf('capture', sent.id)
    if (!journal) throw new Error('no journal')
    one.engine.pause()
    await one.vault.captures.edit(edited.id, { userText: 'edited since' })
    await one.vault.captures.delete([deleted.id])
    const fresh = await say(one, 'not sent yet')
    const stateOfCapture = async (id: string) => (await one.engine.documentState(journal, id)).state
    expect(await stateOfCapture(sent.id)).toBe('sent')
    for (const { id } of [edited, deleted, fresh]) expect(await stateOfCapture(id)).toBe('here')
    one.engine.resume()
    await allSynced(one)
    for (const { id } of [sent, edited, deleted, fresh]) expect(await stateOfCapture(id)).toBe('sent')
  })
})
