import { createHash } from 'node:crypto'
import { captureOfExchange, FLAGS, type Flag, instantOf, type Mapped, Mapper } from './mapping.ts'
import type { OpenedPlace } from './opened.ts'
import type { V1Row } from './row.ts'
import type { InspectionReport, OnProgress } from './types.ts'
import type { Workshop } from './workshop.ts'

/** Of a capture's id, what depends on the id of the row alone: `v1-`, 16 digits, `-`. */
const CAPTURE_ID_START = 20
const EXAMPLES = 5
const MOST_REFUSED_LISTED = 100
/** Rows among which duplicates are looked for; a bound for memory, at 8 bytes and some a row. */
const MOST_REMEMBERED = 1_000_000

/** Measured by `npm run bench -- import` on two busy cores, rounded to the cautious side. */
const ROWS_PER_SECOND = 800
const EMBEDDED_PER_SECOND = 15
/** What a row takes beside its text: its record, rows, chunks and two vectors; and how often its text is stored. */
const BYTES_PER_ROW = 9_000
const TEXT_COPIES = 6

/** Reads everything, writes nothing, and says what an import would do. @throws LvaError legacy-damaged, legacy-changed, cancelled */
export async function inspect(
  workshop: Workshop,
  opened: OpenedPlace,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<{ report: InspectionReport; firstInstant: string | null }> {
  const { textLength, apologies, freeBytes } = workshop
  const { file, source, sha256, importId, redis } = opened
  const mapper = new Mapper(importId, apologies, null)
  const flags = new Map<Flag, { rows: number; examples: string[] }>()
  const sessions = new Set<string>()
  const contents = new Set<string>()
  const refused: InspectionReport['refused'] = []
  let [rows, known, changed, duplicates, refusedRows, characters] = [0, 0, 0, 0, 0, 0]
  let firstInstant: string | null = null
  let from: string | null = null
  let to: string | null = null
  const total = source.info.rows
  const hasImports = await hasImported(workshop)
  onProgress({ phase: 'reading', done: 0, total })
  for await (const batch of source.rows(signal)) {
    const mapped = batch.map((row) => mapper.map(row))
    for (const { row, flags: raised } of mapped) {
      const instant = instantOf(row)
      firstInstant ??= instant
      if (instant !== null && (from === null || instant < from)) from = instant
      if (instant !== null && (to === null || instant > to)) to = instant
      sessions.add(shortHash(row.sessionId))
      for (const flag of raised) count(flags, flag, row.id)
      if (contents.size < MOST_REMEMBERED) {
        const before = contents.size
        contents.add(contentOf(row))
        if (contents.size === before) duplicates += 1
      }
      if (isTooLong(row, textLength)) {
        refusedRows += 1
        if (refused.length < MOST_REFUSED_LISTED) refused.push({ id: row.id, reason: 'text-too-long' })
      }
      characters += row.userText.length + row.agentText.length
    }
    if (hasImports) {
      const stored = await storedOf(workshop, mapped)
      known += stored.known
      changed += stored.changed
    }
    rows += batch.length
    onProgress({ phase: 'reading', done: rows, total: Math.max(total, rows) })
  }
  await opened.checkUnchanged()
  const exchanges = opened.exchanges.map((exchange) => captureOfExchange(exchange, importId, apologies).id)
  const knownExchanges = await knownIds(workshop, exchanges)
  const fresh = rows - known - refusedRows + exchanges.length - knownExchanges
  return {
    firstInstant,
    report: {
      name: file.name,
      variant: file.isPostgres ? 'postgres' : source.info.variant,
      sha256,
      bytes: file.size,
      importId,
      rows,
      sessions: sessions.size,
      from,
      to,
      known,
      fresh: Math.max(0, fresh),
      flags: FLAGS.flatMap((flag) => {
        const found = flags.get(flag)
        return found ? [{ flag, ...found }] : []
      }),
      duplicates,
      changed,
      refused,
      others: file.others,
      redis,
      needs: {
        bytes: Math.round(fresh * (BYTES_PER_ROW + (characters / Math.max(1, rows)) * TEXT_COPIES)),
        seconds: Math.ceil(fresh / ROWS_PER_SECOND),
        indexSeconds: Math.ceil(fresh / EMBEDDED_PER_SECOND),
      },
      free: await freeBytes(),
    },
  }
}

export function isTooLong({ userText }: V1Row, textLength: number): boolean {
  return userText.length > textLength
}

/** Whether anything of v1 was ever brought: where not, no row of the source needs to be looked for. */
async function hasImported({ db, vaultId }: Workshop): Promise<boolean> {
  const rows = await db.query(
    `select from doc_records where vault_id = $1 and kind = 'capture' and id like 'v1%' limit 1`,
    [vaultId],
  )
  return rows.length > 0
}

/** How many of these rows the vault has, also deleted ones, and how many it has with another content. */
async function storedOf(workshop: Workshop, mapped: readonly Mapped[]) {
  const { db, vaultId } = workshop
  const ids = mapped.map(({ capture }) => capture.id)
  const known = await knownIds(workshop, ids)
  const given = mapped.map(({ row, capture: { id, sessionId } }) => ({
    id,
    first: `${id.slice(0, CAPTURE_ID_START)}0`,
    last: `${id.slice(0, CAPTURE_ID_START)}g`,
    session: sessionId,
    timestamp: row.timestamp,
  }))
  const [found] = await db.query<{ changed: number }>(
    `select count(*)::int as changed
    from json_to_recordset($2::json) as given (id text, first text, last text, session text, timestamp text)
    join captures c on c.vault_id = $1 and c.id between given.first and given.last and c.id <> given.id
    where c.session_id = given.session and c.metadata->'v1'->>'timestamp' is not distinct from given.timestamp`,
    [vaultId, JSON.stringify(given)],
  )
  return { known, changed: found?.changed ?? 0 }
}

/** How many of these captures an import would leave alone: what lives, and what the learner deleted. */
async function knownIds({ db, vault, vaultId }: Workshop, ids: readonly string[]): Promise<number> {
  const stored = await db.query<{ id: string; live: boolean }>(
    `select id, bool_or(live) as live from doc_records
    where vault_id = $1 and kind = 'capture' and id = any($2::text[]) group by id`,
    [vaultId, ids],
  )
  const deleted = stored.filter(({ live }) => !live).map(({ id }) => id)
  if (deleted.length === 0) return stored.length
  const withdrawn = (await vault.imports.records(deleted)).filter(({ withdrawnBy }) => withdrawnBy !== null)
  return stored.length - withdrawn.length
}

function count(flags: Map<Flag, { rows: number; examples: string[] }>, flag: Flag, id: string): void {
  const found = flags.get(flag) ?? { rows: 0, examples: [] }
  found.rows += 1
  if (found.examples.length < EXAMPLES) found.examples.push(id)
  flags.set(flag, found)
}

function contentOf({ sessionId, timestamp, userText, agentText }: V1Row): string {
  return shortHash(JSON.stringify([sessionId, timestamp, userText, agentText]))
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 16)
}
