import type { Database, Queries } from '../../store/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import type { Roster } from '../roster.ts'
import { type Digest, documentHash, encodeDigest } from './document-digest.ts'
import type { Outgoing } from './outgoing.ts'
import { type Room, type Rooms, saveTaken, takenOf } from './rooms.ts'

export interface IntegrityParts {
  db: Database
  vault: { id: string; documents: VaultDocuments }
  rooms: Rooms
  outgoing: Outgoing
  roster: Roster
}

/** What was sent to mend a difference may have been spoilt on its way too: while the program runs it is sent again so often. */
const MOST_AGAIN = 3

/** Digests of rooms: says what this device holds, and compares what others say (docs/protocol.md §11). */
export class Integrity {
  readonly #parts: IntegrityParts
  /** How often the same state of a room was sent again. */
  readonly #again = new Map<string, number>()

  constructor(parts: IntegrityParts) {
    this.#parts = parts
  }

  /**
   * Compares the digest of another device with what is held at its place in the room. Where they differ, everything that is held is queued,
   * a few times for each state of the document: updates only add, so both end with all of it.
   * @returns whether something was queued
   */
  async compare(name: string, digest: Digest & { device: string }): Promise<boolean> {
    const { db, vault, rooms, outgoing } = this.#parts
    const room = rooms.get(name)
    if (room.doc === null || digest.position === 0) return false
    const taken = await takenOf(db, vault.id, name)
    const before = taken.get(digest.device)
    // Others, this device included, changed the document in between: that the hashes differ says nothing.
    const isCrossed = [...taken.values()].some((one) => one.device !== digest.device && one.position > digest.position)
    if (!before || isCrossed) return false
    const hash = await this.#hash(room.doc)
    const agrees = Buffer.compare(hash, digest.hash) === 0
    const { doc } = room
    let next: Room | undefined
    await db.transaction(async (tx) => {
      if (await outgoing.table.holds(tx, doc)) return
      await saveTaken(tx, vault.id, name, [{ ...before, agrees }])
      if (agrees || !(await this.#isToSend(tx, name, hash))) return
      await outgoing.table.queue(tx, doc, 'all')
      next = { ...room, owesDigest: true }
      await rooms.save(tx, [next])
    })
    if (next) rooms.saved([next])
    return next !== undefined
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
