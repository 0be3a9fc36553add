import { afterAll, beforeAll, expect, it } from 'vitest'
import { deviceId, TestMembers } from '../../../test/sync-world.ts'
import { openTestStore, SMALL } from '../../../test/vault-world.ts'
import { idMaker, ManualClock, seededRandom, silentLog } from '../../kernel/index.ts'
import type { Database, Queries, Store } from '../../store/index.ts'
import { openVault } from '../../vault/index.ts'
import { Outgoing } from './outgoing.ts'
import { Rooms } from './rooms.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

/** The database, that dies at that statement of a transaction. @param at from 1 */
function dyingAt(db: Database, at: number): Database {
  let statements = 0
  const dying = (tx: Queries): Queries => ({
    exec: (sql) => tx.exec(sql),
    query: (text, params) => {
      statements += 1
      return statements === at ? Promise.reject(new Error('the power is gone')) : tx.query(text, params)
    },
  })
  return new Proxy(db, {
    get: (target, key) => {
      if (key === 'transaction')
        return (fn: (tx: Queries) => Promise<unknown>) => target.transaction((tx) => fn(dying(tx)))
      const value = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

it('a crash anywhere while a loss of the relay is noted leaves it to be noticed again, or leaves all of it done', async () => {
  const { database: db } = store
  const clock = new ManualClock()
  const newId = idMaker(clock, seededRandom(1))
  const members = new TestMembers()
  const device = deviceId(901)
  members.add(device)
  const vault = await openVault({
    db,
    vaultId: newId(),
    clock,
    newId,
    log: silentLog,
    limits: { textLength: 1_000 },
    tuning: SMALL,
  })
  await vault.documents.outbox.enrol(device)
  await vault.settings.set({ theme: 'dark' })
  const roster = members.rosterOf(device)
  const parts = async (through: Database) => {
    const rooms = await Rooms.read(db, vault.id)
    const outgoing = await Outgoing.read({ db: through, vault, rooms, roster, clock })
    if (!outgoing) throw new Error('not enrolled')
    return { rooms, outgoing }
  }
  const { outgoing } = await parts(db)
  const { frames: sent } = await outgoing.next(0, 100)
  await outgoing.acknowledged(
    sent.map(({ sequence, doc }, at) => ({ sequence, room: roster.keys().room(doc), position: at + 1 })),
  )
  const acknowledged = sent.at(-1)?.sequence ?? 0
  const settings = roster.keys().room('settings')
  let crashes = 0
  for (;;) {
    const { rooms, outgoing } = await parts(dyingAt(db, crashes + 1))
    // What a program sees that starts anew.
    expect([outgoing.acknowledgedUpTo, rooms.get(settings).cursor]).toEqual([acknowledged, 1])
    const isLost = await outgoing.welcomed(0).catch(() => undefined)
    if (isLost !== undefined) break
    crashes += 1
  }
  expect(crashes).toBeGreaterThan(4)
  const { rooms, outgoing: after } = await parts(db)
  expect([after.acknowledgedUpTo, rooms.get(settings).cursor]).toEqual([0, 0])
  expect(await db.query('select 1 from sync_taken where vault_id = $1', [vault.id])).toEqual([])
  const { frames: again } = await after.next(acknowledged, 100)
  expect(again.map(({ doc, kind }) => `${doc} ${kind}`)).toEqual(['settings update'])
  await vault.close()
})
