import type { Queries, SqlValue } from '../../store/index.ts'
import { encodeDigest } from './document-digest.ts'

/** What has a sequence and no acknowledgement. */
export interface OutgoingFrame {
  sequence: number
  doc: string
  kind: 'update' | 'snapshot' | 'digest'
  content: Uint8Array
  covers: number
}

/** The one row of `sync_state`. */
export interface DeviceState {
  sequence: number
  acknowledged: number
  strangeUpTo: number
}

/** A row that has no sequence yet. */
export interface WaitingRow {
  id: number
  doc: string
  kind: string
}

/** The first of them. */
export interface FirstWaiting extends WaitingRow {
  /** How many rows there are. */
  waiting: number
}

/** Says nothing of any room. */
const NO_DIGEST = encodeDigest({ position: 0, hash: new Uint8Array(32) })
/** Waiting updates of one document are sent as one, up to so many bytes and rows. */
const MERGED_BYTES = 256 * 2 ** 10
const MERGED_ROWS = 300

/** The statements on the tables `sync_outbox` and `sync_state` of one vault. Each runs in what it is handed. */
export class OutboxTable {
  readonly #vaultId: string

  constructor(vaultId: string) {
    this.#vaultId = vaultId
  }

  async state(queries: Queries, device: string): Promise<DeviceState | undefined> {
    const [state] = await queries.query<DeviceState & Record<string, unknown>>(
      `select sequence, acknowledged, strange_up_to as "strangeUpTo" from sync_state where vault_id = $1 and device = $2`,
      [this.#vaultId, device],
    )
    return state
  }

  async writeState(tx: Queries, { sequence, acknowledged, strangeUpTo }: DeviceState): Promise<void> {
    await tx.query('update sync_state set sequence = $2, acknowledged = $3, strange_up_to = $4 where vault_id = $1', [
      this.#vaultId,
      sequence,
      acknowledged,
      strangeUpTo,
    ])
  }

  /** How much waits, whether something of it is too long to be sent, and how many frames of others were refused. */
  async counts(queries: Queries): Promise<{ waiting: number; tooLong: number; refused: number }> {
    const [row] = await queries.query<{ waiting: number; tooLong: number; refused: number }>(
      `select count(*) as waiting, count(*) filter (where kind = 'too-long') as "tooLong",
         (select count(*) from sync_refused where vault_id = $1) as refused
       from sync_outbox where vault_id = $1`,
      [this.#vaultId],
    )
    return row ?? { waiting: 0, tooLong: 0, refused: 0 }
  }

  /**
   * @param met sequence up to which frames of this device came back in the document's room: these wait for their acknowledgement alone
   * @returns whether changes of the document wait
   */
  async holds(queries: Queries, doc: string, met = 0): Promise<boolean> {
    const rows = await queries.query(
      `select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind <> 'digest' and (sequence is null or sequence > $3) limit 1`,
      [this.#vaultId, doc, met],
    )
    return rows.length > 0
  }

  /** Rows with a sequence above, in order, up to so many bytes; at least one where there is one. */
  after(queries: Queries, sequence: number, mostFrames: number, mostBytes: number): Promise<OutgoingFrame[]> {
    return queries.query<OutgoingFrame & Record<string, unknown>>(
      `select sequence, doc, kind, content, coalesce(covers, 0) as covers from (
         select *, sum(octet_length(content)) over (order by sequence) - octet_length(content) as before
         from (select * from sync_outbox where vault_id = $1 and sequence > $2 order by sequence limit $3) as page
       ) as sized where before < $4 order by sequence`,
      [this.#vaultId, sequence, mostFrames, mostBytes],
    )
  }

  async firstWaiting(queries: Queries): Promise<FirstWaiting | undefined> {
    const [first] = await queries.query<FirstWaiting & Record<string, unknown>>(
      `select id, doc, kind, count(*) over () as waiting from sync_outbox where vault_id = $1 and sequence is null and kind <> 'too-long' order by id limit 1`,
      [this.#vaultId],
    )
    return first
  }

  /** Updates without a sequence before anything else without one. */
  waitingUpdates(tx: Queries): Promise<{ id: number; doc: string; content: Uint8Array }[]> {
    return tx.query(
      `select id, doc, content from (
         select *, sum(octet_length(content)) over (order by id) - octet_length(content) as before from (
           select * from sync_outbox where vault_id = $1 and sequence is null and kind = 'update'
             and id < coalesce((select min(id) from sync_outbox
               where vault_id = $1 and sequence is null and kind in ('all', 'snapshot')), $2)
           order by id limit $3) as page
       ) as sized where before < $4 order by id`,
      [this.#vaultId, Number.MAX_SAFE_INTEGER, MERGED_ROWS, MERGED_BYTES],
    )
  }

  async waitingOf(queries: Queries, doc: string): Promise<number[]> {
    const rows = await queries.query<{ id: number }>(
      `select id from sync_outbox where vault_id = $1 and doc = $2 and sequence is null and kind <> 'too-long'`,
      [this.#vaultId, doc],
    )
    return rows.map(({ id }) => id)
  }

  /** @returns those that were still there, without a sequence */
  async remove(tx: Queries, ids: readonly number[]): Promise<number[]> {
    const rows = await tx.query<{ id: number }>(
      `delete from sync_outbox where vault_id = $1 and sequence is null
       and id in (select value::bigint from jsonb_array_elements_text($2::jsonb)) returning id`,
      [this.#vaultId, JSON.stringify(ids)],
    )
    return rows.map(({ id }) => id)
  }

  async insert(tx: Queries, { doc, kind, content, covers, sequence }: OutgoingFrame): Promise<void> {
    const params: SqlValue[] = [this.#vaultId, doc, kind, content, kind === 'snapshot' ? covers : null, sequence]
    await tx.query(
      'insert into sync_outbox (vault_id, doc, kind, content, covers, sequence) values ($1, $2, $3, $4, $5, $6)',
      params,
    )
  }

  /** A sequence stands for nothing: for one that others have taken already. */
  fill(tx: Queries, sequence: number): Promise<void> {
    return this.insert(tx, { doc: 'settings', kind: 'digest', content: NO_DIGEST, covers: 0, sequence })
  }

  /** Queues the whole document, or a snapshot of it that lets the relay delete what it covers. */
  async queue(tx: Queries, doc: string, kind: 'all' | 'snapshot'): Promise<void> {
    await tx.query('insert into sync_outbox (vault_id, doc, kind) values ($1, $2, $3)', [this.#vaultId, doc, kind])
  }

  async removeUpTo(tx: Queries, sequence: number): Promise<void> {
    await tx.query('delete from sync_outbox where vault_id = $1 and sequence <= $2', [this.#vaultId, sequence])
  }

  removeSent(
    tx: Queries,
    sequences: readonly number[],
  ): Promise<{ sequence: number; doc: string; kind: string; covers: number | null }[]> {
    return tx.query(
      `delete from sync_outbox where vault_id = $1 and sequence in (select value::bigint from jsonb_array_elements_text($2::jsonb))
       returning sequence, doc, kind, covers`,
      [this.#vaultId, JSON.stringify(sequences)],
    )
  }

  /** Keeps back what no message can carry, and lets nothing stand for its sequence. It waits, so that nobody is told that all is synced. */
  async keepBack(tx: Queries, { sequence, doc, content }: OutgoingFrame): Promise<void> {
    await tx.query(
      `update sync_outbox set kind = 'digest', content = $3, covers = null where vault_id = $1 and sequence = $2`,
      [this.#vaultId, sequence, NO_DIGEST],
    )
    await tx.query(`insert into sync_outbox (vault_id, doc, kind, content) values ($1, $2, 'too-long', $3)`, [
      this.#vaultId,
      doc,
      content,
    ])
  }

  /** What was kept back may have become shorter: its document is tried once more, as it is now. */
  async tryKeptBack(tx: Queries): Promise<void> {
    await tx.query(`update sync_outbox set kind = 'all', content = null where vault_id = $1 and kind = 'too-long'`, [
      this.#vaultId,
    ])
  }

  /** A snapshot covers more than the relay has: what is in it goes as an update. */
  async uncover(queries: Queries, sequence: number): Promise<void> {
    await queries.query(
      `update sync_outbox set kind = 'update', covers = null where vault_id = $1 and sequence = $2 and kind = 'snapshot'`,
      [this.#vaultId, sequence],
    )
  }
}
