import * as Y from 'yjs'
import type { Clock } from '../../kernel/index.ts'
import type { Database, Queries, SqlValue } from '../../store/index.ts'
import { queueEverything, type VaultDocuments } from '../../vault/index.ts'
import type { Roster } from '../roster.ts'
import { encodeDigest } from './document-digest.ts'
import { pieces } from './pieces.ts'
import { awaitsStrangers, type Room, type Rooms, saveTaken, takenOf } from './rooms.ts'

/** What has a sequence and no acknowledgement. */
export interface OutgoingFrame {
  sequence: number
  doc: string
  kind: 'update' | 'snapshot' | 'digest'
  content: Uint8Array
  covers: number
}

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

interface State {
  sequence: number
  acknowledged: number
  strangeUpTo: number
}

/** Bytes of an update that go into one frame; with names, padding and seal they stay well below a message's length. */
const FRAME_BYTES = 2 * 2 ** 20
/** Waiting updates of one document are sent as one, up to so many bytes and rows. */
const MERGED_BYTES = 256 * 2 ** 10
const MERGED_ROWS = 300
/** Says nothing of any room. */
const NO_DIGEST = encodeDigest({ position: 0, hash: new Uint8Array(32) })

/** The outbox (table `sync_outbox`): gives out sequences, and takes out what was acknowledged. Calls must not overlap. */
export class Outgoing {
  readonly #parts: OutgoingParts
  #state: State

  private constructor(parts: OutgoingParts, state: State) {
    this.#parts = parts
    this.#state = state
  }

  /** Undefined where the vault is not enrolled. */
  static async read(parts: OutgoingParts): Promise<Outgoing | undefined> {
    const [state] = await parts.db.query<State & Record<string, unknown>>(
      `select sequence, acknowledged, strange_up_to as "strangeUpTo" from sync_state where vault_id = $1 and device = $2`,
      [parts.vault.id, parts.roster.device],
    )
    return state && new Outgoing(parts, state)
  }

  /** Frames of this device up to here are not known to it. */
  get strangeUpTo(): number {
    return this.#state.strangeUpTo
  }

  get acknowledgedUpTo(): number {
    return this.#state.acknowledged
  }

  /** How much waits to be sent or acknowledged. */
  async waiting(): Promise<number> {
    const [row] = await this.#parts.db.query<{ count: number }>(
      'select count(*) as count from sync_outbox where vault_id = $1',
      [this.#parts.vault.id],
    )
    return row?.count ?? 0
  }

  /** Something is too long to be sent. */
  async holdsTooLong(): Promise<boolean> {
    const rows = await this.#parts.db.query(
      `select 1 from sync_outbox where vault_id = $1 and kind = 'too-long' limit 1`,
      [this.#parts.vault.id],
    )
    return rows.length > 0
  }

  /** @returns whether changes of the document wait */
  async holds(queries: Queries, doc: string): Promise<boolean> {
    const rows = await queries.query(
      `select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind <> 'digest' limit 1`,
      [this.#parts.vault.id, doc],
    )
    return rows.length > 0
  }

  /**
   * Takes in what the relay has of this device.
   * @returns whether the relay has lost frames that it had acknowledged; they are queued again
   */
  async welcomed(taken: number): Promise<boolean> {
    const { db, vault } = this.#parts
    const before = this.#state
    const isLost = taken < before.acknowledged
    const isStrange = taken > before.sequence
    const state: State = {
      sequence: Math.max(before.sequence, taken),
      acknowledged: taken,
      strangeUpTo: isStrange ? taken : before.strangeUpTo,
    }
    await db.transaction(async (tx) => {
      await tx.query('delete from sync_outbox where vault_id = $1 and sequence <= $2', [vault.id, taken])
      await this.#write(tx, state)
      if (!isLost) return
      // Others have taken these sequences with what was in them: they are filled with digests that say nothing.
      for (let sequence = taken + 1; sequence <= before.acknowledged; sequence += 1)
        await this.#insert(tx, { doc: 'settings', kind: 'digest', content: NO_DIGEST, covers: 0, sequence })
      await queueEverything(tx, vault.id)
    })
    this.#state = state
    return isLost
  }

  /** What is to be sent after that sequence, in order. What had none before gets one here. */
  async next(after: number, mostFrames: number): Promise<OutgoingFrame[]> {
    const { db, vault } = this.#parts
    const read = () =>
      db.query<OutgoingFrame & Record<string, unknown>>(
        `select sequence, doc, kind, content, coalesce(covers, 0) as covers from (
           select *, sum(octet_length(content)) over (order by sequence) - octet_length(content) as before
           from (select * from sync_outbox where vault_id = $1 and sequence > $2 order by sequence limit $3) as page
         ) as sized where before < $4 order by sequence`,
        [vault.id, after, mostFrames, FRAME_BYTES],
      )
    const given = await read()
    if (given.length > 0) return given
    return (await this.#giveSequences()) ? read() : []
  }

  /** Takes out what was committed, and moves cursors over it where nothing of others lies before. @returns rooms that changed */
  async acknowledged(all: readonly Acknowledgement[]): Promise<Room[]> {
    const { db, vault, rooms, roster } = this.#parts
    const state = { ...this.#state, acknowledged: Math.max(this.#state.acknowledged, ...all.map((a) => a.sequence)) }
    const changed = new Map<string, Room>()
    await db.transaction(async (tx) => {
      const gone = await tx.query<{ sequence: number; doc: string; kind: string; covers: number | null }>(
        `delete from sync_outbox where vault_id = $1 and sequence in (select value::bigint from jsonb_array_elements_text($2::jsonb))
         returning sequence, doc, kind, covers`,
        [vault.id, JSON.stringify(all.map(({ sequence }) => sequence))],
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
        const before = (await takenOf(tx, vault.id, name)).get(roster.device)
        const blank = { device: roster.device, position: 0, keeps: 0, agrees: null, ...before }
        const isChange = row !== undefined && row.kind !== 'digest'
        await saveTaken(tx, vault.id, name, [{ ...blank, sequence, ...(isChange && { position }) }])
      }
      await rooms.save(tx, [...changed.values()])
      await this.#write(tx, state)
    })
    this.#state = state
    rooms.saved([...changed.values()])
    return [...changed.values()]
  }

  /** Keeps back what no message can carry, and lets nothing stand for its sequence. It waits here, so that nobody is told that all is synced. */
  async keepBack({ sequence, doc, content }: OutgoingFrame): Promise<void> {
    await this.#parts.db.transaction(async (tx) => {
      const params = [this.#parts.vault.id, sequence]
      await tx.query(
        `update sync_outbox set kind = 'digest', content = $3, covers = null where vault_id = $1 and sequence = $2`,
        [...params, NO_DIGEST],
      )
      await tx.query(`insert into sync_outbox (vault_id, doc, kind, content) values ($1, $2, 'too-long', $3)`, [
        this.#parts.vault.id,
        doc,
        content,
      ])
    })
  }

  /** A snapshot covers more than the relay has: what is in it goes as an update. */
  async uncover(sequence: number): Promise<void> {
    await this.#parts.db.query(
      `update sync_outbox set kind = 'update', covers = null where vault_id = $1 and sequence = $2 and kind = 'snapshot'`,
      [this.#parts.vault.id, sequence],
    )
  }

  /** Queues the whole document, or a snapshot of it that lets the relay delete what it covers. */
  async queue(tx: Queries, doc: string, kind: 'all' | 'snapshot'): Promise<void> {
    await tx.query('insert into sync_outbox (vault_id, doc, kind) values ($1, $2, $3)', [
      this.#parts.vault.id,
      doc,
      kind,
    ])
  }

  /** Gives a digest its sequence, inside a transaction; `given` follows once that has committed. */
  async queueDigest(tx: Queries, doc: string, content: Uint8Array): Promise<() => void> {
    const state = { ...this.#state, sequence: this.#state.sequence + 1 }
    await this.#insert(tx, { doc, kind: 'digest', content, covers: 0, sequence: state.sequence })
    await this.#write(tx, state)
    return () => {
      this.#state = state
    }
  }

  /** @returns whether something got a sequence */
  async #giveSequences(): Promise<boolean> {
    const { db, vault } = this.#parts
    const [first] = await db.query<{ id: number; doc: string; kind: string }>(
      `select id, doc, kind from sync_outbox where vault_id = $1 and sequence is null and kind <> 'too-long' order by id limit 1`,
      [vault.id],
    )
    if (!first) return false
    return first.kind === 'update' ? this.#giveToUpdates() : this.#giveToWhole(first)
  }

  async #giveToUpdates(): Promise<boolean> {
    const { db, vault } = this.#parts
    let state = this.#state
    await db.transaction(async (tx) => {
      const rows = await tx.query<{ id: number; doc: string; content: Uint8Array }>(
        `select id, doc, content from (
           select *, sum(octet_length(content)) over (order by id) - octet_length(content) as before from (
             select * from sync_outbox where vault_id = $1 and sequence is null and kind = 'update'
               and id < coalesce((select min(id) from sync_outbox where vault_id = $1 and sequence is null and kind in ('all', 'snapshot')), $2)
             order by id limit $3) as page
         ) as sized where before < $4 order by id`,
        [vault.id, Number.MAX_SAFE_INTEGER, MERGED_ROWS, MERGED_BYTES],
      )
      await this.#remove(
        tx,
        rows.map(({ id }) => id),
      )
      const byDocument = Map.groupBy(rows, ({ doc }) => doc)
      const frames = Array.from(byDocument, ([doc, parts]) => ({
        doc,
        content: parts.length === 1 && parts[0] ? parts[0].content : Y.mergeUpdates(parts.map((part) => part.content)),
      })).flatMap(({ doc, content }) => pieces(content, FRAME_BYTES).map((piece) => ({ doc, content: piece })))
      state = await this.#give(
        tx,
        frames.map((frame) => ({ ...frame, kind: 'update', covers: 0 })),
      )
    })
    this.#state = state
    return true
  }

  /** The whole document as it is now stands for all that waited of it. */
  async #giveToWhole({ id, doc, kind }: { id: number; doc: string; kind: string }): Promise<boolean> {
    const { db, vault, rooms, roster, clock } = this.#parts
    const room = rooms.get(roster.keys().room(doc))
    const included = await db.query<{ id: number }>(
      'select id from sync_outbox where vault_id = $1 and doc = $2 and sequence is null',
      [vault.id, doc],
    )
    const isIncomplete = await awaitsStrangers(db, { vaultId: vault.id, room: room.room, now: clock.now() })
    const content = await vault.documents.updateSince(doc)
    const parts = pieces(content, FRAME_BYTES)
    const isSnapshot = kind === 'snapshot' && room.cursor > 0 && parts.length === 1 && !isIncomplete
    let state = this.#state
    await db.transaction(async (tx) => {
      const gone = await this.#remove(
        tx,
        included.map((row) => row.id),
      )
      // What was forgotten meanwhile has taken it out of the queue.
      if (!gone.includes(id)) return
      state = await this.#give(
        tx,
        parts.map((part) => ({
          doc,
          content: part,
          kind: isSnapshot ? 'snapshot' : 'update',
          covers: isSnapshot ? room.cursor : 0,
        })),
      )
    })
    this.#state = state
    return true
  }

  async #give(tx: Queries, frames: readonly Omit<OutgoingFrame, 'sequence'>[]): Promise<State> {
    let { sequence } = this.#state
    for (const frame of frames) {
      sequence += 1
      await this.#insert(tx, { ...frame, sequence })
    }
    const state = { ...this.#state, sequence }
    await this.#write(tx, state)
    return state
  }

  #insert(tx: Queries, { doc, kind, content, covers, sequence }: OutgoingFrame): Promise<unknown> {
    const params: SqlValue[] = [this.#parts.vault.id, doc, kind, content, kind === 'snapshot' ? covers : null, sequence]
    return tx.query(
      'insert into sync_outbox (vault_id, doc, kind, content, covers, sequence) values ($1, $2, $3, $4, $5, $6)',
      params,
    )
  }

  async #remove(tx: Queries, ids: readonly number[]): Promise<number[]> {
    const rows = await tx.query<{ id: number }>(
      `delete from sync_outbox where vault_id = $1 and sequence is null
       and id in (select value::bigint from jsonb_array_elements_text($2::jsonb)) returning id`,
      [this.#parts.vault.id, JSON.stringify(ids)],
    )
    return rows.map(({ id }) => id)
  }

  async #write(tx: Queries, { sequence, acknowledged, strangeUpTo }: State): Promise<void> {
    await tx.query('update sync_state set sequence = $2, acknowledged = $3, strange_up_to = $4 where vault_id = $1', [
      this.#parts.vault.id,
      sequence,
      acknowledged,
      strangeUpTo,
    ])
  }
}
