import { type Clock, type Closable, type Log, LvaError, toLvaError } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import {
  claimJobs,
  completeJobs,
  type Database,
  enqueueJobs,
  failJob,
  type Job,
  nextJobDue,
  type Queries,
  releaseJobs,
} from '../../store/index.ts'
import { CONCEPTS_JOB, FOLD_JOB, FOLD_SUBJECT, type Vault } from '../../vault/index.ts'
import type { Busy } from '../busy.ts'
import { lockVersions, parseSubject, readSubjects, type Subject, type SubjectTexts } from '../subjects.ts'
import { foldTables } from './fold-tables.ts'
import { Improvement } from './improvement.ts'
import { deleteMentions, isCurrentMark, ownFields, type ReadSubject, writeMentions } from './mention-rows.ts'
import { EXTRACTOR } from './read.ts'
import type { ConceptProgress, Reader, Reading } from './types.ts'

export interface ConceptWorkParts {
  db: Database
  vault: Pick<Vault, 'id' | 'onChange' | 'concepts'>
  reader: Reader
  /** The language model that reads too, when the learner wants one to and there is one; left out, none ever does. */
  languageModel?: () => Promise<LanguageModel | undefined>
  /** What goes first: whoever waits for an answer, and search, which needs vectors; the graph can wait. */
  goesFirst?: Busy
  clock: Clock
  log: Log
}

const JOBS_AT_ONCE = 16
/** UTF-16 code units that are read while somebody waits: two pages. */
const LONGEST_AHEAD = 8_000
const LONGEST_SLEEP_MS = 60_000
const PAUSE_MS = 1_000
/**
 * A fold looks at everything there is: a second's work in a large vault, in which nobody is answered. It waits until nothing has changed for
 * so many times as long as the last one took, at most so many milliseconds, and is put off for no longer than so many such times.
 */
const QUIET_FOLDS = 10
const LONGEST_QUIET_MS = 15_000
const MOST_QUIETS = 10
/** A fold that gave way so often is done, in its small steps, although others wait: its work was thrown away each time. */
const MOST_TIMES_GIVEN_WAY = 5

/** Reads texts for concepts and folds them, in the background; can be cut off anywhere, like the indexer. */
export class ConceptWork implements Closable {
  readonly #parts: ConceptWorkParts
  readonly #vaultId: string
  readonly #closing = new AbortController()
  readonly #improvement: Improvement
  readonly #foldListeners = new Set<() => void>()
  readonly #progressListeners = new Set<(progress: ConceptProgress) => void>()
  #waitingForIdle: PromiseWithResolvers<void>[] = []
  readonly #stopListening: () => void
  readonly #stopWaiting: (() => void) | undefined
  readonly #loop: Promise<void>
  #alarm = new AbortController()
  /** Milliseconds that the last fold took, and instants of the monotonic clock: of the last change, and from which on a fold is put off. */
  #foldTook = 0
  #changedAt = 0
  #putOffAt: number | undefined
  /** Folds in a row that gave way. */
  #gaveWay = 0
  /** The learner has corrected concepts, and looks at what comes of it. */
  #isCorrected = false

  constructor(parts: ConceptWorkParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
    this.#improvement = new Improvement({ ...parts, signal: this.#closing.signal })
    this.#stopListening = parts.vault.onChange(({ settings, concepts }) => {
      if (settings) this.#improvement.reconsider()
      this.#isCorrected ||= concepts === true
      this.#changedAt = parts.clock.monotonic()
      this.wake()
    })
    this.#stopWaiting = parts.goesFirst?.onRest(() => this.wake())
    this.#loop = this.#work()
  }

  /** Captures, notes and documents that wait or failed, and a fold. */
  async progress(): Promise<ConceptProgress> {
    const [row] = await this.#parts.db.query<{ pending: number; failed: number }>(
      `select (count(*) filter (where state <> 'failed'))::int as pending, (count(*) filter (where state = 'failed'))::int as failed
       from jobs where vault_id = $1 and kind = any($2::text[])`,
      [this.#vaultId, [CONCEPTS_JOB, FOLD_JOB]],
    )
    return row ?? { pending: 0, failed: 0 }
  }

  /** Called when the figures may have changed: before and after each handful of texts, and after a fold. */
  onProgress(listener: (progress: ConceptProgress) => void): () => void {
    this.#progressListeners.add(listener)
    return () => this.#progressListeners.delete(listener)
  }

  /** Resolves when nothing waits to be read or folded. What has failed for good does not count. @throws LvaError cancelled */
  async idle(signal?: AbortSignal): Promise<void> {
    const waiting = Promise.withResolvers<void>()
    const stop = () =>
      waiting.reject(new LvaError('cancelled', 'Stopped waiting; concepts are read on in the background.'))
    if (this.#closing.signal.aborted || signal?.aborted) stop()
    else this.#waitingForIdle.push(waiting)
    signal?.addEventListener('abort', stop, { once: true })
    this.wake()
    try {
      await waiting.promise
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Something was queued beside a change of the vault, such as a document that was read. */
  wake(): void {
    this.#alarm.abort()
  }

  /** Called after every fold. */
  onFold(listener: () => void): () => void {
    this.#foldListeners.add(listener)
    return () => this.#foldListeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#stopWaiting?.()
    this.#closing.abort()
    this.#alarm.abort()
    // A long text takes its time: who reads it is not waited for.
    await this.#parts.reader.close()
    await this.#loop
    for (const waiting of this.#waitingForIdle.splice(0))
      waiting.reject(new LvaError('cancelled', 'The work on concepts is closed.'))
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#parts
    let surveyed = false
    while (!this.#closing.signal.aborted) {
      this.#alarm = new AbortController()
      const asking = [...this.#waitingForIdle]
      try {
        if (!surveyed) await this.#survey()
        surveyed = true
        if (this.#mustWait()) {
          await this.#sleep(Number.POSITIVE_INFINITY)
          continue
        }
        if ((await this.#readSome()) || (await this.#foldOnce(asking.length > 0)) || (await this.#improvement.some()))
          continue
        await this.#rest(asking)
      } catch (error) {
        if (this.#closing.signal.aborted) break
        log.error({ error }, 'the work on concepts met an error and goes on')
        await this.#sleep(clock.now() + PAUSE_MS)
      }
    }
  }

  /** What another version read, or none, is read again, and what failed before the program was started is tried again. */
  async #survey(): Promise<void> {
    const { db, clock } = this.#parts
    const rows = await db.query<{ subject: string }>(
      `select a.kind || ':' || a.id as subject from (
         select 'capture' as kind, id from captures where vault_id = $1
         union all select 'note', id from notes where vault_id = $1
         union all select 'document', id from documents where vault_id = $1) a
       where not exists (select from concept_sources s where s.vault_id = $1 and s.kind = a.kind and s.capture_id = a.id
         and s.extractor like any($2::text[]))`,
      [this.#vaultId, [`${EXTRACTOR}/%`, `${EXTRACTOR}+%`]],
    )
    const subjects = rows.map(({ subject }) => subject)
    await enqueueJobs(db, this.#vaultId, CONCEPTS_JOB, subjects, clock)
    for (const kind of [CONCEPTS_JOB, FOLD_JOB]) {
      const failed = await db.query<{ subject: string }>(
        `select subject from jobs where vault_id = $1 and kind = $2 and state = 'failed'`,
        [this.#vaultId, kind],
      )
      await enqueueJobs(
        db,
        this.#vaultId,
        kind,
        failed.map(({ subject }) => subject),
        clock,
      )
    }
  }

  async #readSome(): Promise<boolean> {
    const { db, clock } = this.#parts
    const jobs = await claimJobs(db, this.#vaultId, CONCEPTS_JOB, JOBS_AT_ONCE, clock)
    if (jobs.length === 0) return false
    await this.#tellProgress()
    for (const [done, job] of jobs.entries()) {
      if (this.#closing.signal.aborted || this.#mustWait()) {
        await releaseJobs(db, this.#vaultId, jobs.slice(done))
        break
      }
      await this.#attempt(job, () => this.#read(job))
    }
    await this.#tellProgress()
    return true
  }

  #mustWait(): boolean {
    return this.#parts.goesFirst?.isBusy() ?? false
  }

  /**
   * Reads one subject ahead of the queue, and puts what it says into the graph. Of a long one only the beginning is read, and the graph waits
   * for the queue.
   * @returns what was read, field by field; nothing of what is gone
   * @throws the reason of `signal`
   */
  async readAhead(subject: Subject, signal: AbortSignal): Promise<Reading[]> {
    const { db, clock } = this.#parts
    const [texts] = await readSubjects(db, this.#vaultId, [subject])
    if (!texts) return []
    const stopping = AbortSignal.any([signal, this.#closing.signal])
    const fields = ownFields(texts)
    if (fields.some(({ text }) => text.length > LONGEST_AHEAD))
      return Promise.all(fields.map(({ text }) => this.#parts.reader.read(text.slice(0, LONGEST_AHEAD), stopping)))
    const read = await this.#readTexts(subject, texts, stopping)
    if (!(await this.#isKnown(subject, texts))) {
      signal.throwIfAborted()
      await db.transaction(async (tx) => {
        await this.#keep(tx, read)
        await enqueueJobs(tx, this.#vaultId, FOLD_JOB, [FOLD_SUBJECT], clock)
      })
      this.wake()
    }
    return read.readings.map(({ reading }) => reading)
  }

  /** Part of the caller's transaction. A text that has changed since has a job again. */
  async #keep(tx: Queries, read: ReadSubject): Promise<void> {
    const subject = `${read.kind}:${read.id}`
    const versions = await lockVersions(tx, this.#vaultId, [read])
    if (versions.get(subject) !== read.texts.version) return
    await writeMentions(tx, this.#vaultId, [read])
    await this.#improvement.notice(tx, subject)
  }

  async #read(job: Job): Promise<void> {
    const { db, clock } = this.#parts
    const subject = parseSubject(job.subject)
    const [texts] = subject ? await readSubjects(db, this.#vaultId, [subject]) : []
    const read =
      subject && texts && !(await this.#isKnown(subject, texts))
        ? await this.#readTexts(subject, texts, this.#closing.signal)
        : undefined
    await db.transaction(async (tx) => {
      if (read) await this.#keep(tx, read)
      else if (subject && !texts) await deleteMentions(tx, this.#vaultId, [subject])
      if (read || !texts) await enqueueJobs(tx, this.#vaultId, FOLD_JOB, [FOLD_SUBJECT], clock)
      await completeJobs(tx, this.#vaultId, [job], clock)
    })
  }

  async #isKnown({ kind, id }: Subject, texts: SubjectTexts): Promise<boolean> {
    const [row] = await this.#parts.db.query<{ extractor: string }>(
      'select extractor from concept_sources where vault_id = $1 and kind = $2 and capture_id = $3',
      [this.#vaultId, kind, id],
    )
    return isCurrentMark(row?.extractor, texts)
  }

  async #readTexts(subject: Subject, texts: SubjectTexts, signal: AbortSignal): Promise<ReadSubject> {
    const readings: ReadSubject['readings'] = []
    for (const { field, text } of ownFields(texts))
      readings.push({ field, reading: await this.#parts.reader.read(text, signal) })
    return { ...subject, texts, readings, by: 'device' }
  }

  /** @param isAsked somebody waits for it */
  async #foldOnce(isAsked: boolean): Promise<boolean> {
    const { db, vault, clock } = this.#parts
    if (!isAsked && this.#quietLeft() > 0) return false
    const [job] = await claimJobs(db, this.#vaultId, FOLD_JOB, 1, clock)
    if (!job) return false
    await this.#attempt(job, async () => {
      const begun = clock.monotonic()
      const isCorrected = this.#isCorrected
      this.#isCorrected = false
      const givesWay = () => this.#closing.signal.aborted || (this.#gaveWay < MOST_TIMES_GIVEN_WAY && this.#mustWait())
      const folded = await foldTables(db, this.#vaultId, await vault.concepts.corrections(), givesWay)
      if (!folded) {
        this.#isCorrected ||= isCorrected
        this.#gaveWay += 1
        return releaseJobs(db, this.#vaultId, [job])
      }
      this.#foldTook = clock.monotonic() - begun
      this.#putOffAt = undefined
      this.#gaveWay = 0
      await completeJobs(db, this.#vaultId, [job], clock)
      for (const listener of this.#foldListeners) listener()
    })
    await this.#tellProgress()
    return true
  }

  /** Milliseconds for which a fold that is due is put off. */
  #quietLeft(): number {
    if (this.#isCorrected) return 0
    const now = this.#parts.clock.monotonic()
    const quiet = Math.min(LONGEST_QUIET_MS, QUIET_FOLDS * this.#foldTook)
    this.#putOffAt ??= now
    return Math.max(0, Math.min(this.#changedAt + quiet, this.#putOffAt + MOST_QUIETS * quiet) - now)
  }

  async #attempt(job: Job, work: () => Promise<void>): Promise<void> {
    const { db, clock, log } = this.#parts
    try {
      await work()
    } catch (error) {
      if (this.#closing.signal.aborted) return releaseJobs(db, this.#vaultId, [job])
      log.warn({ error, subject: job.subject, attempts: job.attempts }, 'a subject could not be read for concepts')
      await failJob(db, this.#vaultId, job, toLvaError(error).code, clock)
    }
  }

  /** Nothing is due: says so to who asked, and sleeps until something is. */
  async #rest(asking: readonly PromiseWithResolvers<void>[]): Promise<void> {
    const { db } = this.#parts
    const dues = await Promise.all([CONCEPTS_JOB, FOLD_JOB].map((kind) => nextJobDue(db, this.#vaultId, kind)))
    const [read = Number.POSITIVE_INFINITY, fold = Number.POSITIVE_INFINITY] = dues
    const next = Math.min(read, Math.max(fold, this.#parts.clock.now() + this.#quietLeft()))
    if (fold === Number.POSITIVE_INFINITY) this.#putOffAt = undefined
    if (next === Number.POSITIVE_INFINITY) {
      this.#waitingForIdle = this.#waitingForIdle.filter((waiting) => !asking.includes(waiting))
      for (const waiting of asking) waiting.resolve()
    }
    await this.#sleep(Math.min(next, await this.#improvement.due()))
  }

  async #tellProgress(): Promise<void> {
    if (this.#progressListeners.size === 0 || this.#closing.signal.aborted) return
    const progress = await this.progress()
    for (const listener of this.#progressListeners) listener(progress)
  }

  async #sleep(until: number): Promise<void> {
    const { clock } = this.#parts
    const wake = AbortSignal.any([this.#alarm.signal, this.#closing.signal])
    const ms = Math.min(LONGEST_SLEEP_MS, until - clock.now())
    if (ms > 0 && !wake.aborted) await clock.sleep(ms, wake).catch(() => undefined)
  }
}
