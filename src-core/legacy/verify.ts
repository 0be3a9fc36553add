import { isDeepStrictEqual } from 'node:util'
import type { Capture, ImportedCapture, ImportedRecord } from '../vault/index.ts'
import { isTooLong } from './inspect.ts'
import { captureOfExchange, instantOf, Mapper } from './mapping.ts'
import type { OpenedPlace } from './opened.ts'
import { captureIdOf, rowOfCaptureId, type V1Row } from './row.ts'
import { compareSearch, Sample } from './search-parity.ts'
import type { DerivedAudit, DifferenceKind, OnProgress, VerifyReport } from './types.ts'
import type { Workshop } from './workshop.ts'

const PAGE = 500
const MOST_LISTED = 200
const LOOK_AGAIN_MS = 500
/** An index that does not come on for so long, because the models are down perhaps, is compared as it is. */
const STANDSTILL_MS = 60_000

/**
 * Compares v1's data with the vault, both ways (docs/import-v1.md §7). Changes nothing.
 * @throws LvaError legacy-damaged, legacy-changed, cancelled
 */
export async function verify(
  workshop: Workshop,
  derived: DerivedAudit,
  opened: OpenedPlace,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<VerifyReport> {
  const { source, importId, sha256, file, exchanges } = opened
  const indexComplete = await waitForIndex(workshop, derived, onProgress, signal)
  const mapper = new Mapper(importId, workshop.apologies, await firstInstantOf(opened, signal))
  const comparison = new Comparison(workshop, derived)
  const sample = new Sample(source.info.rows)
  let rows = 0
  let refused = 0
  onProgress({ phase: 'comparing', done: 0, total: source.info.rows })
  for await (const batch of source.rows(signal)) {
    const mapped = batch.map((row) => mapper.map(row))
    const wanted = mapped.flatMap(({ row, capture }) => (isTooLong(row, workshop.textLength) ? [] : [capture]))
    refused += mapped.length - wanted.length
    await comparison.compare(wanted)
    for (const { row, capture } of mapped) sample.offer(row, capture)
    rows += batch.length
    onProgress({ phase: 'comparing', done: rows, total: Math.max(rows, source.info.rows) })
  }
  const contexts = exchanges.map((exchange) => captureOfExchange(exchange, importId, workshop.apologies))
  await comparison.compare(contexts)
  await comparison.lookBack(opened, new Set(contexts.map(({ id }) => id)), signal)
  const search = await compareSearch(source, derived, sample, comparison, onProgress, signal)
  await opened.checkUnchanged()
  const { checked, changedSince, counts, differences } = comparison
  return {
    ok: Object.keys(counts).length === 0 && indexComplete,
    name: file.name,
    sha256,
    importId,
    rows,
    refused,
    checked,
    changedSince,
    counts,
    differences,
    search,
    indexComplete,
  }
}

/** @returns whether nothing waits any more */
async function waitForIndex(
  { clock }: Workshop,
  derived: DerivedAudit,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  let since = clock.monotonic()
  for (;;) {
    const pending = await derived.pending()
    if (pending === 0) return true
    if (pending < least) {
      least = pending
      since = clock.monotonic()
    }
    if (clock.monotonic() - since > STANDSTILL_MS) return false
    most = Math.max(most, pending)
    onProgress({ phase: 'waiting-for-index', done: most - pending, total: most })
    await clock.sleep(LOOK_AGAIN_MS, signal)
  }
}

async function firstInstantOf({ source }: OpenedPlace, signal: AbortSignal | undefined): Promise<string | null> {
  for await (const rows of source.rows(signal)) {
    for (const row of rows) {
      const instant = instantOf(row)
      if (instant !== null) return instant
    }
  }
  return null
}

/** What was compared so far, and where it differed. */
export class Comparison {
  readonly checked = { documents: 0, tables: 0, chunks: 0, vectors: 0, concepts: 0, captures: 0 }
  readonly changedSince = { edited: 0, deleted: 0, answered: 0 }
  readonly counts: Partial<Record<DifferenceKind, number>> = {}
  readonly differences: VerifyReport['differences'] = []
  readonly #workshop: Workshop
  readonly #derived: DerivedAudit

  constructor(workshop: Workshop, derived: DerivedAudit) {
    this.#workshop = workshop
    this.#derived = derived
  }

  differ(kind: DifferenceKind, id: string, detail = ''): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
    if (this.differences.length < MOST_LISTED) this.differences.push({ kind, id, detail })
  }

  /** From v1 to the vault: documents, tables, chunks, vectors, the graph. */
  async compare(wanted: readonly ImportedCapture[]): Promise<void> {
    const ids = wanted.map(({ id }) => id)
    const records = new Map((await this.#workshop.vault.imports.records(ids)).map((record) => [record.id, record]))
    const rows = await this.#tableRows(ids)
    const audits = new Map((await this.#derived.audit(ids)).map((audit) => [audit.captureId, audit]))
    for (const capture of wanted) {
      const record = records.get(capture.id)
      this.checked.documents += 1
      if (!record?.capture) {
        this.differ('document-missing', capture.id)
        continue
      }
      const isReanswered = record.capture.answer !== null && record.capture.answer.provider !== 'v1'
      if (record.edited) this.changedSince.edited += 1
      if (isReanswered) this.changedSince.answered += 1
      const parts = differingParts(capture, record.capture, isReanswered)
      if (parts.length > 0) this.differ('document-differs', capture.id, parts.join(', '))
      if (record.state === 'deleted') {
        // Taken back by a rollback is not there; deleted by the learner is as they want it.
        if (record.withdrawnBy === null) this.changedSince.deleted += 1
        else this.differ('document-missing', capture.id, 'rolled back')
        continue
      }
      this.#compareRow(capture, record, rows.get(capture.id), isReanswered)
      const audit = audits.get(capture.id)
      this.checked.chunks += audit?.chunks ?? 0
      this.checked.vectors += (audit?.chunks ?? 0) - (audit?.missingVectors ?? 0)
      if (audit?.missingChunks) this.differ('chunks-missing', capture.id, String(audit.missingChunks))
      if (audit?.superfluousChunks) this.differ('chunks-superfluous', capture.id, String(audit.superfluousChunks))
      if (audit?.missingVectors) this.differ('vectors-missing', capture.id, String(audit.missingVectors))
      if (audit?.isReadForConcepts) this.checked.concepts += 1
      if (audit && !audit.isReadForConcepts) this.differ('concepts-missing', capture.id, 'not read')
      else if (audit?.missingConcepts) this.differ('concepts-missing', capture.id, String(audit.missingConcepts))
    }
  }

  /** From the vault to v1: every capture of the import is a row of the source, with its checksum. */
  async lookBack(opened: OpenedPlace, contexts: ReadonlySet<string>, signal: AbortSignal | undefined): Promise<void> {
    const { db, vaultId } = this.#workshop
    let after = ''
    for (;;) {
      signal?.throwIfAborted()
      const page: { id: string }[] = await db.query<{ id: string }>(
        `select id from captures where vault_id = $1 and metadata->>'import' = $2 and id > $3 order by id limit ${PAGE}`,
        [vaultId, opened.importId, after],
      )
      const last = page.at(-1)
      if (!last) return
      after = last.id
      const ids = page.flatMap(({ id }) => rowOfCaptureId(id)?.id ?? [])
      const there = new Set((await opened.source.rowsById(ids)).map((row: V1Row) => captureIdOf(row)))
      for (const { id } of page) {
        this.checked.captures += 1
        if (!there.has(id) && !contexts.has(id)) this.differ('not-in-source', id)
      }
    }
  }

  /** Of these captures, those that a search must find: what is there, as it was brought, with the text that v1 indexed. */
  async searchable(ids: readonly string[]): Promise<string[]> {
    const { db, vaultId } = this.#workshop
    const rows = await db.query<{ id: string }>(
      `select id from captures where vault_id = $1 and id = any($2::text[]) and edited_at is null
      and (agent_text is not null or coalesce(metadata->'v1'->>'agentText', '') = '')`,
      [vaultId, ids],
    )
    return rows.map(({ id }) => id)
  }

  #compareRow(capture: ImportedCapture, record: ImportedRecord, row: Capture | undefined, isReanswered: boolean): void {
    this.checked.tables += 1
    if (!row) {
      this.differ('table-missing', capture.id)
      return
    }
    const expected = record.edited ? { ...capture, userText: row.userText } : capture
    const parts = differingParts(expected, row, isReanswered)
    if (parts.length > 0) this.differ('table-differs', capture.id, parts.join(', '))
  }

  async #tableRows(ids: readonly string[]): Promise<Map<string, Capture>> {
    const { db, vaultId } = this.#workshop
    const rows = await db.query<{
      id: string
      session_id: string
      created_at: Date
      source: Capture['source']
      user_text: string
      agent_text: string | null
      answer: Omit<NonNullable<Capture['answer']>, 'text'> | null
      metadata: Record<string, unknown>
    }>(
      `select id, session_id, created_at, source, user_text, agent_text, answer, metadata from captures
      where vault_id = $1 and id = any($2::text[])`,
      [vaultId, ids],
    )
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          sessionId: row.session_id,
          createdAt: row.created_at.toISOString(),
          editedAt: null,
          source: row.source,
          userText: row.user_text,
          answer: row.answer && { text: row.agent_text ?? '', ...row.answer },
          audioSha256: null,
          metadata: row.metadata,
        },
      ]),
    )
  }
}

/** Names of what is not as the row says. The import that brought it may be that of another copy. */
function differingParts(wanted: ImportedCapture, found: Capture, isReanswered: boolean): string[] {
  const parts: [string, boolean][] = [
    ['session', found.sessionId === wanted.sessionId],
    ['time', found.createdAt === wanted.createdAt],
    ['source', found.source === 'import'],
    ['text', found.userText === wanted.userText],
    ['answer', isReanswered || isDeepStrictEqual(found.answer, wanted.answer)],
    ['metadata', isDeepStrictEqual(found.metadata.v1, jsonOf(wanted.metadata.v1))],
  ]
  return parts.flatMap(([name, isSame]) => (isSame ? [] : [name]))
}

/** Without what JSON leaves out. */
function jsonOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
