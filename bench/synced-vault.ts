import { Closables, configSchema, idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { openStore, type Store } from '../src-core/store/index.ts'
import { openWebSocket, type SyncEngine, startSync } from '../src-core/sync/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { type RelayRequests, signIn } from '../test/relay-devices.ts'
import { deviceId, stateOf, TestMembers } from '../test/sync-world.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'

/** A device whose vault syncs with the sizes and times of the product: store, vault and engine, without what derives search from them. */
export interface SyncedVault {
  readonly store: Store
  readonly vault: OpenVault
  /** Starts to sync. */
  connect(): Promise<SyncEngine>
  close(): Promise<void>
}

/** Of one vault in a bench. */
export const DEVICES = 3

/** Devices 1 to `count` of one vault; the same numbers give the same keys in every process. */
export function membersOf(count: number): TestMembers {
  const members = new TestMembers()
  for (let number = 1; number <= count; number += 1) members.add(deviceId(number))
  return members
}

/**
 * Opens the data folder, which may hold the vault already.
 * @param number of the device among `membersOf`
 * @param quietMs after which a still room says its digest; the product's where it is left out
 */
export async function openSyncedVault(
  folder: string,
  account: { relay: RelayRequests; email: string; members: TestMembers; number: number },
  quietMs?: number,
): Promise<SyncedVault> {
  const { relay, email, members, number } = account
  const owned = new Closables()
  const parts = { clock: systemClock, log: silentLog }
  const random = seededRandom(number)
  const store = owned.add(
    await openStore({
      ...parts,
      dataDir: folder,
      cacheDir: TEMPLATE_CACHE,
      host: 'cli',
      statementTimeoutMs: 120_000,
    }),
  )
  const db = store.database
  const vault = owned.add(
    await openVault({ ...parts, db, newId: idMaker(systemClock, random), limits: configSchema.parse({}).limits }),
  )
  const session = await signIn(relay, email, deviceId(number))
  await vault.documents.outbox.enrol(deviceId(number))
  return {
    store,
    vault,
    async connect() {
      return owned.add(
        await startSync({
          ...{ ...parts, db, vault, random, openSocket: openWebSocket, roster: members.rosterOf(deviceId(number)) },
          session: { address: relay.address, accessToken: async () => session.access },
          ...(quietMs !== undefined && { tuning: { quietMs } }),
        }),
      )
    },
    close: () => owned.close(),
  }
}

/** Resolves once everything of the device is at the relay, and everything that the relay has told of is here. */
export async function settled(engine: SyncEngine): Promise<void> {
  await stateOf(engine, ({ synced }) => synced)
}
