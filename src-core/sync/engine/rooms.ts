import type { Database, Queries, SqlValue } from '../../store/index.ts'

/** A room, and what this device keeps of it (table `sync_rooms`). */
export interface Room {
  /** 32 hex digits. */
  room: string
  doc: string | null
  cursor: number
  head: number
  covered: number
  passed: number
  owesDigest: boolean
}

/** Nothing of it could be opened: which document it is, is not known, and what others wrote there is missing here. */
export function isUnopened({ doc, owesDigest }: Room): boolean {
  return doc === null && owesDigest
}

/** What was taken of a device in a room (table `sync_taken`). */
export interface Taken {
  device: string
  sequence: number
  position: number
  keeps: number
  agrees: boolean | null
}

/**
 * The rooms in memory, as they are stored. A change is written with `save` inside a transaction, and shows here with `saved` once that has
 * committed: memory never runs ahead of the disk.
 */
export class Rooms {
  readonly #vaultId: string
  readonly #rooms: Map<string, Room>

  private constructor(vaultId: string, rooms: readonly Room[]) {
    this.#vaultId = vaultId
    this.#rooms = new Map(rooms.map((room) => [room.room, room]))
  }

  static async read(db: Database, vaultId: string): Promise<Rooms> {
    const rows = await db.query<Room & Record<string, unknown>>(
      `select room, doc, cursor, head, covered, passed, owes_digest as "owesDigest" from sync_rooms where vault_id = $1`,
      [vaultId],
    )
    return new Rooms(vaultId, rows)
  }

  all(): Iterable<Room> {
    return this.#rooms.values()
  }

  /** As it is known, or new. */
  get(room: string): Room {
    return this.#rooms.get(room) ?? { room, doc: null, cursor: 0, head: 0, covered: 0, passed: 0, owesDigest: false }
  }

  /** Notes what the relay tells of a room; stored with its next change. */
  heard(room: string, head: number): void {
    const known = this.get(room)
    this.#rooms.set(room, { ...known, head: Math.max(known.head, head) })
  }

  /** Notes the heads of all rooms that the relay has. */
  listed(heads: ReadonlyMap<string, number>): void {
    for (const room of new Set([...this.#rooms.keys(), ...heads.keys()])) {
      const known = this.get(room)
      this.#rooms.set(room, { ...known, head: Math.max(known.cursor, heads.get(room) ?? 0) })
    }
  }

  async save(tx: Queries, rooms: readonly Room[]): Promise<void> {
    for (const { room, doc, cursor, head, covered, passed, owesDigest } of rooms) {
      await tx.query(
        `insert into sync_rooms (vault_id, room, doc, cursor, head, covered, passed, owes_digest)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (vault_id, room) do update set doc = excluded.doc, cursor = excluded.cursor, head = excluded.head,
           covered = excluded.covered, passed = excluded.passed, owes_digest = excluded.owes_digest`,
        [this.#vaultId, room, doc, cursor, head, covered, passed, owesDigest],
      )
    }
  }

  saved(rooms: readonly Room[]): void {
    for (const room of rooms) {
      const head = Math.max(room.head, this.get(room.room).head)
      this.#rooms.set(room.room, { ...room, head })
    }
  }

  /** The relay has less of these rooms than this device has read: they are read anew from their beginning. */
  async forget(tx: Queries, rooms: readonly Room[]): Promise<void> {
    const params: SqlValue[] = [this.#vaultId, rooms.map(({ room }) => room)]
    for (const table of ['sync_taken', 'sync_refused'])
      await tx.query(`delete from ${table} where vault_id = $1 and room = any($2)`, params)
    await this.save(tx, rooms)
  }

  forgotten(rooms: readonly Room[]): void {
    for (const room of rooms) this.#rooms.set(room.room, room)
  }
}

/** So long a device whose frames were passed over may still be introduced, and what was spoilt may still be missing. */
const WAITED_MS = 7 * 86_400_000

/**
 * @returns whether something was passed over that others may have taken: its device may be introduced yet, or it was spoilt on its way. Until
 *   then nothing says that it is kept here, and no snapshot of this device stands for it.
 */
export async function lacksRefused(
  queries: Queries,
  { vaultId, room, now }: { vaultId: string; room: string; now: number },
): Promise<boolean> {
  const rows = await queries.query(
    `select 1 from sync_refused where vault_id = $1 and room = $2 and reason <> 'revoked' and at > $3 limit 1`,
    [vaultId, room, new Date(now - WAITED_MS)],
  )
  return rows.length > 0
}

/** @returns devices whose last digest of the room showed that they hold something else than this one */
export async function differing(queries: Queries, vaultId: string, room: string): Promise<string[]> {
  const rows = await queries.query<{ device: string }>(
    'select device from sync_taken where vault_id = $1 and room = $2 and not agrees',
    [vaultId, room],
  )
  return rows.map(({ device }) => device)
}

export async function takenOf(queries: Queries, vaultId: string, room: string): Promise<Map<string, Taken>> {
  const rows = await queries.query<Taken & Record<string, unknown>>(
    'select device, sequence, position, keeps, agrees from sync_taken where vault_id = $1 and room = $2',
    [vaultId, room],
  )
  return new Map(rows.map((row) => [row.device, row]))
}

export async function saveTaken(tx: Queries, vaultId: string, room: string, taken: Iterable<Taken>): Promise<void> {
  for (const { device, sequence, position, keeps, agrees } of taken) {
    await tx.query(
      `insert into sync_taken (vault_id, room, device, sequence, position, keeps, agrees) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (vault_id, room, device) do update set sequence = excluded.sequence, position = excluded.position,
         keeps = excluded.keeps, agrees = excluded.agrees`,
      [vaultId, room, device, sequence, position, keeps, agrees],
    )
  }
}
