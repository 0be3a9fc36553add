import { type Clock, type Closable, isLvaError, type Log, LvaError, Mutex, Slots, toLvaError } from '../kernel/index.ts'
import type { Embedder } from '../models/index.ts'
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
} from '../store/index.ts'
import { INDEX_JOB, type Vault } from '../vault/index.ts'
import { type ChunkToEmbed, countChunks, deleteChunks, readChunksToEmbed, writeChunks } from './chunk-rows.ts'
import type { KnownLanguages } from './language/known-languages.ts'
import type { LexicalIndex } from './lexical/types.ts'
import type { Vocabulary } from './lexical/vocabulary.ts'
import type { ResidentChunks, WrittenChunks } from './resident-chunks.ts'
import {
  type CutChunk,
  chunksOf,
  lockVersions,
  parseSubject,
  readSubjects,
  type Subject,
  type SubjectTexts,
  textToEmbed,
  withTerms,
} from './subjects.ts'
import { estimateTokens } from './token-estimate.ts'
import type { IndexProgress } from './types.ts'
import type { ChunkVector, VectorIndex } from './vectors/types.ts'

/** Kind of the jobs that give chunks their vectors. Same subjects as `index`, which makes the chunks and queues these. */
export const EMBED_JOB = 'embed'

export interface IndexerParts {
  db: Database
  vault: Pick<Vault, 'id' | 'onChange'>
  embedder: Embedder
  lexical: LexicalIndex
  vocabulary: Vocabulary
  languages: KnownLanguages
  vectors: VectorIndex
  /** Is told of what is written. */
  resident?: ResidentChunks | undefined
  clock: Clock
  log: Log
}

/**
 * Makes chunks and vectors in the background, in two steps, so that words can be searched although the models are down:
 *
 *     vault ──index job──> chunks (and with them the lexical index) ──embed job──> vectors
 *
 * Both steps can be cut off anywhere and done again: a job goes only when its work is stored, and work that is there is not repeated.
 */
export interface Indexer extends Closable {
  progress(): Promise<IndexProgress>
  /** Called when the figures may have changed, at most a few times a second. */
  onProgress(listener: (progress: IndexProgress) => void): () => void
  /** Whether it works just now, or is about to, because something was queued; not while it waits for the models to come back. */
  isBusy(): boolean
  /** Called when it has nothing to do, or has to wait. */
  onRest(listener: () => void): () => void
  /** Looks for work at once, also for work that was put off because the models were down. */
  wake(): void
  /** Resolves when no work waits. What has failed for good does not count. */
  idle(): Promise<void>
  /** Takes away what was learned from texts that are gone: words that stand nowhere any more. */
  forgetWords(): Promise<void>
  /**
   * Makes all chunks, vectors and both indexes anew.
   * @param onProgress counts captures and notes
   * @throws LvaError cancelled (the work goes on in the background), model-process-down (when it stays down; words are indexed)
   */
  rebuild(onProgress: (done: number, total: number) => void, signal?: AbortSignal): Promise<void>
}

/** Jobs that are taken at once. */
const INDEX_JOBS = 32
/** More than jobs of the index: texts are computed beside others of their length, and among more of them there are closer ones. */
const EMBED_JOBS = 256
/** Chunks of these jobs that are in memory together, or those of one long text. */
const CHUNKS_AT_ONCE = 512
/** Takers of embed jobs: while one reads its chunks or ends its jobs, the models work for another. */
const EMBEDDERS = 2
/** Rows that one transaction writes, so that nobody waits long for the database. */
const ROWS_AT_ONCE = 64
/** Texts and tokens, padding included, that are embedded in one request, so that a search, which comes after it, does not wait long for its query's vector. */
const TEXTS_AT_ONCE = 16
const TOKENS_AT_ONCE = 1_024
/** Requests that are with the models: one is computed, and the next one is there when that is done. */
const REQUESTS_AT_ONCE = 2
/** Vectors that one statement stores: it takes hardly longer for these than for one. */
const VECTORS_AT_ONCE = 32
/** Subjects that are looked at together when what is missing is searched for. */
const SURVEY_PAGE = 500
/** Work on a change begins this much later, so that the answer to what was just said is looked for first. */
const SETTLE_MS = 200
const PROGRESS_EVERY_MS = 300
const LONGEST_SLEEP_MS = 60_000
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** Pauses in a row after which a rebuild stops waiting for the models: about a minute. */
const PAUSES_TO_GIVE_UP = 6

/** Failures of what everything needs, not of the text at hand: all work waits for them to pass, and no job is blamed. */
const PAUSING = ['model-process-down', 'model-files-damaged', 'timeout', 'database-unreachable', 'disk-full'] as const

export function createIndexer(parts: IndexerParts): Indexer {
  return new BackgroundIndexer(parts)
}

class BackgroundIndexer implements Indexer {
  readonly #parts: IndexerParts
  readonly #vaultId: string
  readonly #listeners = new Set<(progress: IndexProgress) => void>()
  readonly #restListeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #stopListening: () => void
  readonly #loop: Promise<void>
  /** One at a time: a round of work, or a rebuild's clearing. */
  readonly #turn = new Mutex()
  /** Those who wait for a rebuild's clearing, or another work that no round may be beside. */
  #turnsWanted = 0
  readonly #atModels = new Slots(REQUESTS_AT_ONCE)
  /** Ends a sleep. */
  #alarm = new AbortController()
  /** Lets those of a round who found no work look again. */
  #news = new AbortController()
  #waitingForIdle: PromiseWithResolvers<void>[] = []
  #running = false
  /** How often something was queued, and how often it had been when all of that was looked at. */
  #stirs = 0
  #looked = 0
  #surveyed = false
  #repaired = false
  /** Vectors are not tried again before this, by the clock. */
  #pausedUntil = 0
  #pauses = 0
  #pauseReason: LvaError | undefined
  #progressDue: Promise<void> | undefined
  #noticing: Promise<void> | undefined

  constructor(parts: IndexerParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
    this.#stopListening = parts.vault.onChange(() => this.#noticeChange())
    this.#loop = this.#work()
  }

  async progress(): Promise<IndexProgress> {
    const [counts, indexed] = await Promise.all([this.#countSubjects(), this.#parts.vectors.count()])
    return { ...counts, indexed, running: this.#running }
  }

  onProgress(listener: (progress: IndexProgress) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  isBusy(): boolean {
    return this.#running || this.#stirs !== this.#looked
  }

  onRest(listener: () => void): () => void {
    this.#restListeners.add(listener)
    return () => this.#restListeners.delete(listener)
  }

  wake(): void {
    this.#pausedUntil = 0
    this.#stirs += 1
    this.#stir()
  }

  idle(): Promise<void> {
    const waiting = Promise.withResolvers<void>()
    if (this.#closing.signal.aborted) waiting.reject(closed())
    else this.#waitingForIdle.push(waiting)
    this.#alarm.abort()
    return waiting.promise
  }

  async forgetWords(): Promise<void> {
    await this.#betweenRounds(() => this.#parts.vocabulary.prune())
  }

  async rebuild(onProgress: (done: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    const { db, vectors, lexical, vocabulary, clock } = this.#parts
    const total = await this.#betweenRounds(async () => {
      await vectors.clear()
      await vocabulary.clear()
      await db.query('delete from chunks where vault_id = $1', [this.#vaultId])
      this.#parts.resident?.clear()
      await lexical.repair()
      return db.transaction(async (tx) => {
        const rows = await tx.query<{ subject: string }>(
          `select 'capture:' || id as subject from captures where vault_id = $1
           union all select 'note:' || id from notes where vault_id = $1
           union all select 'document:' || id from documents where vault_id = $1`,
          [this.#vaultId],
        )
        await enqueueJobs(
          tx,
          this.#vaultId,
          INDEX_JOB,
          rows.map((row) => row.subject),
          clock,
        )
        return rows.length
      })
    })
    const report = ({ pending, failed }: IndexProgress) => onProgress(Math.max(0, total - pending - failed), total)
    const stop = this.onProgress(report)
    this.#pauses = 0
    this.wake()
    onProgress(0, total)
    try {
      await this.#finished(signal)
      onProgress(total, total)
    } finally {
      stop()
    }
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#closing.abort(closed())
    this.#alarm.abort()
    await this.#loop
    await this.#progressDue
    await this.#noticing
    for (const waiting of this.#waitingForIdle.splice(0)) waiting.reject(closed())
  }

  #noticeChange(): void {
    // At once: others who look now whether there is work let it go first.
    this.#stirs += 1
    this.#noticing ??= this.#parts.clock
      .sleep(SETTLE_MS, this.#closing.signal)
      .catch(() => undefined)
      .then(() => {
        this.#noticing = undefined
        this.#stir()
      })
  }

  #stir(): void {
    this.#alarm.abort()
    this.#tellWorkers()
  }

  #tellWorkers(): void {
    const told = this.#news
    this.#news = new AbortController()
    told.abort()
  }

  /** `idle`, unless the reader stops waiting or the models stay down. */
  async #finished(signal: AbortSignal | undefined): Promise<void> {
    const idle = this.idle()
    const over = new AbortController()
    const watch = async () => {
      for (;;) {
        if (signal?.aborted)
          throw new LvaError('cancelled', 'Stopped waiting; the index is completed in the background.')
        if (this.#pauses >= PAUSES_TO_GIVE_UP && this.#pauseReason) throw this.#pauseReason
        await this.#parts.clock.sleep(PROGRESS_EVERY_MS, over.signal)
      }
    }
    try {
      await Promise.race([idle, watch()])
    } finally {
      over.abort()
      idle.catch(() => undefined)
    }
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#parts
    while (!this.#closing.signal.aborted) {
      this.#alarm = new AbortController()
      // Only these may be told that nothing waits: who asks later knows of work that this round may not have seen.
      const asking = [...this.#waitingForIdle]
      const stirs = this.#stirs
      try {
        const worked = await this.#turn.run(() => this.#round())
        if (!worked) await this.#rest(asking, stirs)
      } catch (error) {
        if (this.#closing.signal.aborted) break
        log.error({ error }, 'the background index met an error and goes on')
        this.#looked = stirs
        this.#endRun()
        await this.#sleep(clock.now() + PAUSE_MS)
      }
    }
  }

  /**
   * Makes chunks beside the models, which leave the database alone most of the time, until neither finds work. Ends sooner where somebody
   * waits for the turn.
   * @returns false when there was nothing to do
   */
  async #round(): Promise<boolean> {
    if (!this.#surveyed) {
      await this.#survey()
      this.#surveyed = true
    }
    const over = new AbortController()
    const workers = [() => this.#indexSome(), ...Array.from({ length: EMBEDDERS }, () => () => this.#embedSome())].map(
      (some) => ({ some, isResting: false }),
    )
    const work = async (worker: (typeof workers)[number]): Promise<boolean> => {
      let worked = false
      while (this.#goesOn() && !over.signal.aborted) {
        // Before it looks, so that what comes while it does is not missed.
        const { signal: news } = this.#news
        const found = await worker.some()
        worked ||= found
        if (found) continue
        worker.isResting = true
        if (workers.every(({ isResting }) => isResting)) over.abort()
        await untilAny([news, over.signal, this.#closing.signal])
        worker.isResting = false
      }
      return worked
    }
    const outcomes = await allToTheirEnds(
      workers.map((worker) =>
        work(worker).catch((error) => {
          over.abort()
          throw error
        }),
      ),
    )
    return outcomes.some((worked) => worked)
  }

  #goesOn(): boolean {
    return !this.#closing.signal.aborted && this.#turnsWanted === 0
  }

  /** Runs a task between two rounds. */
  async #betweenRounds<T>(task: () => Promise<T>): Promise<T> {
    this.#turnsWanted += 1
    this.#stir()
    try {
      return await this.#turn.run(task)
    } finally {
      this.#turnsWanted -= 1
    }
  }

  #endRun(): void {
    this.#running = false
    for (const listener of this.#restListeners) listener()
  }

  /** Nothing is due: says so to who asked, and sleeps until something is. */
  async #rest(asking: readonly PromiseWithResolvers<void>[], stirs: number): Promise<void> {
    const { db } = this.#parts
    if (this.isBusy()) {
      this.#looked = stirs
      this.#endRun()
      this.#tellProgress()
    }
    const dues = await Promise.all([INDEX_JOB, EMBED_JOB].map((kind) => nextJobDue(db, this.#vaultId, kind)))
    const [index = Number.POSITIVE_INFINITY, embed = Number.POSITIVE_INFINITY] = dues
    const next = Math.min(index, Math.max(embed, this.#pausedUntil))
    if (next === Number.POSITIVE_INFINITY) {
      this.#waitingForIdle = this.#waitingForIdle.filter((waiting) => !asking.includes(waiting))
      for (const waiting of asking) waiting.resolve()
    }
    await this.#sleep(next)
  }

  /** Until an instant, at most a minute, or until something happens. */
  async #sleep(until: number): Promise<void> {
    const { clock } = this.#parts
    const wake = AbortSignal.any([this.#alarm.signal, this.#closing.signal])
    const ms = Math.min(LONGEST_SLEEP_MS, until - clock.now())
    if (ms > 0 && !wake.aborted) await clock.sleep(ms, wake).catch(() => undefined)
  }

  // ---------------------------------------------------------------------------------------------- chunks

  async #indexSome(): Promise<boolean> {
    const { db, clock } = this.#parts
    const jobs = await claimJobs(db, this.#vaultId, INDEX_JOB, INDEX_JOBS, clock)
    if (jobs.length === 0) return false
    this.#running = true
    await this.#attempt(jobs, (some) => this.#index(some))
    this.#tellWorkers()
    this.#tellProgress()
    return true
  }

  async #index(jobs: readonly Job[]): Promise<void> {
    const { db, vocabulary, languages, clock } = this.#parts
    const subjects = jobs.flatMap(({ subject }) => parseSubject(subject) ?? [])
    const texts = new Map((await readSubjects(db, this.#vaultId, subjects)).map((text) => [nameOf(text), text]))
    const work = subjects.map((subject) => chunkedSubject(subject, texts.get(nameOf(subject))))
    for (const part of inTransactions(work)) {
      // What is written stays: the job is given back, and chunks that are there are not made again.
      this.#closing.signal.throwIfAborted()
      const { fresh, ...written } = await this.#whole(() => db.transaction((tx) => this.#writePart(tx, part)))
      this.#parts.resident?.written(written)
      vocabulary.remember(fresh)
      languages.add(written.rows.map(({ language }) => language))
      await this.#embedBegun(part)
    }
    await db.transaction(async (tx) => {
      await enqueueJobs(tx, this.#vaultId, EMBED_JOB, subjects.map(nameOf), clock)
      await completeJobs(tx, this.#vaultId, jobs, clock)
    })
  }

  /** The models begin with a long text while the rest of it is written. */
  async #embedBegun(part: readonly ChunkedSubject[]): Promise<void> {
    const begun = part.flatMap(({ subject, goesOn }) => (goesOn ? [nameOf(subject)] : []))
    if (begun.length === 0) return
    await enqueueJobs(this.#parts.db, this.#vaultId, EMBED_JOB, begun, this.#parts.clock)
    this.#tellWorkers()
  }

  /** Writes what is still true: a text that has changed since it was read has a job again. */
  async #writePart(
    tx: Queries,
    part: readonly ChunkedSubject[],
  ): Promise<WrittenChunks & { fresh: ReadonlySet<string> }> {
    const versions = await lockVersions(
      tx,
      this.#vaultId,
      part.map(({ subject }) => subject),
    )
    const current = part.filter(({ subject, version }) => versions.get(nameOf(subject)) === version)
    const begun = current.filter(({ keptIds }) => keptIds !== undefined)
    const owners = begun.map(({ subject }) => subject)
    const keptIds = begun.flatMap(({ keptIds }) => keptIds ?? [])
    await deleteChunks(tx, this.#vaultId, owners, keptIds)
    const rows = current.flatMap((subject) => subject.rows.map(withTerms))
    await writeChunks(tx, this.#vaultId, rows)
    const fresh = await this.#parts.vocabulary.learn(
      tx,
      rows.map(({ text }) => text),
    )
    return { owners, keptIds, rows, fresh }
  }

  /** Runs a write of chunks; an error inside the lexical index is answered by making that anew, once. */
  async #whole<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (this.#repaired || !isLvaError(error, 'internal')) throw error
      this.#repaired = true
      this.#parts.log.warn({ error }, 'chunks could not be written; making the lexical index anew')
      await this.#parts.lexical.repair()
      return await write()
    }
  }

  // ---------------------------------------------------------------------------------------------- vectors

  async #embedSome(): Promise<boolean> {
    const { db, clock } = this.#parts
    if (clock.now() < this.#pausedUntil) return false
    const jobs = await claimJobs(db, this.#vaultId, EMBED_JOB, EMBED_JOBS, clock)
    if (jobs.length === 0) return false
    this.#running = true
    await this.#attempt(jobs, (some) => this.#embedInParts(some))
    this.#tellProgress()
    return true
  }

  async #embedInParts(jobs: readonly Job[]): Promise<void> {
    const waiting = await this.#inParts(jobs)
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      if (this.#goesOn()) await this.#embed(part)
      else await releaseJobs(this.#parts.db, this.#vaultId, part)
    }
  }

  /** Jobs in their order, in parts whose chunks are read together. */
  async #inParts(jobs: readonly Job[]): Promise<Job[][]> {
    const ids = jobs.map(({ subject }) => parseSubject(subject)?.id ?? '')
    const counts = await countChunks(this.#parts.db, this.#vaultId, ids)
    const parts: Job[][] = []
    let chunks = Number.POSITIVE_INFINITY
    for (const [index, job] of jobs.entries()) {
      const own = counts.get(ids[index] ?? '') ?? 0
      if (chunks + own > CHUNKS_AT_ONCE) {
        parts.push([])
        chunks = 0
      }
      parts.at(-1)?.push(job)
      chunks += own
    }
    return parts
  }

  async #embed(jobs: readonly Job[]): Promise<void> {
    const { db, vectors, clock } = this.#parts
    const idsOf = (subjects: readonly string[]) => subjects.flatMap((subject) => parseSubject(subject)?.id ?? [])
    const subjects = jobs.map(({ subject }) => subject)
    // Asked before the chunks are read: of a text that is still being cut, vectors may belong to chunks that come yet.
    const beingCut = await this.#indexJobsOf(subjects)
    const chunks = await readChunksToEmbed(db, this.#vaultId, idsOf(subjects))
    const ids = chunks.map(({ id }) => id)
    await vectors.prune(idsOf(subjects.filter((subject) => !beingCut.has(subject))), ids)
    const known = await vectors.known(ids)
    const isWhole = await this.#embedChunks(chunks.filter(({ id }) => !known.has(id)))
    if (isWhole) await completeJobs(db, this.#vaultId, jobs, clock)
    else await releaseJobs(db, this.#vaultId, jobs)
    this.#pauses = 0
  }

  async #indexJobsOf(subjects: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#parts.db.query<{ subject: string }>(
      "select subject from jobs where vault_id = $1 and kind = $2 and subject = any($3::text[]) and state <> 'failed'",
      [this.#vaultId, INDEX_JOB, subjects],
    )
    return new Set(rows.map(({ subject }) => subject))
  }

  /**
   * Stores the vectors of some requests while others are with the models.
   * @returns false where it was left, after what is stored, to somebody who waits for the turn
   */
  async #embedChunks(chunks: readonly ChunkToEmbed[]): Promise<boolean> {
    // Shared: each takes the next one that nobody took. One that fails ends it for all.
    const requests = inRequests(chunks)
    let made: ChunkVector[] = []
    let isWhole = true
    const store = async () => {
      const some = made
      made = []
      await this.#parts.vectors.add(some)
      this.#tellProgress()
    }
    const worker = async () => {
      for (const request of requests) {
        if (!this.#goesOn()) {
          isWhole = false
          return
        }
        const some = await this.#embedRequest(request)
        made.push(...some)
        if (made.length >= VECTORS_AT_ONCE) await store()
      }
    }
    // Also where one failed: what the others made is not made again.
    await allToTheirEnds(Array.from({ length: REQUESTS_AT_ONCE + 1 }, worker)).finally(store)
    return isWhole
  }

  async #embedRequest(request: readonly TextToEmbed[]): Promise<ChunkVector[]> {
    const texts = request.map(({ text }) => text)
    const made = await this.#atModels.run(() => this.#parts.embedder.embed(texts, { signal: this.#closing.signal }))
    return request.map(({ chunk }, index) => ({
      chunkId: chunk.id,
      vector: made[index] as Float32Array,
      place: chunk,
    }))
  }

  // ---------------------------------------------------------------------------------------------- failures

  /**
   * Works on jobs together and, where that fails because of one of them, on each alone, so that only the culprit is put off. Where it
   * fails because of something that all need, they are given back and the work pauses.
   */
  async #attempt(jobs: readonly Job[], work: (jobs: readonly Job[]) => Promise<void>): Promise<void> {
    const { db, clock, log } = this.#parts
    try {
      await work(jobs)
    } catch (error) {
      const failure = toLvaError(error)
      if (this.#closing.signal.aborted) {
        await releaseJobs(db, this.#vaultId, jobs)
      } else if (PAUSING.some((code) => code === failure.code)) {
        await releaseJobs(db, this.#vaultId, jobs)
        this.#pause(failure)
      } else if (jobs.length > 1) {
        for (const [done, job] of jobs.entries()) {
          if (this.#closing.signal.aborted) {
            await releaseJobs(db, this.#vaultId, jobs.slice(done))
            break
          }
          await this.#attempt([job], work)
        }
      } else {
        for (const job of jobs) {
          log.warn({ error, subject: job.subject, attempts: job.attempts }, 'a subject could not be indexed')
          await failJob(db, this.#vaultId, job, failure.code, clock)
        }
      }
    }
  }

  #pause(reason: LvaError): void {
    const { clock, log } = this.#parts
    // Others who met the same failure have told of it.
    if (clock.now() < this.#pausedUntil) return
    const wait = Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** this.#pauses)
    if (this.#pauses === 0) log.warn({ error: reason }, 'the background index pauses')
    this.#pauses += 1
    this.#pauseReason = reason
    this.#pausedUntil = clock.now() + wait
  }

  // ---------------------------------------------------------------------------------------------- survey

  /** Once after the start: gives up what belongs to nothing, and queues what has no vector of the present model, or failed before. */
  async #survey(): Promise<void> {
    const { db, vectors, clock } = this.#parts
    const owners = await vectors.owners()
    const gone = await db.query<{ id: string }>(
      `select id from unnest($2::text[]) as owner (id)
       where not exists (select from captures c where c.vault_id = $1 and c.id = owner.id)
         and not exists (select from notes n where n.vault_id = $1 and n.id = owner.id)
         and not exists (select from documents d where d.vault_id = $1 and d.id = owner.id)`,
      [this.#vaultId, owners],
    )
    if (gone.length > 0)
      await vectors.prune(
        gone.map(({ id }) => id),
        [],
      )
    for (const kind of [INDEX_JOB, EMBED_JOB]) {
      const failed = await db.query<{ subject: string }>(
        `select subject from jobs where vault_id = $1 and kind = $2 and state = 'failed'`,
        [this.#vaultId, kind],
      )
      await enqueueJobs(
        db,
        this.#vaultId,
        kind,
        failed.map((job) => job.subject),
        clock,
      )
    }
    // Chunks of before an upgrade, of which the lexical index does not know the words.
    const unread = await db.query<{ subject: string }>(
      `select distinct kind || ':' || capture_id as subject from chunks where vault_id = $1 and terms is null`,
      [this.#vaultId],
    )
    await enqueueJobs(
      db,
      this.#vaultId,
      INDEX_JOB,
      unread.map(({ subject }) => subject),
      clock,
    )
    const [row] = await db.query<{ count: number }>('select count(*) as count from chunks where vault_id = $1', [
      this.#vaultId,
    ])
    if ((row?.count ?? 0) > (await vectors.count())) await this.#queueChunksWithoutVector()
    else await vectors.dropOtherModels()
  }

  async #queueChunksWithoutVector(): Promise<void> {
    const { db, vectors, clock } = this.#parts
    for (let after = ''; ; ) {
      const page = await db.query<{ id: string; subject: string }>(
        `select id, kind || ':' || capture_id as subject from chunks where vault_id = $1 and id > $2 order by id limit $3`,
        [this.#vaultId, after, SURVEY_PAGE],
      )
      const last = page.at(-1)
      if (!last || this.#closing.signal.aborted) return
      after = last.id
      const known = await vectors.known(page.map(({ id }) => id))
      const missing = page.filter(({ id }) => !known.has(id)).map(({ subject }) => subject)
      await enqueueJobs(db, this.#vaultId, EMBED_JOB, [...new Set(missing)], clock)
    }
  }

  // ---------------------------------------------------------------------------------------------- progress

  async #countSubjects(): Promise<{ pending: number; failed: number }> {
    const [row] = await this.#parts.db.query<{ pending: number; failed: number }>(
      `select count(distinct subject) filter (where state <> 'failed') as pending,
         count(distinct subject) filter (where state = 'failed') as failed
       from jobs where vault_id = $1 and kind = any($2::text[])`,
      [this.#vaultId, [INDEX_JOB, EMBED_JOB]],
    )
    return { pending: row?.pending ?? 0, failed: row?.failed ?? 0 }
  }

  #tellProgress(): void {
    if (this.#progressDue || this.#listeners.size === 0) return
    const { clock, log } = this.#parts
    this.#progressDue = (async () => {
      await clock.sleep(PROGRESS_EVERY_MS, this.#closing.signal).catch(() => undefined)
      this.#progressDue = undefined
      if (this.#closing.signal.aborted) return
      const progress = await this.progress()
      for (const listener of this.#listeners) listener(progress)
    })().catch((error) => log.warn({ error }, 'the progress of the index could not be told'))
  }
}

/** A part of a subject's chunks that is written in one transaction. */
interface ChunkedSubject {
  subject: Subject
  /** Of the row that the chunks were made from; undefined when it is deleted. */
  version: string | undefined
  rows: CutChunk[]
  /** Whether later parts follow. */
  goesOn: boolean
  /** Given with the subject's first part: its chunks, all others are deleted. */
  keptIds?: string[]
}

function chunkedSubject(subject: Subject, texts: SubjectTexts | undefined): ChunkedSubject {
  const rows = texts ? chunksOf(texts) : []
  return { subject, version: texts?.version, rows, goesOn: false, keptIds: rows.map(({ id }) => id) }
}

/** Groups small subjects and cuts large ones, so that no transaction writes more than `ROWS_AT_ONCE` chunks. */
function* inTransactions(work: readonly ChunkedSubject[]): Generator<ChunkedSubject[]> {
  let part: ChunkedSubject[] = []
  let rows = 0
  for (const whole of work) {
    for (let from = 0; from === 0 || from < whole.rows.length; from += ROWS_AT_ONCE) {
      const { keptIds, ...rest } = whole
      const slice = {
        ...rest,
        rows: whole.rows.slice(from, from + ROWS_AT_ONCE),
        goesOn: from + ROWS_AT_ONCE < whole.rows.length,
        ...(from === 0 && keptIds ? { keptIds } : {}),
      }
      if (rows + slice.rows.length > ROWS_AT_ONCE) {
        yield part
        part = []
        rows = 0
      }
      part.push(slice)
      rows += slice.rows.length
    }
  }
  if (part.length > 0) yield part
}

/** A chunk as the embedder reads it. */
interface TextToEmbed {
  chunk: ChunkToEmbed
  text: string
}

/** Cuts chunks into requests to the embedder, of similar length in tokens so that little of a batch is padding; the shortest first. */
function* inRequests(chunks: readonly ChunkToEmbed[]): Generator<TextToEmbed[]> {
  let request: TextToEmbed[] = []
  const measured = chunks.map((chunk) => {
    const text = textToEmbed(chunk, chunk.context)
    return { chunk, text, tokens: estimateTokens(text) }
  })
  for (const { chunk, text, tokens } of measured.sort((a, b) => a.tokens - b.tokens)) {
    const isFull = request.length === TEXTS_AT_ONCE || tokens * (request.length + 1) > TOKENS_AT_ONCE
    if (isFull && request.length > 0) {
      yield request
      request = []
    }
    request.push({ chunk, text })
  }
  if (request.length > 0) yield request
}

/** Waits for all, whatever becomes of some: nothing of them may reach into what comes after. @throws what the first that failed throws */
async function allToTheirEnds<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

/** Resolves once one of the signals is aborted. */
function untilAny(signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals)
  return new Promise((resolve) => {
    if (any.aborted) resolve()
    else any.addEventListener('abort', () => resolve(), { once: true })
  })
}

function nameOf({ kind, id }: Subject): string {
  return `${kind}:${id}`
}

function closed(): LvaError {
  return new LvaError('cancelled', 'The index is closed.')
}
