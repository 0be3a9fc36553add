import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bring, contentsOf, openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { ManualClock } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from './index.ts'

/** Devices of one vault that exchange whole documents when a test says so. */
interface Device {
  vault: OpenVault
  clock: ManualClock
}

let store: Store
let here: Device
let there: Device
let third: Device

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  const opened = await Promise.all([1, 2, 3].map(() => openTestVault(store.database)))
  for (const [at, { vault }] of opened.entries()) await vault.documents.outbox.enrol(String(at).repeat(32))
  ;[here, there, third] = opened as unknown as [Device, Device, Device]
})

/** The first reads everything that the second holds. */
const read = ({ vault }: Device, from: Device) => bring(from.vault, vault)

/** Until nobody has anything new to say. */
async function meet(...devices: Device[]): Promise<void> {
  for (let round = 0; round < 3; round += 1)
    for (const to of devices) for (const from of devices) if (to !== from) await read(to, from)
  const [first, ...others] = await Promise.all(devices.map(({ vault }) => contentsOf(vault)))
  for (const other of others) expect({ ...other, settings: null }).toEqual({ ...first, settings: null })
}

const forget = ({ vault }: Device) => vault.forgetting.forget(() => true, 'everything')
const say = ({ vault }: Device, userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
const texts = async ({ vault }: Device) =>
  (await vault.captures.list({}, { limit: 10 })).items.map(({ userText }) => userText)

describe('what another device forgot without having seen the last of it', () => {
  it('comes back whole where an entry was edited meanwhile, and is on all devices', async () => {
    const { id } = await say(here, 'first words')
    await here.vault.sessions.rename('s', 'A title')
    await meet(here, there, third)
    await there.vault.captures.edit(id, { userText: 'later words' })
    await here.vault.sessions.delete('s')
    await forget(here)
    await read(there, here)
    expect(await texts(there)).toEqual(['later words'])
    expect((await there.vault.captures.get(id)).createdAt).toBeTruthy()
    await meet(here, there, third)
    for (const device of [here, there, third]) {
      expect(await texts(device)).toEqual(['later words'])
      expect(await device.vault.conflicts.list()).toEqual([])
    }
    // It can be deleted and forgotten again, by anybody.
    await third.vault.captures.delete([id])
    await forget(third)
    await meet(here, there, third)
    for (const device of [here, there, third]) expect(await texts(device)).toEqual([])
  })

  it('comes back where it was restored meanwhile, but not where the restoring was known', async () => {
    const { id } = await say(here, 'words')
    const note = await here.vault.notes.create({ title: 'A note', body: 'its text' })
    await here.vault.captures.delete([id])
    await here.vault.notes.delete(note.id)
    await meet(here, there)
    await there.vault.captures.restore([id])
    await there.vault.notes.restore(note.id)
    await forget(here)
    await meet(here, there)
    for (const device of [here, there]) {
      expect(await texts(device)).toEqual(['words'])
      expect(await device.vault.notes.get(note.id)).toMatchObject({ title: 'A note', body: 'its text' })
    }
    await here.vault.captures.delete([id])
    await here.vault.notes.delete(note.id)
    await forget(here)
    await meet(here, there)
    for (const device of [here, there]) {
      expect(await texts(device)).toEqual([])
      expect(await device.vault.notes.count()).toBe(0)
    }
  })

  it('brings a note back once, though two devices write it anew', async () => {
    const note = await here.vault.notes.create({ title: 'A note', body: 'one two three' })
    await meet(here, there, third)
    await there.vault.notes.edit(note.id, { body: 'one two three four', title: 'Named anew' })
    await read(third, there)
    await here.vault.notes.delete(note.id)
    await forget(here)
    await read(there, here)
    await read(third, here)
    await meet(here, there, third)
    for (const device of [here, there, third])
      expect(await device.vault.notes.get(note.id)).toMatchObject({ title: 'Named anew', body: 'one two three four' })
  })

  it('brings a note back with what was typed elsewhere, where a third device reads both at once', async () => {
    const note = await here.vault.notes.create({ title: 'A note', body: 'one two' })
    await meet(here, there, third)
    await there.vault.notes.edit(note.id, { body: 'one two three', title: 'Named anew' })
    await here.vault.notes.delete(note.id)
    await forget(here)
    await read(here, there)
    await read(third, here)
    const whole = { title: 'Named anew', body: 'one two three' }
    expect(await third.vault.notes.get(note.id)).toMatchObject(whole)
    await meet(here, there, third)
    for (const device of [here, there, third]) expect(await device.vault.notes.get(note.id)).toMatchObject(whole)
  })

  it('brings documents and collections back with all that belongs to them', async () => {
    const { library } = here.vault
    const collection = await library.createCollection('Old name')
    const origin = { kind: 'file', name: 'a.txt', address: null } as const
    const [added] = await library.add([
      {
        sha256: 'a'.repeat(64),
        format: 'text',
        size: 9,
        title: 'old',
        origin,
        tags: ['x'],
        collections: [collection.id],
      },
    ])
    const id = added?.id ?? ''
    await meet(here, there)
    await there.vault.library.rename(id, 'new')
    await there.vault.library.renameCollection(collection.id, 'New name')
    await library.delete([id])
    await library.deleteCollection(collection.id)
    await forget(here)
    await meet(here, there)
    for (const { vault } of [here, there]) {
      expect(await vault.library.get(id)).toMatchObject({
        ...{ title: 'new', sha256: 'a'.repeat(64), tags: ['x'], collections: [collection.id] },
        origins: [{ name: 'a.txt' }],
      })
      expect(await vault.library.listCollections()).toMatchObject([{ name: 'New name', documents: 1 }])
    }
  })

  it('is a conflict with the edit until the device that has the rest is back', async () => {
    const { id } = await say(here, 'first words')
    await meet(here, there)
    await there.vault.captures.edit(id, { userText: 'later words' })
    await here.vault.captures.delete([id])
    await forget(here)
    await read(here, there)
    expect(await texts(here)).toEqual([])
    const [conflict] = await here.vault.conflicts.list()
    expect(conflict).toMatchObject({ what: 'captureDeleted', subject: id, lost: { value: 'later words' } })
    // A device that knows neither reads both.
    await read(third, here)
    expect(await third.vault.conflicts.list()).toMatchObject([{ lost: { value: 'later words' } }])
    await meet(here, there, third)
    for (const device of [here, there, third]) {
      expect(await texts(device)).toEqual(['later words'])
      expect(await device.vault.conflicts.list()).toEqual([])
    }
  })

  it('is in no step of undo either', async () => {
    const { id } = await say(here, 'words')
    const note = await here.vault.notes.create({ title: 'n', body: 'one CANARY two' })
    await here.vault.notes.edit(note.id, { body: 'one two' })
    await here.vault.captures.edit(id, { userText: 'CANARY' })
    await here.vault.undo()
    await meet(here, there)
    await there.vault.captures.delete([id])
    await there.vault.notes.delete(note.id)
    await forget(there)
    await read(here, there)
    while (await here.vault.redo());
    while (await here.vault.undo());
    expect(await texts(here)).toEqual([])
    expect(await here.vault.notes.count()).toBe(0)
    const rows = await store.database.query<{ update: Uint8Array }>(
      'select "update" from doc_updates where vault_id = $1',
      [here.vault.id],
    )
    expect(rows.some(({ update }) => Buffer.from(update).includes('CANARY'))).toBe(false)
  })

  it('waits no longer for the learner who has let the deletion be', async () => {
    const { id } = await say(here, 'early')
    await meet(here, there)
    await here.vault.captures.delete([id])
    there.clock.advance(1_000)
    await there.vault.captures.edit(id, { userText: 'late' })
    await read(here, there)
    expect(await here.vault.forgetting.deleted()).toMatchObject([{ id, isContested: true }])
    const [conflict] = await here.vault.conflicts.list()
    await here.vault.conflicts.settle(conflict?.doc ?? '', conflict?.id ?? '', 'keep')
    expect(await here.vault.forgetting.deleted()).toMatchObject([{ id, isContested: false }])
  })

  it('waits where who deleted it did not know an edit, whatever the clocks say, and not where they did', async () => {
    const make = async (name: string) => {
      const { id: collection } = await here.vault.library.createCollection(name)
      const origin = { kind: 'file', name: `${name}.txt`, address: null } as const
      const file = {
        sha256: createHash('sha256').update(name).digest('hex'),
        format: 'text',
        size: 9,
        title: name,
        origin,
      }
      const [document] = await here.vault.library.add([file])
      const { id: note } = await here.vault.notes.create({ title: name, body: 'text' })
      return { capture: (await say(here, name)).id, note, document: document?.id ?? '', collection }
    }
    type Made = Awaited<ReturnType<typeof make>>
    const edit = async ({ vault }: Device, { capture, note, document, collection }: Made) => {
      await vault.captures.edit(capture, { userText: 'edited' })
      await vault.notes.edit(note, { body: 'text, edited' })
      await vault.library.rename(document, 'edited')
      await vault.library.renameCollection(collection, 'edited')
    }
    const remove = async ({ vault }: Device, { capture, note, document, collection }: Made) => {
      await vault.captures.delete([capture])
      await vault.notes.delete(note)
      await vault.library.delete([document])
      await vault.library.deleteCollection(collection)
    }
    const [unknown, known] = [await make('unknown'), await make('known')]
    await meet(here, there, third)
    here.clock.advance(3_600_000)
    await edit(there, unknown)
    await remove(here, unknown)
    // It has the edits first and hears of the deletion then, as does who edited: no conflict comes of it.
    await read(third, there)
    await read(third, here)
    expect(await third.vault.conflicts.list()).toEqual([])
    expect((await third.vault.forgetting.deleted()).map(({ isContested }) => isContested)).toEqual(Array(4).fill(true))
    await edit(here, known)
    await read(there, here)
    await remove(there, known)
    const ids = new Set(Object.values(known))
    const deleted = (await there.vault.forgetting.deleted()).filter(({ id }) => ids.has(id))
    expect(deleted.map(({ isContested }) => isContested)).toEqual(Array(4).fill(false))
  })

  it('waits where an edit gave way to that of who deleted it unseen, on every device, until the learner has chosen', async () => {
    const edited = (at: Device, ids: string[], text: string) =>
      Promise.all(ids.map((id) => at.vault.captures.edit(id, { userText: text })))
    const unseen: string[] = []
    const known: string[] = []
    for (let count = 0; count < 6; count += 1) {
      unseen.push((await say(here, `unseen ${count}`)).id)
      known.push((await say(here, `known ${count}`)).id)
    }
    await meet(here, there, third)
    const all = [...unseen, ...known]
    // Whichever stands by Yjs' rule, one of the two devices deletes over its own, which stands.
    await edited(here, all, 'here')
    await edited(there, all, 'there')
    await here.vault.captures.delete(unseen.slice(0, 3))
    await there.vault.captures.delete(unseen.slice(3))
    await meet(here, there, third)
    await here.vault.captures.delete(known)
    await meet(here, there, third)
    for (const { vault } of [here, there, third]) {
      const deleted = await vault.forgetting.deleted()
      expect(deleted.flatMap(({ id, isContested }) => (isContested ? [id] : [])).sort()).toEqual(unseen.sort())
    }
    for (const { doc, id, subject } of await third.vault.conflicts.list())
      if (unseen.includes(subject)) await third.vault.conflicts.settle(doc, id, 'keep')
    await meet(here, there, third)
    for (const { vault } of [here, there, third])
      expect((await vault.forgetting.deleted()).filter(({ isContested }) => isContested)).toEqual([])
  })

  it('waits where something was typed into a note that who deleted it had not seen, whosever instant of the edit stands', async () => {
    const [unseen, known]: string[][] = [[], []]
    for (let count = 0; count < 6; count += 1) {
      for (const ids of [unseen, known]) ids?.push((await here.vault.notes.create({ title: 't', body: 'text' })).id)
    }
    await meet(here, there, third)
    const type = (at: Device, id: string, text: string) =>
      at.vault.documents.change(`note:${id}`, (doc) => {
        doc.getText('body').insert(4, text)
        doc.getMap('fields').set('updatedAt', new Date(at.clock.now()).toISOString())
      })
    for (const id of [...(unseen ?? []), ...(known ?? [])]) {
      await type(here, id, ', typed here')
      await type(there, id, ', typed there')
    }
    // It has what both typed before it hears of the deletions: no conflict comes of it.
    for (const device of [here, there]) await read(third, device)
    for (const id of known ?? []) await third.vault.notes.delete(id)
    for (const [at, id] of (unseen ?? []).entries()) await (at < 3 ? here : there).vault.notes.delete(id)
    for (const device of [here, there]) await read(third, device)
    expect(await third.vault.conflicts.list()).toEqual([])
    const waiting = async ({ vault }: Device) =>
      (await vault.forgetting.deleted()).flatMap(({ id, isContested }) => (isContested ? [id] : [])).sort()
    expect(await waiting(third)).toEqual(unseen?.sort())
    await meet(here, there, third)
    for (const device of [here, there, third]) expect(await waiting(device)).toEqual(unseen?.sort())
  })

  it('does not wait for an edit that several devices wrote anew', async () => {
    const [one, two] = [await say(here, 'first'), await say(here, 'second')]
    await meet(here, there, third)
    for (const { id } of [one, two]) await there.vault.captures.edit(id, { userText: 'later words' })
    await read(third, there)
    await here.vault.captures.delete([one.id, two.id])
    await forget(here)
    // Both bring both back, and each deletes one over what it wrote itself.
    for (const device of [there, third]) await read(device, here)
    await there.vault.captures.delete([one.id])
    await third.vault.captures.delete([two.id])
    await meet(here, there, third)
    for (const { vault } of [here, there, third]) {
      const deleted = await vault.forgetting.deleted()
      expect(deleted.map(({ isContested }) => isContested)).toEqual([false, false])
    }
  })

  it('comes back where what says that it was forgotten waits for what came before', async () => {
    const [edited, left] = [await say(here, 'first words'), await say(here, 'left')]
    await meet(here, there, third)
    // Deletions that were taken back: the next ones come after them.
    for (const { id } of [edited, left]) {
      await there.vault.captures.delete([id])
      await there.vault.captures.restore([id])
    }
    await read(here, there)
    await third.vault.captures.edit(edited.id, { userText: 'later words' })
    await here.vault.captures.delete([edited.id, left.id])
    await forget(here)
    for (const name of await here.vault.documents.names()) {
      if (name === 'settings') continue
      const known = await there.vault.documents.stateVector(name)
      await third.vault.documents.apply(name, await here.vault.documents.updateSince(name, known))
    }
    await meet(here, there, third)
    for (const device of [here, there, third]) {
      expect(await texts(device)).toEqual(['later words'])
      expect((await device.vault.captures.get(edited.id)).sessionId).toBe('s')
    }
  })

  it('is restored from the edit where that device never comes back, or leaves nothing', async () => {
    const [one, two] = [await say(here, 'first'), await say(here, 'second')]
    const note = await here.vault.notes.create({ title: '', body: 'note' })
    await meet(here, there)
    for (const { id } of [one, two]) await there.vault.captures.edit(id, { userText: `CANARY ${id}` })
    await there.vault.notes.edit(note.id, { body: 'note CANARY' })
    await here.vault.captures.delete([one.id, two.id])
    await here.vault.notes.delete(note.id)
    await forget(here)
    await read(here, there)
    const conflicts = await here.vault.conflicts.list()
    expect(conflicts).toHaveLength(3)
    const settle = (subject: string, choice: 'restore' | 'keep') => {
      const conflict = conflicts.find((each) => each.subject === subject)
      return here.vault.conflicts.settle(conflict?.doc ?? '', conflict?.id ?? '', choice)
    }
    await settle(one.id, 'restore')
    await settle(two.id, 'keep')
    await settle(note.id, 'restore')
    expect(await texts(here)).toEqual([`CANARY ${one.id}`])
    expect((await here.vault.notes.get(note.id)).body).toContain('CANARY')
    const rows = await store.database.query<{ update: Uint8Array }>(
      `select "update" from doc_updates where vault_id = $1 and doc like 'journal:%'`,
      [here.vault.id],
    )
    expect(rows.some(({ update }) => Buffer.from(update).includes(`CANARY ${two.id}`))).toBe(false)
    expect(await here.vault.conflicts.list()).toEqual([])
  })

  it('stays forgotten where nothing was done meanwhile, whoever forgot it first', async () => {
    const { id } = await say(here, 'words')
    const note = await here.vault.notes.create({ title: 'n', body: 'text' })
    await meet(here, there, third)
    await here.vault.captures.delete([id])
    await here.vault.notes.delete(note.id)
    await meet(here, there)
    await forget(here)
    await forget(there)
    await meet(here, there, third)
    for (const device of [here, there, third]) {
      expect(await texts(device)).toEqual([])
      expect(await device.vault.notes.count()).toBe(0)
      expect(await device.vault.conflicts.list()).toEqual([])
    }
  })
})
