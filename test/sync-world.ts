import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Clock, idMaker, type Log, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import type { Database } from '../src-core/store/index.ts'
import {
  decodeRelayFrame,
  encodeRelayFrame,
  type OpenSocket,
  openWebSocket,
  type RelayFrame,
  type Roster,
  type RosterDevice,
  type SyncEngine,
  type SyncState,
  type SyncTuning,
  startSync,
  vaultKeys,
} from '../src-core/sync/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { type RelayRequests, type Session, signIn } from './relay-devices.ts'
import { SMALL } from './vault-world.ts'

/** Devices with vaults of their own that sync through a real relay. */

/** Who belongs to a vault, as all its devices see it. */
export class TestMembers {
  readonly devices = new Map<string, RosterDevice>()
  readonly epochs = new Map([[1, new Uint8Array(32).fill(1)]])
  /** Epochs that are kept from a device. */
  readonly withheld = new Map<string, number[]>()
  epochInForce = 1
  readonly #listeners = new Set<() => void>()
  readonly #keysOf: typeof vaultKeys

  /** @param keysOf makes keys from those of the epochs, as the vault's own do */
  constructor(keysOf = vaultKeys) {
    this.#keysOf = keysOf
  }

  rosterOf(device: string): Roster {
    const key = signingKeyOf(device)
    let [keys, given] = [this.#keysOf(new Map(this.epochs)), [...this.epochs.keys()].join()]
    return {
      device,
      sign: (message) => Uint8Array.from(sign(null, message, key)),
      keys: () => {
        const withheld = this.withheld.get(device) ?? []
        const epochs = [...this.epochs].filter(([epoch]) => !withheld.includes(epoch))
        const now = epochs.map(([epoch]) => epoch).join()
        if (now !== given) [keys, given] = [this.#keysOf(new Map(epochs)), now]
        return keys
      },
      epochInForce: () => this.epochInForce,
      member: (id) => this.devices.get(id),
      introduced: () => undefined,
      onChange: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  add(device: string): void {
    this.devices.set(device, { signingKey: ed25519.getPublicKey(secretOf(device)) })
    this.changed()
  }

  changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** A device id of 32 hex digits. @param number from 1 */
export function deviceId(number: number): string {
  return number.toString(16).padStart(32, 'd')
}

export function secretOf(device: string): Uint8Array {
  return seededRandom(Number.parseInt(device.slice(-6).replace(/^d+/, ''), 16)).bytes(32)
}

/** PKCS#8 before the 32 bytes of an Ed25519 secret (RFC 8410). */
const DER_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** By the device. */
const signingKeys = new Map<string, KeyObject>()

function signingKeyOf(device: string): KeyObject {
  const key =
    signingKeys.get(device) ??
    createPrivateKey({ key: Buffer.concat([DER_HEAD, secretOf(device)]), format: 'der', type: 'pkcs8' })
  signingKeys.set(device, key)
  return key
}

export interface SyncDevice {
  readonly id: string
  readonly vault: OpenVault
  readonly engine: SyncEngine
  /** Ends the engine and opens the vault anew, as a restart of the program does. */
  restart(): Promise<void>
  /** Ends the engine; what is changed then is changed offline. */
  goOffline(): Promise<void>
  goOnline(): Promise<void>
  close(): Promise<void>
}

export interface SyncDeviceParts {
  db: Database
  relay: RelayRequests
  email: string
  members: TestMembers
  /** From 1, different for each device of a test file. */
  number: number
  clock?: Clock
  log?: Log
  tuning?: Partial<SyncTuning>
  openSocket?: OpenSocket
  /** Not a member of the vault. */
  isStranger?: boolean
}

/** Digests only where a test asks for them. */
const QUIET = 1_000_000_000

/** A device that is enrolled and syncs. */
export async function syncDevice(parts: SyncDeviceParts): Promise<SyncDevice> {
  const { db, relay, email, members, number, clock = systemClock, log = silentLog } = parts
  const id = deviceId(number)
  if (!parts.isStranger) members.add(id)
  const session: Session = await signIn(relay, email, id)
  const random = seededRandom(number)
  const newId = idMaker(clock, random)
  const vaultId = newId()
  const open = () =>
    openVault({
      db,
      vaultId,
      clock,
      newId,
      log,
      limits: { textLength: 9_000_000 },
      tuning: SMALL,
    })
  let vault = await open()
  const start = () =>
    startSync({
      db,
      vault,
      roster: members.rosterOf(id),
      session: {
        get address() {
          return relay.address
        },
        accessToken: async () => session.access,
      },
      openSocket: parts.openSocket ?? openWebSocket,
      clock,
      random,
      log,
      tuning: { retryMs: 10, longestRetryMs: 50, quietMs: QUIET, gatherMs: 0, ...parts.tuning },
    })
  await vault.documents.outbox.enrol(id)
  let engine: SyncEngine | undefined = await start()
  const goOffline = async () => {
    await engine?.close()
    engine = undefined
  }
  return {
    id,
    get vault() {
      return vault
    },
    get engine() {
      if (!engine) throw new Error('the device is offline')
      return engine
    },
    goOffline,
    async goOnline() {
      engine = await start()
    },
    async restart() {
      await goOffline()
      await vault.close()
      vault = await open()
      engine = await start()
    },
    async close() {
      await goOffline()
      await vault.close()
    },
  }
}

/** Resolves once the engine's state is so. */
export function stateOf(engine: SyncEngine, fits: (state: SyncState) => boolean): Promise<SyncState> {
  if (fits(engine.state)) return Promise.resolve(engine.state)
  return new Promise((resolve) => {
    const stop = engine.onState((state) => {
      if (!fits(state)) return
      stop()
      resolve(state)
    })
  })
}

/** Resolves once everything of each device is at the relay, and everything at the relay at each device. */
export async function allSynced(...devices: readonly SyncDevice[]): Promise<void> {
  for (;;) {
    for (const { engine } of devices) await stateOf(engine, ({ synced }) => synced)
    // What one has sent, another may not have heard of yet: a word with the relay makes sure.
    const states = await Promise.all(devices.map(({ engine }) => engine.check()))
    if (states.every(({ synced }) => synced)) return
  }
}

/** A network that may change what the relay says. */
export function changing(change: (frame: RelayFrame) => RelayFrame | undefined): OpenSocket {
  return (address, events) =>
    openWebSocket(address, {
      ...events,
      message: (bytes) => {
        const frame = change(decodeRelayFrame(bytes))
        if (frame) events.message(encodeRelayFrame(frame))
      },
    })
}

/** As it comes where a bit of it was turned on the way. */
export function spoilt(frame: Extract<RelayFrame, { type: 'frame' }>): RelayFrame {
  const sealed = frame.sealed.slice()
  sealed[80] = (sealed[80] ?? 0) ^ 1
  return { ...frame, sealed }
}
