import type { Database, Queries } from '../../store/index.ts'
import type { ConceptCorrections } from '../../vault/index.ts'
import { type Facts, type Folded, type FoldedConcept, type FoldedRelation, foldInSteps, relationKey } from './fold.ts'
import { eachOf, type Steps, stepByStep } from './steps.ts'

/** What a fold changed in the tables. */
export interface FoldDifference {
  revision: number
  concepts: { written: FoldedConcept[]; removed: string[] }
  relations: { written: FoldedRelation[]; removed: FoldedRelation[] }
  /** Terms that belong to another concept now: all their mentions have moved. */
  moved: number
}

/** Rows that one statement writes. */
const ROWS_AT_ONCE = 2_000

/**
 * Reads all facts, folds them, and writes what differs.
 * @param givesWay asked between its parts, none of which can be cut off
 * @returns undefined when it gave way, and nothing is written
 */
export async function foldTables(
  db: Database,
  vaultId: string,
  corrections: ConceptCorrections,
  givesWay: () => boolean = () => false,
): Promise<FoldDifference | undefined> {
  const read = await readFacts(db, vaultId, corrections, givesWay)
  const folded = read && (await stepByStep(foldInSteps(read.facts), givesWay))
  if (!folded) return undefined
  const before = { concepts: await readConcepts(db, vaultId), relations: await readRelations(db, vaultId) }
  const change = await stepByStep(difference(folded, before), givesWay)
  return change && db.transaction((tx) => write(tx, vaultId, change, movedTerms(read.conceptsNow, folded.conceptOf)))
}

/** Terms, and mentions, of one statement: PGlite answers others between two, and a learner may be waiting. */
const TERMS_AT_ONCE = 500
const MENTIONS_AT_ONCE = 3_000

interface TermRow extends Record<string, unknown> {
  term_id: string
  normal: string
  surface: string
  type: string
  count: number
  weight: number
  first_at: Date
  last_at: Date
  definition: string | null
}

interface MentionRow extends Record<string, unknown> {
  kind: string
  capture_id: string
  session_id: string | null
  term_id: string
  concept_id: string
  weight: number
  created_at: Date
}

/** @param read the page behind a row, empty at the end @returns undefined where the work gives way in between */
async function allPages<Row>(
  givesWay: () => boolean,
  read: (last: Row | undefined) => Promise<Row[]>,
): Promise<Row[] | undefined> {
  const all: Row[] = []
  for (;;) {
    const page = await read(all.at(-1))
    if (page.length === 0) return all
    for (const row of page) all.push(row)
    if (givesWay()) return undefined
  }
}

function readTerms(queries: Queries, vaultId: string, last: TermRow | undefined): Promise<TermRow[]> {
  return queries.query<TermRow>(
    `with page as materialized (
       select distinct term_id from capture_concepts where vault_id = $1 and term_id > $2 order by term_id limit ${TERMS_AT_ONCE}
     )
     select term_id, min(normal) as normal, surface, min(type) as type, sum(count)::int as count, sum(weight)::float8 as weight,
       min(created_at) as first_at, max(created_at) as last_at, (array_agg(definition order by created_at, capture_id)
         filter (where definition is not null))[1] as definition
     from capture_concepts where vault_id = $1 and term_id > $2 and term_id <= (select max(term_id) from page)
     group by term_id, surface order by term_id`,
    [vaultId, last?.term_id ?? ''],
  )
}

function readMentions(queries: Queries, vaultId: string, last: MentionRow | undefined): Promise<MentionRow[]> {
  return queries.query<MentionRow>(
    `select kind, capture_id, session_id, term_id, concept_id, weight, created_at from capture_concepts
     where vault_id = $1 and (kind, capture_id, term_id) > ($2, $3, $4)
     order by kind, capture_id, term_id limit ${MENTIONS_AT_ONCE}`,
    [vaultId, last?.kind ?? '', last?.capture_id ?? '', last?.term_id ?? ''],
  )
}

/** The concepts that the mentions of each term have now. */
type ConceptsNow = ReadonlyMap<string, ReadonlySet<string>>

async function readFacts(
  queries: Queries,
  vaultId: string,
  corrections: ConceptCorrections,
  givesWay: () => boolean,
): Promise<{ facts: Facts; conceptsNow: ConceptsNow } | undefined> {
  const terms = await allPages<TermRow>(givesWay, (last) => readTerms(queries, vaultId, last))
  const mentions = terms && (await allPages<MentionRow>(givesWay, (last) => readMentions(queries, vaultId, last)))
  if (!terms || !mentions) return undefined
  const cues = await queries.query<{
    source: string
    from_term: string
    to_term: string
    relation: string
    created_at: Date
  }>(
    `select kind || ':' || capture_id as source, from_term, to_term, relation, created_at from capture_relations where vault_id = $1`,
    [vaultId],
  )
  const conceptsNow = new Map<string, Set<string>>()
  for (const { term_id, concept_id } of mentions)
    conceptsNow.set(term_id, (conceptsNow.get(term_id) ?? new Set()).add(concept_id))
  const facts = {
    terms: terms.map(({ term_id, first_at, last_at, ...term }) => ({
      ...term,
      termId: term_id,
      firstAt: first_at.getTime(),
      lastAt: last_at.getTime(),
    })),
    mentions: mentions.map(({ kind, capture_id, session_id, term_id, weight, created_at }) => ({
      source: `${kind}:${capture_id}`,
      sessionId: session_id,
      termId: term_id,
      weight,
      at: created_at.getTime(),
    })),
    cues: cues.map(({ source, from_term, to_term, relation, created_at }) => ({
      source,
      from: from_term,
      to: to_term,
      relation,
      at: created_at.getTime(),
    })),
    corrections,
  }
  return { facts, conceptsNow }
}

/** Terms with mentions of another concept than the fold says. */
function movedTerms(conceptsNow: ConceptsNow, conceptOf: Folded['conceptOf']): [term: string, concept: string][] {
  return [...conceptOf].filter(([term, concept]) => {
    const now = conceptsNow.get(term)
    return now !== undefined && (now.size > 1 || !now.has(concept))
  })
}

async function readConcepts(queries: Queries, vaultId: string): Promise<Map<string, FoldedConcept>> {
  const rows = await queries.query<Omit<FoldedConcept, 'firstAt' | 'lastAt'> & { first_at: Date; last_at: Date }>(
    `select id, name, type, hidden, definition, variants, mentions, captures, links, weight, first_at, last_at
     from concepts where vault_id = $1`,
    [vaultId],
  )
  return new Map(
    rows.map(({ first_at, last_at, ...row }) => [
      row.id,
      { ...row, firstAt: first_at.getTime(), lastAt: last_at.getTime() },
    ]),
  )
}

async function readRelations(queries: Queries, vaultId: string): Promise<Map<string, FoldedRelation>> {
  const rows = await queries.query<{
    from_id: string
    to_id: string
    kind: FoldedRelation['kind']
    weight: number
    evidence: number
    by_learner: boolean
    first_at: Date
    last_at: Date
  }>(
    `select from_id, to_id, kind, weight, evidence, by_learner, first_at, last_at from concept_relations where vault_id = $1`,
    [vaultId],
  )
  return new Map(
    rows.map((row) => {
      const relation = {
        fromId: row.from_id,
        toId: row.to_id,
        kind: row.kind,
        weight: row.weight,
        evidence: row.evidence,
        byLearner: row.by_learner,
        firstAt: row.first_at.getTime(),
        lastAt: row.last_at.getTime(),
      }
      return [relationKey(relation), relation]
    }),
  )
}

type Change = Pick<FoldDifference, 'concepts' | 'relations'>

/** Rows of which a step looks at each. */
const COMPARED_AT_ONCE = 1_000

function* difference(
  { concepts, relations }: Folded,
  before: { concepts: Map<string, FoldedConcept>; relations: Map<string, FoldedRelation> },
): Steps<Change> {
  const conceptIds = new Set(concepts.map(({ id }) => id))
  const keys = new Set(relations.map(relationKey))
  const written: FoldedConcept[] = []
  yield* eachOf(concepts, COMPARED_AT_ONCE, (concept) => {
    if (differs(concept, before.concepts.get(concept.id))) written.push(concept)
  })
  const removed = [...before.concepts.keys()].filter((id) => !conceptIds.has(id))
  const linked: FoldedRelation[] = []
  yield* eachOf(relations, COMPARED_AT_ONCE, (relation) => {
    if (differs(relation, before.relations.get(relationKey(relation)))) linked.push(relation)
  })
  const unlinked = [...before.relations].flatMap(([key, relation]) => (keys.has(key) ? [] : [relation]))
  return { concepts: { written, removed }, relations: { written: linked, removed: unlinked } }
}

async function write(
  tx: Queries,
  vaultId: string,
  { concepts, relations }: Change,
  terms: readonly [term: string, concept: string][],
): Promise<FoldDifference> {
  await tx.query('delete from concepts where vault_id = $1 and id = any($2::text[])', [vaultId, concepts.removed])
  for (const rows of slices(concepts.written))
    await tx.query(WRITE_CONCEPTS, [vaultId, JSON.stringify(rows.map(withInstants))])
  await tx.query(
    `delete from concept_relations r using json_to_recordset($2::json) as g("fromId" text, "toId" text, kind text)
     where r.vault_id = $1 and r.from_id = g."fromId" and r.to_id = g."toId" and r.kind = g.kind`,
    [vaultId, JSON.stringify(relations.removed)],
  )
  for (const rows of slices(relations.written))
    await tx.query(WRITE_RELATIONS, [vaultId, JSON.stringify(rows.map(withInstants))])
  const moved = await tx.query<{ term_id: string }>(
    `update capture_concepts c set concept_id = g.concept from unnest($2::text[], $3::text[]) as g (term, concept)
     where c.vault_id = $1 and c.term_id = g.term and c.concept_id <> g.concept returning c.term_id`,
    [vaultId, terms.map(([term]) => term), terms.map(([, concept]) => concept)],
  )
  const [row] = await tx.query<{ revision: number }>(
    `insert into concept_folds (vault_id, revision) values ($1, 1)
     on conflict (vault_id) do update set revision = concept_folds.revision + 1 returning revision`,
    [vaultId],
  )
  return {
    revision: row?.revision ?? 0,
    concepts,
    relations,
    moved: moved.length,
  }
}

const WRITE_CONCEPTS = `
insert into concepts (vault_id, id, name, type, hidden, definition, variants, mentions, captures, links, weight, first_at, last_at)
select $1, id, name, type, hidden, definition, variants::jsonb, mentions, captures, links, weight, "firstAt", "lastAt"
from json_to_recordset($2::json) as r(id text, name text, type text, hidden boolean, definition text, variants json,
  mentions int, captures int, links int, weight real, "firstAt" timestamptz, "lastAt" timestamptz)
on conflict (vault_id, id) do update set name = excluded.name, type = excluded.type, hidden = excluded.hidden,
  definition = excluded.definition, variants = excluded.variants, mentions = excluded.mentions, captures = excluded.captures,
  links = excluded.links, weight = excluded.weight, first_at = excluded.first_at, last_at = excluded.last_at`

const WRITE_RELATIONS = `
insert into concept_relations (vault_id, from_id, to_id, kind, weight, evidence, by_learner, first_at, last_at)
select $1, "fromId", "toId", kind, weight, evidence, "byLearner", "firstAt", "lastAt"
from json_to_recordset($2::json) as r("fromId" text, "toId" text, kind text, weight real, evidence int, "byLearner" boolean,
  "firstAt" timestamptz, "lastAt" timestamptz)
on conflict (vault_id, from_id, to_id, kind) do update set weight = excluded.weight, evidence = excluded.evidence,
  by_learner = excluded.by_learner, first_at = excluded.first_at, last_at = excluded.last_at`

function differs<T extends FoldedConcept | FoldedRelation>(now: T, before: T | undefined): boolean {
  if (!before) return true
  return (Object.keys(now) as (keyof T)[]).some((key) => !isSame(key, now[key], before[key]))
}

function isSame(key: PropertyKey, now: unknown, before: unknown): boolean {
  if (key === 'weight') return asHeld(now as number) === asHeld(before as number)
  if (key === 'variants') return variantsText(now) === variantsText(before)
  return now === before
}

/** Weights are compared as the tables hold them: with about seven digits. */
function asHeld(weight: number): string {
  return Math.fround(weight).toPrecision(4)
}

/** jsonb keeps keys in an order of its own. */
function variantsText(variants: unknown): string {
  return JSON.stringify((variants as FoldedConcept['variants']).map(({ id, text, count }) => [id, text, count]))
}

function withInstants<T extends { firstAt: number; lastAt: number }>(row: T) {
  return { ...row, firstAt: new Date(row.firstAt), lastAt: new Date(row.lastAt) }
}

function* slices<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE)
}
