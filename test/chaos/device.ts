import * as Y from 'yjs'
import { type Clock, idMaker, isLvaError, seededRandom, silentLog } from '../../src-core/kernel/index.ts'
import { type BlobStore, type Database, memoryBlobs } from '../../src-core/store/index.ts'
import {
  type AttachmentPolicies,
  Attachments,
  decodeDeviceFrame,
  encodeRelayFrame,
  type OpenSocket,
  type SyncEngine,
  type SyncState,
  startSync,
} from '../../src-core/sync/index.ts'
import { type OpenVault, openVault } from '../../src-core/vault/index.ts'
import { deviceId, type TestMembers } from '../sync-world.ts'
import { SMALL } from '../vault-world.ts'
import { chaosHttp } from './blobs.ts'
import type { Network } from './network.ts'
import { Incarnation, type Simulation } from './simulation.ts'
import { ACCOUNT } from './world.ts'

const TUNING = {
  retryMs: 300,
  longestRetryMs: 3_000,
  pingMs: 4_000,
  answerMs: 6_000,
  gatherMs: 40,
  longestGatherMs: 100,
  quietMs: 1_500,
  strangerMs: 2_000,
  quotaMs: 3_000,
  askedRooms: 2,
  followedRooms: 3,
  window: 6,
  snapshotFrames: 8,
  inboxBytes: 4_000,
}

const ATTACHMENT_TUNING = { quietMs: 200, retryMs: 1_000, quotaMs: 3_000, askAgainMs: 1_000, forgetMs: 5_000 }

/** A bug that is planted to see that the simulator finds it. */
export type Planted =
  /** What waits to be sent is gone after a crash. */
  | 'forgets-outbox'
  /** What was sent counts as kept before the relay says so. */
  | 'acknowledges-early'
  /** The learner is told that all is synced whatever waits. */
  | 'says-synced'

export interface ChaosDeviceParts {
  simulation: Simulation
  network: Network
  database: Database
  members: TestMembers
  number: number
  startMs: number
  seed: number
  planted: Planted | undefined
  onState: (device: ChaosDevice, state: SyncState) => void
}

/** A device that is started, crashes and starts again over the same tables. */
export class ChaosDevice {
  readonly id: string
  readonly vaultId: string
  /** What was acknowledged to its learner: texts that must be found in the end. */
  readonly kept: string[] = []
  readonly slipped: string[] = []
  /** Files outlive the program. */
  readonly blobs: BlobStore = memoryBlobs()
  readonly policies: AttachmentPolicies
  /** Ids of captures with a recording that it has added. */
  readonly #recorded: string[] = []
  readonly #parts: ChaosDeviceParts
  readonly #skewMs: number
  #runs = 0
  #words = 0
  #incarnation: Incarnation | undefined
  vault: OpenVault | undefined
  engine: SyncEngine | undefined

  constructor(parts: ChaosDeviceParts) {
    this.#parts = parts
    this.id = deviceId(parts.number)
    this.vaultId = `vault-${parts.number}`
    // Clocks are hours apart.
    this.#skewMs = parts.simulation.below(8 * 3_600_000) - 4 * 3_600_000
    parts.members.add(this.id)
    const recordings = parts.simulation.chance(0.5) ? 'always' : 'on-demand'
    this.policies = { recordings, pictures: 'always', documents: 'always', frames: 'never' }
  }

  get isRunning(): boolean {
    return this.#incarnation !== undefined && !this.#incarnation.isDead
  }

  crash(): void {
    this.#incarnation?.crash()
  }

  /** Starts the program; a fault on the way ends it, as it would a real one. */
  start(): void {
    const { simulation, network } = this.#parts
    if (this.isRunning) return
    const incarnation = new Incarnation(simulation, () => {
      this.vault = undefined
      this.engine = undefined
      network.cut(({ device }) => device === this.id)
      simulation.after(200 + simulation.below(3_000), () => this.start())
    })
    this.#incarnation = incarnation
    this.#open(incarnation).catch(() => incarnation.crash())
  }

  async #open(incarnation: Incarnation): Promise<void> {
    const { database, network, members, number, startMs, seed, planted } = this.#parts
    this.#runs += 1
    if (planted === 'forgets-outbox' && this.#runs > 1)
      await database.query('delete from sync_outbox where vault_id = $1', [this.vaultId])
    const clock = incarnation.clock(startMs, this.#skewMs)
    const db = incarnation.database(database)
    const random = seededRandom(seed * 1_000 + number * 100 + this.#runs)
    const vault = await openVault({
      db,
      vaultId: this.vaultId,
      clock,
      newId: idMaker(clock, random),
      log: silentLog,
      limits: { textLength: 10_000 },
      tuning: SMALL,
    })
    await vault.documents.outbox.enrol(this.id)
    const roster = members.rosterOf(this.id)
    const engine = await startSync({
      db,
      vault,
      roster,
      session: { address: 'https://relay', accessToken: async () => this.id },
      openSocket:
        planted === 'acknowledges-early'
          ? acknowledgingEarly(network.openerOf(this.id, incarnation))
          : network.openerOf(this.id, incarnation),
      clock,
      random,
      log: silentLog,
      tuning: TUNING,
    })
    engine.onState((state) => {
      if (incarnation.isDead) return
      this.#parts.onState(this, planted === 'says-synced' ? { ...state, synced: true } : state)
    })
    this.#attach(incarnation, engine, { db, vault, clock })
    this.vault = vault
    this.engine = engine
  }

  #attach(
    incarnation: Incarnation,
    engine: SyncEngine,
    { db, vault, clock }: { db: Database; vault: OpenVault; clock: Clock },
  ): void {
    const { members, simulation, network } = this.#parts
    const devices = () => new Map([...members.devices.keys()].map((id) => [id, {}]))
    const attachments = new Attachments({
      ...{ db, vault, clock, blobs: this.blobs, log: silentLog, tuning: ATTACHMENT_TUNING },
      member: {
        http: chaosHttp(ACCOUNT, this.id, { simulation, network, incarnation }),
        session: { authorized: (work) => work(this.id) },
        roster: { ...members.rosterOf(this.id), nameOf: () => undefined, state: () => ({ devices: devices() }) },
      },
      policies: () => this.policies,
      keptSince: async () => ({ recordings: null, pictures: null }),
      isCaughtUp: () => engine.state.phase === 'live' && engine.state.behind === 0,
      onArrived: () => undefined,
    })
    const follow = () => attachments.setMoving(['live', 'catching-up'].includes(engine.state.phase))
    engine.onState(follow)
    attachments.start()
    follow()
  }

  /** Something comes to be in a document that is in no outbox: a fault that only digests can show. */
  slip(): void {
    const word = `slip${this.#parts.number}`
    const lost = new Y.Doc()
    lost.clientID = 1_000 + this.#parts.number
    lost.getMap('settings').set(word, word)
    this.vault?.documents.apply('settings', Y.encodeStateAsUpdate(lost)).then(
      () => this.slipped.push(word),
      (error) => {
        if (!isLvaError(error, 'disk-full')) throw error
      },
    )
  }

  /** Tells the others something, so that they say what they hold. */
  greet(): void {
    this.vault?.settings.set({ theme: 'dark', voice: `greeting ${this.#parts.number}` }).catch(() => undefined)
  }

  /** The learner does something; what fails is not done, and what was answered is kept. */
  act(): void {
    const { vault } = this
    if (!vault || !this.isRunning) return
    this.#act(vault).catch((error) => {
      // A full disk, and what another device deleted in the meantime.
      if (!isLvaError(error, 'disk-full') && !isLvaError(error, 'not-found')) throw error
    })
  }

  async #act(vault: OpenVault): Promise<void> {
    const { simulation, number } = this.#parts
    this.#words += 1
    const word = `word${number}x${this.#words}`
    const choice = simulation.below(13)
    if (choice === 10 || choice === 11) {
      const audioSha256 = await this.blobs.put(simulation.random.bytes(2_000 + simulation.below(3_000)))
      const { id } = await vault.captures.add({ sessionId: 's0', source: 'voice', userText: word, audioSha256 })
      this.kept.push(word)
      this.#recorded.push(id)
    } else if (choice === 12) {
      const id = this.#recorded.pop()
      if (id !== undefined) await vault.captures.delete([id])
    } else if (choice < 4) {
      await vault.captures.add({ sessionId: `s${simulation.below(2)}`, source: 'text', userText: word })
      this.kept.push(word)
    } else if (choice < 5) {
      await vault.notes.create({ title: word, body: word })
      this.kept.push(word)
    } else if (choice < 7) {
      const [note] = (await vault.notes.list({ limit: 5 })).items
      if (!note) return
      const at = simulation.random.fraction()
      await vault.documents.change(`note:${note.id}`, (doc) => {
        const body = doc.getText('body')
        // Between words, so that all of them can be found in the end.
        const gaps = [...body.toString().matchAll(/ |$/g)].map(({ index }) => index)
        body.insert(gaps[Math.floor(at * gaps.length)] ?? 0, ` ${word}`)
      })
      this.kept.push(word)
    } else if (choice < 8) {
      const theme = (['system', 'light', 'dark'] as const)[simulation.below(3)] ?? 'system'
      await vault.settings.set({ theme })
    } else if (choice < 9) {
      await vault.cards.add({ front: word, back: 'b' })
    } else {
      const [card] = (await vault.cards.list({}, { limit: 1 })).items
      if (card) await vault.cards.delete([card.id])
    }
  }
}

function acknowledgingEarly(open: OpenSocket): OpenSocket {
  return (address, events) => {
    const socket = open(address, events)
    return {
      send(message) {
        socket.send(message)
        const frame = decodeDeviceFrame(message)
        if (frame.type !== 'append' && frame.type !== 'snapshot') return
        const { room, sequence } = frame
        events.message(encodeRelayFrame({ type: 'taken', room, sequence, position: 0 }))
      },
      close: () => socket.close(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    }
  }
}
