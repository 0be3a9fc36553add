import { createHash } from 'node:crypto'
import type { Queries } from '../../store/index.ts'
import type { Subject, SubjectTexts } from '../subjects.ts'
import { MODEL_EXTRACTOR } from './model-reader.ts'
import { EXTRACTOR } from './read.ts'
import { termId } from './terms.ts'
import type { Reading } from './types.ts'

/** Whether the device read alone, or a language model too. */
export type ReadBy = 'device' | 'model'

/** What was read of one capture, note or document, field by field. */
export interface ReadSubject extends Subject {
  texts: SubjectTexts
  readings: { field: string; reading: Reading }[]
  by: ReadBy
}

/** The fields in which the learner speaks, or what the learner added to read. Answers are not memory. */
export function ownFields(texts: SubjectTexts): { field: string; text: string }[] {
  return texts.fields.filter(
    ({ field, text }) => field !== 'agentText' && field !== 'pictureText' && text.trim() !== '',
  )
}

/** Says what was read, and how: while it is the same, reading again would find the same. */
export function sourceMark(texts: SubjectTexts, by: ReadBy): string {
  const hash = createHash('sha256')
  for (const { field, text } of ownFields(texts)) hash.update(`${field}\u0000${text}\u0000`)
  return `${EXTRACTOR}${by === 'model' ? `+${MODEL_EXTRACTOR}` : ''}/${hash.digest('hex').slice(0, 16)}`
}

/** Whether a stored mark says that these texts were read as they are now, by whomever. */
export function isCurrentMark(mark: string | undefined, texts: SubjectTexts): boolean {
  return mark === sourceMark(texts, 'device') || mark === sourceMark(texts, 'model')
}

export async function deleteMentions(tx: Queries, vaultId: string, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return
  const params = [vaultId, subjects.map(({ kind }) => kind), subjects.map(({ id }) => id)]
  for (const table of ['capture_concepts', 'capture_relations', 'concept_sources'])
    await tx.query(
      `delete from ${table} t using unnest($2::text[], $3::text[]) as given (kind, id)
       where t.vault_id = $1 and t.kind = given.kind and t.capture_id = given.id`,
      params,
    )
}

/** Replaces what is known of these subjects. */
export async function writeMentions(tx: Queries, vaultId: string, read: readonly ReadSubject[]): Promise<void> {
  await deleteMentions(tx, vaultId, read)
  const mentions = read.flatMap(mentionsOf)
  const relations = read.flatMap(relationsOf)
  const sources = read.map(({ kind, id, texts, by }) => ({ kind, id, mark: sourceMark(texts, by) }))
  await tx.query(
    `insert into capture_concepts (vault_id, kind, capture_id, term_id, concept_id, normal, surface, type, field, start, "end",
       count, weight, definition, session_id, created_at)
     select $1, kind, "captureId", "termId", coalesce(
         (select c.concept_id from capture_concepts c where c.vault_id = $1 and c.term_id = r."termId" limit 1), "termId"),
       normal, surface, type, field, start, "end", count, weight, definition, "sessionId", "createdAt"
     from json_to_recordset($2::json) as r(kind text, "captureId" text, "termId" text, normal text, surface text, type text,
       field text, start int, "end" int, count int, weight real, definition text, "sessionId" text, "createdAt" timestamptz)`,
    [vaultId, JSON.stringify(mentions)],
  )
  await tx.query(
    `insert into capture_relations (vault_id, kind, capture_id, from_term, to_term, relation, field, start, "end", created_at)
     select $1, kind, "captureId", "from", "to", relation, field, start, "end", "createdAt"
     from json_to_recordset($2::json) as r(kind text, "captureId" text, "from" text, "to" text, relation text, field text,
       start int, "end" int, "createdAt" timestamptz)
     on conflict do nothing`,
    [vaultId, JSON.stringify(relations)],
  )
  await tx.query(
    `insert into concept_sources (vault_id, kind, capture_id, extractor)
     select $1, kind, id, mark from json_to_recordset($2::json) as r(kind text, id text, mark text)`,
    [vaultId, JSON.stringify(sources)],
  )
}

function mentionsOf({ kind, id, texts, readings }: ReadSubject) {
  const rows = new Map<string, Record<string, unknown> & { count: number; weight: number }>()
  for (const { field, reading } of readings) {
    for (const { normal, ...term } of reading.terms) {
      const key = termId(normal)
      const known = rows.get(key)
      if (known) {
        known.count += term.count
        known.weight = Math.max(known.weight, term.weight)
      } else {
        const { sessionId, createdAt } = texts
        rows.set(key, { kind, captureId: id, termId: key, normal, field, sessionId, createdAt, ...term })
      }
    }
  }
  return [...rows.values()]
}

function relationsOf({ kind, id, texts, readings }: ReadSubject) {
  return readings.flatMap(({ field, reading }) =>
    reading.relations.map(({ from, to, ...relation }) => ({
      kind,
      captureId: id,
      from: termId(from),
      to: termId(to),
      field,
      createdAt: texts.createdAt,
      ...relation,
    })),
  )
}
