import {
  type Clock,
  type Closable,
  errorToWire,
  isLvaError,
  type Log,
  LvaError,
  toLvaError,
} from '../../kernel/index.ts'
import {
  type BlobStore,
  claimJobs,
  completeJobs,
  type Database,
  enqueueJobs,
  type Job,
  nextJobDue,
  releaseJobs,
} from '../../store/index.ts'
import { CONCEPTS_JOB, INDEX_JOB, READ_JOB, type Vault } from '../../vault/index.ts'
import { DOCUMENT_FORMATS, type DocumentFormat, type ParsedDocument, type ReadDocument } from './types.ts'

export interface QueueParts {
  db: Database
  vault: Pick<Vault, 'id' | 'onChange'>
  blobs: Pick<BlobStore, 'get'>
  read: ReadDocument
  /** Called when a text was stored and its chunks are to be made. */
  onRead(): void
  clock: Clock
  log: Log
}

export interface QueueState {
  /** Waiting or being read. */
  pending: number
  failed: number
  paused: boolean
}

/** What may be told of: the queue as a whole, or one document. */
export type QueueNews = { type: 'queue' } | { type: 'document'; id: string }

const LONGEST_SLEEP_MS = 60_000
const PAUSE_MS = 2_000
/** Failures of what everything needs: the work waits for them to pass, and no document is blamed. */
const PAUSING = ['model-process-down', 'document-reader-down', 'database-unreachable', 'disk-full'] as const

/**
 * Reads documents one after the other in the background:
 *
 *     waiting ──> reading ──> ready
 *        ^           ├──────> failed ──retry──> waiting
 *        └──pause────┴──────> cancelled ──retry──> waiting
 *
 * What was read is stored in one transaction with the job's end and the job that makes its chunks.
 */
export class DocumentQueue implements Closable {
  readonly #parts: QueueParts
  readonly #vaultId: string
  readonly #listeners = new Set<(news: QueueNews) => void>()
  /** Passwords of documents that wait, by their id or by the hash of their bytes, until they are read. Never stored. */
  readonly #passwords = new Map<string, string>()
  readonly #closing = new AbortController()
  readonly #stopListening: () => void
  readonly #loop: Promise<void>
  #alarm = new AbortController()
  #paused = false
  #current: { id: string; stop: AbortController; progress: { done: number; total: number } | null } | undefined
  #waitingForIdle: PromiseWithResolvers<void>[] = []

  constructor(parts: QueueParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
    this.#stopListening = parts.vault.onChange(({ documents }) => {
      if (documents.length === 0) return
      this.#wake()
      // A document that was deleted, or came back, may have been one of those that wait or failed.
      this.#tell({ type: 'queue' })
    })
    this.#loop = this.#work()
  }

  async state(): Promise<QueueState> {
    const [row] = await this.#parts.db.query<{ pending: number; failed: number }>(
      `select (count(*) filter (where coalesce(t.state, 'waiting') in ('waiting', 'reading')))::int as pending,
         (count(*) filter (where t.state = 'failed'))::int as failed
       from documents d left join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
       where d.vault_id = $1`,
      [this.#vaultId],
    )
    return { pending: row?.pending ?? 0, failed: row?.failed ?? 0, paused: this.#paused }
  }

  /** How far reading a document is; null for one that is not being read, or does not say. */
  progressOf(id: string): { done: number; total: number } | null {
    return this.#current?.id === id ? this.#current.progress : null
  }

  onNews(listener: (news: QueueNews) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** No document is read until `resume`; the one that is goes back to the queue. */
  pause(): void {
    this.#paused = true
    this.#current?.stop.abort(new LvaError('cancelled', 'Paused.'))
    this.#tell({ type: 'queue' })
  }

  resume(): void {
    this.#paused = false
    this.#tell({ type: 'queue' })
    this.#wake()
  }

  /** Takes documents out of the queue, the one that is being read too. Others stay as they are. */
  async cancel(ids: readonly string[]): Promise<void> {
    const { db } = this.#parts
    const cancelled = await db.transaction(async (tx) => {
      await tx.query(
        `delete from jobs where vault_id = $1 and kind = $2 and subject = any($3::text[]) and state <> 'running'`,
        [this.#vaultId, READ_JOB, ids.map((id) => `document:${id}`)],
      )
      return tx.query<{ document_id: string }>(
        `update document_texts set state = 'cancelled' where vault_id = $1 and document_id = any($2::text[])
           and state in ('waiting', 'reading') returning document_id`,
        [this.#vaultId, ids],
      )
    })
    for (const { document_id } of cancelled) {
      this.#passwords.delete(document_id)
      if (this.#current?.id === document_id) this.#current.stop.abort(new LvaError('cancelled', 'Cancelled.'))
      this.#tell({ type: 'document', id: document_id })
    }
    this.#tell({ type: 'queue' })
  }

  /** Reads documents that failed or were cancelled again. */
  async retry(ids: readonly string[], password?: string): Promise<void> {
    const { db, clock } = this.#parts
    const waiting = await db.transaction(async (tx) => {
      const rows = await tx.query<{ document_id: string }>(
        `update document_texts set state = 'waiting', error_code = null, error_params = null
         where vault_id = $1 and document_id = any($2::text[]) and state in ('failed', 'cancelled') returning document_id`,
        [this.#vaultId, ids],
      )
      await enqueueJobs(
        tx,
        this.#vaultId,
        READ_JOB,
        rows.map(({ document_id }) => `document:${document_id}`),
        clock,
      )
      return rows
    })
    for (const { document_id } of waiting) {
      if (password !== undefined) this.#passwords.set(document_id, password)
      this.#tell({ type: 'document', id: document_id })
    }
    this.#tell({ type: 'queue' })
    this.#wake()
  }

  /** The password of bytes that are about to become a document, which may be read at once. */
  keepPassword(sha256: string, password: string): void {
    this.#passwords.set(sha256, password)
  }

  /** Resolves when nothing waits to be read. */
  idle(): Promise<void> {
    const waiting = Promise.withResolvers<void>()
    if (this.#closing.signal.aborted) waiting.reject(closed())
    else this.#waitingForIdle.push(waiting)
    this.#wake()
    return waiting.promise
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#closing.abort(closed())
    this.#current?.stop.abort(closed())
    this.#alarm.abort()
    await this.#loop
    for (const waiting of this.#waitingForIdle.splice(0)) waiting.reject(closed())
  }

  #wake(): void {
    this.#alarm.abort()
  }

  #tell(news: QueueNews): void {
    for (const listener of this.#listeners) listener(news)
  }

  async #work(): Promise<void> {
    const { db, clock, log } = this.#parts
    await db
      .query(`update document_texts set state = 'waiting' where vault_id = $1 and state = 'reading'`, [this.#vaultId])
      .catch((error) => log.error({ error }, 'what was being read could not be put back into the queue'))
    while (!this.#closing.signal.aborted) {
      this.#alarm = new AbortController()
      const asking = [...this.#waitingForIdle]
      try {
        const [job] = this.#paused ? [] : await claimJobs(db, this.#vaultId, READ_JOB, 1, clock)
        if (job) await this.#readOne(job)
        else await this.#rest(asking)
      } catch (error) {
        if (this.#closing.signal.aborted) break
        log.error({ error }, 'reading documents met an error and goes on')
        await this.#sleep(clock.now() + PAUSE_MS)
      }
    }
  }

  async #rest(asking: readonly PromiseWithResolvers<void>[]): Promise<void> {
    const due = this.#paused ? undefined : await nextJobDue(this.#parts.db, this.#vaultId, READ_JOB)
    if (due === undefined) {
      this.#waitingForIdle = this.#waitingForIdle.filter((waiting) => !asking.includes(waiting))
      for (const waiting of asking) waiting.resolve()
    }
    await this.#sleep(due ?? Number.POSITIVE_INFINITY)
  }

  async #sleep(until: number): Promise<void> {
    const { clock } = this.#parts
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(0, until - clock.now()))
    // Woken, or closing.
    await clock.sleep(ms, AbortSignal.any([this.#alarm.signal, this.#closing.signal])).catch(() => undefined)
  }

  async #readOne(job: Job): Promise<void> {
    const { db, blobs, clock, log } = this.#parts
    const id = job.subject.slice(job.subject.indexOf(':') + 1)
    const [row] = await db.query<{ sha256: string; format: string; name: string }>(
      `select d.sha256, d.format, coalesce(d.origins->0->>'name', d.title) as name
       from documents d join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
       where d.vault_id = $1 and d.id = $2 and t.state in ('waiting', 'reading')`,
      [this.#vaultId, id],
    )
    if (!row) return completeJobs(db, this.#vaultId, [job], clock)
    const stop = new AbortController()
    const current = { id, stop, progress: null as { done: number; total: number } | null }
    this.#current = current
    try {
      await this.#setState(id, 'reading')
      const password = this.#passwords.get(id) ?? this.#passwords.get(row.sha256)
      const parsed = await this.#parts.read(
        {
          bytes: await blobs.get(row.sha256),
          format: DOCUMENT_FORMATS.find((known) => known === row.format) ?? ('unknown' satisfies DocumentFormat),
          name: row.name,
          ...(password === undefined ? {} : { password }),
        },
        {
          signal: stop.signal,
          onProgress: (done, total) => {
            current.progress = { done, total }
            this.#tell({ type: 'document', id })
          },
        },
      )
      stop.signal.throwIfAborted()
      this.#current = undefined
      await this.#store(job, id, row.sha256, parsed)
      this.#forgetPassword(id, row.sha256)
      this.#parts.onRead()
    } catch (error) {
      this.#current = undefined
      const failure = toLvaError(error)
      if (stop.signal.aborted || this.#closing.signal.aborted) return this.#putBack(job, id)
      if (PAUSING.some((code) => code === failure.code)) {
        log.warn({ error }, 'reading documents pauses')
        await this.#putBack(job, id)
        await this.#sleep(clock.now() + PAUSE_MS)
        return
      }
      log.warn(
        { document: id, code: failure.code, ...(failure.code === 'internal' && { error }) },
        'a document could not be read',
      )
      await this.#fail(job, id, row.sha256, failure)
    } finally {
      this.#current = undefined
      this.#tell({ type: 'document', id })
      this.#tell({ type: 'queue' })
    }
  }

  /** A document that was cancelled meanwhile stays so; any other waits again. */
  async #putBack(job: Job, id: string): Promise<void> {
    const { db, clock } = this.#parts
    const waits = await db.query(
      `update document_texts set state = 'waiting' where vault_id = $1 and document_id = $2 and state = 'reading' returning document_id`,
      [this.#vaultId, id],
    )
    if (waits.length > 0) await releaseJobs(db, this.#vaultId, [job])
    else await completeJobs(db, this.#vaultId, [job], clock)
  }

  async #setState(id: string, state: 'reading'): Promise<void> {
    await this.#parts.db.query(`update document_texts set state = $3 where vault_id = $1 and document_id = $2`, [
      this.#vaultId,
      id,
      state,
    ])
    this.#tell({ type: 'document', id })
  }

  async #store(job: Job, id: string, sha256: string, parsed: ParsedDocument): Promise<void> {
    const { db, clock } = this.#parts
    await db.transaction(async (tx) => {
      // Other bytes may have come meanwhile; those have a job of their own.
      await tx.query(
        `update document_texts set state = 'ready', error_code = null, error_params = null, pages = $4, own_title = $5, text = $6,
           blocks = $7::jsonb, read_at = $8
         where vault_id = $1 and document_id = $2 and sha256 = $3 and state <> 'cancelled'`,
        [
          this.#vaultId,
          id,
          sha256,
          parsed.pages,
          parsed.title,
          parsed.text,
          JSON.stringify(parsed.blocks),
          new Date(clock.now()),
        ],
      )
      for (const kind of [INDEX_JOB, CONCEPTS_JOB])
        await enqueueJobs(tx, this.#vaultId, kind, [`document:${id}`], clock)
      await completeJobs(tx, this.#vaultId, [job], clock)
    })
  }

  async #fail(job: Job, id: string, sha256: string, failure: LvaError): Promise<void> {
    const { db, clock } = this.#parts
    const { code, params } = errorToWire(failure)
    await db.transaction(async (tx) => {
      await tx.query(
        `update document_texts set state = 'failed', error_code = $4, error_params = $5::jsonb
         where vault_id = $1 and document_id = $2 and sha256 = $3 and state <> 'cancelled'`,
        [this.#vaultId, id, sha256, code, JSON.stringify(params)],
      )
      await completeJobs(tx, this.#vaultId, [job], clock)
    })
    if (!isLvaError(failure, 'document-locked')) this.#forgetPassword(id, sha256)
  }

  #forgetPassword(id: string, sha256: string): void {
    this.#passwords.delete(id)
    this.#passwords.delete(sha256)
  }
}

function closed(): LvaError {
  return new LvaError('cancelled', 'Reading documents is closed.')
}
