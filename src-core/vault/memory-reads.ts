import type { Queries, SqlValue } from '../store/index.ts'
import { pageOf, readCursor, takeLimit } from './cursor.ts'
import { takeInstant, takeRecordId, wellFormed } from './door.ts'
import { notFound } from './reads.ts'
import type { Card, CardFilter, CardPlace, Memory, MemoryFilter, MemoryReceipt, Page } from './types.ts'

/** What the tables say of memories and cards. */

type PageRequest = { cursor?: string | null; limit: number }

type MemoryRow = {
  id: string
  text: string
  kind: Memory['kind']
  state: Memory['state']
  about: string | null
  capture_id: string | null
  quote: string | null
  start: number | null
  end: number | null
  valid_from: Date
  valid_to: Date | null
  created_at: Date
  updated_at: Date
  /** What the capture of the receipt says now; null where it is gone. */
  said: string | null
}

type CardRow = {
  id: string
  front: string
  back: string
  state: Card['state']
  source: CardPlace | null
  created_at: Date
  updated_at: Date
  holds: boolean
}

const MEMORIES = `select m.id, m.text, m.kind, m.state, m.about, m.capture_id, m.quote, m.start, m."end", m.valid_from, m.valid_to,
  m.created_at, m.updated_at, c.user_text as said
from memories m left join captures c on c.vault_id = m.vault_id and c.id = m.capture_id
where m.vault_id = $1`

/** Proposals stand and fall with the words that show them. */
const IS_SHOWN = `(m.state = 'accepted' or m.capture_id is null or position(m.quote in c.user_text) > 0)`

const CARDS = `select k.id, k.front, k.back, k.state, k.source, k.created_at, k.updated_at,
  case k.source->>'kind'
    when 'capture' then exists (select 1 from captures c where c.vault_id = k.vault_id and c.id = k.source->>'captureId'
      and position(k.source->>'text' in case k.source->>'field' when 'agentText' then c.agent_text else c.user_text end) > 0)
    when 'note' then exists (select 1 from notes n where n.vault_id = k.vault_id and n.id = k.source->>'captureId')
    when 'document' then exists (select 1 from documents d where d.vault_id = k.vault_id and d.id = k.source->>'captureId')
    else exists (select 1 from memories m where m.vault_id = k.vault_id and m.id = k.source->>'captureId')
  end as holds
from cards k where k.vault_id = $1`

/** @throws LvaError not-found */
export async function getMemory(queries: Queries, vaultId: string, id: string): Promise<Memory> {
  const [memory] = await getMemories(queries, vaultId, [takeRecordId(id)])
  if (!memory) throw notFound('This memory')
  return memory
}

export async function getMemories(queries: Queries, vaultId: string, ids: readonly string[]): Promise<Memory[]> {
  if (ids.length === 0) return []
  const rows = await queries.query<MemoryRow>(`${MEMORIES} and m.id = any($2::text[])`, [vaultId, ids])
  return rows.map(readMemoryRow)
}

export async function listMemories(
  queries: Queries,
  vaultId: string,
  filter: MemoryFilter,
  page: PageRequest,
): Promise<Page<Memory>> {
  const limit = takeLimit(page.limit)
  const params: SqlValue[] = [vaultId]
  const conditions = [IS_SHOWN]
  const parameter = (value: SqlValue) => {
    params.push(value)
    return `$${params.length}`
  }
  if (filter.state) conditions.push(`m.state = ${parameter(filter.state)}`)
  if (filter.kinds) conditions.push(`m.kind = any(${parameter(filter.kinds)}::text[])`)
  if (filter.validAt !== undefined) {
    const at = parameter(takeInstant(filter.validAt, 'The time of validity'))
    conditions.push(`m.valid_from <= ${at}::timestamptz and (m.valid_to is null or m.valid_to > ${at}::timestamptz)`)
  }
  if (filter.query?.trim()) conditions.push(`m.text ilike ${parameter(likePattern(filter.query))}`)
  const place = readCursor(page.cursor)
  if (place) conditions.push(`(m.created_at, m.id) < (${parameter(place.at)}::timestamptz, ${parameter(place.id)})`)
  const rows = await queries.query<MemoryRow>(
    `${MEMORIES} and ${conditions.join(' and ')} order by m.created_at desc, m.id desc limit ${limit + 1}`,
    params,
  )
  return pageOf(rows, limit, readMemoryRow, ({ createdAt, id }) => ({ at: createdAt, id }))
}

export async function countMemories(
  queries: Queries,
  vaultId: string,
): Promise<{ proposed: number; accepted: number }> {
  const rows = await queries.query<{ state: Memory['state']; count: number }>(
    `select m.state, count(*) as count
     from memories m left join captures c on c.vault_id = m.vault_id and c.id = m.capture_id
     where m.vault_id = $1 and ${IS_SHOWN} group by m.state`,
    [vaultId],
  )
  const countOf = (state: Memory['state']) => rows.find((row) => row.state === state)?.count ?? 0
  return { proposed: countOf('proposed'), accepted: countOf('accepted') }
}

/** Proposals of these captures that they no longer show. */
export async function unheldProposals(
  queries: Queries,
  vaultId: string,
  captureIds: readonly string[],
): Promise<string[]> {
  const rows = await queries.query<{ id: string }>(
    `select m.id from memories m left join captures c on c.vault_id = m.vault_id and c.id = m.capture_id
     where m.vault_id = $1 and m.capture_id = any($2::text[]) and not coalesce(${IS_SHOWN}, false)`,
    [vaultId, captureIds],
  )
  return rows.map(({ id }) => id)
}

export async function getCards(queries: Queries, vaultId: string, ids: readonly string[]): Promise<Card[]> {
  if (ids.length === 0) return []
  const rows = await queries.query<CardRow>(
    `${CARDS} and k.id = any($2::text[]) order by k.created_at desc, k.id desc`,
    [vaultId, ids],
  )
  return rows.map(readCardRow)
}

/** @throws LvaError not-found */
export async function getCard(queries: Queries, vaultId: string, id: string): Promise<Card> {
  const [card] = await getCards(queries, vaultId, [takeRecordId(id)])
  if (!card) throw notFound('This card')
  return card
}

export async function listCards(
  queries: Queries,
  vaultId: string,
  filter: CardFilter,
  page: PageRequest,
): Promise<Page<Card>> {
  const limit = takeLimit(page.limit)
  const params: SqlValue[] = [vaultId]
  const conditions: string[] = []
  const parameter = (value: SqlValue) => {
    params.push(value)
    return `$${params.length}`
  }
  if (filter.state) conditions.push(`k.state = ${parameter(filter.state)}`)
  if (filter.query?.trim()) {
    const pattern = parameter(likePattern(filter.query))
    conditions.push(`(k.front ilike ${pattern} or k.back ilike ${pattern})`)
  }
  const place = readCursor(page.cursor)
  if (place) conditions.push(`(k.created_at, k.id) < (${parameter(place.at)}::timestamptz, ${parameter(place.id)})`)
  const rows = await queries.query<CardRow>(
    `${[CARDS, ...conditions].join(' and ')} order by k.created_at desc, k.id desc limit ${limit + 1}`,
    params,
  )
  return pageOf(rows, limit, readCardRow, ({ createdAt, id }) => ({ at: createdAt, id }))
}

export async function countCards(queries: Queries, vaultId: string): Promise<{ candidates: number; kept: number }> {
  const rows = await queries.query<{ state: Card['state']; count: number }>(
    'select state, count(*) as count from cards where vault_id = $1 group by state',
    [vaultId],
  )
  const countOf = (state: Card['state']) => rows.find((row) => row.state === state)?.count ?? 0
  return { candidates: countOf('candidate'), kept: countOf('kept') }
}

function likePattern(query: string): string {
  return `%${wellFormed(query.trim()).replace(/[\\%_]/g, '\\$&')}%`
}

function readMemoryRow(row: MemoryRow): Memory {
  return {
    id: row.id,
    text: row.text,
    kind: row.kind,
    state: row.state,
    about: row.about,
    receipt: readReceiptRow(row),
    validFrom: row.valid_from.toISOString(),
    validTo: row.valid_to?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** An edit elsewhere in the capture moves the words; they still stand there. */
function readReceiptRow({ capture_id, quote, start, end, said }: MemoryRow): MemoryReceipt | null {
  if (capture_id === null || quote === null || start === null || end === null) return null
  const at = said === null ? -1 : said.startsWith(quote, start) ? start : said.indexOf(quote)
  if (at < 0) return { captureId: capture_id, quote: '', start, end, holds: false }
  return { captureId: capture_id, quote, start: at, end: at + quote.length, holds: true }
}

function readCardRow({ source, holds, ...row }: CardRow): Card {
  return {
    id: row.id,
    front: row.front,
    back: row.back,
    state: row.state,
    source: source && { ...source, text: holds ? source.text : '', holds },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
