import * as Y from 'yjs'
import type { Clock } from '../../kernel/index.ts'
import type { Database, Queries } from '../../store/index.ts'
import { queueEverything, type VaultDocuments } from '../../vault/index.ts'
import type { Roster } from '../roster.ts'
import { type DeviceState, OutboxTable, type OutgoingFrame, type WaitingRow } from './outbox-table.ts'
import { pieces } from './pieces.ts'
import { relayLost, roomsAnew } from './relay-lost.ts'
import { differing, lacksRefused, type Room, type Rooms, saveTaken, type Taken, takenOf } from './rooms.ts'

export interface Acknowledgement {
  sequence: number
  room: string
  position: number
}

export interface OutgoingParts {
  db: Database
  vault: { id: string; documents: VaultDocuments }
  rooms: Rooms
  roster: Roster
  clock: Clock
}

/** Bytes of an update that go into one frame; with names, padding and seal they stay well below a message's length. */
const FRAME_BYTES = 2 * 2 ** 20

/** The outbox: gives out sequences, and takes out what was acknowledged. Calls must not overlap. */
export class Outgoing {
  readonly table: OutboxTable
  readonly #parts: OutgoingParts
  #state: DeviceState

  private constructor(parts: OutgoingParts, table: OutboxTable, state: DeviceState) {
    this.#parts = parts
    this.table = table
    this.#state = state
  }

  /** Undefined where the vault is not enrolled. */
  static async read(parts: OutgoingParts): Promise<Outgoing | undefined> {
    const table = new OutboxTable(parts.vault.id)
    const state = await table.state(parts.db, parts.roster.device)
    return state && new Outgoing(parts, table, state)
  }

  /** Frames of this device up to here are not known to it. */
  get strangeUpTo(): number {
    return this.#state.strangeUpTo
  }

  get acknowledgedUpTo(): number {
    return this.#state.acknowledged
  }

  /**
   * Takes in what the relay has of this device. Where it has lost frames that it had acknowledged, everything is queued again, and all rooms
   * are read from their beginning, in the same transaction.
   * @returns whether it has
   */
  async welcomed(taken: number): Promise<boolean> {
    const { db, vault, rooms } = this.#parts
    const before = this.#state
    const isLost = taken < before.acknowledged
    const isStrange = taken > before.sequence
    const state: DeviceState = {
      sequence: Math.max(before.sequence, taken),
      acknowledged: taken,
      strangeUpTo: isStrange ? taken : before.strangeUpTo,
    }
    const anew = isLost ? roomsAnew(rooms.all(), new Map()) : []
    await db.transaction(async (tx) => {
      await this.table.removeUpTo(tx, taken)
      await this.table.writeState(tx, state)
      await this.table.tryKeptBack(tx)
      if (!isLost) return
      // Others have taken these sequences with what was in them.
      for (let sequence = taken + 1; sequence <= before.acknowledged; sequence += 1) await this.table.fill(tx, sequence)
      await queueEverything(tx, vault.id)
      await relayLost(tx, { vaultId: vault.id, rooms, table: this.table }, anew)
    })
    this.#state = state
    rooms.forgotten(anew)
    return isLost
  }

  /** What is to be sent after that sequence, in order, and whether more may wait. What had no sequence before gets one here. */
  async next(after: number, mostFrames: number): Promise<{ frames: OutgoingFrame[]; mayHaveMore: boolean }> {
    const { db } = this.#parts
    const page = () => this.table.after(db, after, mostFrames, FRAME_BYTES)
    const given = after < this.#state.sequence ? await page() : []
    if (given.length > 0) return { frames: given, mayHaveMore: true }
    const first = await this.table.firstWaiting(db)
    if (!first) return { frames: [], mayHaveMore: false }
    if (first.kind !== 'update') {
      await this.#giveToWhole(first)
      return { frames: await page(), mayHaveMore: true }
    }
    const { frames, rows } = await this.#giveToUpdates()
    const bytes = frames.reduce((sum, { content }) => sum + content.length, 0)
    // Mostly all that waits is one change of the learner: the database is not asked again for what is at hand.
    if (rows === first.waiting && frames.length <= mostFrames && bytes <= FRAME_BYTES)
      return { frames, mayHaveMore: false }
    return { frames: await page(), mayHaveMore: true }
  }

  /** Takes out what was committed, and moves cursors over it where nothing of others lies before. @returns rooms that changed */
  async acknowledged(all: readonly Acknowledgement[]): Promise<Room[]> {
    const { db, vault, rooms, roster } = this.#parts
    const state = { ...this.#state, acknowledged: Math.max(this.#state.acknowledged, ...all.map((a) => a.sequence)) }
    const changed = new Map<string, Room>()
    /** What of this device was taken, by room: written once for all frames of a room. */
    const own = new Map<string, Taken>()
    await db.transaction(async (tx) => {
      const gone = await this.table.removeSent(
        tx,
        all.map(({ sequence }) => sequence),
      )
      const sent = new Map(gone.map((row) => [row.sequence, row]))
      for (const { sequence, room: name, position } of all) {
        const row = sent.get(sequence)
        const room = changed.get(name) ?? { ...rooms.get(name) }
        room.doc ??= row?.doc ?? null
        room.head = Math.max(room.head, position)
        if (row?.kind === 'snapshot') room.covered = Math.max(room.covered, row.covers ?? 0)
        changed.set(name, room)
        if (position !== room.cursor + 1) continue
        room.cursor = position
        const before = own.get(name) ?? (await takenOf(tx, vault.id, name)).get(roster.device)
        const blank = { device: roster.device, position: 0, keeps: 0, agrees: null, ...before }
        const isChange = row !== undefined && row.kind !== 'digest'
        own.set(name, { ...blank, sequence, ...(isChange && { position }) })
      }
      for (const [name, taken] of own) await saveTaken(tx, vault.id, name, [taken])
      await rooms.save(tx, [...changed.values()])
      await this.table.writeState(tx, state)
    })
    this.#state = state
    rooms.saved([...changed.values()])
    return [...changed.values()]
  }

  keepBack(frame: OutgoingFrame): Promise<void> {
    return this.#parts.db.transaction((tx) => this.table.keepBack(tx, frame))
  }

  uncover(sequence: number): Promise<void> {
    return this.table.uncover(this.#parts.db, sequence)
  }

  /** Gives a digest its sequence, inside a transaction; what is returned follows once that has committed. */
  async queueDigest(tx: Queries, doc: string, content: Uint8Array): Promise<() => void> {
    const state = await this.#give(tx, [{ doc, kind: 'digest', content, covers: 0 }])
    return () => {
      this.#state = state
    }
  }

  /** Neighbouring updates of one document go as one. @returns what goes, and of how many updates it is made */
  async #giveToUpdates(): Promise<{ frames: OutgoingFrame[]; rows: number }> {
    const given = await this.#parts.db.transaction(async (tx) => {
      const rows = await this.table.waitingUpdates(tx)
      await this.table.remove(
        tx,
        rows.map(({ id }) => id),
      )
      const frames = Array.from(Map.groupBy(rows, ({ doc }) => doc)).flatMap(([doc, parts]) => {
        const [first, ...more] = parts.map(({ content }) => content)
        const content = first && more.length === 0 ? first : Y.mergeUpdates(parts.map((part) => part.content))
        return pieces(content, FRAME_BYTES).map((piece) => updateOf(doc, piece))
      })
      return { frames, rows: rows.length, state: await this.#give(tx, frames) }
    })
    const first = given.state.sequence - given.frames.length + 1
    this.#state = given.state
    return { frames: given.frames.map((frame, at) => ({ ...frame, sequence: first + at })), rows: given.rows }
  }

  /** The whole document as it is now stands for all that waited of it. */
  async #giveToWhole({ id, doc, kind }: WaitingRow): Promise<void> {
    const { db, vault, rooms, roster, clock } = this.#parts
    const room = rooms.get(roster.keys().room(doc))
    const included = await this.table.waitingOf(db, doc)
    const isIncomplete =
      (await lacksRefused(db, { vaultId: vault.id, room: room.room, now: clock.now() })) || (await this.#differs(room))
    const parts = pieces(await vault.documents.updateSince(doc), FRAME_BYTES)
    const isSnapshot = kind === 'snapshot' && room.cursor > 0 && parts.length === 1 && !isIncomplete
    let state = this.#state
    await db.transaction(async (tx) => {
      const gone = await this.table.remove(tx, included)
      // What was forgotten meanwhile has taken it out of the queue.
      if (!gone.includes(id)) return
      const frames = parts.map((part) =>
        isSnapshot ? { doc, kind: 'snapshot' as const, content: part, covers: room.cursor } : updateOf(doc, part),
      )
      state = await this.#give(tx, frames)
    })
    this.#state = state
  }

  /** Whether another device is known to hold something else: it may have what is not here, and the relay is to keep it. */
  async #differs({ room }: Room): Promise<boolean> {
    const { db, vault, roster } = this.#parts
    const devices = await differing(db, vault.id, room)
    return devices.some((device) => {
      const member = roster.member(device)
      return member !== undefined && member.lastSequence === undefined
    })
  }

  async #give(tx: Queries, frames: readonly Omit<OutgoingFrame, 'sequence'>[]): Promise<DeviceState> {
    let { sequence } = this.#state
    for (const frame of frames) {
      sequence += 1
      await this.table.insert(tx, { ...frame, sequence })
    }
    const state = { ...this.#state, sequence }
    await this.table.writeState(tx, state)
    return state
  }
}

function updateOf(doc: string, content: Uint8Array): Omit<OutgoingFrame, 'sequence'> {
  return { doc, kind: 'update', content, covers: 0 }
}
