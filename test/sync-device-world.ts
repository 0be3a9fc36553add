import { type Clock, idMaker, ManualClock, seededRandom, silentLog, systemRandom } from '../src-core/kernel/index.ts'
import type { Store } from '../src-core/store/index.ts'
import type { SyncSecrets } from '../src-core/sync/devices/identity.ts'
import { LOOK_MS } from '../src-core/sync/devices/mailbox.ts'
import type { Membership } from '../src-core/sync/devices/own-device.ts'
import { SyncDevices } from '../src-core/sync/devices/sync-devices.ts'
import { DEVICES_DOCUMENT, sealFrame } from '../src-core/sync/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { connect, PASSWORD, type TestRelay } from './relay-devices.ts'

/** A device with a vault of its own, that speaks with a real relay. */
export interface TestSyncDevice {
  readonly name: string
  readonly vault: OpenVault
  readonly devices: SyncDevices
  /** What it keeps where the machine keeps keys. */
  readonly kept: { value: string | undefined }
  /** Phrases that were given to its backups. */
  readonly phrases: string[]
  /** Ends it and opens it again on what it kept. */
  reopen(): Promise<void>
  signIn(email: string): Promise<void>
  close(): Promise<void>
}

let vaults = 0

export async function syncDevice(
  name: string,
  store: Store,
  relay: TestRelay,
  parts: { fetch?: typeof fetch; clock?: Clock } = {},
): Promise<TestSyncDevice> {
  vaults += 1
  const vaultClock = new ManualClock(Date.UTC(2026, 10, 27, 9, vaults))
  const vault = await openVault({
    db: store.database,
    vaultId: `sync-${vaults}`,
    clock: vaultClock,
    newId: idMaker(vaultClock, seededRandom(vaults)),
    log: silentLog,
    limits: { textLength: 10_000 },
  })
  const kept: { value: string | undefined } = { value: undefined }
  const secrets: SyncSecrets = {
    get: async () => kept.value,
    set: async (value) => {
      kept.value = value
    },
    remove: async () => {
      kept.value = undefined
    },
  }
  const phrases: string[] = []
  const open = async () => {
    const devices = new SyncDevices({
      documents: vault.documents,
      secrets,
      fetch: parts.fetch ?? fetch,
      kind: 'linux',
      usualName: name,
      stopSync: async () => undefined,
      takePhrase: async (phrase) => {
        phrases.push(phrase)
      },
      clock: parts.clock ?? vaultClock,
      random: systemRandom,
      log: silentLog,
    })
    await devices.open()
    return devices
  }
  let devices = await open()
  return {
    name,
    vault,
    get devices() {
      return devices
    },
    kept,
    phrases,
    async reopen() {
      await devices.close()
      devices = await open()
    },
    signIn: (email) => devices.signIn({ relay: relay.address, email, password: PASSWORD }),
    async close() {
      await devices.close()
      await vault.close()
    },
  }
}

/** Brings both to the same `devices`, as the engine does. */
export async function exchangeDevices(a: TestSyncDevice, b: TestSyncDevice): Promise<void> {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    await to.vault.documents.apply(DEVICES_DOCUMENT, await from.vault.documents.updateSince(DEVICES_DOCUMENT))
  }
}

/** Sends what this device has of `devices` to the relay, as its engine does. */
export async function sendDevices(device: TestSyncDevice, relay: TestRelay, sequence = 1): Promise<void> {
  const { roster, session } = memberOf(device)
  const access = await session.accessToken()
  const socket = await connect(relay, { access, refresh: '', account: '', device: roster.device })
  const room = roster.keys().room(DEVICES_DOCUMENT)
  const payload = await device.vault.documents.updateSince(DEVICES_DOCUMENT)
  const sealed = sealFrame(
    { kind: 'update', name: DEVICES_DOCUMENT, payload },
    { room, device: roster.device, sequence },
    { keys: roster.keys(), sign: roster.sign, random: systemRandom },
  )
  socket.send({ type: 'append', room, sequence, sealed })
  await socket.next('taken')
  socket.close()
  await socket.closed
}

export function memberOf(device: TestSyncDevice): Membership {
  const member = device.devices.membership()
  if (!member) throw new Error(`${device.name} belongs to no vault`)
  return member
}

/** A line to the relay on which whoever looks into a mailbox looks again as soon as something was left in one. */
export function pairingLine(): { fetch: typeof fetch; clock: () => Clock } {
  let posts = 0
  const waiting = new Set<() => void>()
  return {
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      if (init?.method === 'POST' && String(input).includes('/v1/pairings/')) {
        posts += 1
        for (const wake of [...waiting]) wake()
      }
      return answer
    },
    clock() {
      const clock = new ManualClock()
      let seen = 0
      const still = clock.sleep.bind(clock)
      clock.sleep = async (ms, signal) => {
        if (ms !== LOOK_MS) return still(ms, signal)
        await new Promise<void>((resolve, reject) => {
          const look = () => {
            if (posts === seen) return
            seen = posts
            waiting.delete(look)
            resolve()
          }
          waiting.add(look)
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
          look()
        })
      }
      return clock
    },
  }
}
