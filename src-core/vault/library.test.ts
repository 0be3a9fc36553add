import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentsOf, openTestStore, openTestVault, shadowsOf } from '../../test/vault-world.ts'
import { countJobs, type Store } from '../store/index.ts'
import { type OpenVault, READ_JOB } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })
const bytes = (digit: number) => ({ sha256: String(digit).repeat(64), format: 'pdf', size: 10 + digit })
const origin = (name: string) => ({ kind: 'file' as const, name, address: `/home/learner/${name}` })
const file = (digit: number, title = `file ${digit}`) => ({ ...bytes(digit), title, origin: origin(`${title}.pdf`) })

async function addOne(vault: OpenVault, digit: number, title?: string): Promise<string> {
  const [added] = await vault.library.add([file(digit, title)])
  return (added as { id: string }).id
}

const textStates = (vault: OpenVault) =>
  store.database.query<{ document_id: string; state: string; sha256: string }>(
    'select document_id, state, sha256 from document_texts where vault_id = $1 order by document_id',
    [vault.id],
  )

async function exchange(from: OpenVault, to: OpenVault): Promise<void> {
  await to.documents.apply(
    'library',
    await from.documents.updateSince('library', await to.documents.stateVector('library')),
  )
}

describe('documents in the library', () => {
  it('has a row, waits to be read, and is the same after a rebuild', async () => {
    const { vault } = await openTestVault(store.database)
    const collection = await vault.library.createCollection('Physics')
    const [added] = await vault.library.add([{ ...file(1), tags: [' optics '], collections: [collection.id] }])
    expect(added?.isNew).toBe(true)
    const document = await vault.library.get(added?.id ?? '')
    expect(document).toMatchObject({
      title: 'file 1',
      ...bytes(1),
      tags: ['optics'],
      collections: [collection.id],
      missingAt: null,
      origins: [{ kind: 'file', name: 'file 1.pdf', address: '/home/learner/file 1.pdf' }],
    })
    expect(await textStates(vault)).toMatchObject([
      { document_id: document.id, state: 'waiting', sha256: bytes(1).sha256 },
    ])
    expect(await countJobs(store.database, vault.id, READ_JOB)).toMatchObject({ waiting: 1 })
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
    expect(await countJobs(store.database, vault.id, READ_JOB)).toMatchObject({ waiting: 1 })
  })

  it('has the transcript in the place of a sound that went, also after a rebuild; one that is kept is left out', async () => {
    const { vault, clock } = await openTestVault(store.database)
    const [goes, kept] = [await addOne(vault, 1), await addOne(vault, 2)]
    await vault.library.keepSound(kept, true)
    const { createdAt } = await vault.library.get(goes)
    await clock.advance(60_000)
    const sounds = [goes, kept].map((id, index) => ({
      ...{ id, sha256: bytes(index + 1).sha256, days: 30 },
      transcript: { ...bytes(index + 7), format: 'vtt' },
    }))
    expect(await vault.library.letSoundsGo(sounds)).toEqual([goes])
    expect(await vault.library.letSoundsGo(sounds)).toEqual([])
    const at = new Date(clock.now()).toISOString()
    const sound = { sha256: bytes(1).sha256, size: 11, at, days: 30 }
    expect(await vault.library.get(goes)).toMatchObject({ ...bytes(7), format: 'vtt', updatedAt: createdAt, sound })
    expect(await vault.library.get(kept)).toMatchObject({ ...bytes(2), sound: null, keepsSound: true })
    const before = await shadowsOf(store.database, vault.id)
    await vault.rebuild()
    expect(await shadowsOf(store.database, vault.id)).toEqual(before)
  })

  it('merges: a sound that one device keeps while it goes on another is told as both, and can be put back', async () => {
    const [{ vault: laptop }, { vault: phone }] = [
      await openTestVault(store.database),
      await openTestVault(store.database),
    ]
    const id = await addOne(laptop, 1)
    await exchange(laptop, phone)
    await phone.library.keepSound(id, true)
    const transcript = { ...bytes(7), format: 'vtt' }
    await laptop.library.letSoundsGo([{ id, sha256: bytes(1).sha256, days: 30, transcript }])
    await exchange(laptop, phone)
    await exchange(phone, laptop)
    for (const vault of [laptop, phone]) {
      expect(await vault.library.get(id)).toMatchObject({ format: 'vtt', keepsSound: true, sound: { days: 30 } })
    }
    await phone.library.putSoundsBack([id])
    await exchange(phone, laptop)
    expect(await laptop.library.get(id)).toMatchObject({ sha256: bytes(1).sha256, format: 'audio', sound: null })
  })

  it('keeps the same bytes once and remembers every place they came from', async () => {
    const { vault } = await openTestVault(store.database)
    const first = await addOne(vault, 1, 'one')
    const again = await vault.library.add([file(1, 'copy'), file(1, 'copy'), file(2)])
    expect(again.map(({ id, isNew }) => [id === first, isNew])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ])
    expect((await vault.library.get(first)).origins.map(({ name }) => name).sort()).toEqual(['copy.pdf', 'one.pdf'])
  })

  it('is deleted, restored and taken back', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await addOne(vault, 1)
    await vault.library.delete([id])
    await expect(vault.library.get(id)).rejects.toEqual(error('not-found'))
    await expect(vault.library.rename(id, 'x')).rejects.toEqual(error('not-found'))
    await vault.undo()
    expect((await vault.library.get(id)).title).toBe('file 1')
    await vault.library.rename(id, 'Optics')
    await vault.library.setTags([id], { add: ['a', 'b'] })
    await vault.undo()
    expect(await vault.library.get(id)).toMatchObject({ title: 'Optics', tags: [] })
    await vault.undo()
    await vault.undo()
    await expect(vault.library.get(id)).rejects.toEqual(error('not-found'))
    await vault.redo()
    expect((await vault.library.get(id)).origins).toHaveLength(1)
    // What was deleted may come anew, as another document.
    await vault.library.delete([id])
    expect((await vault.library.add([file(1)]))[0]).toMatchObject({ isNew: true })
  })

  it('is read again when its bytes change, and keeps name and tags', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await addOne(vault, 1)
    await vault.library.setTags([id], { add: ['a'] })
    await store.database.query(`update document_texts set state = 'ready' where vault_id = $1`, [vault.id])
    await store.database.query(`delete from jobs where vault_id = $1`, [vault.id])
    await vault.library.setVersion(id, bytes(1))
    await vault.library.rename(id, 'Named')
    expect(await countJobs(store.database, vault.id, READ_JOB)).toMatchObject({ waiting: 0 })
    await vault.library.setVersion(id, bytes(2))
    expect(await vault.library.get(id)).toMatchObject({ ...bytes(2), title: 'Named', tags: ['a'] })
    expect(await textStates(vault)).toMatchObject([{ state: 'waiting', sha256: bytes(2).sha256 }])
    expect(await countJobs(store.database, vault.id, READ_JOB)).toMatchObject({ waiting: 1 })
    await vault.library.setMissing([id, 'never'], true)
    expect((await vault.library.get(id)).missingAt).not.toBeNull()
    await vault.library.setMissing([id], false)
    expect((await vault.library.get(id)).missingAt).toBeNull()
  })

  it('refuses what cannot be kept', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await addOne(vault, 1)
    await expect(vault.library.add([{ ...file(2), collections: ['none'] }])).rejects.toEqual(error('not-found'))
    await expect(vault.library.setTags([id], { add: ['  '] })).rejects.toEqual(error('bad-input'))
    await expect(vault.library.setCollections([id], { add: ['none'] })).rejects.toEqual(error('not-found'))
    await expect(vault.library.add([{ ...file(3), sha256: 'x' }])).rejects.toEqual(error('bad-input'))
    await expect(vault.library.delete([id, 'none'])).rejects.toEqual(error('not-found'))
    expect((await vault.library.get(id)).tags).toEqual([])
  })

  it('merges what two devices did', async () => {
    const { vault: a } = await openTestVault(store.database)
    const { vault: b } = await openTestVault(store.database)
    const id = await addOne(a, 1)
    await exchange(a, b)
    await a.library.setTags([id], { add: ['by a'] })
    await b.library.setTags([id], { add: ['by b'] })
    await b.library.rename(id, 'Renamed')
    await exchange(a, b)
    await exchange(b, a)
    for (const vault of [a, b]) {
      expect(await vault.library.get(id)).toMatchObject({ title: 'Renamed', tags: ['by a', 'by b'] })
    }
    expect((await contentsOf(a)).library).toEqual((await contentsOf(b)).library)
  })

  it('leaves out what it cannot read and keeps what it does not know', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await addOne(vault, 1)
    await vault.documents.change('library', (doc) => {
      doc.getMap('documents').set('odd', { createdAt: 'never' })
      doc.getMap('documentEdits').set(`${id}/future`, { at: 1 })
      doc.getMap('documentOrigins').set(`${id}/zz`, 'odd')
      doc.getMap('collections').set('odd', 7)
    })
    expect(await vault.library.get(id)).toMatchObject({ title: 'file 1', origins: [{ kind: 'file' }] })
    await expect(vault.library.get('odd')).rejects.toEqual(error('not-found'))
    expect(await vault.library.listCollections()).toEqual([])
    expect(await vault.documents.change('library', (doc) => doc.getMap('documentEdits').get(`${id}/future`))).toEqual({
      at: 1,
    })
  })
})

describe('collections', () => {
  it('are made, renamed, deleted and taken back; their documents stay', async () => {
    const { vault } = await openTestVault(store.database)
    const id = await addOne(vault, 1)
    const made = await vault.library.createCollection(' Biology ')
    await vault.library.setCollections([id], { add: [made.id] })
    expect((await vault.library.renameCollection(made.id, 'Botany')).name).toBe('Botany')
    await vault.library.deleteCollection(made.id)
    expect(await vault.library.listCollections()).toEqual([])
    expect((await vault.library.get(id)).id).toBe(id)
    await vault.undo()
    expect((await vault.library.listCollections()).map(({ name }) => name)).toEqual(['Botany'])
    await expect(vault.library.createCollection(' ')).rejects.toEqual(error('bad-input'))
    await expect(vault.library.renameCollection('none', 'x')).rejects.toEqual(error('not-found'))
  })
})
