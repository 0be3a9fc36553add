import type { Projection } from './projection.ts'
import type { Tables } from './tables.ts'

type LibraryProjection = Extract<Projection, { kind: 'library' }>

/**
 * Writes the rows of documents and collections, and queues reading where the bytes are others than those that were read.
 * @returns ids of the documents whose chunks and concepts are to be made anew; what was never read has none yet
 */
export async function writeLibrary(tables: Tables, projections: readonly LibraryProjection[]): Promise<string[]> {
  const { tx, vaultId, queueReading } = tables
  const documents = projections.flatMap((projection) => projection.documents)
  const collections = projections.flatMap((projection) => projection.collections)
  if (collections.length > 0) {
    const gone = collections.filter(({ collection }) => !collection).map(({ id }) => id)
    const live = collections.flatMap(({ collection }) => (collection ? [collection] : []))
    await tx.query(WRITE_COLLECTIONS, [vaultId, JSON.stringify(live), gone])
  }
  if (documents.length === 0) return []
  const gone = documents.filter(({ document }) => !document).map(({ id }) => id)
  const live = documents.flatMap(({ document }) => (document ? [document] : []))
  const deleted = gone.length === 0 ? [] : await tx.query<{ id: string }>(DELETE_DOCUMENTS, [vaultId, gone])
  const neverRead = new Set<string>()
  if (live.length > 0) {
    await tx.query(WRITE_DOCUMENTS, [vaultId, JSON.stringify(live)])
    const transcripts = live.filter(({ sound }) => sound !== null)
    if (transcripts.length > 0) await tx.query(KEEP_HEARD, [vaultId, JSON.stringify(transcripts)])
    const texts = await tx.query<{ document_id: string; is_due: boolean; is_unread: boolean }>(EXPECT_TEXTS, [
      vaultId,
      live.map(({ id }) => id),
      live.map(({ sha256 }) => sha256),
    ])
    await queueReading(texts.filter(({ is_due }) => is_due).map(({ document_id }) => `document:${document_id}`))
    for (const { document_id, is_unread } of texts) if (is_unread) neverRead.add(document_id)
  }
  return [...live, ...deleted].map(({ id }) => id).filter((id) => !neverRead.has(id))
}

const WRITE_COLLECTIONS = `
with gone as (delete from collections where vault_id = $1 and id = any($3::text[]))
insert into collections (vault_id, id, name, created_at)
select $1, id, name, "createdAt" from json_to_recordset($2::json) as r(id text, name text, "createdAt" timestamptz)
on conflict (vault_id, id) do update set name = excluded.name, created_at = excluded.created_at`

/** What was read is kept: it is shown again when the document is restored. */
const DELETE_DOCUMENTS = `
with gone_chunks as (delete from chunks where vault_id = $1 and kind = 'document' and capture_id = any($2::text[])),
gone_concepts as (delete from capture_concepts where vault_id = $1 and kind = 'document' and capture_id = any($2::text[])),
gone_relations as (delete from capture_relations where vault_id = $1 and kind = 'document' and capture_id = any($2::text[])),
gone_sources as (delete from concept_sources where vault_id = $1 and kind = 'document' and capture_id = any($2::text[]))
delete from documents where vault_id = $1 and id = any($2::text[]) returning id`

const WRITE_DOCUMENTS = `
insert into documents (vault_id, id, title, sha256, format, size, origins, collections, tags, created_at, updated_at, missing_at, sound, keeps_sound)
select $1, id, title, sha256, format, size, origins::jsonb, collections::jsonb, tags::jsonb, "createdAt", "updatedAt", "missingAt",
  case when json_typeof(sound) = 'object' then sound::jsonb end, "keepsSound"
from json_to_recordset($2::json) as r(id text, title text, sha256 text, format text, size bigint, origins json,
  collections json, tags json, "createdAt" timestamptz, "updatedAt" timestamptz, "missingAt" timestamptz, sound json, "keepsSound" boolean)
on conflict (vault_id, id) do update set title = excluded.title, sha256 = excluded.sha256, format = excluded.format,
  size = excluded.size, origins = excluded.origins, collections = excluded.collections, tags = excluded.tags,
  created_at = excluded.created_at, updated_at = excluded.updated_at, missing_at = excluded.missing_at, sound = excluded.sound,
  keeps_sound = excluded.keeps_sound`

/** What was heard in the very sound that went is what its transcript says: it is not read again. The transcript before it goes. */
const KEEP_HEARD = `
with given as (
  select id, sha256, sound->>'sha256' as heard from json_to_recordset($2::json) as r(id text, sha256 text, sound json)
), gone as (
  delete from earlier_transcripts e using given g where e.vault_id = $1 and e.document_id = g.id and e.sha256 = g.heard
)
update document_texts t set sha256 = g.sha256, text_sha256 = g.sha256 from given g
where t.vault_id = $1 and t.document_id = g.id and t.state = 'ready' and t.sha256 = g.heard and t.text_sha256 = g.heard`

/** Answers the documents whose present bytes are to be read (`is_due`), and those of which no bytes ever were (`is_unread`). */
const EXPECT_TEXTS = `
with due as (
  insert into document_texts as t (vault_id, document_id, sha256, state)
  select $1, id, sha256, 'waiting' from unnest($2::text[], $3::text[]) as given (id, sha256)
  on conflict (vault_id, document_id) do update
    set sha256 = excluded.sha256, state = 'waiting', error_code = null, error_params = null
  where t.sha256 is distinct from excluded.sha256
  returning document_id, read_at is null as is_unread
)
select document_id, true as is_due, is_unread from due
union all
select document_id, false, true from document_texts
where vault_id = $1 and document_id = any($2::text[]) and read_at is null and document_id not in (select document_id from due)`
