import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closables, ManualClock, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { openStore, type Store } from '../src-core/store/index.ts'
import { newAccount, type RelayRequests, requestsTo } from '../test/relay-devices.ts'
import { type SyncDevice, syncDevice, TestMembers } from '../test/sync-world.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'
import { REPOSITORY } from './harness.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/** A relay as a process of its own, and devices of one learner with a database each. */
export interface SyncWorld {
  relay: RelayRequests & { server: ServerProcess }
  /** A new device, enrolled and offline. */
  device(): Promise<BenchDevice>
  close(): Promise<void>
}

export interface BenchDevice {
  device: SyncDevice
  store: Store
  /** When the learner writes there. */
  clock: ManualClock
  close(): Promise<void>
}

const BEGIN = Date.UTC(2026, 0, 1, 8)

export async function openSyncWorld(): Promise<SyncWorld> {
  const owned = new Closables()
  const folder = mkdtempSync(join(tmpdir(), 'lva-bench-sync-'))
  owned.defer(() => rmSync(folder, { recursive: true, force: true }))
  const server = await startServer(join(REPOSITORY, 'cloud/relay/main.ts'), {
    RELAY_DATA_DIR: join(folder, 'relay'),
    PORT: '0',
    LOG_LEVEL: 'error',
  })
  owned.defer(() => server.stop())
  const relay = { ...requestsTo(/http\S+/.exec(server.line)?.[0] ?? ''), server }
  const email = await newAccount(relay)
  const members = new TestMembers()
  let number = 0
  return {
    relay,
    async device() {
      number += 1
      const store = await openStore({
        dataDir: join(folder, `device-${number}`),
        cacheDir: TEMPLATE_CACHE,
        host: 'cli',
        clock: systemClock,
        log: silentLog,
        statementTimeoutMs: 120_000,
      })
      const clock = new ManualClock(BEGIN)
      const parts = { db: store.database, relay, email, members, number }
      const device = await syncDevice({ ...parts, vaultClock: clock, vaultTuning: {}, startsOffline: true })
      let closed: Promise<void> | undefined
      const close = () => {
        closed ??= device.close().then(() => store.close())
        return closed
      }
      owned.defer(close)
      return { device, store, clock, close }
    },
    close: () => owned.close(),
  }
}
