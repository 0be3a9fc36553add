import type { Clock, Log } from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import { DEVICES_DOCUMENT, type Roster } from '../roster.ts'
import type { Follower } from './follower.ts'
import type { Integrity } from './integrity.ts'
import type { ReceivedFrame } from './judge.ts'
import type { Line } from './line.ts'
import type { Acknowledgement, Outgoing } from './outgoing.ts'
import { readmitted } from './readmission.ts'
import type { Receiver } from './receiver.ts'
import { roomsAnew } from './relay-lost.ts'
import { isUnopened, lacksRefused, type Rooms } from './rooms.ts'
import type { Sender } from './sender.ts'
import type { SyncTuning } from './tuning.ts'

export interface RoomCareParts {
  db: Database
  vault: { id: string }
  rooms: Rooms
  outgoing: Outgoing
  receiver: Receiver
  integrity: Integrity
  roster: Roster
  clock: Clock
  log: Log
  tuning: SyncTuning
}

/** A room of which nothing can be opened is read anew ever more seldom, until it is after `quietMs` so often doubled. */
const MOST_DOUBLINGS = 6

/** What frames and acknowledgements of rooms ask for over one line: asking again, passing, snapshots, digests. */
export class RoomCare {
  readonly #parts: RoomCareParts
  readonly #line: Line
  readonly #follower: Follower
  readonly #sender: Sender
  readonly #onWork: () => void
  readonly #suspects = new Map<string, number>()
  /** Rooms in which frames of devices that nobody knows are passed over. */
  readonly #withoutStrangers = new Set<string>()
  /** When each room that owes a digest was last changed. */
  readonly #changedAt = new Map<string, number>()
  /** How often a room of which nothing could be opened was read anew. */
  readonly #readings = new Map<string, number>()
  /** Where a snapshot of a room was last queued; one that does not fit is not asked for again at once. */
  readonly #snapshotAsked = new Map<string, number>()
  #isWaitingForStrangers = false
  #digestTimer: AbortController | undefined

  constructor(
    parts: RoomCareParts,
    { line, follower, sender, onWork }: { line: Line; follower: Follower; sender: Sender; onWork: () => void },
  ) {
    this.#parts = parts
    this.#line = line
    this.#follower = follower
    this.#sender = sender
    this.#onWork = onWork
  }

  /** All rooms are known: takes up what the last session has left. */
  async begin(): Promise<void> {
    const { rooms, clock } = this.#parts
    for (const kept of [...rooms.all()]) {
      const { room } = kept
      if (isUnopened(kept)) await this.#readAnew(room)
      else if (kept.owesDigest) this.#changedAt.set(room, clock.monotonic())
      await this.#passIfDue(room)
    }
    this.#wakeForDigests()
  }

  async take(room: string, frames: readonly ReceivedFrame[]): Promise<void> {
    const { receiver, log, rooms } = this.#parts
    if (!this.#follower.follows(room)) {
      for (const { position } of frames) rooms.heard(room, position)
      return this.#follower.reorder()
    }
    const { stopped, refused, isMending } = await receiver.take(room, frames, {
      suspect: this.#suspects.get(room),
      refuseStrangers: this.#withoutStrangers.has(room),
    })
    this.#follower.used(room)
    if (isMending) this.#sender.queued()
    for (const { frame, reason } of refused) {
      const { device, sequence, position } = frame
      log.warn({ device, sequence, position, room, reason }, 'a frame was refused')
    }
    await this.#afterChange(room)
    if (stopped?.why === 'early') {
      this.#follower.hold(room, stopped.lacks)
      if (stopped.lacks === 'device') this.#waitForStrangers()
    } else if (stopped?.why === 'fault') {
      this.#suspects.set(room, stopped.position)
      this.#follower.leave(room)
    } else if (stopped) this.askAgain(room)
  }

  async acknowledged(all: readonly Acknowledgement[]): Promise<void> {
    const rooms = await this.#parts.outgoing.acknowledged(all)
    for (const { sequence } of all) this.#sender.answered(sequence)
    for (const { room } of rooms) await this.#afterChange(room)
    this.#follower.reorder()
  }

  /** Something that the relay says it has sent did not come. */
  askAgain(room: string): void {
    if (!this.#follower.askAgain(room)) this.#parts.log.warn({ room }, 'the relay leaves something of a room out')
  }

  /** Devices, revocations or keys came: what waited for them is looked at again. */
  async heedRoster(): Promise<void> {
    const { db, vault, rooms, roster } = this.#parts
    for (const room of await readmitted(db, vault.id, rooms, roster)) {
      if (this.#follower.follows(room)) this.#follower.leave(room)
      this.#withoutStrangers.delete(room)
    }
    this.#follower.release()
    this.#sender.queued()
  }

  /** Says the digest of a room that has been still for long enough, or reads it anew where its document is not known. @returns whether there was one */
  async sayDigest(): Promise<boolean> {
    const { integrity, clock, tuning, rooms } = this.#parts
    const now = clock.monotonic()
    for (const [room, at] of this.#changedAt) {
      if (now - at < tuning.quietMs) continue
      this.#changedAt.delete(room)
      if (isUnopened(rooms.get(room))) {
        await this.#readAnew(room)
        return true
      }
      if (await integrity.say(room)) {
        this.#sender.queued()
        return true
      }
      // Changes of this device go first.
      if (rooms.get(room).owesDigest) this.#changedAt.set(room, now)
    }
    this.#wakeForDigests()
    return false
  }

  async #afterChange(name: string): Promise<void> {
    const { rooms, clock, tuning } = this.#parts
    const room = rooms.get(name)
    if (room.owesDigest) {
      const doublings = isUnopened(room) ? Math.min(this.#readings.get(name) ?? 0, MOST_DOUBLINGS) : 0
      this.#changedAt.set(name, clock.monotonic() + tuning.quietMs * (2 ** doublings - 1))
      this.#wakeForDigests()
    }
    await this.#passIfDue(name)
    await this.#snapshotIfDue(name)
  }

  /** All that came of a room was spoilt on its way: which document it is, and so whom to ask, shows only once something of it can be opened. */
  async #readAnew(name: string): Promise<void> {
    const { rooms, db } = this.#parts
    const room = rooms.get(name)
    const anew = roomsAnew([room], new Map([[name, room.head]]))
    await db.transaction((tx) => rooms.forget(tx, anew))
    rooms.forgotten(anew)
    this.#readings.set(name, (this.#readings.get(name) ?? 0) + 1)
    this.#suspects.delete(name)
    if (this.#follower.follows(name)) this.#follower.leave(name)
    this.#follower.reorder()
  }

  /** Tells the relay that it need not keep for this device what a snapshot covers. What was refused is still waited for. */
  async #passIfDue(name: string): Promise<void> {
    const { rooms, db, vault, clock } = this.#parts
    const { covered, passed, cursor } = rooms.get(name)
    if (covered <= passed || cursor < covered) return
    if (await lacksRefused(db, { vaultId: vault.id, room: name, now: clock.now() })) return
    this.#line.send({ type: 'passed', room: name, position: cursor })
    const room = { ...rooms.get(name), passed: cursor }
    await db.transaction((tx) => rooms.save(tx, [room]))
    rooms.saved([room])
  }

  /** Who sent what makes a room long sends the snapshot: one device, not all. */
  async #snapshotIfDue(name: string): Promise<void> {
    const { rooms, tuning, db, outgoing, vault, roster } = this.#parts
    const { doc, cursor, head, covered } = rooms.get(name)
    // A device that joins by the words reads who was added by whom from its first frame on.
    if (doc === DEVICES_DOCUMENT) return
    const since = Math.max(covered, this.#snapshotAsked.get(name) ?? 0)
    if (doc === null || cursor < head || cursor - since < tuning.snapshotFrames) return
    const [newest] = await db.query<{ device: string }>(
      'select device from sync_taken where vault_id = $1 and room = $2 order by position desc limit 1',
      [vault.id, name],
    )
    if (newest?.device !== roster.device) return
    this.#snapshotAsked.set(name, cursor)
    await db.transaction(async (tx) => {
      const queued = await tx.query(
        `select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind in ('snapshot', 'all')`,
        [vault.id, doc],
      )
      if (queued.length === 0) await outgoing.table.queue(tx, doc, 'snapshot')
    })
    this.#sender.queued()
  }

  /** After a while a device that nobody introduces is a stranger, and its frames are passed over. */
  #waitForStrangers(): void {
    if (this.#isWaitingForStrangers) return
    this.#isWaitingForStrangers = true
    this.#line.after(this.#parts.tuning.strangerMs, () => {
      this.#isWaitingForStrangers = false
      const held = this.#follower.held('device')
      const devices = this.#parts.roster.keys().room(DEVICES_DOCUMENT)
      const due = held.filter((room) => room === devices || this.#follower.knowsDevices)
      for (const room of due) this.#withoutStrangers.add(room)
      this.#follower.release(due)
      if (due.length < held.length) this.#waitForStrangers()
      this.#onWork()
    })
  }

  #wakeForDigests(): void {
    this.#digestTimer?.abort()
    this.#digestTimer = undefined
    if (this.#changedAt.size === 0) return
    const { clock, tuning } = this.#parts
    const first = Math.min(...this.#changedAt.values())
    this.#digestTimer = new AbortController()
    this.#line.after(first + tuning.quietMs - clock.monotonic(), this.#onWork, this.#digestTimer.signal)
  }
}
