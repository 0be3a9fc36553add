import { join } from 'node:path'
import type { ConnectionServices } from '../../cloud/relay/connection.ts'
import { localFanOut } from '../../cloud/relay/fan-out.ts'
import type { RelayMetrics } from '../../cloud/relay/metrics.ts'
import { createWindows, type Windows } from '../../cloud/relay/rate-limits.ts'
import { createRooms, type Rooms } from '../../cloud/relay/rooms.ts'
import type { Bearer } from '../../cloud/relay/tokens.ts'
import { type Clock, type Closable, LvaError, silentLog, systemClock } from '../../src-core/kernel/index.ts'
import { type Database, migrate, readMigrations } from '../../src-core/store/index.ts'
import type { ChaosFiles } from './blobs.ts'
import { openMemoryDatabase } from './memory-database.ts'
import type { RelaySide } from './network.ts'
import { Incarnation, type Simulation } from './simulation.ts'

const RELAY_MIGRATIONS = join(import.meta.dirname, '../../migrations/relay')
/** What a seed leaves behind, in the tables of devices and of the relay. */
const WRITTEN = [
  ...[
    'doc_updates',
    'doc_records',
    'captures',
    'sessions',
    'notes',
    'settings',
    'memories',
    'cards',
    'jobs',
    'chunks',
    'conflicts',
  ],
  ...['sync_state', 'sync_outbox', 'sync_rooms', 'sync_taken', 'sync_refused', 'sync_attachments', 'sync_clients'],
  ...['relay_blobs', 'relay_blob_pieces'],
  ...['relay_accounts', 'relay_devices', 'relay_rooms', 'relay_frames', 'relay_passed'],
]

/** One Postgres for all devices and the relay of a simulation; they never look at each other's rows. */
export async function openChaosDatabase(): Promise<Closable & { database: Database; clean: () => Promise<void> }> {
  const database = await openMemoryDatabase()
  await migrate(database, readMigrations(), systemClock)
  for (const { sql } of readMigrations(RELAY_MIGRATIONS)) await database.exec(sql)
  return {
    database,
    clean: () => clean(database),
    close: () => database.close(),
  }
}

async function clean(database: Database): Promise<void> {
  // To empty a table makes new files of it and all its indexes, also where nothing is in it.
  const [isFilled = {}] = await database.query(
    `select ${WRITTEN.map((table) => `exists (select from ${table}) as ${table}`).join(', ')}`,
  )
  const filled = WRITTEN.filter((table) => isFilled[table])
  if (filled.length > 0) await database.exec(`truncate ${filled.join(', ')} restart identity`)
}

export const ACCOUNT = 'account'
const QUOTA_BYTES = 2 ** 40
const NO_METRICS: RelayMetrics = {
  opened: () => undefined,
  closed: () => undefined,
  received: () => undefined,
  sent: () => undefined,
  taken: () => undefined,
  refused: () => undefined,
  text: async () => ({ type: '', body: '' }),
}

export async function foundAccount(database: Database, devices: readonly string[], at: number): Promise<void> {
  const now = new Date(at)
  await database.query(
    `insert into relay_accounts (id, email, password, epoch, used_bytes, created_at) values ($1, 'learner', '', 1, 0, $2)`,
    [ACCOUNT, now],
  )
  for (const device of devices) {
    await database.query(
      `insert into relay_devices (account_id, id, kind, taken, created_at, last_seen_at) values ($1, $2, 'test', 0, $3, $3)`,
      [ACCOUNT, device, now],
    )
  }
}

const RELAY_TABLES = ['relay_rooms', 'relay_frames', 'relay_passed', 'relay_devices']

/** A backup of the relay. */
export async function keepRelay(database: Database): Promise<void> {
  for (const table of RELAY_TABLES)
    await database.exec(`drop table if exists kept_${table}; create table kept_${table} as table ${table}`)
}

/** The relay comes back from its backup: it has forgotten what came since. */
export function bringRelayBack(database: Database): Promise<void> {
  return database.transaction(async (tx) => {
    for (const table of RELAY_TABLES)
      await tx.exec(`delete from ${table}; insert into ${table} select * from kept_${table}`)
  })
}

/** The relay's own rooms and connections over that database. Who a device is, its token says plainly. */
export function startChaosRelay(
  simulation: Simulation,
  real: Database,
  startMs: number,
  files: ChaosFiles,
  onCrash: () => void,
): RelaySide {
  const incarnation = new Incarnation(simulation, onCrash)
  const clock = incarnation.clock(startMs, 0)
  const database = incarnation.database(real)
  const bearerOf = (deviceId: string) => ({ accountId: ACCOUNT, deviceId })
  return {
    incarnation,
    blobs: files.open({ database, clock, quotaBytes: QUOTA_BYTES }, simulation),
    services: relayServices(database, clock, bearerOf, createWindows(clock)),
  }
}

/** What connections of a relay rest on: the real rooms and fan-out. @param bearerOf of the token that a device says hello with */
export function relayServices(
  database: Database,
  clock: Clock,
  bearerOf: (token: string) => Bearer,
  messageRates: Windows,
): ConnectionServices & { rooms: Rooms } {
  const fanOut = localFanOut()
  const unused = async () => {
    throw new LvaError('internal', 'The simulation does not do this.')
  }
  return {
    accounts: { seen: async () => undefined } as never,
    tokens: { begin: unused, refresh: unused, read: async (token: string) => bearerOf(token) } as never,
    rooms: createRooms({
      database,
      clock,
      log: silentLog,
      quotaBytes: QUOTA_BYTES,
      activeDays: 90,
      onStored: (accountId, frame) => fanOut.publish(accountId, { type: 'stored', frame }),
    }),
    fanOut,
    messageRates,
    metrics: NO_METRICS,
    clock,
    log: silentLog,
    quotaBytes: QUOTA_BYTES,
  }
}
