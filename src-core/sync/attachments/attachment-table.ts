import { ERROR_CODES, type ErrorCode, type ErrorParams } from '../../kernel/index.ts'
import type { Database, SqlValue } from '../../store/index.ts'
import {
  ATTACHMENT_KINDS,
  type AttachmentKind,
  type AttachmentPolicies,
  type AttachmentPolicy,
  type AttachmentsOfKind,
} from './kinds.ts'

/** Items before these instants are not kept any longer, but for those that something kept rests on; null keeps all. */
export interface KeptSince {
  recordings: Date | null
  pictures: Date | null
}

export interface AttachmentRow {
  sha256: string
  kind: AttachmentKind | null
  bytes: number | null
  isNamed: boolean
  isHere: boolean
  isFetched: boolean
  atRelay: boolean
  isAsked: boolean
  isWanted: boolean
  problem: string | null
}

const COLUMNS = `sha256, kind, bytes, is_named as "isNamed", is_here as "isHere", is_fetched as "isFetched", at_relay as "atRelay",
  is_asked as "isAsked", is_wanted as "isWanted", problem`

/** Captures `c` on which a kept card or statement rests: tidying leaves their recordings and pictures, however old they are. */
const CITED = `c.id in (
  select source ->> 'captureId' from cards where vault_id = $1 and state = 'kept' and source ->> 'kind' = 'capture'
  union select capture_id from memories where vault_id = $1 and state = 'accepted' and capture_id is not null)`

/** Every blob that the vault names, once: what is a document too is one. @param of conditions on documents `d`, captures `c` and notes `n` */
const named = (of: { documents: string; captures: string; notes: string }) => `named as (
  select distinct on (sha256) sha256, kind, bytes, at from (
    select d.sha256, 'documents' as kind, d.size as bytes, d.created_at as at, 1 as rank from documents d
      where d.vault_id = $1 and ${of.documents}
    union all
    select a #>> '{}', 'documents', null, c.created_at, 1 from captures c, jsonb_path_query(c.metadata, '$.attachments[*].sha256') a
      where c.vault_id = $1 and c.metadata ? 'attachments' and ${of.captures}
    union all
    select a #>> '{}', 'documents', null, n.created_at, 1 from notes n, jsonb_path_query(n.metadata, '$.attachments[*].sha256') a
      where n.vault_id = $1 and n.metadata ? 'attachments' and ${of.notes}
    union all
    select c.audio_sha256, 'recordings', null, c.created_at, 2 from captures c
      where c.vault_id = $1 and c.audio_sha256 is not null and (c.created_at >= $2::timestamptz or ${CITED}) and ${of.captures}
    union all
    select p ->> 'sha256', case when c.source = 'screen' then 'frames' else 'pictures' end, null, c.created_at,
        case when c.source = 'screen' then 4 else 3 end
      from captures c, jsonb_array_elements(c.pictures) p
      where c.vault_id = $1 and c.pictures is not null and (c.source = 'screen' or c.created_at >= $3::timestamptz or ${CITED})
        and ${of.captures}
  ) every_one where sha256 ~ '^[0-9a-f]{64}$' order by sha256, rank, at desc
)`
const NAMED = named({ documents: 'true', captures: 'true', notes: 'true' })
const NAMED_BY = named({ documents: 'false', captures: 'c.id = any($4::text[])', notes: 'n.id = any($5::text[])' })
const TAKE = `insert into sync_attachments as known (vault_id, sha256, kind, bytes, is_named, named_at)
  select $1, sha256, kind, bytes, true, at from named
  on conflict (vault_id, sha256) do update set is_named = true, unnamed_at = null, bytes = coalesce(known.bytes, excluded.bytes),
    kind = excluded.kind, named_at = excluded.named_at, problem = null, try_at = null
  where not known.is_named`
const EVER = new Date(0)

/** The table `sync_attachments` of one vault: what is named, what is here, what is at the relay. */
export class AttachmentTable {
  readonly #db: Database
  readonly #vaultId: string

  constructor(db: Database, vaultId: string) {
    this.#db = db
    this.#vaultId = vaultId
  }

  /** Compares with everything that the vault names. @returns those that are named as they were not before */
  async takeNamed(since: KeptSince, now: Date): Promise<string[]> {
    const rows = await this.#db.query<{ sha256: string }>(
      `with ${NAMED}, changed as (
         ${TAKE} or known.kind is distinct from excluded.kind or known.named_at is distinct from excluded.named_at returning sha256
       ), gone as (
         update sync_attachments known set is_named = false, unnamed_at = $4::timestamptz, is_wanted = false
         where vault_id = $1 and is_named and not exists (select from named where named.sha256 = known.sha256)
         returning sha256
       ) select sha256 from changed`,
      [this.#vaultId, since.recordings ?? EVER, since.pictures ?? EVER, now],
    )
    return rows.map(({ sha256 }) => sha256)
  }

  /**
   * Takes what these captures and notes name, for a change that took nothing away.
   * @returns those that are named as they were not before; undefined where one of them is gone: then only everything tells
   */
  async takeNamedBy(captures: string[], notes: string[], since: KeptSince): Promise<string[] | undefined> {
    const [there] = await this.#db.query<{ count: number }>(
      `select (select count(*) from captures where vault_id = $1 and id = any($2::text[]))::int
         + (select count(*) from notes where vault_id = $1 and id = any($3::text[]))::int as count`,
      [this.#vaultId, captures, notes],
    )
    if (there?.count !== captures.length + notes.length) return undefined
    const rows = await this.#db.query<{ sha256: string }>(
      `with ${NAMED_BY}, changed as (${TAKE} returning sha256) select sha256 from changed`,
      [this.#vaultId, since.recordings ?? EVER, since.pictures ?? EVER, captures, notes],
    )
    return rows.map(({ sha256 }) => sha256)
  }

  /** Which of these the vault names, and another device told to be at the relay. */
  async toldOf(all: readonly string[]): Promise<string[]> {
    const rows = await this.#db.query<{ sha256: string }>(
      'select sha256 from sync_attachments where vault_id = $1 and sha256 = any($2::text[]) and is_named and at_relay',
      [this.#vaultId, all],
    )
    return rows.map(({ sha256 }) => sha256)
  }

  /** Of which something is said. */
  saidOf(): Promise<{ sha256: string; atRelay: boolean; isAsked: boolean }[]> {
    return this.#db.query(
      `select sha256, at_relay as "atRelay", is_asked as "isAsked" from sync_attachments where vault_id = $1 and (at_relay or is_asked)`,
      [this.#vaultId],
    )
  }

  /** What is said of a blob now: its bytes where the relay has it, and whether others ask for it. */
  async takeSaid(all: readonly { sha256: string; bytes: number | null; isAsked: boolean }[]): Promise<void> {
    await this.#db.transaction(async (tx) => {
      for (const { sha256, bytes, isAsked } of all) {
        await tx.query(
          `insert into sync_attachments as known (vault_id, sha256, bytes, at_relay, is_asked) values ($1, $2, $3::bigint, $4, $5)
           on conflict (vault_id, sha256) do update set bytes = coalesce(excluded.bytes, known.bytes), at_relay = excluded.at_relay,
             is_asked = excluded.is_asked, problem = null, try_at = null`,
          [this.#vaultId, sha256, bytes, bytes !== null, isAsked],
        )
      }
    })
  }

  /** A page of all that are known, by SHA-256. */
  page(after: string, most: number): Promise<AttachmentRow[]> {
    return this.#rows(`sha256 > $2 order by sha256 limit ${most}`, [after])
  }

  async row(sha256: string): Promise<AttachmentRow | undefined> {
    const [row] = await this.#rows('sha256 = $2', [sha256])
    return row
  }

  /** What is to be sent next: what others ask for first, then the newest. */
  async nextToSend(policies: AttachmentPolicies, now: Date): Promise<AttachmentRow | undefined> {
    const [row] = await this.#rows(
      `is_here and ((is_named and not at_relay) or is_asked) and kind <> all($2) and (try_at is null or try_at <= $3)
       order by is_asked desc, named_at desc, sha256 limit 1`,
      [kindsOf(policies, 'never'), now],
    )
    return row
  }

  /** @param underWay somebody fetches these already */
  async nextToFetch(
    policies: AttachmentPolicies,
    now: Date,
    underWay: readonly string[],
  ): Promise<AttachmentRow | undefined> {
    const [row] = await this.#rows(
      `is_named and not is_here and at_relay and (is_wanted or kind = any($2)) and (try_at is null or try_at <= $3)
       and sha256 <> all($4) order by is_wanted desc, named_at desc, sha256 limit 1`,
      [kindsOf(policies, 'always'), now, [...underWay]],
    )
    return row
  }

  /** Those that others ask for, and that this device has no bytes of, or keeps. */
  toAnswer(policies: AttachmentPolicies): Promise<AttachmentRow[]> {
    return this.#rows('is_asked and (not is_here or kind is null or kind = any($2)) limit 500', [
      kindsOf(policies, 'never'),
    ])
  }

  /** Named no more: frames at once, others since before that instant. @param but not these */
  forgotten(before: Date, but: readonly string[]): Promise<AttachmentRow[]> {
    return this.#rows(
      `not is_named and unnamed_at is not null and (kind = 'frames' or unnamed_at <= $2) and sha256 <> all($3)
       order by unnamed_at, sha256 limit 500`,
      [before, [...but]],
    )
  }

  /** When the next one is to be tried or forgotten, milliseconds since 1970. @param forgetMs so long after it is named no more */
  async nextAt(now: Date, forgetMs: number): Promise<number | undefined> {
    const [row] = await this.#db.query<{ at: Date | null }>(
      `select min(case when is_named then try_at else unnamed_at + $3 * interval '1 millisecond' end) as at from sync_attachments
       where vault_id = $1 and ((is_named and try_at > $2) or (not is_named and unnamed_at is not null and kind <> 'frames'))`,
      [this.#vaultId, now, forgetMs],
    )
    return row?.at?.getTime()
  }

  /** By kind, in the order of `ATTACHMENT_KINDS`. */
  async amounts(policies: AttachmentPolicies): Promise<AttachmentsOfKind[]> {
    const sums = (name: string, condition: string) =>
      `count(*) filter (where ${condition})::int as "${name}Items", coalesce(sum(bytes) filter (where ${condition}), 0)::bigint as "${name}Bytes"`
    const rows = await this.#db.query<Record<string, unknown> & { kind: AttachmentKind }>(
      `select kind, ${sums('here', 'is_here')}, ${sums('elsewhere', 'not is_here and at_relay')},
         ${sums('toSend', 'is_here and not at_relay and kind <> all($2)')},
         ${sums('toFetch', 'not is_here and at_relay and (is_wanted or kind = any($3))')}
       from sync_attachments where vault_id = $1 and is_named group by kind`,
      [this.#vaultId, kindsOf(policies, 'never'), kindsOf(policies, 'always')],
    )
    return ATTACHMENT_KINDS.map((kind) => {
      const row = rows.find((one) => one.kind === kind)
      const amount = (name: string) => ({
        items: Number(row?.[`${name}Items`] ?? 0),
        bytes: Number(row?.[`${name}Bytes`] ?? 0),
      })
      return {
        kind,
        here: amount('here'),
        elsewhere: amount('elsewhere'),
        toSend: amount('toSend'),
        toFetch: amount('toFetch'),
      }
    })
  }

  /** Why something that the vault names does not move. */
  async problem(): Promise<{ code: ErrorCode; params: ErrorParams } | null> {
    const [row] = await this.#db.query<{ problem: string }>(
      'select problem from sync_attachments where vault_id = $1 and is_named and problem is not null order by try_at limit 1',
      [this.#vaultId],
    )
    const code = ERROR_CODES.find((one) => one === row?.problem)
    return code ? { code, params: {} } : null
  }

  /** @param bytes undefined where it is not here */
  async setHere(sha256: string, bytes: number | undefined): Promise<void> {
    await this.#db.query(
      `update sync_attachments set is_here = $3, bytes = coalesce($4::bigint, bytes) where vault_id = $1 and sha256 = $2`,
      [this.#vaultId, sha256, bytes !== undefined, bytes ?? null],
    )
  }

  async fetched(sha256: string, bytes: number | undefined): Promise<void> {
    await this.#db.query(
      `update sync_attachments set is_here = true, is_fetched = true, is_wanted = false, problem = null, try_at = null,
         bytes = coalesce($3::bigint, bytes) where vault_id = $1 and sha256 = $2`,
      [this.#vaultId, sha256, bytes ?? null],
    )
  }

  async want(sha256: string, isWanted: boolean): Promise<void> {
    await this.#db.query(
      `update sync_attachments set is_wanted = $3, try_at = null where vault_id = $1 and sha256 = $2 and is_named`,
      [this.#vaultId, sha256, isWanted],
    )
  }

  async failed(sha256: string, problem: string, tryAt: Date): Promise<void> {
    await this.#db.query(`update sync_attachments set problem = $3, try_at = $4 where vault_id = $1 and sha256 = $2`, [
      this.#vaultId,
      sha256,
      problem,
      tryAt,
    ])
  }

  /** All are tried again now. */
  async tryAgain(): Promise<void> {
    await this.#db.query(
      'update sync_attachments set try_at = null where vault_id = $1 and is_named and try_at is not null',
      [this.#vaultId],
    )
  }

  async remove(sha256: string): Promise<void> {
    await this.#db.query('delete from sync_attachments where vault_id = $1 and sha256 = $2 and not is_named', [
      this.#vaultId,
      sha256,
    ])
  }

  #rows(condition: string, params: readonly SqlValue[]): Promise<AttachmentRow[]> {
    return this.#db.query<AttachmentRow & Record<string, unknown>>(
      `select ${COLUMNS} from sync_attachments where vault_id = $1 and ${condition}`,
      [this.#vaultId, ...params],
    )
  }
}

/** What the table says of each kind, for who has no connection. */
export function attachmentAmounts(db: Database, vaultId: string, policies: AttachmentPolicies) {
  return new AttachmentTable(db, vaultId).amounts(policies)
}

function kindsOf(policies: AttachmentPolicies, policy: AttachmentPolicy): AttachmentKind[] {
  return ATTACHMENT_KINDS.filter((kind) => policies[kind] === policy)
}
