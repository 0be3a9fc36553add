import type { ErrorCode, ErrorParams } from '../kernel/index.ts'
import type { Queries, SqlValue } from '../store/index.ts'
import { pageOf, readCursor, takeLimit } from './cursor.ts'
import { takeRecordId, wellFormed } from './door.ts'
import { notFound } from './reads.ts'
import type {
  Collection,
  DocumentFilter,
  DocumentOrigin,
  DocumentState,
  GoneSound,
  LibraryDocument,
  Page,
} from './types.ts'

interface DocumentRow extends Record<string, unknown> {
  id: string
  title: string
  sha256: string
  format: string
  size: number
  origins: DocumentOrigin[]
  collections: string[]
  tags: string[]
  created_at: Date
  updated_at: Date
  missing_at: Date | null
  sound: GoneSound | null
  keeps_sound: boolean
  state: DocumentState
  error_code: ErrorCode | null
  error_params: ErrorParams | null
  pages: number | null
  characters: number
}

/** What a document without a name of its own is called: by its content, else by where it came from. */
export const SHOWN_TITLE = `coalesce(nullif(d.title, ''), nullif(t.own_title, ''), d.origins->0->>'name', '')`

const SELECT_DOCUMENTS = `
select d.id, ${SHOWN_TITLE} as title, d.sha256, d.format, d.size, d.origins, d.collections, d.tags, d.created_at, d.updated_at, d.missing_at,
  d.sound, d.keeps_sound,
  coalesce(t.state, 'waiting') as state, t.error_code, t.error_params, t.pages, coalesce(length(t.text), 0)::int as characters
from documents d left join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id`

/** @throws LvaError not-found */
export async function getDocument(queries: Queries, vaultId: string, id: string): Promise<LibraryDocument> {
  const [row] = await queries.query<DocumentRow>(`${SELECT_DOCUMENTS} where d.vault_id = $1 and d.id = $2`, [
    vaultId,
    takeRecordId(id),
  ])
  if (!row) throw notFound('This document')
  return readRow(row)
}

/** Those of them that there are. */
export async function getDocuments(
  queries: Queries,
  vaultId: string,
  ids: readonly string[],
): Promise<LibraryDocument[]> {
  if (ids.length === 0) return []
  const rows = await queries.query<DocumentRow>(
    `${SELECT_DOCUMENTS} where d.vault_id = $1 and d.id = any($2::text[]) order by d.id`,
    [vaultId, ids.map(wellFormed)],
  )
  return rows.map(readRow)
}

/** The newest first. @throws LvaError bad-input */
export async function listDocuments(
  queries: Queries,
  vaultId: string,
  filter: DocumentFilter,
  page: { cursor?: string | null; limit: number },
): Promise<Page<LibraryDocument>> {
  const limit = takeLimit(page.limit)
  const after = readCursor(page.cursor)
  const params: SqlValue[] = [vaultId]
  const conditions = ['d.vault_id = $1']
  const bind = (value: SqlValue) => `$${params.push(value)}`
  const { collectionId, tag, states, formats, title } = filter
  if (collectionId !== undefined) conditions.push(`d.collections ? ${bind(wellFormed(collectionId))}::text`)
  if (tag !== undefined) conditions.push(`d.tags ? ${bind(wellFormed(tag))}::text`)
  if (states !== undefined) conditions.push(`coalesce(t.state, 'waiting') = any(${bind(states)}::text[])`)
  if (formats !== undefined) conditions.push(`d.format = any(${bind(formats.map(wellFormed))}::text[])`)
  for (const word of (title ?? '').split(/\s+/).filter((part) => part !== '')) {
    conditions.push(`position(lower(${bind(wellFormed(word))}::text) in lower(${SHOWN_TITLE})) > 0`)
  }
  if (after) conditions.push(`(d.created_at, d.id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::text)`)
  const rows = await queries.query<DocumentRow>(
    `${SELECT_DOCUMENTS} where ${conditions.join(' and ')} order by d.created_at desc, d.id desc limit ${limit + 1}`,
    params,
  )
  return pageOf(rows, limit, readRow, ({ createdAt, id }) => ({ at: createdAt, id }))
}

/** By name, with the number of live documents in each. */
export async function listCollections(queries: Queries, vaultId: string): Promise<Collection[]> {
  const rows = await queries.query<{ id: string; name: string; created_at: Date; documents: number }>(
    `select c.id, c.name, c.created_at,
       (select count(*)::int from documents d where d.vault_id = $1 and d.collections ? c.id) as documents
     from collections c where c.vault_id = $1 order by lower(c.name), c.id`,
    [vaultId],
  )
  return rows.map(({ id, name, created_at, documents }) => ({
    id,
    name,
    createdAt: created_at.toISOString(),
    documents,
  }))
}

/** Every tag of a live document, the most used first. */
export async function listTags(queries: Queries, vaultId: string): Promise<{ tag: string; documents: number }[]> {
  return queries.query<{ tag: string; documents: number }>(
    `select tag, count(*)::int as documents from documents d, jsonb_array_elements_text(d.tags) as tag
     where d.vault_id = $1 group by tag order by 2 desc, 1`,
    [vaultId],
  )
}

function readRow(row: DocumentRow): LibraryDocument {
  return {
    id: row.id,
    title: row.title,
    sha256: row.sha256,
    format: row.format,
    size: Number(row.size),
    origins: row.origins,
    tags: row.tags,
    collections: row.collections,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    missingAt: row.missing_at?.toISOString() ?? null,
    sound: row.sound,
    keepsSound: row.keeps_sound,
    state: row.state,
    error: row.error_code === null ? null : { code: row.error_code, params: row.error_params ?? {} },
    pages: row.pages,
    characters: row.characters,
  }
}
