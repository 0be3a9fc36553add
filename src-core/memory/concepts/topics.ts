import { sentencesIn } from '../../kernel/index.ts'
import type { Queries } from '../../store/index.ts'
import { parseSubject, readSubjects, type Subject } from '../subjects.ts'
import type { Chunk } from '../types.ts'

/** A place where one thought of a topic stands, word for word. */
export interface TopicPassage {
  kind: Subject['kind']
  /** Capture, note or document. */
  captureId: string
  field: Chunk['field']
  /** UTF-16 code units of the field's text; end exclusive. */
  start: number
  end: number
  /** Whole sentences. */
  text: string
  when: string
}

/** A concept that the learner's texts of a time speak of. */
export interface Topic {
  conceptId: string
  name: string
  /** Texts of that time that mention it. */
  texts: number
  /** Those that are most about it, at most as many as were asked for. */
  passages: TopicPassage[]
}

/** What the learner kept in a stretch of time. */
export interface PeriodTopics {
  captures: number
  notes: number
  documents: number
  /** Those with the most texts first. */
  topics: Topic[]
}

export interface TopicsRequest {
  /** ISO 8601 instants; `to` exclusive. */
  from: string
  to: string
  topics: number
  /** Of each topic. */
  passages: number
  /** A capture that does not count. */
  without: string
  /** Only captures of this session. */
  sessionId?: string
}

/** A passage is at most so long, in UTF-16 code units. */
const LONGEST_PASSAGE = 400
/** Of each topic, so many times as many mentions are looked at as passages are shown. */
const LOOKED_AT = 3

/** What the learner said themselves in that time; answers do not count, nor do questions about their own learning. */
const OWN = `mentions.vault_id = $1 and mentions.created_at >= $2 and mentions.created_at < $3 and mentions.field <> 'agentText'
  and mentions.capture_id <> $4 and not exists (select from insights where insights.id = mentions.capture_id)`
const INSIGHTS = `insights as materialized (
  select id from captures where vault_id = $1 and answer->>'kind' = 'insight')`
/** By the captures of the session, which are few. */
const IN_SESSION = `mentions.kind = 'capture' and mentions.capture_id = any(array(
  select id from captures where vault_id = $1 and session_id = $7))`

interface MentionRow extends Record<string, unknown> {
  concept_id: string
  name: string
  texts: number
  kind: string
  capture_id: string
  field: Chunk['field']
  start: number
  created_at: Date
}

export async function readTopics(
  queries: Queries,
  vaultId: string,
  { from, to, topics, passages, without, sessionId }: TopicsRequest,
): Promise<PeriodTopics> {
  const period = [vaultId, new Date(from), new Date(to)]
  const [kept] = await queries.query<{ captures: number; notes: number; documents: number }>(
    `select
       (select count(*)::int from captures where vault_id = $1 and created_at >= $2 and created_at < $3 and id <> $4
          and ($5::text is null or session_id = $5)) as captures,
       (select count(*)::int from notes where vault_id = $1 and created_at >= $2 and created_at < $3 and $5::text is null) as notes,
       (select count(*)::int from documents where vault_id = $1 and created_at >= $2 and created_at < $3 and $5::text is null) as documents`,
    [...period, without, sessionId ?? null],
  )
  const own = sessionId === undefined ? OWN : `${OWN} and ${IN_SESSION}`
  const rows = await queries.query<MentionRow>(
    // A text that names a concept in two ways counts once: grouped twice, because the distinct pairs of a concept would be sorted.
    `with ${INSIGHTS}, texts as (
       select mentions.concept_id, sum(mentions.weight) as weight from capture_concepts mentions
       where ${own}
       group by mentions.concept_id, mentions.kind, mentions.capture_id
     ), told as (
       select concept_id, count(*)::int as texts, sum(weight) as weight from texts group by concept_id
     ), most as materialized (
       select told.concept_id, concepts.name, told.texts, told.weight from told
       join concepts on concepts.vault_id = $1 and concepts.id = told.concept_id and not concepts.hidden
       order by told.texts desc, told.weight desc, told.concept_id limit $5
     ), placed as (
       select most.*, mentions.kind, mentions.capture_id, mentions.field, mentions.start, mentions.created_at,
         row_number() over (partition by mentions.concept_id order by mentions.weight desc, mentions.created_at desc, mentions.start) as place
       from most join capture_concepts mentions on mentions.concept_id = most.concept_id
       where ${own}
     )
     select concept_id, name, texts, kind, capture_id, field, start, created_at from placed where place <= $6
     order by texts desc, weight desc, concept_id, place`,
    [...period, without, topics, LOOKED_AT * passages, ...(sessionId === undefined ? [] : [sessionId])],
  )
  const passageAt = await passagesOf(queries, vaultId, rows)
  return {
    ...(kept ?? { captures: 0, notes: 0, documents: 0 }),
    topics: [...Map.groupBy(rows, ({ concept_id }) => concept_id)].map(([conceptId, mentions]) => ({
      conceptId,
      name: mentions[0]?.name ?? '',
      texts: mentions[0]?.texts ?? 0,
      passages: toldFirst(mentions.flatMap((mention) => passageAt(mention) ?? [])).slice(0, passages),
    })),
  }
}

/** What was told before what was asked: a question says what somebody wanted to know, not what they know. */
function toldFirst(passages: readonly TopicPassage[]): TopicPassage[] {
  const isAsked = ({ text }: TopicPassage) => /[?？؟]$/.test(text)
  return [...passages.filter((passage) => !isAsked(passage)), ...passages.filter(isAsked)]
}

async function passagesOf(queries: Queries, vaultId: string, rows: readonly MentionRow[]) {
  const subjects = new Map(
    rows.map(({ kind, capture_id }) => [`${kind}:${capture_id}`, parseSubject(`${kind}:${capture_id}`)]),
  )
  const texts = await readSubjects(
    queries,
    vaultId,
    [...subjects.values()].flatMap((subject) => subject ?? []),
  )
  return ({ kind, capture_id, field, start, created_at }: MentionRow): TopicPassage | undefined => {
    const subject = texts.find((one) => one.kind === kind && one.id === capture_id)
    const text = subject?.fields.find((one) => one.field === field)?.text
    if (!subject || text === undefined) return undefined
    const place = sentenceAt(text, start)
    return { kind: subject.kind, captureId: capture_id, field, ...place, when: created_at.toISOString() }
  }
}

/** The sentence that holds a place. */
function sentenceAt(text: string, place: number): { start: number; end: number; text: string } {
  const before = Math.max(0, place - LONGEST_PASSAGE)
  const around = text.slice(before, place + LONGEST_PASSAGE)
  const found = [...sentencesIn(around)].find(({ end }) => end > place - before)
  const start = before + (found?.start ?? 0)
  const sentence = (found?.text ?? around).slice(0, LONGEST_PASSAGE).trimEnd()
  return { start, end: start + sentence.length, text: sentence }
}
