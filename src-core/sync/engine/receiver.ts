import * as Y from 'yjs'
import { type Clock, isLvaError, type Log, LvaError } from '../../kernel/index.ts'
import type { Database, Queries } from '../../store/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import { DEVICES_DOCUMENT, type Roster } from '../roster.ts'
import { readFrameHead } from '../sealed-frame.ts'
import { type Digest, decodeDigest } from './document-digest.ts'
import type { Integrity } from './integrity.ts'
import { judge, type ReceivedFrame, type Refusal } from './judge.ts'
import type { Outgoing } from './outgoing.ts'
import { type Room, type Rooms, saveTaken, type Taken, takenOf } from './rooms.ts'

export interface ReceiverParts {
  db: Database
  vault: { id: string; documents: VaultDocuments }
  rooms: Rooms
  outgoing: Outgoing
  integrity: Integrity
  roster: Roster
  clock: Clock
  log: Log
}

/** What became of frames of one room. */
export interface Received {
  room: Room
  /** Why the rest was not looked at: the room is asked for once more from its cursor, now or when something is known. */
  stopped?:
    | { why: 'early'; lacks: 'device' | 'key' }
    /** Its first fault: what was sent may have been spoilt on the way. */
    | { why: 'fault'; position: number }
    | { why: 'gap' }
  refused: { frame: ReceivedFrame; reason: Refusal }[]
  /** A digest showed a difference, and what is held here was queued. */
  isMending?: boolean
}

export interface ReceiveOptions {
  /** Position whose frame was refused before; refused again, it is passed over. */
  suspect: number | undefined
  /** Frames of devices that nobody knows are passed over. */
  refuseStrangers: boolean
}

/** What frames would do, before it is done. */
interface Plan extends Received {
  digest?: Digest & { device: string }
  updates: { frame: ReceivedFrame; payload: Uint8Array }[]
  taken: Map<string, Taken>
  touched: Set<string>
}

/** Of a room, while the program runs. */
const MOST_ANSWERS = 3

/** Checks, opens and applies frames of one room (docs/protocol.md §4, §9). Calls must not overlap. */
export class Receiver {
  readonly #parts: ReceiverParts
  /** Snapshots that were sent ahead of their place, by room. */
  readonly #ahead = new Map<string, number>()
  /** Updates that Yjs could not read, by room and position. */
  readonly #unreadable = new Set<string>()
  /** How many spoilt digests of a room were answered. */
  readonly #answers = new Map<string, number>()

  constructor(parts: ReceiverParts) {
    this.#parts = parts
  }

  /** A new socket sends everything in its place again. */
  reset(): void {
    this.#ahead.clear()
  }

  /**
   * Takes frames of one room in the order in which they came: their content and the room's cursor in one transaction.
   * @throws what the database throws; nothing of these frames is applied then
   */
  async take(name: string, frames: readonly ReceivedFrame[], options: ReceiveOptions): Promise<Received> {
    let last: Received | undefined
    let rest = frames
    // What one of its frames says of devices counts for the next.
    const isDevices = name === this.#parts.roster.keys().room(DEVICES_DOCUMENT)
    while (rest.length > 0 && !last?.stopped) {
      // A digest is compared with what the document holds at its very place.
      const at = rest.findIndex(({ sealed }) => kindOf(sealed) === 'digest')
      const count = at === 0 || isDevices ? 1 : at < 0 ? rest.length : at
      const done = await this.#takeSome(name, rest.slice(0, count), options)
      last = {
        ...done,
        refused: [...(last?.refused ?? []), ...done.refused],
        isMending: Boolean(last?.isMending || done.isMending),
      }
      rest = rest.slice(count)
    }
    return last ?? { room: this.#parts.rooms.get(name), refused: [] }
  }

  async #takeSome(name: string, frames: readonly ReceivedFrame[], options: ReceiveOptions): Promise<Received> {
    const { db, vault, rooms } = this.#parts
    const plan = this.#plan(name, await takenOf(db, vault.id, name), frames, options)
    const { room, updates } = plan
    const compared = plan.digest && (await this.#parts.integrity.compare(room, plan.digest, plan.taken))
    let isMending = false
    const also = async (tx: Queries) => {
      await this.#note(tx, plan)
      if (compared) isMending = await this.#parts.integrity.heed(tx, room, compared)
    }
    const doc = room.doc
    try {
      if (updates.length > 0 && doc !== null)
        await vault.documents.apply(doc, merged(updates), also, authorsOf(updates))
      else if (plan.touched.size > 0 || room.cursor > rooms.get(name).cursor) await db.transaction(also)
    } catch (error) {
      if (!isLvaError(error, 'bad-input')) throw error
      return this.#takeOneByOne(name, frames, options)
    }
    rooms.saved([room])
    return { ...plan, isMending }
  }

  /** Something among them is no update: the others are taken all the same. */
  async #takeOneByOne(name: string, frames: readonly ReceivedFrame[], options: ReceiveOptions): Promise<Received> {
    const [only] = frames
    if (frames.length === 1 && only) {
      this.#unreadable.add(`${name} ${only.position}`)
      return this.#takeSome(name, frames, options)
    }
    let last: Received = { room: this.#parts.rooms.get(name), refused: [] }
    for (const frame of frames) {
      const done = await this.#takeSome(name, [frame], options)
      last = { ...done, refused: [...last.refused, ...done.refused] }
      if (last.stopped) break
    }
    return last
  }

  #plan(name: string, taken: Map<string, Taken>, frames: readonly ReceivedFrame[], options: ReceiveOptions): Plan {
    const { rooms, roster, outgoing } = this.#parts
    const room: Room = { ...rooms.get(name) }
    const plan: Plan = { room, refused: [], updates: [], taken, touched: new Set() }
    for (const frame of frames) {
      const { position, device, sequence, covers } = frame
      room.head = Math.max(room.head, position)
      if (position <= room.cursor) continue
      const isAhead = covers > room.cursor && position > room.cursor + 1
      if (!isAhead && position !== room.cursor + 1) {
        plan.stopped = { why: 'gap' }
        break
      }
      const before = taken.get(device)
      const isOurs = device === roster.device && sequence > outgoing.strangeUpTo
      const isKnown = !isAhead && (before?.sequence ?? 0) >= sequence
      if (!isOurs && !isKnown) {
        const verdict = this.#judged(frame)
        if (verdict.kind === 'early' && !(verdict.lacks === 'device' && options.refuseStrangers)) {
          plan.stopped = { why: 'early', lacks: verdict.lacks }
          break
        }
        if (verdict.kind === 'taken') {
          room.doc = verdict.content.name
          this.#takeInto(plan, frame, verdict.content.kind, verdict.content.payload)
        } else {
          const reason = verdict.kind === 'early' ? 'stranger' : verdict.reason
          if (reason !== 'stranger' && reason !== 'revoked' && options.suspect !== position) {
            plan.stopped = { why: 'fault', position }
            break
          }
          plan.refused.push({ frame, reason })
          if (reason !== 'stranger' && reason !== 'revoked' && this.#isAnswered(room, frame)) room.owesDigest = true
        }
      } else if (isOurs) this.#noteTaken(plan, frame, kindOf(frame.sealed) !== 'digest')
      if (covers > 0) room.covered = Math.max(room.covered, covers)
      this.#advance(room, frame, isAhead)
    }
    return plan
  }

  /**
   * Whether a digest is owed for a frame that was spoilt on its way: a device that has what was in it learns from the digest that it is
   * missing here. A digest names its document, so that a room of which nothing could be opened is read anew instead (`RoomCare`). A spoilt
   * digest may have been one that said this; each is answered by one only a few times, since that may be spoilt as well.
   */
  #isAnswered({ room, doc }: Room, { sealed }: ReceivedFrame): boolean {
    if (kindOf(sealed) !== 'digest') return true
    if (doc === null) return false
    const answers = (this.#answers.get(room) ?? 0) + 1
    this.#answers.set(room, answers)
    return answers <= MOST_ANSWERS
  }

  #judged(frame: ReceivedFrame): ReturnType<typeof judge> {
    if (this.#unreadable.has(`${frame.room} ${frame.position}`)) return { kind: 'refused', reason: 'content' }
    return judge(frame, this.#parts.roster)
  }

  #takeInto(plan: Plan, frame: ReceivedFrame, kind: string, payload: Uint8Array): void {
    if (kind === 'digest') {
      this.#noteTaken(plan, frame, false)
      try {
        const { position, hash } = decodeDigest(payload)
        plan.digest = { position: Math.min(position, frame.position), hash, device: frame.device }
      } catch {
        plan.refused.push({ frame, reason: 'content' })
      }
      return
    }
    plan.updates.push({ frame, payload })
    plan.room.owesDigest = true
    // A snapshot ahead of its place is met again there by who begins in between: it does not count yet.
    if (frame.position === plan.room.cursor + 1) this.#noteTaken(plan, frame, true)
  }

  #noteTaken(plan: Plan, { device, sequence, position }: ReceivedFrame, isChange: boolean): void {
    const before = plan.taken.get(device) ?? { device, sequence: 0, position: 0, keeps: 0, agrees: null }
    const taken = { ...before, sequence: Math.max(before.sequence, sequence) }
    if (isChange) taken.position = position
    plan.taken.set(device, taken)
    plan.touched.add(device)
  }

  #advance(room: Room, { position, covers }: ReceivedFrame, isAhead: boolean): void {
    room.cursor = isAhead ? covers : position
    if (isAhead) this.#ahead.set(room.room, position)
    if (this.#ahead.get(room.room) === room.cursor + 1) room.cursor += 1
  }

  async #note(tx: Queries, { room, taken, touched, refused }: Plan): Promise<void> {
    const { vault, rooms, clock } = this.#parts
    await rooms.save(tx, [room])
    await saveTaken(
      tx,
      vault.id,
      room.room,
      Array.from(touched).flatMap((device) => taken.get(device) ?? []),
    )
    for (const { frame, reason } of refused) {
      await tx.query(
        `insert into sync_refused (vault_id, room, position, device, sequence, reason, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict do nothing`,
        [vault.id, room.room, frame.position, frame.device, frame.sequence, reason, new Date(clock.now())],
      )
    }
  }
}

function kindOf(sealed: Uint8Array): string | undefined {
  try {
    return readFrameHead(sealed).kind
  } catch {
    return undefined
  }
}

/** By Yjs client, the device that brought its first change. A snapshot holds what others wrote. */
function authorsOf(updates: Plan['updates']): Map<number, string> {
  const authors = new Map<number, string>()
  for (const { frame, payload } of updates) {
    if (frame.covers > 0) continue
    try {
      for (const client of Y.parseUpdateMeta(payload).from.keys())
        if (!authors.has(client)) authors.set(client, frame.device)
    } catch {
      // No update: applying it refuses it.
    }
  }
  return authors
}

function merged(updates: readonly { payload: Uint8Array }[]): Uint8Array {
  const [first, ...more] = updates.map(({ payload }) => payload)
  if (more.length === 0) return first as Uint8Array
  try {
    return Y.mergeUpdates(updates.map(({ payload }) => payload))
  } catch (cause) {
    throw new LvaError('bad-input', 'An update of another device cannot be read.', { cause })
  }
}
