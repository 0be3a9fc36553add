import type { Database } from '../../src-core/store/index.ts'
import { deviceId, TestMembers } from '../sync-world.ts'
import { shadowsOf } from '../vault-world.ts'
import { ChaosFiles } from './blobs.ts'
import { ChaosDevice, type Planted } from './device.ts'
import { Network } from './network.ts'
import { contentOf, RelayTexts } from './relay-texts.ts'
import { rememberedKeys } from './remembered-keys.ts'
import { type Faults, NO_FAULTS, Simulation } from './simulation.ts'
import { ACCOUNT, bringRelayBack, foundAccount, keepRelay, startChaosRelay } from './world.ts'

const START_MS = Date.UTC(2026, 10, 28, 23)
const CHAOS_MS = 30_000
/** Without faults everything must have come together by then. */
const PEACE_MS = 15 * 60_000
const MOST_ACTS = 14
/** Signed in at the relay, and no device of the vault. */
const INTRUDER = 'ee'.repeat(16)

/** What of a seed is told when it fails. */
export class ChaosFailure extends Error {}

/**
 * One story: devices on which somebody works, a relay, and everything that can go wrong between them; then peace. In the end all devices hold
 * the same, and everything that was acknowledged.
 * @param planted a bug of all devices, which is to be found
 * @throws ChaosFailure
 */
export async function runSeed(seed: number, database: Database, planted?: Planted): Promise<void> {
  const simulation = new Simulation(seed)
  const network = new Network(simulation)
  const members = new TestMembers(rememberedKeys)
  const relayTexts = new RelayTexts(database, members, INTRUDER)
  const files = new ChaosFiles()
  const isHostile = simulation.chance(0.3)
  let failure: ChaosFailure | undefined

  const startRelay = () => {
    network.relay = startChaosRelay(simulation, database, START_MS, files, () => {
      network.relay = undefined
      network.cut()
      simulation.after(200 + simulation.below(2_000), startRelay)
    })
  }
  const count = 2 + simulation.below(2)
  const ids = Array.from({ length: count }, (_, at) => deviceId(at + 1))
  await foundAccount(database, [...ids, INTRUDER], START_MS)
  // It is no device that one waits for before frames are deleted.
  await database.query('update relay_devices set last_seen_at = $2 where id = $1', [INTRUDER, new Date(0)])
  const claims: Promise<void>[] = []
  const devices = Array.from(
    { length: count },
    (_, at) =>
      new ChaosDevice({
        simulation,
        network,
        database,
        members,
        number: at + 1,
        startMs: START_MS,
        seed,
        planted,
        onState: (device, { synced }) => {
          if (synced && !failure && network.reaches(device.id)) claims.push(checkClaim(device))
        },
      }),
  )

  /** Who says that all is synced has everything that was acknowledged to its learner at the relay. */
  async function checkClaim({ id, kept }: ChaosDevice): Promise<void> {
    const words = [...kept]
    if (!simulation.chance(0.3)) return
    const texts = await relayTexts.read()
    const lost = words.find((word) => !texts.includes(word))
    if (lost) failure ??= new ChaosFailure(`${id} said "synced" before ${lost} was at the relay`)
  }

  simulation.faults = faultsOf(simulation, isHostile)
  startRelay()
  for (const device of devices) {
    simulation.after(simulation.below(CHAOS_MS / 3), () => device.start())
    for (let act = 3 + simulation.below(MOST_ACTS); act > 0; act -= 1)
      simulation.after(simulation.below(CHAOS_MS), () => device.act())
    if (simulation.chance(0.5)) cutOffFor(device)
    if (simulation.chance(0.4)) simulation.after(simulation.below(CHAOS_MS), () => device.crash())
  }
  if (simulation.chance(0.4)) simulation.after(simulation.below(CHAOS_MS), () => network.relay?.incarnation.crash())
  if (simulation.chance(0.3)) simulation.after(simulation.below(CHAOS_MS), () => beginEpoch())
  if (simulation.chance(0.2)) {
    const slipping = devices[simulation.below(devices.length)]
    simulation.after(CHAOS_MS / 2 + simulation.below(CHAOS_MS / 2), () => slipping?.slip())
  }
  if (simulation.chance(0.2)) {
    simulation.after(simulation.below(CHAOS_MS), async () => {
      await keepRelay(database)
      simulation.after(simulation.below(CHAOS_MS / 2), async () => {
        network.relay?.incarnation.crash()
        await bringRelayBack(database)
      })
    })
  }

  if (simulation.chance(0.3)) simulation.after(simulation.below(CHAOS_MS), () => intrude(1))

  /** Somebody has the password, and sends what is no frame of the vault into its rooms. */
  async function intrude(sequence: number): Promise<void> {
    const rooms = await database.query<{ room: string }>('select room from relay_rooms order by room')
    const room = rooms[simulation.below(rooms.length)]?.room
    const relay = network.relay
    if (!room || !relay) return
    const [{ epoch } = { epoch: 1 }] = await database.query<{ epoch: number }>('select epoch from relay_accounts')
    const sealed = Uint8Array.from([1, 1, 0, 0, 0, epoch, ...simulation.random.bytes(200)])
    const bearer = { accountId: ACCOUNT, deviceId: INTRUDER }
    // Answered once its event has had its turn.
    void relay.services.rooms.append({ ...bearer, room, sequence, covers: 0, sealed })
    if (sequence < 4) simulation.after(simulation.below(CHAOS_MS / 4), () => intrude(sequence + 1))
  }

  function cutOffFor(device: ChaosDevice): void {
    simulation.after(simulation.below(CHAOS_MS), () => {
      network.cutOff(device.id)
      simulation.after(simulation.below(CHAOS_MS / 2), () => network.rejoin(device.id))
    })
  }

  /** A revocation of a device that never spoke: the keys of the next epoch reach each device in its time. */
  async function beginEpoch(): Promise<void> {
    for (const { id } of devices) members.withheld.set(id, [2])
    members.epochs.set(2, new Uint8Array(32).fill(2))
    await database.query('update relay_accounts set epoch = 2 where id = $1', [ACCOUNT])
    members.epochInForce = 2
    for (const { id } of devices) {
      simulation.after(simulation.below(5_000), () => {
        members.withheld.delete(id)
        members.changed()
      })
    }
  }

  await simulation.run(CHAOS_MS, () => failure !== undefined)
  simulation.faults = NO_FAULTS
  for (const device of devices) network.rejoin(device.id)
  network.cut()
  for (const device of devices) device.start()
  for (const device of devices) simulation.after(10_000, () => device.greet())

  const isTogether = async () => {
    if (failure) return true
    if (!devices.every(({ engine }) => engine?.state.synced)) return false
    const [row] = await database.query<{ behind: number }>(
      `select count(*) as behind from relay_rooms room cross join (select distinct vault_id from sync_state) vault
       left join sync_rooms kept on kept.vault_id = vault.vault_id and kept.room = room.room
       where coalesce(kept.cursor, 0) < room.head`,
    )
    const [owing] = await database.query<{ count: number }>(
      'select count(*) as count from sync_rooms where owes_digest',
    )
    return row?.behind === 0 && owing?.count === 0 && (await filesAreTogether(database, devices))
  }
  await simulation.run(simulation.now + 15_000, () => failure !== undefined)
  const ended = await simulation.run(simulation.now + PEACE_MS, isTogether)
  await Promise.all(claims)
  if (failure) throw failure
  if (!ended) {
    const states = devices.map(({ id, engine }) => `${id.slice(-2)} ${JSON.stringify(engine?.state ?? 'not running')}`)
    throw new ChaosFailure(`not together after ${PEACE_MS / 60_000} minutes of peace: ${states.join('; ')}`)
  }
  await expectSame(database, devices)
  await expectKept(database, relayTexts, devices)
  await expectFiles(database, members, devices)
}

/** Every recording is at the relay, on each device that always wants them, and none is left that nothing names. */
async function filesAreTogether(database: Database, devices: readonly ChaosDevice[]): Promise<boolean> {
  const always = devices.filter(({ policies }) => policies.recordings === 'always').map(({ vaultId }) => vaultId)
  const [row] = await database.query<{ owed: number; left: number }>(
    `select (select count(*) from captures c left join sync_attachments a on a.vault_id = c.vault_id and a.sha256 = c.audio_sha256
        where c.audio_sha256 is not null and (a.sha256 is null or not a.at_relay or (not a.is_here and c.vault_id = any($1)))) as owed,
       (select count(*) from sync_attachments where unnamed_at is not null) as left`,
    [always],
  )
  return row?.owed === 0 && row.left === 0
}

/** The bytes themselves, and no other whole blob at the relay than those that are named. */
async function expectFiles(database: Database, members: TestMembers, devices: readonly ChaosDevice[]): Promise<void> {
  const keys = members.rosterOf(deviceId(1)).keys()
  const there = await database.query<{ name: string }>('select name from relay_blobs where "offset" = length')
  const names = new Set(there.map(({ name }) => name))
  const named = new Set<string>()
  for (const { id, vaultId, blobs, policies } of devices) {
    const rows = await database.query<{ sha256: string }>(
      'select audio_sha256 as sha256 from captures where vault_id = $1 and audio_sha256 is not null',
      [vaultId],
    )
    for (const { sha256 } of rows) {
      const digest = Uint8Array.from(Buffer.from(sha256, 'hex'))
      const own = Array.from({ length: keys.epoch }, (_, at) => keys.blobName(at + 1, digest))
      for (const name of own) named.add(name)
      if (!own.some((name) => names.has(name))) throw new ChaosFailure(`a recording of ${id} is not at the relay`)
      if (policies.recordings === 'always' && !(await blobs.has(sha256)))
        throw new ChaosFailure(`a recording is not on ${id}`)
    }
  }
  const left = [...names].filter((name) => !named.has(name))
  if (left.length > 0) throw new ChaosFailure(`${left.length} blobs that nothing names are left at the relay`)
}

function faultsOf(simulation: Simulation, isHostile: boolean): Faults {
  const some = (most: number) => (simulation.chance(0.5) ? simulation.random.fraction() * most : 0)
  return {
    crash: some(0.01),
    diskFull: some(0.02),
    drop: isHostile ? some(0.03) : 0,
    duplicate: isHostile ? some(0.05) : 0,
    reorder: isHostile ? some(0.1) : 0,
    tamper: isHostile ? some(0.05) : 0,
    stubborn: isHostile ? some(0.1) : 0,
  }
}

/** Documents and tables, as the database itself holds them. */
async function expectSame(database: Database, devices: readonly ChaosDevice[]): Promise<void> {
  const [first, ...others] = await Promise.all(
    devices.map(async ({ vaultId }) => ({
      docs: await docsOf(database, vaultId),
      tables: await shadowsOf(database, vaultId),
    })),
  )
  for (const [at, other] of others.entries()) {
    for (const part of ['docs', 'tables'] as const) {
      const [a, b] = [JSON.stringify(first?.[part]), JSON.stringify(other[part])]
      if (a !== b) throw new ChaosFailure(`devices 1 and ${at + 2} differ in their ${part}:\n${a}\n${b}`)
    }
  }
}

async function docsOf(database: Database, vaultId: string): Promise<Record<string, unknown>> {
  const rows = await database.query<{ doc: string; update: Uint8Array }>(
    'select doc, "update" from doc_updates where vault_id = $1 order by doc collate "C", seq',
    [vaultId],
  )
  return contentOf(rows.map(({ doc, update }) => ({ name: doc, update })))
}

async function expectKept(database: Database, relayTexts: RelayTexts, devices: readonly ChaosDevice[]): Promise<void> {
  const texts = await relayTexts.read()
  for (const { id, vaultId, kept, slipped } of devices) {
    const own = JSON.stringify(await docsOf(database, vaultId))
    const lost = [...kept, ...slipped].find((word) => !texts.includes(word) || !own.includes(word))
    if (lost) throw new ChaosFailure(`${lost}, which ${id} had acknowledged, is lost`)
  }
}
