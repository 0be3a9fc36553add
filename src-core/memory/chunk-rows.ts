import type { Queries } from '../store/index.ts'
import type { DocumentPlace } from '../vault/index.ts'
import type { Chunk, ChunkSource } from './types.ts'

/** A row of the table `chunks`. */
export interface ChunkRow extends Chunk {
  kind: 'capture' | 'note' | 'document'
  sessionId: string | null
  source: ChunkSource
  createdAt: Date
  /** Of documents: titles of the sections around it, the document's own first. */
  heading: string[]
  /** Of documents and pictures: where in it the chunk begins; null elsewhere. */
  place: DocumentPlace | null
  /** ISO 639-1 code, `und` for one that is not known here, null where the text does not say. */
  language: string | null
}

/** A chunk as it is written: with what the lexical index knows of it. */
export interface NewChunk extends ChunkRow {
  terms: string
}

/** A chunk that may need a vector. */
export interface ChunkToEmbed extends ChunkRow {
  /** What it stands under: title of the note, section of the document; or empty. */
  context: string
}

interface StoredChunk extends Record<string, unknown> {
  id: string
  capture_id: string
  kind: ChunkRow['kind']
  field: Chunk['field']
  ordinal: number
  start: number
  end: number
  text: string
  session_id: string | null
  source: ChunkSource
  created_at: Date
  heading: string[]
  place: DocumentPlace | null
  language: string | null
}

const COLUMNS = [
  'id',
  'capture_id',
  'kind',
  'field',
  'ordinal',
  'start',
  'end',
  'text',
  'session_id',
  'source',
  'created_at',
  'heading',
  'place',
  'language',
]
const columnsOf = (table: string) => COLUMNS.map((column) => `${table}."${column}"`).join(', ')

/** Chunks by their ids; missing ones are left out. */
export async function readChunks(
  queries: Queries,
  vaultId: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, ChunkRow>> {
  const rows = await queries.query<StoredChunk>(
    `select ${columnsOf('k')} from chunks k where vault_id = $1 and id = any($2::text[])`,
    [vaultId, ids],
    signal ? { signal } : {},
  )
  return new Map(rows.map((row) => [row.id, chunkRow(row)]))
}

/** All chunks of captures and notes, with the headings that their vectors need. */
export async function readChunksToEmbed(
  queries: Queries,
  vaultId: string,
  captureIds: readonly string[],
): Promise<ChunkToEmbed[]> {
  const rows = await queries.query<StoredChunk & { title: string }>(
    `select ${columnsOf('k')}, coalesce(n.title, '') as title
     from chunks k left join notes n on k.kind = 'note' and n.vault_id = k.vault_id and n.id = k.capture_id
     where k.vault_id = $1 and k.capture_id = any($2::text[])`,
    [vaultId, captureIds],
  )
  return rows.map((row) => ({
    ...chunkRow(row),
    context: row.kind === 'document' ? headingText(row.heading) : row.title,
  }))
}

/** How many chunks captures, notes and documents have; those without any are missing. */
export async function countChunks(
  queries: Queries,
  vaultId: string,
  captureIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await queries.query<{ capture_id: string; count: number }>(
    'select capture_id, count(*) as count from chunks where vault_id = $1 and capture_id = any($2::text[]) group by capture_id',
    [vaultId, captureIds],
  )
  return new Map(rows.map(({ capture_id, count }) => [capture_id, count]))
}

/** A heading path as the embedder reads it. */
export function headingText(heading: readonly string[]): string {
  return heading.join(' › ')
}

/** Deletes the chunks of captures, notes and documents but the ones to keep. */
export async function deleteChunks(
  queries: Queries,
  vaultId: string,
  owners: readonly { kind: ChunkRow['kind']; id: string }[],
  keptIds: readonly string[],
): Promise<void> {
  if (owners.length === 0) return
  await queries.query(
    `delete from chunks k using unnest($2::text[], $3::text[]) as owner (kind, id)
     where k.vault_id = $1 and k.capture_id = owner.id and k.kind = owner.kind and k.id <> all($4::text[])`,
    [vaultId, owners.map(({ kind }) => kind), owners.map(({ id }) => id), keptIds],
  )
}

/** Stores chunks. Rows that are there already and say the same are not touched, and neither are the indexes over them. */
export async function writeChunks(queries: Queries, vaultId: string, chunks: readonly NewChunk[]): Promise<void> {
  if (chunks.length === 0) return
  await queries.query(
    `insert into chunks as k (vault_id, id, capture_id, kind, field, ordinal, start, "end", text, session_id, source, created_at,
       heading, place, language, terms)
     select $1, id, "captureId", kind, field, ordinal, start, "end", text, "sessionId", source, "createdAt", heading, place,
       language, terms
     from json_to_recordset($2::json) as given (id text, "captureId" text, kind text, field text, ordinal integer,
       start integer, "end" integer, text text, "sessionId" text, source text, "createdAt" timestamptz,
       heading jsonb, place jsonb, language text, terms text)
     on conflict (vault_id, id) do update set ordinal = excluded.ordinal, start = excluded.start, "end" = excluded."end",
       session_id = excluded.session_id, source = excluded.source, created_at = excluded.created_at,
       heading = excluded.heading, place = excluded.place,
       language = excluded.language, terms = excluded.terms
     where (k.ordinal, k.start, k."end", k.session_id, k.source, k.created_at, k.heading, k.place, k.language,
       k.terms) is distinct from
       (excluded.ordinal, excluded.start, excluded."end", excluded.session_id, excluded.source, excluded.created_at,
       excluded.heading, excluded.place, excluded.language, excluded.terms)`,
    [vaultId, JSON.stringify(chunks)],
  )
}

function chunkRow(row: StoredChunk): ChunkRow {
  const { id, kind, field, ordinal, start, end, text, source } = row
  return {
    id,
    captureId: row.capture_id,
    kind,
    field,
    ordinal,
    start,
    end,
    text,
    sessionId: row.session_id,
    source,
    createdAt: row.created_at,
    heading: row.heading,
    place: row.place,
    language: row.language,
  }
}
