import type { AttachmentService } from '../../src-core/contract/server/index.ts'
import { type Closable, LvaError } from '../../src-core/kernel/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import {
  Attachments,
  type AttachmentsState,
  attachmentAmounts,
  type Membership,
  type SyncDevices,
  type SyncEngine,
  type UnmeteredOnly,
  USUAL_POLICIES,
} from '../../src-core/sync/index.ts'
import type { OpenVault } from '../../src-core/vault/index.ts'
import type { CoreOptions } from './core.ts'
import type { NetworkCost } from './network.ts'

export interface SyncAttachmentsParts {
  options: CoreOptions
  store: Store
  vault: OpenVault
  devices: SyncDevices
  network: NetworkCost
  /** Resolves once the membership is known. */
  opened(): Promise<void>
  /** Bytes have come: whatever waits for them goes on. */
  onArrived(sha256: string): void
  /** Something changed that a learner is told. */
  tell(): void
}

const DAY = 24 * 3_600_000
const MOVING: readonly SyncEngine['state']['phase'][] = ['live', 'catching-up']

/** Recordings, pictures, files and frames of a synced vault, beside the engine that moves what was said. */
export class SyncAttachments implements Closable {
  readonly #parts: SyncAttachmentsParts
  readonly #listeners = new Set<(sha256: string) => void>()
  #policies = USUAL_POLICIES
  #unmeteredOnly: UnmeteredOnly = 'nothing'
  #open: { attachments: Attachments; engine: SyncEngine } | undefined

  constructor(parts: SyncAttachmentsParts) {
    this.#parts = parts
  }

  /** Nothing moves at all while the network costs, as the learner chose. */
  get holdsEverything(): boolean {
    return this.#unmeteredOnly === 'everything' && this.#parts.network.isMetered === true
  }

  /** Reads what the learner chose. Before anything is connected, it is known whether the network costs where that matters. */
  async heedChoices(): Promise<void> {
    const { devices, network } = this.#parts
    const { policies, unmeteredOnly } = await devices.status()
    const areNew = JSON.stringify(policies) !== JSON.stringify(this.#policies)
    const isFirst = unmeteredOnly !== 'nothing' && this.#unmeteredOnly === 'nothing'
    this.#policies = policies
    this.#unmeteredOnly = unmeteredOnly
    if (isFirst) await network.look()
    network.watch(unmeteredOnly !== 'nothing')
    if (areNew) this.#open?.attachments.choicesChanged()
    this.#steer()
  }

  begin(member: Membership, engine: SyncEngine): void {
    const { options, store, vault, onArrived, tell } = this.#parts
    const { clock, log } = options
    const attachments = new Attachments({
      ...{ db: store.database, vault, member, blobs: store.blobs, clock, log },
      policies: () => this.#policies,
      keptSince: async () => {
        const { recordingDays, pictureDays } = await vault.settings.get()
        const since = (days: number | null) => (days === null ? null : new Date(clock.now() - days * DAY))
        return { recordings: since(recordingDays), pictures: since(pictureDays) }
      },
      isCaughtUp: () => engine.state.phase === 'live' && engine.state.behind === 0,
      onArrived: (sha256) => {
        onArrived(sha256)
        for (const listener of this.#listeners) listener(sha256)
      },
    })
    this.#open = { attachments, engine }
    attachments.onState(tell)
    engine.onState(() => this.#steer())
    attachments.start()
    this.#steer()
  }

  /** Before the engine. */
  async end(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.attachments.close()
  }

  /** Undefined where nothing is synced. Without a connection it is as it was when there was one. */
  async state(): Promise<AttachmentsState | undefined> {
    if (this.#open) return this.#open.attachments.state()
    const { store, vault, devices } = this.#parts
    if (!devices.membership()) return undefined
    const kinds = await attachmentAmounts(store.database, vault.id, this.#policies)
    return { kinds, moving: null, sentBytes: 0, receivedBytes: 0, problem: null }
  }

  /** What is still to move by itself. */
  async waiting(): Promise<{ items: number; bytes: number }> {
    const { kinds } = (await this.state()) ?? { kinds: [] }
    const all = kinds.flatMap(({ toSend, toFetch }) => [toSend, toFetch])
    return {
      items: all.reduce((sum, { items }) => sum + items, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  }

  /** Tries what waits for another attempt, and resolves once nothing more moves by itself. */
  async now(signal: AbortSignal): Promise<void> {
    await this.#open?.attachments.retry()
    await this.#open?.attachments.settled(signal)
  }

  service(): AttachmentService {
    const { devices, network, opened } = this.#parts
    const self = this
    return {
      status: async () => {
        await opened()
        const state = await this.state()
        return {
          state: state ? { ...state, kinds: [...state.kinds] } : null,
          policies: this.#policies,
          unmeteredOnly: this.#unmeteredOnly,
          metered: await network.look(),
          held: this.#isHeld,
        }
      },
      choose: async ({ policies = {}, unmeteredOnly }) => {
        await opened()
        const known = await devices.status()
        const given = Object.fromEntries(Object.entries(policies).filter(([, policy]) => policy !== undefined))
        await devices.choose({
          policies: { ...known.policies, ...given },
          unmeteredOnly: unmeteredOnly ?? known.unmeteredOnly,
        })
        await this.heedChoices()
      },
      standing: async (sha256) => {
        await opened()
        if (this.#open) return this.#open.attachments.standing(sha256)
        const bytes = await this.#parts.store.blobs.size(sha256)
        return bytes === undefined ? { state: 'unknown', bytes: null } : { state: 'here', bytes }
      },
      async *fetch(sha256, signal) {
        await opened()
        if (!self.#open) throw notSynced()
        yield* self.#open.attachments.fetch(sha256, signal)
      },
      report: (isMetered) => network.report(isMetered),
      onArrived: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  async close(): Promise<void> {
    await this.end()
    this.#listeners.clear()
  }

  get #isHeld(): boolean {
    return this.#unmeteredOnly !== 'nothing' && this.#parts.network.isMetered === true
  }

  #steer(): void {
    const { attachments, engine } = this.#open ?? {}
    if (!attachments || !engine) return
    attachments.setMoving(!this.#isHeld && MOVING.includes(engine.state.phase))
  }
}

function notSynced(): LvaError {
  return new LvaError('not-found', 'This device is not connected to a synced vault.', {
    advice: 'Set up sync in Settings, Devices and sync.',
  })
}
