import { createHash } from 'node:crypto'
import { pictureText } from '../kernel/index.ts'
import type { Queries } from '../store/index.ts'
import { type CapturePicture, type CaptureSource, type DocumentBlock, SHOWN_TITLE } from '../vault/index.ts'
import { chunkText, type Span } from './chunk.ts'
import { chunkDocument } from './chunk-document.ts'
import { type ChunkRow, headingText, type NewChunk } from './chunk-rows.ts'
import { analyse } from './language/terms.ts'
import type { Chunk } from './types.ts'

/** A capture, note or document, as the subject of a job names it: `capture:<id>`, `note:<id>`, `document:<id>`. */
export interface Subject {
  kind: 'capture' | 'note' | 'document'
  id: string
}

/** The texts of a capture, note or document that are indexed, with the row's version: while that is the same, so are the texts. */
export interface SubjectTexts extends Subject {
  version: string
  sessionId: string | null
  source: ChunkRow['source']
  createdAt: Date
  fields: SubjectField[]
}

export interface SubjectField {
  field: Chunk['field']
  text: string
  /** What its chunks stand under: the title of a note. */
  heading: string
  /** ISO 639-1 of what was spoken, where it is known. */
  spoken?: string
  /** Of documents and pictures, whose structure says where chunks may end and where they are. */
  blocks?: readonly DocumentBlock[]
}

/** @returns undefined for a subject that names none */
export function parseSubject(subject: string): Subject | undefined {
  const colon = subject.indexOf(':')
  const kind = subject.slice(0, colon)
  return kind === 'capture' || kind === 'note' || kind === 'document'
    ? { kind, id: subject.slice(colon + 1) }
    : undefined
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
      pictures: CapturePicture[] | null
      spoken: string | null
    }>(
      `select id, xmin::text as version, session_id, source, created_at, user_text, agent_text, pictures,
         metadata->>'spokenLanguage' as spoken from captures
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
          { field: 'userText', text: row.user_text, heading: '', ...(row.spoken !== null && { spoken: row.spoken }) },
          { field: 'agentText', text: row.agent_text ?? '', heading: '' },
          ...(row.pictures ? [{ field: 'pictureText' as const, heading: '', ...pictureText(row.pictures) }] : []),
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
  texts.push(...(await readDocumentTexts(queries, vaultId, idsOf('document'))))
  return texts
}

async function readDocumentTexts(queries: Queries, vaultId: string, ids: readonly string[]): Promise<SubjectTexts[]> {
  if (ids.length === 0) return []
  const rows = await queries.query<{
    id: string
    version: string
    title: string
    created_at: Date
    text: string
    blocks: DocumentBlock[]
  }>(
    `select d.id, ${DOCUMENT_VERSION} as version, ${SHOWN_TITLE} as title, d.created_at, t.text, t.blocks
     from documents d join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
     where d.vault_id = $1 and d.id = any($2::text[])`,
    [vaultId, ids],
  )
  return rows.map(({ id, version, title, created_at, text, blocks }) => ({
    kind: 'document',
    id,
    version,
    sessionId: null,
    source: 'document',
    createdAt: created_at,
    fields: [{ field: 'documentText', text, heading: title, blocks }],
  }))
}

/** The chunks of a document change with its row and with what was read of it. */
const DOCUMENT_VERSION = `d.xmin::text || '.' || t.xmin::text`

/** The versions of captures, notes and documents as they are now, locked until the transaction ends. Deleted ones are missing. */
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
  const documentIds = subjects.filter(({ kind }) => kind === 'document').map(({ id }) => id)
  if (documentIds.length > 0) {
    const rows = await tx.query<{ id: string; version: string }>(
      `select d.id, ${DOCUMENT_VERSION} as version
       from documents d join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
       where d.vault_id = $1 and d.id = any($2::text[]) for share`,
      [vaultId, documentIds],
    )
    for (const row of rows) versions.set(`document:${row.id}`, row.version)
  }
  return versions
}

/** A chunk as it is cut, before its words are read. */
export type CutChunk = Omit<NewChunk, 'language' | 'terms'> & {
  /** ISO 639-1 of what was spoken, where it is known. */
  spoken: string | undefined
}

/** Reads the words of a chunk, which takes far longer than cutting it. */
export function withTerms({ spoken, ...chunk }: CutChunk): NewChunk {
  return { ...chunk, ...analyse(chunk.text, spoken) }
}

/**
 * The chunks of a capture, note or document. A chunk's id comes from its text, its heading and where it belongs, so that a text which is
 * indexed again keeps the ids, and with them the vectors, of all chunks that did not change.
 */
export function chunksOf(subject: SubjectTexts): CutChunk[] {
  const rows: CutChunk[] = []
  const { kind, id: captureId, sessionId, source, createdAt } = subject
  for (const given of subject.fields) {
    const { field, text, spoken } = given
    const seen = new Map<string, number>()
    for (const [ordinal, { start, end, context, heading, place }] of spansOf(given).entries()) {
      const chunk = { text: text.slice(start, end), start }
      const embedded = textToEmbed(chunk, context)
      const repeat = seen.get(embedded) ?? 0
      seen.set(embedded, repeat + 1)
      rows.push({
        id: chunkId([kind, captureId, field, String(repeat), embedded]),
        captureId,
        kind,
        field,
        ordinal,
        start,
        end,
        text: chunk.text,
        sessionId,
        source,
        createdAt,
        heading,
        place,
        spoken,
      })
    }
  }
  return rows
}

interface PlacedSpan extends Span, Pick<ChunkRow, 'heading' | 'place'> {
  context: string
}

function spansOf({ text, heading, blocks }: SubjectField): PlacedSpan[] {
  if (!blocks) return chunkText(text).map((span) => ({ ...span, context: heading, heading: [], place: null }))
  return chunkDocument(text, heading, blocks).map((chunk) => ({ ...chunk, context: headingText(chunk.heading) }))
}

function chunkId(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32)
}
