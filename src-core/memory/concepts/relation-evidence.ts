import type { Queries } from '../../store/index.ts'
import { type Passage, readPassages } from './passages.ts'

/** What shows that two concepts are connected. */
export interface RelationPassage extends Passage {
  /** The relation that a sentence states, or null where both only stand in one text. */
  says: string | null
}

interface Row extends Record<string, unknown> {
  kind: string
  capture_id: string
  field: string
  created_at: Date
  relation: string | null
  marks: { start: number; end: number }[]
}

/** Sentences that state the relation come first, then texts that mention both; each the newest first. */
const EVIDENCE = `
with terms as (select distinct term_id, concept_id from capture_concepts where vault_id = $1 and concept_id in ($2, $3)),
stated as (
  select r.kind, r.capture_id, r.field, r.created_at, min(r.relation) as relation,
    jsonb_build_array(jsonb_build_object('start', r.start, 'end', r."end")) as marks
  from capture_relations r
    join terms a on a.term_id = r.from_term join terms b on b.term_id = r.to_term and b.concept_id <> a.concept_id
  where r.vault_id = $1
  group by r.kind, r.capture_id, r.field, r.created_at, r.start, r."end"),
together as (
  select distinct on (a.created_at, a.kind, a.capture_id) a.kind, a.capture_id, a.field, a.created_at, null as relation,
    jsonb_build_array(jsonb_build_object('start', a.start, 'end', a."end"), jsonb_build_object('start', b.start, 'end', b."end")) as marks
  from capture_concepts a join capture_concepts b
    on b.vault_id = a.vault_id and b.kind = a.kind and b.capture_id = a.capture_id and b.field = a.field
  where a.vault_id = $1 and a.concept_id = $2 and b.concept_id = $3
    and not exists (select from stated s where s.kind = a.kind and s.capture_id = a.capture_id)
  order by a.created_at, a.kind, a.capture_id, abs(a.start - b.start))
select * from (select * from stated union all select * from together) found
order by relation is null, created_at desc, kind, capture_id limit $4`

export async function readRelationEvidence(
  queries: Queries,
  vaultId: string,
  { fromId, toId, limit }: { fromId: string; toId: string; limit: number },
): Promise<RelationPassage[]> {
  const rows = await queries.query<Row>(EVIDENCE, [vaultId, fromId, toId, limit])
  const passages = await readPassages(queries, vaultId, rows)
  const says = new Map(rows.map((row) => [`${row.kind}:${row.capture_id}/${row.marks[0]?.start}`, row.relation]))
  return passages.map((passage) => ({
    ...passage,
    says: says.get(`${passage.kind}:${passage.captureId}/${passage.start}`) ?? null,
  }))
}
