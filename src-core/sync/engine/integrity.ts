import type { Database, Queries } from '../../store/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import type { Roster } from '../roster.ts'
import { type Digest, documentHash, encodeDigest } from './document-digest.ts'
import type { Outgoing } from './outgoing.ts'
import { type Room, type Rooms, saveTaken, type Taken } from './rooms.ts'

export interface IntegrityParts {
  db: Database
  vault: { id: string; documents: VaultDocuments }
  rooms: Rooms
  outgoing: Outgoing
  roster: Roster
}

/** What was sent to mend a difference may have been spoilt on its way too: while the program runs it is sent again so often. */
const MOST_AGAIN = 3

/** What the digest of another device showed. */
export interface Comparison {
  doc: string
  /** Of that device, as it is without the comparison. */
  before: Taken
  /** Up to where that device says that it keeps the room. */
  position: number
  /** Hash of what is held here. */
  own: Uint8Array
  /** Sequence up to which frames of this device were met in the room. */
  met: number
  agrees: boolean
}

/** Digests of rooms: says what this device holds, and compares what others say (docs/protocol.md §11). */
export class Integrity {
  readonly #parts: IntegrityParts
  /** How often the same state of a room was sent again. */
  readonly #again = new Map<string, number>()

  constructor(parts: IntegrityParts) {
    this.#parts = parts
  }

  /**
   * Compares the digest of another device with what is held at its place in the room.
   * @param taken of all devices in the room, the digest included
   * @returns undefined where nothing can be said
   */
  async compare(
    { doc }: Room,
    { device, position, hash }: Digest & { device: string },
    taken: ReadonlyMap<string, Taken>,
  ): Promise<Comparison | undefined> {
    const before = taken.get(device)
    // Others, this device included, changed the document in between: that the hashes differ says nothing.
    const isCrossed = [...taken.values()].some((one) => one.device !== device && one.position > position)
    if (doc === null || position === 0 || !before || isCrossed) return undefined
    const own = await this.#hash(doc)
    const met = taken.get(this.#parts.roster.device)?.sequence ?? 0
    return { doc, before, position, own, met, agrees: Buffer.compare(own, hash) === 0 }
  }

  /**
   * Notes what a comparison showed, in the transaction that takes the digest: one that was taken is not met again. Where the two differ,
   * everything that is held is queued, a few times for each state of the document: updates only add, so both end with all of it.
   * @param room saved with what is owed then
   * @returns whether something was queued
   */
  async heed(tx: Queries, room: Room, { doc, before, position, own, met, agrees }: Comparison): Promise<boolean> {
    const { vault, rooms, outgoing } = this.#parts
    if (await outgoing.table.holds(tx, doc, met)) return false
    // What could not be compared counts as nothing that is kept there.
    await saveTaken(tx, vault.id, room.room, [{ ...before, keeps: Math.max(before.keeps, position), agrees }])
    if (agrees || !(await this.#isToSend(tx, room.room, own))) return false
    await outgoing.table.queue(tx, doc, 'all')
    room.owesDigest = true
    await rooms.save(tx, [room])
    return true
  }

  /**
   * Queues the digest of a room in which something of others came.
   * @returns false where changes of this device wait, which have to go first
   */
  async say(name: string): Promise<boolean> {
    const { db, rooms, outgoing } = this.#parts
    const room = rooms.get(name)
    if (room.doc === null) return false
    const { doc } = room
    if (await outgoing.table.holds(db, doc)) return false
    const next: Room = { ...room, owesDigest: false }
    const content = encodeDigest({ position: room.cursor, hash: await this.#hash(doc) })
    let given: (() => void) | undefined
    await db.transaction(async (tx) => {
      // A change that was made since is in the hash or not: then it is not said.
      if (await outgoing.table.holds(tx, doc)) return
      given = await outgoing.queueDigest(tx, doc, content)
      await rooms.save(tx, [next])
    })
    if (!given) return false
    given()
    rooms.saved([next])
    return true
  }

  #hash(doc: string): Promise<Uint8Array> {
    return this.#parts.vault.documents.change(doc, (held) => documentHash(held))
  }

  async #isToSend(tx: Queries, room: string, hash: Uint8Array): Promise<boolean> {
    const rows = await tx.query(
      `update sync_rooms set mended_with = $3 where vault_id = $1 and room = $2
       and (mended_with is null or mended_with <> $3) returning room`,
      [this.#parts.vault.id, room, hash],
    )
    const again = rows.length > 0 ? 0 : (this.#again.get(room) ?? 0) + 1
    if (again > MOST_AGAIN) return false
    this.#again.set(room, again)
    return true
  }
}
