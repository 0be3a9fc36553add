import fc from 'fast-check'
import { expect, it } from 'vitest'
import { idMaker, ManualClock, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type Database, migrate, openServer, readMigrations } from '../src-core/store/index.ts'
import { startPostgresServer } from './postgres-server.ts'
import { Player, singleCommand } from './vault-commands.ts'
import { openSmallVault, openTestStore, shadowsOf } from './vault-world.ts'

/** Plays one history, always the same, and says what is in the tables afterwards: step by step, and by a rebuild. */
async function playOn(db: Database) {
  const clock = new ManualClock()
  const vault = await openSmallVault(db, 'vault', clock, idMaker(clock, seededRandom(7)))
  const player = new Player(vault, clock)
  for (const command of fc.sample(singleCommand, { numRuns: 200, seed: 7 })) await player.play(command)
  const stepByStep = await shadowsOf(db, 'vault')
  const lists = {
    captures: await vault.captures.list({}, { limit: 100 }),
    sessions: await vault.sessions.list({ limit: 100 }),
    notes: await vault.notes.list({ limit: 100 }),
  }
  await vault.rebuild()
  const rebuilt = await shadowsOf(db, 'vault')
  await vault.close()
  return { stepByStep, rebuilt, lists }
}

it('is the same vault on a server as on a device', async () => {
  const server = await startPostgresServer()
  try {
    const db = await openServer({ url: server.url, clock: systemClock, log: silentLog, statementTimeoutMs: 30_000 })
    await migrate(db, readMigrations(), systemClock)
    const onServer = await playOn(db)
    await db.close()
    const store = await openTestStore()
    const onDevice = await playOn(store.database)
    await store.close()
    expect(onServer).toEqual(onDevice)
    expect(onServer.rebuilt).toEqual(onServer.stepByStep)
    expect(onServer.lists.captures.items.length).toBeGreaterThan(5)
  } finally {
    await server.close()
  }
})
