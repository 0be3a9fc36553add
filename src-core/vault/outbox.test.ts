import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from './index.ts'

const DEVICE = 'd1'.repeat(16)

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

async function queued(vault: OpenVault) {
  return store.database.query<{ doc: string; kind: string; content: Uint8Array | null }>(
    'select doc, kind, content from sync_outbox where vault_id = $1 order by id',
    [vault.id],
  )
}

/** An update of another device that puts a setting. */
function foreign(key: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getMap('settings').set(key, 1)
  return Y.encodeStateAsUpdate(doc)
}

describe('the outbox', () => {
  it('holds nothing while the vault is not enrolled', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.notes.create({ title: 'a', body: 'b' })
    expect(await queued(vault)).toEqual([])
  })

  it('gets everything that is there when the vault is enrolled, devices first, and then every change of this device', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const { id } = await vault.notes.create({ title: 'a', body: 'b' })
    await vault.documents.change('devices', (doc) => void doc.getMap('devices').set('one', 1))
    await vault.documents.outbox.enrol(DEVICE)
    expect((await queued(vault)).map(({ doc, kind, content }) => [doc, kind, content])).toEqual([
      ['devices', 'all', null],
      [`note:${id}`, 'all', null],
    ])
    const again = await reopen()
    await again.settings.set({ theme: 'dark' })
    const row = (await queued(again))[2]
    const doc = new Y.Doc()
    Y.applyUpdate(doc, row?.content as Uint8Array)
    expect([row?.doc, row?.kind, doc.getMap('settings').toJSON()]).toEqual(['settings', 'update', { theme: 'dark' }])
  })

  it('knows whose the changes of a document are that was written before, too, and that stayed open', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.settings.set({ theme: 'dark' })
    await vault.documents.outbox.enrol(DEVICE)
    await vault.settings.set({ theme: 'light' })
    const known = () =>
      store.database.query('select client::text, device from sync_clients where vault_id = $1', [vault.id])
    const client = await vault.documents.change('settings', (doc) => String(doc.clientID))
    expect(await known()).toEqual([{ client, device: DEVICE }])
  })

  it('does not get what came from another device', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.documents.outbox.enrol(DEVICE)
    await vault.documents.apply('settings', foreign('a'))
    expect(await queued(vault)).toEqual([])
  })

  it('gets a change in the transaction that stores it, or neither is there', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.documents.outbox.enrol(DEVICE)
    await store.database.exec(`alter table sync_outbox add constraint none check (doc <> 'settings') not valid`)
    await expect(vault.settings.set({ theme: 'dark' })).rejects.toThrow()
    await store.database.exec('alter table sync_outbox drop constraint none')
    expect(await queued(vault)).toEqual([])
    expect(await vault.documents.names()).toEqual([])
  })

  it('loses what was forgotten, and asks for a snapshot instead', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.documents.outbox.enrol(DEVICE)
    const card = await vault.cards.add({ front: 'the secret word', back: 'b' })
    await store.database.query('update sync_outbox set sequence = 1 where vault_id = $1', [vault.id])
    await vault.cards.delete([card.id])
    const rows = await queued(vault)
    expect(rows.map(({ kind }) => kind)).toEqual(['update', 'snapshot'])
    expect(rows[0]?.content).toEqual(Uint8Array.of(0, 0))
  })

  it('tells who sends, after the commit', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.documents.outbox.enrol(DEVICE)
    const seen: Promise<unknown[]>[] = []
    vault.documents.outbox.onQueued(() => seen.push(queued(vault)))
    await vault.settings.set({ theme: 'dark' })
    expect((await Promise.all(seen)).map(({ length }) => length)).toEqual([1])
  })

  it('ends when the vault leaves sync', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.documents.outbox.enrol(DEVICE)
    await expect(vault.documents.outbox.enrol('d2'.repeat(16))).rejects.toMatchObject({ code: 'bad-input' })
    await vault.settings.set({ theme: 'dark' })
    await vault.documents.outbox.leave()
    await vault.settings.set({ theme: 'light' })
    expect(await queued(vault)).toEqual([])
  })
})

describe('an update of another device', () => {
  it('is stored together with what is noted of it, and that also where it brings nothing', async () => {
    const { vault } = await openTestVault(store.database)
    const note = (text: string) => (tx: { query(text: string, params: string[]): Promise<unknown> }) =>
      tx.query('insert into sync_state values ($1, $2, 0, 0, 0)', [`${vault.id}${text}`, DEVICE])
    await vault.documents.apply('settings', foreign('a'), note('first'))
    await vault.documents.apply('settings', Uint8Array.of(0, 0), note('second'))
    await expect(
      vault.documents.apply('settings', foreign('b'), async () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(
      await store.database.query('select 1 from sync_state where vault_id like $1', [`${vault.id}%_`]),
    ).toHaveLength(2)
    expect(await vault.documents.change('settings', (doc) => doc.getMap('settings').has('b'))).toBe(false)
  })
})
