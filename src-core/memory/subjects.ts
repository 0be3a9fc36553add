import { createHash } from 'node:crypto'
import type { Queries } from '../store/index.ts'
import type { CaptureSource } from '../vault/index.ts'
import { chunkText } from './chunk.ts'
import type { ChunkRow } from './chunk-rows.ts'
import type { Chunk } from './types.ts'

/** A capture or a note, as the subject of a job names it: `capture:<id>`, `note:<id>`. */
export interface Subject {
  kind: 'capture' | 'note'
  id: string
}

/** The texts of a capture or note that are indexed, with the row's version: while that is the same, so are the texts. */
export interface SubjectTexts extends Subject {
  version: string
  sessionId: string | null
  source: ChunkRow['source']
  createdAt: Date
  fields: { field: Chunk['field']; text: string; heading: string }[]
}

/** @returns undefined for a subject that names neither */
export function parseSubject(subject: string): Subject | undefined {
  const colon = subject.indexOf(':')
  const kind = subject.slice(0, colon)
  return kind === 'capture' || kind === 'note' ? { kind, id: subject.slice(colon + 1) } : undefined
}

/** The text of a note in which its chunks have their places: the title, an empty line, the body. */
export function noteText(note: { title: string; body: string }): string {
  return note.title === '' ? note.body : `${note.title}\n\n${note.body}`
}

/**
 * What the embedder reads of a chunk: the chunk, and before it the heading that it stands under where it does not hold that itself. A part
 * of a page is often hard to place without it; with it, nDCG@10 on Cranfield and CISI is 0.003 higher.
 */
export function textToEmbed(chunk: { text: string; start: number }, heading: string): string {
  return heading === '' || chunk.start === 0 ? chunk.text : `${heading}\n\n${chunk.text}`
}

/** Reads captures and notes; those that are deleted are missing from the result. */
export async function readSubjects(
  queries: Queries,
  vaultId: string,
  subjects: readonly Subject[],
): Promise<SubjectTexts[]> {
  const idsOf = (kind: Subject['kind']) => subjects.filter((subject) => subject.kind === kind).map(({ id }) => id)
  const [captureIds, noteIds] = [idsOf('capture'), idsOf('note')]
  const texts: SubjectTexts[] = []
  if (captureIds.length > 0) {
    const rows = await queries.query<{
      id: string
      version: string
      session_id: string
      source: CaptureSource
      created_at: Date
      user_text: string
      agent_text: string | null
    }>(
      `select id, xmin::text as version, session_id, source, created_at, user_text, agent_text from captures
       where vault_id = $1 and id = any($2::text[])`,
      [vaultId, captureIds],
    )
    for (const row of rows) {
      texts.push({
        kind: 'capture',
        id: row.id,
        version: row.version,
        sessionId: row.session_id,
        source: row.source,
        createdAt: row.created_at,
        fields: [
          { field: 'userText', text: row.user_text, heading: '' },
          { field: 'agentText', text: row.agent_text ?? '', heading: '' },
        ],
      })
    }
  }
  if (noteIds.length > 0) {
    const rows = await queries.query<{ id: string; version: string; title: string; body: string; created_at: Date }>(
      `select id, xmin::text as version, title, body, created_at from notes where vault_id = $1 and id = any($2::text[])`,
      [vaultId, noteIds],
    )
    for (const { id, version, title, body, created_at } of rows) {
      texts.push({
        kind: 'note',
        id,
        version,
        sessionId: null,
        source: 'note',
        createdAt: created_at,
        fields: [{ field: 'noteText', text: noteText({ title, body }), heading: title }],
      })
    }
  }
  return texts
}

/** The versions of captures and notes as they are now, locked until the transaction ends. Deleted ones are missing. */
export async function lockVersions(
  tx: Queries,
  vaultId: string,
  subjects: readonly Subject[],
): Promise<Map<string, string>> {
  const versions = new Map<string, string>()
  for (const [kind, table] of [
    ['capture', 'captures'],
    ['note', 'notes'],
  ] as const) {
    const ids = subjects.filter((subject) => subject.kind === kind).map(({ id }) => id)
    if (ids.length === 0) continue
    const rows = await tx.query<{ id: string; version: string }>(
      `select id, xmin::text as version from ${table} where vault_id = $1 and id = any($2::text[]) for share`,
      [vaultId, ids],
    )
    for (const row of rows) versions.set(`${kind}:${row.id}`, row.version)
  }
  return versions
}

/**
 * The chunks of a capture or note. A chunk's id comes from its text, its heading and where it belongs, so that a text which is indexed
 * again keeps the ids, and with them the vectors, of all chunks that did not change.
 */
export function chunksOf(subject: SubjectTexts): ChunkRow[] {
  const rows: ChunkRow[] = []
  const { kind, id: captureId, sessionId, source, createdAt } = subject
  for (const { field, text, heading } of subject.fields) {
    const seen = new Map<string, number>()
    for (const [ordinal, { start, end }] of chunkText(text).entries()) {
      const chunk = { text: text.slice(start, end), start }
      const embedded = textToEmbed(chunk, heading)
      const repeat = seen.get(embedded) ?? 0
      seen.set(embedded, repeat + 1)
      const id = chunkId([kind, captureId, field, String(repeat), embedded])
      rows.push({ id, captureId, kind, field, ordinal, start, end, text: chunk.text, sessionId, source, createdAt })
    }
  }
  return rows
}

function chunkId(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32)
}
