import type { Projection } from './projection.ts'
import type { Tables } from './tables.ts'

type MemoriesProjection = Extract<Projection, { kind: 'memories' }>
type DeckProjection = Extract<Projection, { kind: 'deck' }>

/** Writes the rows of memories. */
export async function writeMemories(
  { tx, vaultId }: Tables,
  projections: readonly MemoriesProjection[],
): Promise<string[]> {
  const memories = projections.flatMap((projection) => projection.memories)
  if (memories.length === 0) return []
  const ids = memories.map(({ id }) => id)
  const rows = memories.flatMap(({ memory }) => {
    if (!memory) return []
    const { receipt, ...fields } = memory
    return [{ ...fields, ...receipt }]
  })
  await tx.query(WRITE_MEMORIES, [vaultId, ids, JSON.stringify(rows)])
  return ids
}

export async function writeCards({ tx, vaultId }: Tables, projections: readonly DeckProjection[]): Promise<string[]> {
  const cards = projections.flatMap((projection) => projection.cards)
  if (cards.length === 0) return []
  const ids = cards.map(({ id }) => id)
  const rows = cards.flatMap(({ card }) => (card ? [card] : []))
  await tx.query(WRITE_CARDS, [vaultId, ids, JSON.stringify(rows)])
  return ids
}

const WRITE_MEMORIES = `
with fresh as (
  select id, text, kind, state, about, "captureId" as capture_id, quote, start, "end", "validFrom" as valid_from,
    "validTo" as valid_to, "createdAt" as created_at, "updatedAt" as updated_at
  from json_to_recordset($3::json) as r(id text, text text, kind text, state text, about text, "captureId" text, quote text,
    start integer, "end" integer, "validFrom" timestamptz, "validTo" timestamptz, "createdAt" timestamptz,
    "updatedAt" timestamptz)
),
gone as (delete from memories where vault_id = $1 and id = any($2::text[]) and id not in (select id from fresh))
insert into memories (vault_id, id, text, kind, state, about, capture_id, quote, start, "end", valid_from, valid_to,
  created_at, updated_at)
select $1, id, text, kind, state, about, capture_id, quote, start, "end", valid_from, valid_to, created_at, updated_at
from fresh
on conflict (vault_id, id) do update set text = excluded.text, kind = excluded.kind, state = excluded.state,
  about = excluded.about, capture_id = excluded.capture_id, quote = excluded.quote, start = excluded.start,
  "end" = excluded."end", valid_from = excluded.valid_from, valid_to = excluded.valid_to,
  created_at = excluded.created_at, updated_at = excluded.updated_at`

const WRITE_CARDS = `
with fresh as (
  select id, front, back, state, source::jsonb as source, "createdAt" as created_at, "updatedAt" as updated_at
  from json_to_recordset($3::json) as r(id text, front text, back text, state text, source json,
    "createdAt" timestamptz, "updatedAt" timestamptz)
),
gone as (delete from cards where vault_id = $1 and id = any($2::text[]) and id not in (select id from fresh))
insert into cards (vault_id, id, front, back, state, source, created_at, updated_at)
select $1, id, front, back, state, source, created_at, updated_at from fresh
on conflict (vault_id, id) do update set front = excluded.front, back = excluded.back, state = excluded.state,
  source = excluded.source, created_at = excluded.created_at, updated_at = excluded.updated_at`
