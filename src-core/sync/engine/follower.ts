import type { DeviceFrame } from '../frames.ts'
import { idBytes, idOf } from '../frames.ts'
import { DEVICES_DOCUMENT, type Roster } from '../roster.ts'
import type { CatchUpOrder } from './order.ts'
import { isUnopened, type Room, type Rooms } from './rooms.ts'
import type { SyncTuning } from './tuning.ts'

/** Asked for again so often before it counts as a fault of the relay that something is left out. */
const MOST_GAPS = 3

export interface FollowerParts {
  rooms: Rooms
  roster: Roster
  order: CatchUpOrder
  tuning: SyncTuning
  onScreen: () => readonly string[]
  /** Documents whose rooms are followed also where nothing is missing: who else has them open is whispered there. */
  open: () => readonly string[]
  send: (frame: DeviceFrame) => void
}

/** Which rooms one socket follows: those of which something is missing, in the order of catching up (docs/protocol.md §9). */
export class Follower {
  readonly #parts: FollowerParts
  /** Asked for; their head has not been told yet. */
  readonly #asked = new Set<string>()
  /** In the order of their last frame, the newest at the end. */
  readonly #live = new Set<string>()
  /** Left; frames of them may still be on their way. */
  readonly #leaving = new Set<string>()
  /** Not asked for until something is known. */
  readonly #held = new Map<string, 'device' | 'key' | 'gap'>()
  readonly #gaps = new Map<string, number>()
  #queue: Room[] | undefined

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** Frames of the room are expected. */
  follows(room: string): boolean {
    return this.#asked.has(room) || this.#live.has(room)
  }

  /** Something has not been answered yet. */
  get isWaiting(): boolean {
    return this.#asked.size > 0 || this.#leaving.size > 0
  }

  /** The relay tells of a room as one that is not followed. */
  isNotFollowed(room: string): void {
    this.#live.delete(room)
    this.reorder()
  }

  /** Rooms of which something is missing. */
  behind(): Room[] {
    return Array.from(this.#parts.rooms.all()).filter((room) => room.cursor < room.head || isUnopened(room))
  }

  /** There are rooms of which nothing could be opened. */
  get hasUnopened(): boolean {
    return Array.from(this.#parts.rooms.all()).some(isUnopened)
  }

  held(why: 'device' | 'key' | 'gap'): string[] {
    return Array.from(this.#held).flatMap(([room, reason]) => (reason === why ? [room] : []))
  }

  /** Nothing of `devices` is missing. */
  get knowsDevices(): boolean {
    const { cursor, head, room } = this.#devices()
    return cursor >= head && !this.#held.has(room)
  }

  /** Something changed that tells which room comes next. */
  reorder(): void {
    this.#queue = undefined
  }

  /** @param most messages that may be sent. @returns how many were */
  askForMore(most: number): number {
    const { tuning, send } = this.#parts
    let sent = 0
    while (this.#asked.size < tuning.askedRooms && sent < most) {
      const room = this.#next()
      if (!room) break
      this.#asked.add(room.room)
      send({ type: 'follow', room: room.room, cursor: room.cursor })
      sent += 1
    }
    return sent
  }

  /** The relay has sent everything up to there. @returns false where something of it did not come */
  reachedHead(room: string, position: number): boolean {
    if (!this.#asked.delete(room)) return true
    this.#live.add(room)
    this.#makeRoom()
    return this.#parts.rooms.get(room).cursor >= position
  }

  used(room: string): void {
    if (this.#live.delete(room)) this.#live.add(room)
  }

  /** Asks once more from the cursor, after what is on its way has come. @returns false where that was done too often */
  askAgain(room: string): boolean {
    const gaps = (this.#gaps.get(room) ?? 0) + 1
    this.#gaps.set(room, gaps)
    if (gaps > MOST_GAPS) this.hold(room, 'gap')
    else this.leave(room)
    return gaps <= MOST_GAPS
  }

  hold(room: string, why: 'device' | 'key' | 'gap'): void {
    this.#held.set(room, why)
    this.leave(room)
  }

  /** Something became known: what was held is asked for again. */
  release(rooms: Iterable<string> = [...this.#held.keys()]): void {
    for (const room of rooms) this.#held.delete(room)
    this.reorder()
  }

  leave(room: string): void {
    this.#asked.delete(room)
    this.#live.delete(room)
    this.#leaving.add(room)
    this.#parts.send({ type: 'leave', room })
    // What the relay sends after the answer belongs to the next time.
    this.#parts.send({ type: 'ping', echo: idBytes(room) })
  }

  left(echo: Uint8Array): void {
    if (echo.length === 16 && this.#leaving.delete(idOf(echo))) this.reorder()
  }

  #next(): Room | undefined {
    const { rooms, order, onScreen } = this.#parts
    const devices = this.#devices()
    // Who signs what is written there: nothing else is asked for before.
    if (devices.cursor < devices.head && !this.#held.has(devices.room))
      return this.#isFree(devices) ? devices : undefined
    this.#queue ??= order.sorted(this.behind(), onScreen()).reverse()
    for (let room = this.#queue.pop(); room; room = this.#queue.pop()) {
      const now = rooms.get(room.room)
      if (this.#isFree(now) && now.cursor < now.head) return now
    }
    return this.#openRooms().find((room) => this.#isFree(room))
  }

  #openRooms(): Room[] {
    const { rooms, roster, open } = this.#parts
    const names = open()
    if (names.length === 0) return []
    const keys = roster.keys()
    return names.map((name) => rooms.get(keys.room(name)))
  }

  #isFree({ room }: Room): boolean {
    return !this.follows(room) && !this.#held.has(room) && !this.#leaving.has(room)
  }

  #devices(): Room {
    const { rooms, roster } = this.#parts
    return rooms.get(roster.keys().room(DEVICES_DOCUMENT))
  }

  #makeRoom(): void {
    for (const room of this.#live) {
      if (this.#live.size <= this.#parts.tuning.followedRooms) return
      this.leave(room)
    }
  }
}
