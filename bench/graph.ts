import { join } from 'node:path'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type ConceptGraph, createConceptGraph } from '../src-core/memory/index.ts'
import type { Queries } from '../src-core/store/index.ts'
import { bench, quantile, rounded } from './harness.ts'
import { openMemoryWorld } from './memory-world.ts'

/**
 * The concept graph at the size of years of learning, asked as the app asks it (names included), against the same questions in SQL in the same
 * database, where the relations have an index in either direction.
 */

const CONCEPTS = 10_000
const RELATIONS = 50_000
/** Concepts that are drawn at most. */
const DRAWN = 2_000
const QUESTIONS = 300
const PATHS = 60
const NEIGHBOURS = 20
const LONGEST_PATH = 20
const ROWS_AT_ONCE = 5_000
const KINDS = ['related', 'related', 'related', 'uses', 'prerequisite', 'part_of', 'similar'] as const

interface MadeRelation {
  fromId: string
  toId: string
  kind: string
  weight: number
}

/** Numbers in [0, 1), the same in every run (a linear congruence, Numerical Recipes). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const idOf = (index: number) => index.toString(16).padStart(24, '0')

/** Some concepts have many relations and most have few, as in what people write. */
function madeRelations(): MadeRelation[] {
  const next = numbers(7)
  const made = new Map<string, MadeRelation>()
  while (made.size < RELATIONS) {
    const [from, to] = [Math.floor(CONCEPTS * next()), Math.floor(CONCEPTS * next() ** 2)]
    const kind = KINDS[Math.floor(KINDS.length * next())] as string
    if (from === to) continue
    const relation = { fromId: idOf(from), toId: idOf(to), kind, weight: 0.05 + 0.9 * next() }
    made.set(`${from}/${to}/${kind}`, relation)
  }
  return [...made.values()]
}

async function fill(db: Queries, vaultId: string, relations: readonly MadeRelation[]): Promise<void> {
  await db.query(
    `insert into concepts (vault_id, id, name, type, hidden, definition, variants, mentions, captures, links, weight, first_at, last_at)
     select $1, lpad(to_hex(n), 24, '0'), 'concept ' || n, 'term', false, null, '[]'::jsonb, 5, 3 + n % 50, 10, 1, now(), now()
     from generate_series(0, $2::int - 1) n`,
    [vaultId, CONCEPTS],
  )
  for (let from = 0; from < relations.length; from += ROWS_AT_ONCE) {
    await db.query(
      `insert into concept_relations (vault_id, from_id, to_id, kind, weight, evidence, by_learner, first_at, last_at)
       select $1, "fromId", "toId", kind, weight, 2, false, now(), now()
       from json_to_recordset($2::json) as r("fromId" text, "toId" text, kind text, weight real)`,
      [vaultId, JSON.stringify(relations.slice(from, from + ROWS_AT_ONCE))],
    )
  }
  await db.query('insert into concept_folds (vault_id, revision) values ($1, 1)', [vaultId])
}

/** The same in a second place: what making the graph anew is measured against. */
async function copyTables(db: Queries, vaultId: string): Promise<void> {
  await db.query('create table copied_relations (like concept_relations including all)')
  await db.query('create table copied_concepts (like concepts including all)')
  await db.query('insert into copied_concepts select * from concepts where vault_id = $1', [vaultId])
  await db.query('insert into copied_relations select * from concept_relations where vault_id = $1', [vaultId])
}

const NEIGHBOURS_IN_SQL = `
select r.from_id, r.to_id, r.kind, r.weight, r.evidence, c.name from (
  select *, to_id as other from concept_relations where vault_id = $1 and from_id = $2
  union all select *, from_id from concept_relations where vault_id = $1 and to_id = $2) r
join concepts c on c.vault_id = $1 and c.id = r.other and not c.hidden
order by r.weight desc, r.from_id, r.to_id, r.kind limit ${NEIGHBOURS}`

/** Breadth first without a memory of where it was, which is what recursion in SQL can do: every concept once for each length of a way. */
const PATH_IN_SQL = `
with recursive reached (id, steps) as (
  select $2::text, 0
  union
  select r.to_id, reached.steps + 1 from reached join concept_relations r
    on r.vault_id = $1 and r.from_id = reached.id and r.kind in ('prerequisite', 'part_of')
  where reached.steps < ${LONGEST_PATH} and reached.id <> $3)
select min(steps)::int as steps from reached where id = $3`

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begun = performance.now()
  const result = await work()
  return { ms: performance.now() - begun, result }
}

interface Compared {
  ours: number[]
  peers: number[]
}

/** Ours and the peer's in turn, so that what else the machine does meets both. */
async function compared<T>(
  questions: readonly T[],
  ours: (one: T) => Promise<unknown>,
  peer: (one: T) => Promise<unknown>,
) {
  const times: Compared = { ours: [], peers: [] }
  for (const question of questions) {
    times.ours.push((await timed(() => ours(question))).ms)
    times.peers.push((await timed(() => peer(question))).ms)
  }
  return times
}

/** The two must find the same, or their times say nothing. */
async function refuseIfDifferent(
  concepts: ConceptGraph,
  db: Queries,
  vaultId: string,
  pairs: readonly [string, string][],
) {
  for (const [from, to] of pairs.slice(0, 10)) {
    const path = await concepts.path(from, to)
    const [row] = await db.query<{ steps: number | null }>(PATH_IN_SQL, [vaultId, from, to])
    const steps = path ? path.length - 1 : null
    if (steps !== (row?.steps ?? null))
      throw new Error(`ways of ${steps} and ${row?.steps} steps from ${from} to ${to}`)
    const near = await concepts.neighbours(from, NEIGHBOURS)
    const rows = await db.query<{ weight: number }>(NEIGHBOURS_IN_SQL, [vaultId, from])
    const [one, other] = [near, rows].map((list) => list.map(({ weight }) => weight.toFixed(4)).join())
    if (one !== other) throw new Error(`other neighbours of ${from}`)
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

await bench({
  name: 'graph',
  about: `Neighbours, paths, the whole map and making the graph anew at ${CONCEPTS} concepts and ${RELATIONS} relations, against SQL in the same database.`,
  async run() {
    const world = await openMemoryWorld()
    try {
      const db = world.store.database
      const vaultId = world.vault.id
      const concepts = createConceptGraph({
        database: db,
        vault: world.vault,
        folder: join(world.store.folder.root, 'graph'),
        clock: systemClock,
        log: silentLog,
      })
      try {
        await concepts.idle()
        await fill(db, vaultId, madeRelations())
        const before = process.memoryUsage().rss
        const rebuild = await timed(() => concepts.neighbours(idOf(0), 1))
        const after = process.memoryUsage().rss
        const copy = await timed(() => copyTables(db, vaultId))

        const next = numbers(11)
        const anyId = () => idOf(Math.floor(CONCEPTS * next()))
        const ids = Array.from({ length: QUESTIONS }, anyId)
        const pairs = Array.from({ length: PATHS }, (): [string, string] => [anyId(), anyId()])
        await refuseIfDifferent(concepts, db, vaultId, pairs)
        const near = await compared(
          ids,
          (id) => concepts.neighbours(id, NEIGHBOURS),
          (id) => db.query(NEIGHBOURS_IN_SQL, [vaultId, id]),
        )
        const ways = await compared(
          pairs,
          ([from, to]) => concepts.path(from, to),
          ([from, to]) => db.query(PATH_IN_SQL, [vaultId, from, to]),
        )
        const map = await compared(
          Array.from({ length: 15 }, () => DRAWN),
          (limit) => concepts.map(limit),
          async (limit) => {
            await db.query(`select * from concepts where vault_id = $1 order by captures desc limit $2`, [
              vaultId,
              limit,
            ])
            await db.query(`select * from concept_relations where vault_id = $1`, [vaultId])
          },
        )
        const rows = [
          { question: 'neighbours', ...near },
          { question: 'path', ...ways },
          { question: `map of ${DRAWN}`, ...map },
          { question: 'made anew', ours: [rebuild.ms], peers: [copy.ms] },
        ]
        const ratio = ({ ours, peers }: Compared, q: number) => rounded(quantile(ours, q) / quantile(peers, q), 2)
        return {
          figures: {
            neighboursP95: ratio(near, 0.95),
            pathP95: ratio(ways, 0.95),
            mapP50: ratio(map, 0.5),
            madeAnew: rounded(rebuild.ms / copy.ms, 2),
            memoryMb: megabytes(after - before),
            milliseconds: {
              neighboursP95: rounded(quantile(near.ours, 0.95), 1),
              pathP95: rounded(quantile(ways.ours, 0.95), 1),
              mapP50: rounded(quantile(map.ours, 0.5), 1),
              madeAnew: Math.round(rebuild.ms),
            },
          },
          table: rows.map(({ question, ours, peers }) => ({
            question,
            'ms p50': rounded(quantile(ours, 0.5), 1),
            'ms p95': rounded(quantile(ours, 0.95), 1),
            'SQL p50': rounded(quantile(peers, 0.5), 1),
            'SQL p95': rounded(quantile(peers, 0.95), 1),
            'ratio p95': ratio({ ours, peers }, 0.95),
          })),
          targets: [
            // Three questions (the revision, Kuzu, the names) against one.
            { figure: 'neighboursP95', atMost: 3 },
            // What a graph database is there for.
            { figure: 'pathP95', atMost: 1 },
            // The map leaves out most relations, and may not take longer than reading them all.
            { figure: 'mapP50', atMost: 1 },
            { figure: 'madeAnew', atMost: 1.5 },
          ],
        }
      } finally {
        await concepts.close()
      }
    } finally {
      await world.close()
    }
  },
})
