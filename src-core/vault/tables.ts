import type { Queries, SqlValue } from '../store/index.ts'
import type { Correction } from './concept-maps.ts'
import type { Json } from './door.ts'
import { writeLibrary } from './library-tables.ts'
import { writeCards, writeMemories } from './memory-tables.ts'
import type { Projection } from './projection.ts'
import type { Capture, Note, VaultChange } from './types.ts'

/** Writes projections into the vault's tables (docs/vault.md §5). Every function runs inside the transaction that it is handed. */

type JournalProjection = Extract<Projection, { kind: 'journal' }>

type CaptureRow = Capture & { doc: string }

/** A `doc_records` row of a touched capture, with the journal whose record its `captures` row shows. */
interface KnownRecord {
  id: string
  doc: string
  live: boolean
  row_doc: string | null
  row_session: string | null
  row_created: Date | null
}

export interface Tables {
  tx: Queries
  vaultId: string
  /** Reads the capture from a journal that is not part of the change. */
  captureElsewhere(doc: string, id: string): Promise<Capture | null>
  queueIndexing(subjects: readonly string[]): Promise<void>
  /** Queues captures that may say something about the learner, or no longer do. */
  queueProposing(subjects: readonly string[]): Promise<void>
  /** Queues documents whose bytes have to be read. */
  queueReading(subjects: readonly string[]): Promise<void>
  /** Queues the fold of concepts (docs/graph.md §3). */
  queueFolding(): Promise<void>
}

/** What one statement carries of the learner's text at most; bounds the memory of the database. UTF-16 code units. */
const BATCH_CHARACTERS = 4_000_000

/**
 * Writes all rows of a change and queues the derived work.
 * @param before a statement that is sent along, to save a round trip
 * @param unknown captures of which the caller knows that nothing is stored
 */
export async function writeProjections(
  tables: Tables,
  projections: readonly Projection[],
  before?: { text: string; params: readonly SqlValue[] },
  unknown?: ReadonlySet<string>,
): Promise<VaultChange> {
  const journals = projections.filter((projection) => projection.kind === 'journal')
  const notes = projections.filter((projection) => projection.kind === 'note')
  const settings = projections.filter((projection) => projection.kind === 'settings').flatMap(({ values }) => values)
  const libraries = projections.filter((projection) => projection.kind === 'library')
  const captureIds = unique(journals.flatMap(({ captures }) => captures.map(({ id }) => id)))

  const sought = captureIds.filter((id) => !unknown?.has(id))
  const known = await knownRecords(tables, sought, before)
  const shown = await chooseRows(tables, journals, known)
  const shownBefore = known.some(({ row_doc }) => row_doc !== null)
  await writeJournalRows(tables, shown, recordsOf(journals, known), shownBefore)
  await foldSessions(tables, sessionsToFold(journals, shown, known))
  const changedNotes = await writeNotes(tables, notes)
  await writeSettings(tables, settings)
  const corrections = libraries.flatMap((library) => library.corrections)
  await writeCorrections(tables, corrections)
  const noteIds = unique(notes.map(({ id }) => id))
  const changedDocuments = await writeLibrary(tables, libraries)
  const memoryIds = await writeMemories(
    tables,
    projections.filter((projection) => projection.kind === 'memories'),
  )
  const cardIds = await writeCards(
    tables,
    projections.filter((projection) => projection.kind === 'deck'),
  )
  await tables.queueIndexing([
    ...Array.from(shown.keys(), (id) => `capture:${id}`),
    ...changedNotes.map((id) => `note:${id}`),
    ...changedDocuments.map((id) => `document:${id}`),
  ])
  // What was brought from elsewhere was not said to this program, and a screen says nothing of the learner's.
  const spoken = Array.from(shown).filter(([, capture]) => capture?.source !== 'import' && capture?.source !== 'screen')
  await tables.queueProposing(spoken.map(([id]) => `capture:${id}`))
  return {
    captures: captureIds,
    sessions: unique([
      ...journals.flatMap(({ sessions }) => sessions.map(({ id }) => id)),
      ...Array.from(shown.values(), (capture) => capture?.sessionId),
      ...known.map(({ row_session }) => row_session),
    ]),
    notes: noteIds,
    documents: unique(libraries.flatMap(({ documents }) => documents.map(({ id }) => id))),
    collections: libraries.some(({ collections }) => collections.length > 0),
    settings: settings.length > 0,
    ...(corrections.length > 0 && { concepts: true }),
    ...(memoryIds.length > 0 && { memories: memoryIds }),
    ...(cardIds.length > 0 && { cards: cardIds }),
  }
}

/** Sessions whose row may differ now: of which a journal says something new, or which won, lost or changed a capture. */
function sessionsToFold(
  journals: readonly JournalProjection[],
  shown: ReadonlyMap<string, CaptureRow | null>,
  known: readonly KnownRecord[],
): string[] {
  const rows = new Map(known.map((record) => [record.id, record]))
  const ids = journals.flatMap(({ sessions }) => sessions.map(({ id }) => id))
  for (const [id, capture] of shown) {
    const row = rows.get(id)
    const isSame =
      capture?.sessionId === row?.row_session &&
      capture?.doc === row?.row_doc &&
      capture?.createdAt === row?.row_created?.toISOString()
    if (!isSame) ids.push(...[capture?.sessionId, row?.row_session].filter((session) => typeof session === 'string'))
  }
  return unique(ids)
}

/** Derives the rows of these sessions from `doc_records` and `captures`. */
export async function foldSessions({ tx, vaultId }: Tables, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(FOLD_SESSIONS, [vaultId, ids])
}

const FOLD_SESSIONS = `
with wanted as (select unnest($2::text[]) as id),
facts as (
  select id, bool_or(live) as live, min(created_at) as created_at,
    min(doc collate "C") filter (where created_at is not null) as doc,
    (array_agg(title order by titled_at desc, doc collate "C" desc) filter (where titled_at is not null))[1] as title
  from doc_records where vault_id = $1 and kind = 'session' and id = any($2::text[]) group by id
),
held as (
  select session_id as id, min(doc collate "C") as doc, min(created_at) as created_at
  from captures where vault_id = $1 and session_id = any($2::text[]) group by session_id
),
folded as (
  select w.id, f.title, coalesce(f.doc, h.doc) as doc, coalesce(f.created_at, h.created_at) as created_at
  from wanted w left join facts f on f.id = w.id left join held h on h.id = w.id
  where f.live or h.id is not null
),
gone as (
  delete from sessions s where s.vault_id = $1 and s.id = any($2::text[]) and s.id not in (select id from folded)
)
insert into sessions as s (vault_id, id, doc, title, created_at)
select $1, id, doc, title, created_at from folded
on conflict (vault_id, id) do update set doc = excluded.doc, title = excluded.title, created_at = excluded.created_at
where (s.doc, s.title, s.created_at) is distinct from (excluded.doc, excluded.title, excluded.created_at)`

async function knownRecords(
  { tx, vaultId }: Tables,
  captureIds: readonly string[],
  before?: { text: string; params: readonly SqlValue[] },
): Promise<KnownRecord[]> {
  if (captureIds.length === 0) {
    if (before) await tx.query(before.text, before.params)
    return []
  }
  const params = before?.params ?? [vaultId]
  return tx.query<KnownRecord & Record<string, unknown>>(
    `${before ? `with sent_along as (${before.text})` : ''}
    select r.id, r.doc, r.live, c.doc as row_doc, c.session_id as row_session, c.created_at as row_created
    from doc_records r left join captures c on c.vault_id = r.vault_id and c.id = r.id
    where r.vault_id = $1 and r.kind = 'capture' and r.id = any($${params.length + 1}::text[])`,
    [...params, captureIds],
  )
}

/**
 * What the row of each touched capture shall be: null for none. Where several journals hold a record of one capture, the first by name
 * in which it lives has the row; then rows that need not change are left out.
 */
async function chooseRows(
  tables: Tables,
  journals: readonly JournalProjection[],
  known: readonly KnownRecord[],
): Promise<Map<string, CaptureRow | null>> {
  const holders = new Map<string, Map<string, Capture | 'elsewhere' | null>>()
  const hold = (id: string, doc: string, capture: Capture | 'elsewhere' | null) => {
    const docs = holders.get(id) ?? new Map()
    holders.set(id, docs.set(doc, capture))
  }
  for (const record of known) hold(record.id, record.doc, record.live ? 'elsewhere' : null)
  for (const { doc, captures } of journals) for (const { id, capture } of captures) hold(id, doc, capture)

  const rowDocs = new Map(known.map((record) => [record.id, record.row_doc]))
  const shown = new Map<string, CaptureRow | null>()
  for (const [id, docs] of holders) {
    const doc = Array.from(docs.keys())
      .filter((name) => docs.get(name) !== null)
      .sort(byCodeUnit)[0]
    const holder = doc === undefined ? null : docs.get(doc)
    if (holder === null || holder === undefined) {
      if (rowDocs.get(id)) shown.set(id, null)
    } else if (holder !== 'elsewhere') shown.set(id, { ...holder, doc: doc as string })
    else if (doc !== undefined && rowDocs.get(id) !== doc) {
      const capture = await tables.captureElsewhere(doc, id)
      shown.set(id, capture && { ...capture, doc })
    }
  }
  return shown
}

/** The `doc_records` rows that differ from what is stored, and those to remove. */
function recordsOf(journals: readonly JournalProjection[], known: readonly KnownRecord[]) {
  const stored = new Map(known.map((record) => [`${record.doc}\n${record.id}`, record.live]))
  const written: Record<string, unknown>[] = []
  const removed: Record<string, unknown>[] = []
  for (const { doc, captures, sessions } of journals) {
    for (const { id, known: isKnown, capture } of captures) {
      const live = stored.get(`${doc}\n${id}`)
      if (!isKnown && live !== undefined) removed.push({ kind: 'capture', id, doc })
      else if (isKnown && live !== (capture !== null)) {
        written.push({ kind: 'capture', id, doc, live: capture !== null })
      }
    }
    for (const session of sessions) {
      if (session.known) written.push({ kind: 'session', doc, ...session })
      else removed.push({ kind: 'session', id: session.id, doc })
    }
  }
  return { written, removed }
}

async function writeJournalRows(
  { tx, vaultId }: Tables,
  shown: ReadonlyMap<string, CaptureRow | null>,
  { written, removed }: ReturnType<typeof recordsOf>,
  shownBefore: boolean,
): Promise<void> {
  const fresh = Array.from(shown.values()).filter((row) => row !== null)
  const gone = Array.from(shown.keys()).filter((id) => shown.get(id) === null)
  if (fresh.length + gone.length + written.length + removed.length === 0) return
  const [first = '[]', ...rest] = jsonBatches(fresh)
  // What has no row yet has nothing that was derived from it.
  const statement = shownBefore ? REPLACE_JOURNAL_ROWS : WRITE_JOURNAL_ROWS
  const ids = fresh.map((row) => row.id)
  const replacing = (goneIds: readonly string[]) => (shownBefore ? [goneIds, ids] : [])
  await tx.query(statement, [vaultId, first, JSON.stringify(written), JSON.stringify(removed), ...replacing(gone)])
  for (const batch of rest) await tx.query(statement, [vaultId, batch, '[]', '[]', ...replacing([])])
}

/** JSON arrays of the rows, none larger than `BATCH_CHARACTERS` unless it holds a single row. */
function jsonBatches(rows: readonly unknown[]): string[] {
  const batches: string[][] = []
  let room = 0
  for (const row of rows) {
    const json = JSON.stringify(row)
    if (json.length > room) {
      batches.push([])
      room = BATCH_CHARACTERS
    }
    batches.at(-1)?.push(json)
    room -= json.length
  }
  return batches.map((batch) => `[${batch.join(',')}]`)
}

const FRESH = `
with fresh as (
  select id, "sessionId" as session_id, doc, "createdAt" as created_at, "editedAt" as edited_at, source,
    "userText" as user_text, answer->>'text' as agent_text, answer::jsonb - 'text' as answer,
    "audioSha256" as audio_sha256, metadata::jsonb as metadata, pictures::jsonb as pictures
  from json_to_recordset($2::json) as r(id text, "sessionId" text, doc text, "createdAt" timestamptz,
    "editedAt" timestamptz, source text, "userText" text, answer json, "audioSha256" text, metadata json,
    pictures json)
)`

/**
 * Takes what was derived from the rows away. All parts see the tables as they were before: `stale` compares with the old texts. It names the
 * captures by `$6` as well: joined with the function alone, of which the planner knows nothing, it reads every chunk there is.
 */
const CLEAR_DERIVED = `
gone_chunks as (
  delete from chunks where vault_id = $1 and kind = 'capture' and capture_id = any($5::text[])
),
stale_chunks as (
  delete from chunks k using captures c, fresh f
  where c.vault_id = $1 and c.id = f.id and k.vault_id = $1 and k.kind = 'capture' and k.capture_id = f.id
    and k.capture_id = any($6::text[])
    and ((k.field = 'userText' and c.user_text is distinct from f.user_text)
      or (k.field = 'agentText' and c.agent_text is distinct from f.agent_text)
      or (k.field = 'pictureText' and c.pictures is distinct from f.pictures))
),
gone_concepts as (
  delete from capture_concepts where vault_id = $1 and kind = 'capture' and capture_id = any($5::text[])
),
gone_relations as (
  delete from capture_relations where vault_id = $1 and kind = 'capture' and capture_id = any($5::text[])
),
gone_sources as (
  delete from concept_sources where vault_id = $1 and kind = 'capture' and capture_id = any($5::text[])
),
stale_concepts as (
  delete from capture_concepts k using captures c, fresh f
  where c.vault_id = $1 and c.id = f.id and k.vault_id = $1 and k.kind = 'capture' and k.capture_id = f.id
    and k.capture_id = any($6::text[]) and c.user_text is distinct from f.user_text
),
stale_relations as (
  delete from capture_relations k using captures c, fresh f
  where c.vault_id = $1 and c.id = f.id and k.vault_id = $1 and k.kind = 'capture' and k.capture_id = f.id
    and k.capture_id = any($6::text[]) and c.user_text is distinct from f.user_text
),
stale_sources as (
  delete from concept_sources k using captures c, fresh f
  where c.vault_id = $1 and c.id = f.id and k.vault_id = $1 and k.kind = 'capture' and k.capture_id = f.id
    and k.capture_id = any($6::text[]) and c.user_text is distinct from f.user_text
),
gone_captures as (
  delete from captures where vault_id = $1 and id = any($5::text[])
)`

const WRITE = `
named_blobs as (
  insert into picture_blobs (vault_id, sha256, kept_at)
  select distinct $1, picture->>'sha256', f.created_at
  from fresh f cross join lateral jsonb_array_elements(f.pictures) as picture
  on conflict (vault_id, sha256) do nothing
),
written_records as (
  insert into doc_records as d (vault_id, kind, id, doc, live, created_at, title, titled_at)
  select $1, kind, id, doc, live, "createdAt", title, "titledAt"
  from json_to_recordset($3::json) as r(kind text, id text, doc text, live boolean, "createdAt" timestamptz,
    title text, "titledAt" timestamptz)
  on conflict (vault_id, kind, id, doc) do update set live = excluded.live, created_at = excluded.created_at,
    title = excluded.title, titled_at = excluded.titled_at
),
removed_records as (
  delete from doc_records d using json_to_recordset($4::json) as r(kind text, id text, doc text)
  where d.vault_id = $1 and d.kind = r.kind and d.id = r.id and d.doc = r.doc
)
insert into captures (vault_id, id, session_id, doc, created_at, edited_at, source, user_text, agent_text, answer,
  audio_sha256, metadata, pictures)
select $1, id, session_id, doc, created_at, edited_at, source, user_text, agent_text, answer, audio_sha256, metadata, pictures
from fresh
on conflict (vault_id, id) do update set session_id = excluded.session_id, doc = excluded.doc,
  created_at = excluded.created_at, edited_at = excluded.edited_at, source = excluded.source,
  user_text = excluded.user_text, agent_text = excluded.agent_text, answer = excluded.answer,
  audio_sha256 = excluded.audio_sha256, metadata = excluded.metadata, pictures = excluded.pictures`

/** Writes rows of captures that had none. */
const WRITE_JOURNAL_ROWS = `${FRESH}, ${WRITE}`
/** Writes rows of captures some of which had one. */
const REPLACE_JOURNAL_ROWS = `${FRESH}, ${CLEAR_DERIVED}, ${WRITE}`

/** Returns the ids of the notes that have a row now, or had one. */
async function writeNotes(
  { tx, vaultId }: Tables,
  projections: readonly { id: string; note: Note | null }[],
): Promise<string[]> {
  const changed: string[] = []
  for (const { id, note } of projections) {
    if (note) {
      const { title, body, createdAt, updatedAt, metadata = {} } = note
      await tx.query(WRITE_NOTE, [vaultId, id, title, body, createdAt, updatedAt, JSON.stringify(metadata)])
      changed.push(id)
    } else {
      const gone = await tx.query(
        `with gone_chunks as (delete from chunks where vault_id = $1 and kind = 'note' and capture_id = $2),
        gone_concepts as (delete from capture_concepts where vault_id = $1 and kind = 'note' and capture_id = $2),
        gone_relations as (delete from capture_relations where vault_id = $1 and kind = 'note' and capture_id = $2),
        gone_sources as (delete from concept_sources where vault_id = $1 and kind = 'note' and capture_id = $2)
        delete from notes where vault_id = $1 and id = $2 returning id`,
        [vaultId, id],
      )
      if (gone.length > 0) changed.push(id)
    }
  }
  return changed
}

const WRITE_NOTE = `
with stale_chunks as (
  delete from chunks k using notes n
  where n.vault_id = $1 and n.id = $2 and k.vault_id = $1 and k.kind = 'note' and k.capture_id = $2
    and (n.title, n.body) is distinct from ($3::text, $4::text)
),
stale_concepts as (
  delete from capture_concepts k using notes n
  where n.vault_id = $1 and n.id = $2 and k.vault_id = $1 and k.kind = 'note' and k.capture_id = $2
    and (n.title, n.body) is distinct from ($3::text, $4::text)
),
stale_relations as (
  delete from capture_relations k using notes n
  where n.vault_id = $1 and n.id = $2 and k.vault_id = $1 and k.kind = 'note' and k.capture_id = $2
    and (n.title, n.body) is distinct from ($3::text, $4::text)
),
stale_sources as (
  delete from concept_sources k using notes n
  where n.vault_id = $1 and n.id = $2 and k.vault_id = $1 and k.kind = 'note' and k.capture_id = $2
    and (n.title, n.body) is distinct from ($3::text, $4::text)
)
insert into notes (vault_id, id, title, body, created_at, updated_at, metadata)
values ($1, $2, $3, $4, $5::timestamptz, $6::timestamptz, $7::jsonb)
on conflict (vault_id, id) do update set title = excluded.title, body = excluded.body,
  created_at = excluded.created_at, updated_at = excluded.updated_at, metadata = excluded.metadata`

async function writeSettings(
  { tx, vaultId }: Tables,
  values: readonly { key: string; value: Json | undefined }[],
): Promise<void> {
  if (values.length === 0) return
  // As text, because a JSON null inside a recordset would become an SQL null.
  const rows = values.map(({ key, value }) => ({ key, text: value === undefined ? null : JSON.stringify(value) }))
  await tx.query(
    `with given as (select key, text from json_to_recordset($2::json) as r(key text, text text)),
    gone as (delete from settings s using given g where s.vault_id = $1 and s.key = g.key and g.text is null)
    insert into settings (vault_id, key, value)
    select $1, key, text::jsonb from given where text is not null
    on conflict (vault_id, key) do update set value = excluded.value`,
    [vaultId, JSON.stringify(rows)],
  )
}

async function writeCorrections(tables: Tables, corrections: readonly Correction[]): Promise<void> {
  if (corrections.length === 0) return
  const rows = corrections.map(({ part, key, value }) => ({
    part,
    key,
    text: value === undefined ? null : JSON.stringify(value),
  }))
  await tables.tx.query(
    `with given as (select part, key, text from json_to_recordset($2::json) as r(part text, key text, text text)),
    gone as (delete from concept_corrections c using given g
      where c.vault_id = $1 and c.part = g.part and c.key = g.key and g.text is null)
    insert into concept_corrections (vault_id, part, key, value)
    select $1, part, key, text::jsonb from given where text is not null
    on conflict (vault_id, part, key) do update set value = excluded.value`,
    [tables.vaultId, JSON.stringify(rows)],
  )
  await tables.queueFolding()
}

function unique(ids: readonly (string | null | undefined)[]): string[] {
  return Array.from(new Set(ids.filter((id) => id !== null && id !== undefined)))
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
