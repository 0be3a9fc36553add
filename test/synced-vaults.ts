import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Database, Store } from '../src-core/store/index.ts'
import { newAccount, type TestRelay, testRelay } from './relay-devices.ts'
import { type SyncDevice, type SyncDeviceParts, syncDevice, TestMembers } from './sync-world.ts'
import { contentsOf, openTestStore, shadowsOf } from './vault-world.ts'

export interface SyncedVault {
  /** Of the account at the relay. */
  email: string
  members: TestMembers
  /** A further device. It is closed after the test. */
  add(parts?: Partial<SyncDeviceParts>): Promise<SyncDevice>
}

export interface SyncedVaults {
  readonly db: Database
  readonly relay: TestRelay
  /** A vault of its own, with no device so far. */
  vaultOf(): Promise<SyncedVault>
  /** Fails unless documents and tables of all are the same. */
  expectEqual(...devices: readonly SyncDevice[]): Promise<void>
}

/** For a test file: one relay and one database, and vaults whose devices sync through them. */
export function syncedVaults(): SyncedVaults {
  let store: Store
  let relay: TestRelay
  let devices = 0
  const open: SyncDevice[] = []
  beforeAll(async () => {
    relay = await testRelay()
    store = await openTestStore()
  })
  afterAll(async () => {
    await store.close()
    await relay.stop()
  })
  afterEach(async () => {
    for (const device of open.splice(0)) await device.close()
  })
  return {
    get db() {
      return store.database
    },
    get relay() {
      return relay
    },
    async vaultOf() {
      const email = await newAccount(relay)
      const members = new TestMembers()
      const add = async (parts: Partial<SyncDeviceParts> = {}) => {
        devices += 1
        const device = await syncDevice({ db: store.database, relay, email, members, number: devices, ...parts })
        open.push(device)
        return device
      }
      return { email, members, add }
    },
    async expectEqual(first, ...others) {
      if (!first) return
      const contents = await contentsOf(first.vault)
      const shadows = await shadowsOf(store.database, first.vault.id)
      for (const other of others) {
        expect(await contentsOf(other.vault)).toEqual(contents)
        expect(await shadowsOf(store.database, other.vault.id)).toEqual(shadows)
      }
    },
  }
}
