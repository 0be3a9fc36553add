import { type Clock, type Closable, type Log, LvaError } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { Database } from '../../store/index.ts'
import type { LinkKind, Vault } from '../../vault/index.ts'
import type { Busy } from '../busy.ts'
import { CurrentGraph } from '../graph/current-graph.ts'
import { KuzuGraph } from '../graph/kuzu.ts'
import type { Graph, GraphRelation, GraphSnapshot } from '../graph/types.ts'
import { ConceptWork } from './background.ts'
import { type Gap, gapsAmong, type SuccessOf } from './gaps.ts'
import { type ConceptTimeline, readTimeline } from './over-time.ts'
import { type MapRelation, readRelationsAmong, thinned } from './overview.ts'
import { type Passage, readPassages } from './passages.ts'
import { type RelationPassage, readRelationEvidence } from './relation-evidence.ts'
import { normalTerm, termId } from './terms.ts'
import { threadReader } from './thread.ts'
import { type PeriodTopics, readTopics, type TopicsRequest } from './topics.ts'
import type { ConceptProgress, Reader, Reading } from './types.ts'

export interface Concept {
  id: string
  name: string
  type: string
  hidden: boolean
  definition: string | null
  variants: { id: string; text: string; count: number }[]
  mentions: number
  captures: number
  links: number
  firstAt: string
  lastAt: string
}

export interface ConceptNeighbour {
  fromId: string
  toId: string
  kind: GraphRelation['kind']
  weight: number
  evidence: number
  /** The other end. */
  name: string
}

/** Where a concept is mentioned. */
export interface ConceptEvidence extends Passage {
  /** As it stands there. */
  surface: string
}

/** Concepts and the relations among them that are worth drawing. */
export interface ConceptMap {
  concepts: Concept[]
  relations: MapRelation[]
  /** Concepts that there are in all, hidden ones left out. */
  total: number
}

/** Two concepts, how they are connected, and what shows it. */
export interface ConceptRelation {
  from: Concept
  to: Concept
  relations: MapRelation[]
  passages: RelationPassage[]
}

/** The learner's concepts: asked, and corrected. Corrections can be undone like any change. */
export interface ConceptGraph extends Closable {
  list(request: { query?: string | undefined; limit: number; hidden?: boolean | undefined }): Promise<Concept[]>
  /** @param nameOrId an id, also one that was merged into another concept, or any spelling @throws LvaError not-found */
  find(nameOrId: string): Promise<Concept>
  neighbours(id: string, limit: number): Promise<ConceptNeighbour[]>
  evidence(id: string, limit: number): Promise<ConceptEvidence[]>
  /** Captures, notes and documents that mention it. */
  mentionedIn(id: string): Promise<string[]>
  /** The concepts that are mentioned most, up to `limit`. */
  map(limit: number): Promise<ConceptMap>
  /** Up to `limit` concepts at most `steps` relations away, the concept itself first. */
  around(id: string, steps: number, limit: number): Promise<ConceptMap>
  /** What connects two concepts, in either direction. */
  relation(oneId: string, otherId: string, limit: number): Promise<ConceptRelation>
  /** What was thought about a concept, from the first mention on. */
  overTime(id: string, passages: number): Promise<ConceptTimeline>
  /** What the learner's own texts of a stretch of time speak of. */
  topics(request: TopicsRequest): Promise<PeriodTopics>
  /** Shortest learning path, ends included; null when there is none. */
  path(fromId: string, toId: string): Promise<Concept[] | null>
  /**
   * Reads one capture ahead of the queue, so that the graph has it at once. Of one that is longer than two pages the beginning is read, and the
   * graph waits for the queue.
   * @returns what was read; nothing of one that is gone
   */
  read(captureId: string, signal: AbortSignal): Promise<Reading[]>
  /** Often mentioned and hardly connected, or badly remembered. */
  gaps(limit: number): Promise<Gap[]>
  /** More mentioned in the last 30 days than before. */
  trending(limit: number): Promise<{ concept: Concept; recent: number; before: number }[]>
  rename(id: string, name: string | null): Promise<void>
  /** Makes the second part of the first. */
  merge(intoId: string, otherId: string): Promise<void>
  /** Makes a spelling a concept of its own. @param variant its id, or the spelling @throws LvaError not-found, bad-input when it is the only one */
  split(id: string, variant: string): Promise<void>
  hide(id: string, hidden: boolean): Promise<void>
  /** Says that two concepts are connected so (true), are not (false), or as the texts say (null). */
  link(fromId: string, toId: string, kind: LinkKind, linked: boolean | null): Promise<void>
  /** Texts and folds that wait, and those that failed. */
  progress(): Promise<ConceptProgress>
  /** Called when the figures of `progress` may have changed. */
  onProgress(listener: (progress: ConceptProgress) => void): () => void
  /** Resolves when nothing waits to be read or folded. @throws LvaError cancelled */
  idle(signal?: AbortSignal): Promise<void>
  /** Called whenever concepts may have changed. */
  onChange(listener: () => void): () => void
  /** Resolves when the graph database, too, shows what was folded last, and its files hold nothing else. */
  refresh(): Promise<void>
  /** Looks for work at once: something was queued beside a change of the vault. */
  wake(): void
}

export interface ConceptGraphOptions {
  database: Database
  vault: Pick<Vault, 'id' | 'onChange' | 'concepts'>
  /** Where the graph database lives. */
  folder: string
  clock: Clock
  log: Log
  reader?: Reader
  /** The language model that reads too, when the learner wants one to; undefined when not. */
  languageModel?: () => Promise<LanguageModel | undefined>
  /** Background work that reading and folding wait for. */
  goesFirst?: Busy
  /** Left out, nothing was reviewed yet. */
  successOf?: SuccessOf
  openGraph?: () => Promise<Graph>
}

const DAY_MS = 24 * 3_600_000
const RECENT_DAYS = 30
const BEFORE_DAYS = 90
/** Fewer mentions say nothing about a gap. */
const OFTEN = 2
/** Concepts that are looked at for gaps, the most mentioned first. */
const MOST_LOOKED_AT = 2_000
/** Relations of a concept beyond which only the strongest are drawn. */
const DRAWN_RELATIONS = 6
const COLUMNS = 'id, name, type, hidden, definition, variants, mentions, captures, links, first_at, last_at'

interface ConceptRow extends Omit<Concept, 'firstAt' | 'lastAt'> {
  first_at: Date
  last_at: Date
}

interface MentionRow extends Record<string, unknown> {
  kind: string
  capture_id: string
  field: string
  start: number
  end: number
  created_at: Date
  surface: string
}

export function createConceptGraph(options: ConceptGraphOptions): ConceptGraph {
  const { database: db, vault, folder, clock, log, reader = threadReader() } = options
  const vaultId = vault.id
  const work = new ConceptWork({
    db,
    vault,
    reader,
    clock,
    log,
    ...(options.goesFirst && { goesFirst: options.goesFirst }),
    ...(options.languageModel && { languageModel: options.languageModel }),
  })
  const graph = new CurrentGraph({
    open: options.openGraph ?? (() => KuzuGraph.open(folder)),
    revision: () => revisionOf(db, vaultId),
    snapshot: () => readSnapshot(db, vaultId),
    log,
  })
  const read = async (where: string, params: (string | number | Date | boolean | string[])[]) => {
    const sql = `select ${COLUMNS} from concepts where vault_id = $1 and ${where}`
    return (await db.query<ConceptRow & Record<string, unknown>>(sql, [vaultId, ...params])).map(conceptOf)
  }
  const byIds = async (ids: readonly string[]) =>
    new Map((await read('id = any($2::text[])', [[...ids]])).map((concept) => [concept.id, concept]))

  const find = async (nameOrId: string) => {
    const term = termId(normalTerm(nameOrId))
    const [found] = await read(
      `(id = $2 or lower(name) = lower($2) or id in (select concept_id from capture_concepts where vault_id = $1 and term_id in ($2, $3)))
       order by id = $2 desc, captures desc limit 1`,
      [nameOrId, term],
    )
    if (!found)
      throw new LvaError('not-found', 'This concept does not exist, or not any more.', {
        advice: '"lva concepts list" shows what there is; new texts take a moment to be read.',
      })
    return found
  }

  const mapOf = async (concepts: Concept[]): Promise<ConceptMap> => {
    const [counted] = await db.query<{ total: number }>(
      'select count(*)::int as total from concepts where vault_id = $1 and not hidden',
      [vaultId],
    )
    const relations = await readRelationsAmong(
      db,
      vaultId,
      concepts.map(({ id }) => id),
    )
    return { concepts, relations: thinned(relations, DRAWN_RELATIONS), total: counted?.total ?? 0 }
  }

  return {
    find,
    list: ({ query = '', limit, hidden = false }) =>
      read(
        `hidden = $2 and ($3 = '' or position(lower($3) in lower(name)) > 0) order by captures desc, weight desc, id limit $4`,
        [hidden, query.trim(), limit],
      ),
    neighbours: async (id, limit) => {
      const relations = await graph.ask((each) => each.neighbours(id, limit))
      const others = relations.map(({ fromId, toId }) => (fromId === id ? toId : fromId))
      const rows = await db.query<{ id: string; name: string }>(
        'select id, name from concepts where vault_id = $1 and id = any($2::text[])',
        [vaultId, others],
      )
      const names = new Map(rows.map((row) => [row.id, row.name]))
      return relations.flatMap(({ fromId, toId, kind, weight, evidence }) => {
        const name = names.get(fromId === id ? toId : fromId)
        return name === undefined ? [] : [{ fromId, toId, kind, weight, evidence, name }]
      })
    },
    evidence: async (id, limit) => {
      const rows = await db.query<MentionRow>(
        `select distinct on (created_at, kind, capture_id) kind, capture_id, field, start, "end", created_at, surface
         from capture_concepts where vault_id = $1 and concept_id = $2
         order by created_at desc, kind, capture_id, start limit $3`,
        [vaultId, id, limit],
      )
      const passages = await readPassages(
        db,
        vaultId,
        rows.map((row) => ({ ...row, marks: [{ start: row.start, end: row.end }] })),
      )
      const surfaces = new Map(rows.map((row) => [`${row.kind}:${row.capture_id}`, row.surface]))
      return passages.map((passage) => ({
        ...passage,
        surface: surfaces.get(`${passage.kind}:${passage.captureId}`) ?? '',
      }))
    },
    mentionedIn: async (id) => {
      const rows = await db.query<{ capture_id: string }>(
        'select distinct capture_id from capture_concepts where vault_id = $1 and concept_id = $2',
        [vaultId, id],
      )
      return rows.map(({ capture_id }) => capture_id)
    },
    map: async (limit) => {
      const concepts = await read('not hidden order by captures desc, weight desc, id limit $2', [limit])
      return mapOf(concepts)
    },
    around: async (id, steps, limit) => {
      const { ids } = await graph.ask((each) => each.around(id, steps, limit))
      const concepts = await byIds(ids)
      return mapOf(ids.flatMap((each) => concepts.get(each) ?? []))
    },
    relation: async (oneId, otherId, limit) => {
      const [from, to] = [await find(oneId), await find(otherId)]
      return {
        from,
        to,
        relations: await readRelationsAmong(db, vaultId, [from.id, to.id]),
        passages: await readRelationEvidence(db, vaultId, { fromId: from.id, toId: to.id, limit }),
      }
    },
    overTime: (id, passages) => readTimeline(db, vaultId, { id, passages }),
    topics: (request) => readTopics(db, vaultId, request),
    path: async (fromId, toId) => {
      const ids = await graph.ask((each) => each.path(fromId, toId))
      if (!ids) return null
      const concepts = await byIds(ids)
      return ids.flatMap((id) => concepts.get(id) ?? [])
    },
    gaps: async (limit) => {
      const often = await read(`not hidden and captures >= ${OFTEN} order by captures desc, id limit $2`, [
        MOST_LOOKED_AT,
      ])
      const success = await options.successOf?.(often.map(({ id }) => id))
      return gapsAmong(often, success ?? new Map(), limit)
    },
    trending: async (limit) => {
      const now = clock.now()
      const rows = await db.query<{ concept_id: string; recent: number; before: number }>(
        `select concept_id, (count(*) filter (where created_at >= $2))::int as recent,
           (count(*) filter (where created_at < $2))::int as before
         from capture_concepts where vault_id = $1 and created_at >= $3 group by concept_id
         having count(*) filter (where created_at >= $2) * ${BEFORE_DAYS / RECENT_DAYS} > count(*) filter (where created_at < $2)
         order by count(*) filter (where created_at >= $2) - count(*) filter (where created_at < $2) / ${BEFORE_DAYS / RECENT_DAYS}.0 desc,
           concept_id limit $4`,
        [vaultId, new Date(now - RECENT_DAYS * DAY_MS), new Date(now - (RECENT_DAYS + BEFORE_DAYS) * DAY_MS), limit],
      )
      const concepts = await byIds(rows.map(({ concept_id }) => concept_id))
      return rows.flatMap(({ concept_id, recent, before }) => {
        const concept = concepts.get(concept_id)
        return concept && !concept.hidden ? [{ concept, recent, before }] : []
      })
    },
    rename: async (id, name) => vault.concepts.rename((await find(id)).id, name),
    merge: async (intoId, otherId) => {
      const [into, other] = [await find(intoId), await find(otherId)]
      if (into.id === other.id) throw new LvaError('bad-input', 'These are one concept already.')
      await vault.concepts.assign([...new Set([other.id, ...other.variants.map(({ id }) => id)])], into.id)
    },
    split: async (id, variant) => {
      const concept = await find(id)
      const own = concept.variants.find((each) => each.id === variant || each.text === variant)
      if (!own)
        throw new LvaError('not-found', 'This concept has no such spelling.', {
          advice: '"lva concepts show" lists the spellings of a concept.',
        })
      if (new Set(concept.variants.map((each) => each.id)).size === 1)
        throw new LvaError('bad-input', 'This is the only spelling of the concept.', {
          advice: 'Rename or hide the concept instead.',
        })
      await vault.concepts.assign([own.id], own.id)
    },
    hide: async (id, hidden) => vault.concepts.hide((await find(id)).id, hidden),
    link: async (fromId, toId, kind, linked) =>
      vault.concepts.link((await find(fromId)).id, (await find(toId)).id, kind, linked),
    read: (captureId, signal) => work.readAhead({ kind: 'capture', id: captureId }, signal),
    progress: () => work.progress(),
    onProgress: (listener) => work.onProgress(listener),
    idle: (signal) => work.idle(signal),
    onChange: (listener) => work.onFold(listener),
    refresh: () => graph.ask(async () => undefined),
    wake: () => work.wake(),
    close: async () => {
      await work.close()
      await graph.close()
    },
  }
}

function conceptOf({ first_at, last_at, ...row }: ConceptRow): Concept {
  return { ...row, firstAt: first_at.toISOString(), lastAt: last_at.toISOString() }
}

async function revisionOf(db: Database, vaultId: string): Promise<number> {
  const [row] = await db.query<{ revision: number }>('select revision from concept_folds where vault_id = $1', [
    vaultId,
  ])
  return row?.revision ?? 0
}

/** Hidden concepts are left out. */
async function readSnapshot(db: Database, vaultId: string): Promise<GraphSnapshot> {
  return db.transaction(async (tx) => {
    const [fold] = await tx.query<{ revision: number }>('select revision from concept_folds where vault_id = $1', [
      vaultId,
    ])
    const concepts = await tx.query<{ id: string; name: string; weight: number }>(
      'select id, name, weight from concepts where vault_id = $1 and not hidden',
      [vaultId],
    )
    const shown = new Set(concepts.map(({ id }) => id))
    const relations = await tx.query<Omit<GraphRelation, 'firstAt' | 'lastAt'> & { firstAt: Date; lastAt: Date }>(
      `select from_id as "fromId", to_id as "toId", kind, weight, evidence, first_at as "firstAt", last_at as "lastAt"
       from concept_relations where vault_id = $1`,
      [vaultId],
    )
    const mentions = await tx.query<{
      captureId: string
      conceptId: string
      weight: number
      at: Date
      sessionId: string | null
    }>(
      `select kind || ':' || capture_id as "captureId", concept_id as "conceptId", max(weight) as weight, min(created_at) as at,
         min(session_id) as "sessionId" from capture_concepts where vault_id = $1 group by 1, 2`,
      [vaultId],
    )
    const captures = new Map(
      mentions.map(({ captureId, at, sessionId }) => [captureId, { id: captureId, at: at.getTime(), sessionId }]),
    )
    return {
      revision: fold?.revision ?? 0,
      concepts,
      relations: relations
        .filter(({ fromId, toId }) => shown.has(fromId) && shown.has(toId))
        .map((relation) => ({ ...relation, firstAt: relation.firstAt.getTime(), lastAt: relation.lastAt.getTime() })),
      captures: [...captures.values()],
      mentions: mentions.filter(({ conceptId }) => shown.has(conceptId)),
    }
  })
}
