import { LvaError, SCREENS_SESSION } from '../kernel/index.ts'
import type { Queries, SqlValue } from '../store/index.ts'
import { pageOf, readCursor, takeLimit } from './cursor.ts'
import { takeInstant, takeRecordId, takeSessionId, takeSource } from './door.ts'
import { readSettings } from './settings.ts'
import type {
  Answer,
  Capture,
  CaptureFilter,
  CapturePicture,
  CaptureSource,
  Note,
  Page,
  Session,
  Settings,
} from './types.ts'

/** What the tables say. Nothing here reads documents. */

type PageRequest = { cursor?: string | null; limit: number }

type CaptureRow = {
  id: string
  session_id: string
  created_at: Date
  edited_at: Date | null
  source: string
  user_text: string
  agent_text: string | null
  answer: Omit<Answer, 'text'> | null
  audio_sha256: string | null
  metadata: Record<string, unknown>
  pictures: CapturePicture[] | null
}
type SessionRow = {
  id: string
  title: string | null
  created_at: Date
  last_at: Date
  capture_count: number
  beginning: string | null
}
type NoteRow = {
  id: string
  title: string
  body: string
  created_at: Date
  updated_at: Date
  metadata: Record<string, unknown>
}

const CAPTURE_COLUMNS =
  'id, session_id, created_at, edited_at, source, user_text, agent_text, answer, audio_sha256, metadata, pictures'
const NOTE_COLUMNS = 'id, title, body, created_at, updated_at, metadata'

/** UTF-16 code units of a session's preview, and characters that are looked at: runs of white space become one space. */
const PREVIEW = 120
const PREVIEW_SOURCE = 1_000

/** @throws LvaError not-found */
export async function getCapture(queries: Queries, vaultId: string, id: string): Promise<Capture> {
  const rows = await queries.query<CaptureRow>(
    `select ${CAPTURE_COLUMNS} from captures where vault_id = $1 and id = $2`,
    [vaultId, takeRecordId(id)],
  )
  return readCaptureRow(found(rows[0], 'This entry'))
}

/** @throws LvaError bad-input */
export async function listCaptures(
  queries: Queries,
  vaultId: string,
  filter: CaptureFilter,
  page: PageRequest,
): Promise<Page<Capture>> {
  const limit = takeLimit(page.limit)
  const after = readCursor(page.cursor)
  const newest = filter.order !== 'oldest'
  const { conditions, params, where } = conditionsOf(vaultId, filter)
  if (after) {
    where((at, id) => `(created_at, id) ${newest ? '<' : '>'} (${at}::timestamptz, ${id}::text)`, after.at, after.id)
  }
  const direction = newest ? 'desc' : 'asc'
  const rows = await queries.query<CaptureRow>(
    `select ${CAPTURE_COLUMNS} from captures where ${conditions.join(' and ')}
    order by created_at ${direction}, id ${direction} limit ${limit + 1}`,
    params,
  )
  return pageOf(rows, limit, readCaptureRow, ({ createdAt, id }) => ({ at: createdAt, id }))
}

/** @throws LvaError bad-input */
export async function countCaptures(queries: Queries, vaultId: string, filter: CaptureFilter): Promise<number> {
  const { conditions, params } = conditionsOf(vaultId, filter)
  const [row] = await queries.query<{ count: number }>(
    `select count(*)::int as count from captures where ${conditions.join(' and ')}`,
    params,
  )
  return row?.count ?? 0
}

function conditionsOf(vaultId: string, filter: CaptureFilter) {
  const params: SqlValue[] = [vaultId]
  const conditions = ['vault_id = $1']
  const where = (condition: (...places: string[]) => string, ...values: SqlValue[]) => {
    conditions.push(condition(...values.map((value) => `$${params.push(value)}`)))
  }
  if (filter.sessionId !== undefined) where((id) => `session_id = ${id}`, takeSessionId(filter.sessionId))
  if (filter.from !== undefined) where((at) => `created_at >= ${at}::timestamptz`, takeInstant(filter.from, '"from"'))
  if (filter.to !== undefined) where((at) => `created_at < ${at}::timestamptz`, takeInstant(filter.to, '"to"'))
  if (filter.source !== undefined) where((source) => `source = ${source}`, takeSource(filter.source))
  return { conditions, params, where }
}

/** @throws LvaError not-found */
export async function getSession(queries: Queries, vaultId: string, id: string): Promise<Session> {
  const rows = await queries.query<SessionRow>(sessionsQuery('s.id = $2'), [vaultId, takeSessionId(id)])
  return readSessionRow(found(rows[0], 'This session'))
}

/** Newest `lastAt` first. @throws LvaError bad-input */
export async function listSessions(queries: Queries, vaultId: string, page: PageRequest): Promise<Page<Session>> {
  const limit = takeLimit(page.limit)
  const after = readCursor(page.cursor)
  const rows = await queries.query<SessionRow>(
    sessionsQuery(
      `not starts_with(s.id, '${SCREENS_SESSION}')
      and ${after ? '(coalesce(l.at, s.created_at), s.id) < ($2::timestamptz, $3::text)' : 'true'}
      order by last_at desc, s.id desc limit ${limit + 1}`,
    ),
    after ? [vaultId, after.at, after.id] : [vaultId],
  )
  return pageOf(rows, limit, readSessionRow, ({ lastAt, id }) => ({ at: lastAt, id }))
}

/**
 * The index gives each session's newest instant; only for the sessions that `condition` leaves are captures counted and read.
 * `$1` is the vault's id.
 */
function sessionsQuery(condition: string): string {
  return `
    with page as materialized (
      select s.id, s.title, s.created_at, coalesce(l.at, s.created_at) as last_at
      from sessions s
      left join lateral (select c.created_at as at from captures c
        where c.vault_id = s.vault_id and c.session_id = s.id order by c.created_at desc limit 1) l on true
      where s.vault_id = $1 and ${condition}
    )
    select p.*, n.count as capture_count, f.beginning
    from page p
    cross join lateral (select count(*)::int as count from captures c
      where c.vault_id = $1 and c.session_id = p.id) n
    left join lateral (select left(c.user_text, ${PREVIEW_SOURCE}) as beginning from captures c
      where c.vault_id = $1 and c.session_id = p.id order by c.created_at, c.id limit 1) f on true
    order by p.last_at desc, p.id desc`
}

/** @throws LvaError not-found */
export async function getNote(queries: Queries, vaultId: string, id: string): Promise<Note> {
  const rows = await queries.query<NoteRow>(`select ${NOTE_COLUMNS} from notes where vault_id = $1 and id = $2`, [
    vaultId,
    takeRecordId(id),
  ])
  return readNoteRow(found(rows[0], 'This note'))
}

/** Those of the notes that there are, in the order of their ids. */
export async function getNotes(queries: Queries, vaultId: string, ids: readonly string[]): Promise<Note[]> {
  if (ids.length === 0) return []
  const rows = await queries.query<NoteRow>(
    `select ${NOTE_COLUMNS} from notes where vault_id = $1 and id = any($2::text[]) order by id`,
    [vaultId, ids],
  )
  return rows.map(readNoteRow)
}

/** Newest `updatedAt` first. @throws LvaError bad-input */
export async function listNotes(queries: Queries, vaultId: string, page: PageRequest): Promise<Page<Note>> {
  const limit = takeLimit(page.limit)
  const after = readCursor(page.cursor)
  const rows = await queries.query<NoteRow>(
    `select ${NOTE_COLUMNS} from notes
    where vault_id = $1 ${after ? 'and (updated_at, id) < ($2::timestamptz, $3::text)' : ''}
    order by updated_at desc, id desc limit ${limit + 1}`,
    after ? [vaultId, after.at, after.id] : [vaultId],
  )
  return pageOf(rows, limit, readNoteRow, ({ updatedAt, id }) => ({ at: updatedAt, id }))
}

export async function countNotes(queries: Queries, vaultId: string): Promise<number> {
  const [row] = await queries.query<{ count: number }>('select count(*)::int as count from notes where vault_id = $1', [
    vaultId,
  ])
  return row?.count ?? 0
}

export async function getSettings(queries: Queries, vaultId: string): Promise<Settings> {
  const rows = await queries.query<{ key: string; value: unknown }>(
    'select key, value from settings where vault_id = $1',
    [vaultId],
  )
  return readSettings(new Map(rows.map(({ key, value }) => [key, value])))
}

/** `what` begins the sentence: "This entry". */
export function notFound(what: string): LvaError {
  return new LvaError('not-found', `${what} does not exist, or not any more.`, {
    advice: 'It may have been deleted on this or another device.',
  })
}

function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw notFound(what)
  return row
}

function readCaptureRow(row: CaptureRow): Capture {
  return {
    id: row.id,
    sessionId: row.session_id,
    createdAt: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    source: row.source as CaptureSource,
    userText: row.user_text,
    answer: row.answer && { text: row.agent_text ?? '', ...row.answer },
    audioSha256: row.audio_sha256,
    metadata: row.metadata,
    ...(row.pictures && { pictures: row.pictures }),
  }
}

function readSessionRow(row: SessionRow): Session {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    captureCount: row.capture_count,
    preview: previewOf(row.beginning ?? ''),
  }
}

function previewOf(beginning: string): string {
  const line = beginning.replace(/\s+/gu, ' ').trim()
  if (line.length <= PREVIEW) return line
  // Half a surrogate pair at the cut goes too.
  const cut = line.slice(0, PREVIEW - 1).replace(/[\ud800-\udbff]$/, '')
  const blank = cut.lastIndexOf(' ')
  return `${blank > PREVIEW / 2 ? cut.slice(0, blank) : cut}…`
}

function readNoteRow(row: NoteRow): Note {
  return {
    id: row.id,
    title: row.title,
    body: row.body,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(Object.keys(row.metadata).length > 0 && { metadata: row.metadata }),
  }
}
