import {
  type Clock,
  type Closable,
  errorToWire,
  isLvaError,
  type Log,
  LvaError,
  Mutex,
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
  type Queries,
  type Row,
  releaseJobs,
} from '../../store/index.ts'
import { CONCEPTS_JOB, INDEX_JOB, READ_JOB, type Vault } from '../../vault/index.ts'
import { elsewhere } from './errors.ts'
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

interface Counts {
  /** Waiting or being read. */
  pending: number
  failed: number
}

export interface QueueState extends Counts {
  paused: boolean
}

/** What may be told of: the queue as a whole, or one document. */
export type QueueNews = { type: 'queue' } | { type: 'document'; id: string }

const TO_READ_AGAIN = ['failed', 'cancelled']
/** Documents that are taken and stored together, as long as they are small: how many, how many bytes, and for how long. */
const TAKEN_AT_ONCE = 16
/** As many once there were enough small ones: the first are not to wait for them. */
const MOST_TAKEN_AT_ONCE = 64
const BYTES_AT_ONCE = 500_000
const STORE_EVERY_MS = 500
const LONGEST_SLEEP_MS = 60_000
const PAUSE_MS = 2_000
/** Failures of what everything needs: the work waits for them to pass, and no document is blamed. */
const PAUSING = ['model-process-down', 'document-reader-down', 'database-unreachable', 'disk-full'] as const

/** A document whose turn it is, or comes next. */
interface Turn {
  job: Job
  id: string
  sha256: string
  format: string
  name: string
  recogniser: string | null
  stop: AbortController
}

interface Read {
  turn: Turn
  parsed: ParsedDocument
}

/**
 * Reads documents one after the other in the background:
 *
 *     waiting ──> reading ──> ready
 *        ^           ├──────> failed ──retry──> waiting
 *        └──pause────┴──────> cancelled ──retry──> waiting
 *
 * One that was read, and is read again because somebody asked, is ready as before where that fails or is cancelled: what was read stays.
 *
 * What was read is stored in one transaction with the job's end and the job that makes its chunks; small documents share one, since a
 * transaction takes longer than reading them. Until it is stored, a document is one that is being read: a crash reads it again.
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
  /** How many documents are taken together. */
  #taken = TAKEN_AT_ONCE
  #current: { id: string; progress: { done: number; total: number } | null } | undefined
  /** Those that were taken together and are not stored yet, by their ids. */
  #turns: ReadonlyMap<string, Turn> = new Map()
  #waitingForIdle: PromiseWithResolvers<void>[] = []
  /** Counting, and what changes the counts step by step, come one after the other. */
  readonly #counting = new Mutex()
  /** As of now; undefined where something has changed that is not followed step by step. */
  #counts: Counts | undefined
  /** The count that is on its way and whose answer will hold. */
  #count: Promise<Counts> | undefined

  constructor(parts: QueueParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
    this.#stopListening = parts.vault.onChange(({ documents }) => {
      if (documents.length === 0) return
      this.#wake()
      // A document that was deleted, or came back, may have been one of those that wait or failed.
      this.#countAnew()
      this.#tell({ type: 'queue' })
    })
    this.#loop = this.#work()
  }

  /** Costs nothing while documents are only read: they are counted once, and then every one that was read is taken off. */
  async state(): Promise<QueueState> {
    const { pending, failed } = this.#counts ?? (await this.#counted())
    return { pending, failed, paused: this.#paused }
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
    this.#stopTurns(new LvaError('cancelled', 'Paused.'))
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
        `update document_texts set state = ${stateUnread('cancelled')}, recogniser = null
         where vault_id = $1 and document_id = any($2::text[]) and state in ('waiting', 'reading') returning document_id`,
        [this.#vaultId, ids],
      )
    })
    this.#countAnew()
    for (const { document_id } of cancelled) {
      this.#passwords.delete(document_id)
      this.#turns.get(document_id)?.stop.abort(new LvaError('cancelled', 'Cancelled.'))
      this.#tell({ type: 'document', id: document_id })
    }
    this.#tell({ type: 'queue' })
  }

  /**
   * Reads documents again that failed or were cancelled; with `ready` also those that are read.
   * @param recogniser hears recordings, once
   */
  async retry(ids: readonly string[], password?: string, ready = false, recogniser?: string): Promise<void> {
    const { db, clock } = this.#parts
    const waiting = await db.transaction(async (tx) => {
      const rows = await tx.query<{ document_id: string }>(
        `update document_texts set state = 'waiting', error_code = null, error_params = null, recogniser = $4
         where vault_id = $1 and document_id = any($2::text[]) and state = any($3::text[]) returning document_id`,
        [this.#vaultId, ids, ready ? [...TO_READ_AGAIN, 'ready'] : TO_READ_AGAIN, recogniser ?? null],
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
    this.#countAnew()
    for (const { document_id } of waiting) {
      if (password !== undefined) this.#passwords.set(document_id, password)
      this.#tell({ type: 'document', id: document_id })
    }
    this.#tell({ type: 'queue' })
    this.#wake()
  }

  /**
   * Exchanges the transcript of a recording for the one before it. Resolves once it is durable.
   * @throws LvaError not-found where there is none, or the recording is just being read
   */
  async exchangeTranscripts(id: string): Promise<void> {
    const { db, clock, onRead } = this.#parts
    await db.transaction(async (tx) => {
      const exchanged = await tx.query(EXCHANGE_TRANSCRIPTS, [this.#vaultId, id])
      if (exchanged.length === 0) throw noEarlierTranscript()
      await enqueueJobs(tx, this.#vaultId, [INDEX_JOB, CONCEPTS_JOB], [`document:${id}`], clock)
    })
    this.#tell({ type: 'document', id })
    onRead()
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
    this.#stopTurns(closed())
    this.#alarm.abort()
    await this.#loop
    for (const waiting of this.#waitingForIdle.splice(0)) waiting.reject(closed())
  }

  #wake(): void {
    this.#alarm.abort()
  }

  #counted(): Promise<Counts> {
    this.#count ??= this.#countAll()
    return this.#count
  }

  /** Looks at every document: some 60 ms for 6,000 of them. */
  #countAll(): Promise<Counts> {
    const count: Promise<Counts> = this.#counting.run(async () => {
      try {
        const [row] = await this.#parts.db.query<Counts & Row>(
          `select (count(*) filter (where coalesce(t.state, 'waiting') in ('waiting', 'reading')))::int as pending,
             (count(*) filter (where t.state = 'failed'))::int as failed
           from documents d left join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
           where d.vault_id = $1`,
          [this.#vaultId],
        )
        const counts = { pending: row?.pending ?? 0, failed: row?.failed ?? 0 }
        if (this.#count === count) this.#counts = counts
        return counts
      } finally {
        if (this.#count === count) this.#count = undefined
      }
    })
    return count
  }

  #countAnew(): void {
    this.#counts = undefined
    this.#count = undefined
  }

  /** So many documents are over, so many of them failed. To be called in the turn of `#counting` in which that was stored. */
  #countOver(over: number, failed: number): void {
    if (!this.#counts) return
    this.#counts.pending -= over
    this.#counts.failed += failed
  }

  #stopTurns(reason: LvaError): void {
    for (const { stop } of this.#turns.values()) stop.abort(reason)
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
        const jobs = this.#paused ? [] : await claimJobs(db, this.#vaultId, READ_JOB, this.#taken, clock)
        if (jobs.length > 0) await this.#readSome(jobs)
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

  async #readSome(jobs: readonly Job[]): Promise<void> {
    const { clock } = this.#parts
    const turns = await this.#take(jobs)
    this.#turns = new Map(turns.map((turn) => [turn.id, turn]))
    // Paused or closed while they were taken.
    if (this.#paused || this.#closing.signal.aborted) this.#stopTurns(closed())
    let read: Read[] = []
    let storeDue = clock.monotonic() + STORE_EVERY_MS
    let mustPause = false
    try {
      for (const turn of turns) {
        const outcome = mustPause ? 'put-back' : await this.#readOne(turn)
        if (outcome === 'pause') mustPause = true
        if (outcome === 'put-back' || outcome === 'pause') await this.#putBack(turn.job, turn.id)
        else if (outcome !== 'failed') read.push({ turn, parsed: outcome })
        if (typeof outcome === 'string') this.#tellDone([turn])
        if (clock.monotonic() < storeDue) continue
        const due = read
        read = []
        await this.#storeAll(due)
        storeDue = clock.monotonic() + STORE_EVERY_MS
      }
    } finally {
      await this.#storeAll(read)
      this.#turns = new Map()
    }
    if (mustPause) await this.#sleep(clock.now() + PAUSE_MS)
  }

  /** Those of the jobs that come now, in their order; the others are given back. */
  async #take(jobs: readonly Job[]): Promise<Turn[]> {
    const { db, clock } = this.#parts
    const rows = await db.query<Omit<Turn, 'job' | 'stop'> & Row & { size: number }>(
      `select d.id, d.sha256, d.format, coalesce(d.origins->0->>'name', d.title) as name, d.size, t.recogniser
       from documents d join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
       where d.vault_id = $1 and d.id = any($2::text[]) and t.state in ('waiting', 'reading')`,
      [this.#vaultId, jobs.map(idOf)],
    )
    const found = new Map(rows.map((row) => [row.id, row]))
    const turns: Turn[] = []
    const later: Job[] = []
    const gone: Job[] = []
    let bytes = 0
    for (const job of jobs) {
      const row = found.get(idOf(job))
      if (!row) gone.push(job)
      else if (later.length > 0 || (turns.length > 0 && bytes + Number(row.size) > BYTES_AT_ONCE)) later.push(job)
      else {
        bytes += Number(row.size)
        turns.push({ ...row, job, stop: new AbortController() })
      }
    }
    this.#taken = later.length === 0 && jobs.length === this.#taken ? MOST_TAKEN_AT_ONCE : TAKEN_AT_ONCE
    await releaseJobs(db, this.#vaultId, later)
    await completeJobs(db, this.#vaultId, gone, clock)
    if (turns.length > 0) {
      await db.query(
        `update document_texts set state = 'reading' where vault_id = $1 and document_id = any($2::text[]) and state = 'waiting'`,
        [this.#vaultId, turns.map(({ id }) => id)],
      )
      for (const { id } of turns) this.#tell({ type: 'document', id })
    }
    return turns
  }

  async #readOne(turn: Turn): Promise<ParsedDocument | 'put-back' | 'pause' | 'failed'> {
    const { blobs, log } = this.#parts
    const { id, sha256, recogniser, stop } = turn
    const current = { id, progress: null as { done: number; total: number } | null }
    this.#current = current
    try {
      stop.signal.throwIfAborted()
      const password = this.#passwords.get(id) ?? this.#passwords.get(sha256)
      const parsed = await this.#parts.read(
        {
          bytes: await blobs.get(sha256).catch((error: unknown) => {
            throw isLvaError(error, 'not-found') ? elsewhere() : error
          }),
          format: DOCUMENT_FORMATS.find((known) => known === turn.format) ?? ('unknown' satisfies DocumentFormat),
          name: turn.name,
          ...(password === undefined ? {} : { password }),
          ...(recogniser === null ? {} : { recogniser }),
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
      return parsed
    } catch (error) {
      const failure = toLvaError(error)
      if (stop.signal.aborted || this.#closing.signal.aborted) return 'put-back'
      if (PAUSING.some((code) => code === failure.code)) {
        log.warn({ error }, 'reading documents pauses')
        return 'pause'
      }
      await this.#refuse(turn, error)
      return 'failed'
    } finally {
      this.#current = undefined
    }
  }

  /** Stores what was read together and, where that fails because of one of them, each alone. */
  async #storeAll(read: readonly Read[]): Promise<void> {
    if (read.length === 0) return
    try {
      await this.#store(read)
      for (const { turn } of read) this.#forgetPassword(turn.id, turn.sha256)
      this.#parts.onRead()
    } catch (error) {
      if (read.length > 1) {
        for (const one of read) await this.#storeAll([one])
        return
      }
      for (const { turn } of read) {
        if (this.#closing.signal.aborted) await this.#putBack(turn.job, turn.id)
        else if (PAUSING.some((code) => code === toLvaError(error).code)) {
          this.#parts.log.warn({ error }, 'what was read could not be stored; it is read again')
          await this.#putBack(turn.job, turn.id)
          await this.#sleep(this.#parts.clock.now() + PAUSE_MS)
        } else await this.#refuse(turn, error)
      }
    }
    this.#tellDone(read.map(({ turn }) => turn))
  }

  #tellDone(turns: readonly Turn[]): void {
    for (const { id } of turns) this.#tell({ type: 'document', id })
    this.#tell({ type: 'queue' })
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

  async #store(read: readonly Read[]): Promise<void> {
    const { db, clock } = this.#parts
    const rows = read.map(({ turn: { id, sha256 }, parsed: { pages, title, text, blocks, heardBy } }) => ({
      id,
      sha256,
      pages,
      title,
      text,
      blocks,
      heard_by: heardBy ?? null,
    }))
    const recordings = rows.filter(({ heard_by }) => heard_by !== null)
    const ids = rows.map(({ id }) => id)
    const keep = async (tx: Queries) => {
      await tx.query(FORGET_EARLIER, [this.#vaultId, ids, rows.map(({ sha256 }) => sha256)])
      if (recordings.length > 0) await tx.query(KEEP_EARLIER, [this.#vaultId, JSON.stringify(recordings)])
      // Other bytes may have come meanwhile; those have a job of their own. The ids are named by themselves because Postgres takes the rows
      // for a hundred, and would rather look through the whole table.
      const kept = await tx.query(
        `update document_texts t set state = 'ready', error_code = null, error_params = null, pages = r.pages, own_title = r.title,
           text = r.text, blocks = r.blocks::jsonb, read_at = $3, text_sha256 = r.sha256, heard_by = r.heard_by, recogniser = null
         from json_to_recordset($2::json) as r(${READ_ROW})
         where t.vault_id = $1 and t.document_id = any($4::text[]) and t.document_id = r.id and t.sha256 = r.sha256
           and t.state <> 'cancelled'
         returning t.document_id`,
        [this.#vaultId, JSON.stringify(rows), new Date(clock.now()), ids],
      )
      const subjects = ids.map((id) => `document:${id}`)
      await enqueueJobs(tx, this.#vaultId, [INDEX_JOB, CONCEPTS_JOB], subjects, clock)
      await completeJobs(
        tx,
        this.#vaultId,
        read.map(({ turn }) => turn.job),
        clock,
      )
      return kept.length
    }
    await this.#counting.run(async () => {
      const kept = await db.transaction(keep)
      // One that was cancelled, or has other bytes, may be over already, or not yet.
      if (kept < read.length || read.some(({ turn }) => turn.stop.signal.aborted)) this.#countAnew()
      else this.#countOver(kept, 0)
    })
  }

  /** The document cannot be read, and says why; one that was read before still is. */
  async #refuse({ job, id, sha256 }: Turn, error: unknown): Promise<void> {
    const failure = toLvaError(error)
    const { code } = failure
    this.#parts.log.warn({ document: id, code, ...(code === 'internal' && { error }) }, 'a document could not be read')
    await this.#fail(job, id, sha256, failure)
  }

  async #fail(job: Job, id: string, sha256: string, failure: LvaError): Promise<void> {
    const { db, clock } = this.#parts
    const { code, params } = errorToWire(failure)
    const keep = async (tx: Queries) => {
      const refused = await tx.query<{ state: string }>(
        `update document_texts set state = ${stateUnread('failed')}, error_code = $4, error_params = $5::jsonb, recogniser = null
         where vault_id = $1 and document_id = $2 and sha256 = $3 and state in ('waiting', 'reading') returning state`,
        [this.#vaultId, id, sha256, code, JSON.stringify(params)],
      )
      await completeJobs(tx, this.#vaultId, [job], clock)
      return refused
    }
    await this.#counting.run(async () => {
      const refused = await db.transaction(keep)
      this.#countOver(refused.length, refused.filter(({ state }) => state === 'failed').length)
    })
    if (!isLvaError(failure, 'document-locked')) this.#forgetPassword(id, sha256)
  }

  #forgetPassword(id: string, sha256: string): void {
    this.#passwords.delete(id)
    this.#passwords.delete(sha256)
  }
}

/** Columns of what was read. */
const READ_ROW = 'id text, sha256 text, pages integer, title text, text text, blocks json, heard_by text'

/** What was heard in other bytes cannot be put back, whatever these are. */
const FORGET_EARLIER = `
delete from earlier_transcripts e using unnest($2::text[], $3::text[]) as r(id, sha256)
where e.vault_id = $1 and e.document_id = r.id and e.sha256 <> r.sha256`

/** The transcript of a recording that is about to be replaced by another one. */
const KEEP_EARLIER = `
insert into earlier_transcripts (vault_id, document_id, sha256, heard_by, text, blocks, read_at)
select t.vault_id, t.document_id, t.sha256, t.heard_by, t.text, t.blocks, t.read_at
from document_texts t join json_to_recordset($2::json) as r(${READ_ROW}) on t.document_id = r.id
where t.vault_id = $1 and t.sha256 = r.sha256 and t.text_sha256 = r.sha256 and t.state <> 'cancelled'
  and (t.text <> r.text or t.blocks <> r.blocks::jsonb)
on conflict (vault_id, document_id) do update
  set sha256 = excluded.sha256, heard_by = excluded.heard_by, text = excluded.text, blocks = excluded.blocks, read_at = excluded.read_at`

const EXCHANGE_TRANSCRIPTS = `
with present as (
  select t.vault_id, t.document_id, t.heard_by, t.text, t.blocks, t.read_at
  from document_texts t join earlier_transcripts e using (vault_id, document_id, sha256)
  where t.vault_id = $1 and t.document_id = $2 and t.state = 'ready' and t.text_sha256 = t.sha256 for update
), put_back as (
  update document_texts t
  set heard_by = e.heard_by, text = e.text, blocks = e.blocks, read_at = e.read_at, error_code = null, error_params = null
  from earlier_transcripts e join present using (vault_id, document_id)
  where t.vault_id = e.vault_id and t.document_id = e.document_id
)
update earlier_transcripts e
set heard_by = present.heard_by, text = present.text, blocks = present.blocks, read_at = present.read_at
from present where e.vault_id = present.vault_id and e.document_id = present.document_id
returning e.document_id`

/** What was read of these very bytes is still good where reading them again fails or is given up. */
function stateUnread(otherwise: 'failed' | 'cancelled'): string {
  return `case when text_sha256 = sha256 then 'ready' else '${otherwise}' end`
}

function idOf({ subject }: Job): string {
  return subject.slice(subject.indexOf(':') + 1)
}

function noEarlierTranscript(): LvaError {
  return new LvaError('not-found', 'There is no earlier transcript of this recording, or it is just being heard.', {
    advice: 'See what there is with "lva show"; one that is being heard is ready in a moment.',
  })
}

function closed(): LvaError {
  return new LvaError('cancelled', 'Reading documents is closed.')
}
