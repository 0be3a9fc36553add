import { type Clock, isLvaError, type Log, toLvaError } from '../../kernel/index.ts'
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
import { FOLD_JOB, FOLD_SUBJECT, type Vault } from '../../vault/index.ts'
import { lockVersions, parseSubject, readSubjects, type SubjectTexts } from '../subjects.ts'
import { ownFields, type ReadSubject, sourceMark, writeMentions } from './mention-rows.ts'
import { joined, readByModel } from './model-reader.ts'
import { EXTRACTOR } from './read.ts'
import type { Reader } from './types.ts'

/** Kind of the jobs that let a language model read what the device has read: `capture:<id>`, `note:<id>`. Documents stay on the device. */
export const IMPROVE_JOB = 'concepts-by-model'

export interface ImprovementParts {
  db: Database
  vault: Pick<Vault, 'id'>
  reader: Reader
  languageModel?: () => Promise<LanguageModel | undefined>
  clock: Clock
  log: Log
  signal: AbortSignal
}

const TEXTS_AT_ONCE = 8
/** UTF-16 code units of one request; a longer text is left to the device. */
const CHARACTERS_AT_ONCE = 8_000
/** An answer that is no use is paid for, too. */
const RETRIES = { maxAttempts: 2, baseMs: 30_000, capMs: 30_000 }
const PAUSE_MS = 10 * 60_000

/**
 * Reads again with a language model what the device has read, in the background, where the learner wants it. Whatever fails, what the device
 * read stays.
 *
 *     an answer that is no use     the texts are tried once more, each alone, then left as they are
 *     any other error              budget, network, key: all wait ten minutes, or until a setting changes
 */
export class Improvement {
  readonly #parts: ImprovementParts
  readonly #vaultId: string
  /** The model that reads; null while none does, undefined before the first look. */
  #reading: string | null | undefined
  #pausedUntil = 0

  constructor(parts: ImprovementParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
  }

  /** A setting changed, perhaps the budget or an address: what was put off is tried at once. */
  reconsider(): void {
    this.#pausedUntil = 0
  }

  /** The device has read this text, part of the caller's transaction. */
  async notice(tx: Queries, subject: string): Promise<void> {
    if (this.#reading && isSent(subject))
      await enqueueJobs(tx, this.#vaultId, IMPROVE_JOB, [subject], this.#parts.clock)
    // When it is on again, all that the device read is queued.
    else
      await tx.query('delete from jobs where vault_id = $1 and kind = $2 and subject = $3', [
        this.#vaultId,
        IMPROVE_JOB,
        subject,
      ])
  }

  /** When there is something to do again, in milliseconds since 1970. */
  async due(): Promise<number> {
    if (!this.#reading) return Number.POSITIVE_INFINITY
    const next = await nextJobDue(this.#parts.db, this.#vaultId, IMPROVE_JOB)
    return next === undefined ? Number.POSITIVE_INFINITY : Math.max(next, this.#pausedUntil)
  }

  /** One request. @returns false when there was nothing to do */
  async some(): Promise<boolean> {
    const { db, clock } = this.#parts
    const model = await this.#parts.languageModel?.()
    const before = this.#reading
    this.#reading = model && model.provider !== 'offline' ? `${model.provider}/${model.model}` : null
    if (!model || !this.#reading || clock.now() < this.#pausedUntil) return false
    if (this.#reading !== before) await this.#survey(before !== undefined)
    const claimed = await claimJobs(db, this.#vaultId, IMPROVE_JOB, TEXTS_AT_ONCE, clock)
    if (claimed.length === 0) return false
    try {
      const { jobs, texts } = await this.#batch(claimed)
      await this.#attempt(model, jobs, texts)
    } catch (error) {
      await releaseJobs(db, this.#vaultId, claimed)
      throw error
    }
    return true
  }

  /** Queues what the device alone has read. What was given up is paid for again only by the learner's doing: switched on, or another model. */
  async #survey(withGivenUp: boolean): Promise<void> {
    const { db, clock } = this.#parts
    const rows = await db.query<{ subject: string }>(
      `select s.kind || ':' || s.capture_id as subject from concept_sources s
       where s.vault_id = $1 and s.kind in ('capture', 'note') and s.extractor like $2
         and ($3 or not exists (select from jobs j where j.vault_id = $1 and j.kind = $4 and j.state = 'failed'
           and j.subject = s.kind || ':' || s.capture_id)) order by 1 desc`,
      [this.#vaultId, `${EXTRACTOR}/%`, withGivenUp, IMPROVE_JOB],
    )
    const subjects = rows.map(({ subject }) => subject)
    await enqueueJobs(db, this.#vaultId, IMPROVE_JOB, subjects, clock)
  }

  /** What goes into one request: a handful of short texts, or one that failed among others before. The rest is given back, what needs nothing is done. */
  async #batch(claimed: readonly Job[]): Promise<{ jobs: Job[]; texts: SubjectTexts[] }> {
    const { db, clock } = this.#parts
    const alone = claimed.find(({ attempts }) => attempts > 1)
    const wanted = alone ? [alone] : claimed
    const subjects = wanted.flatMap(({ subject }) => parseSubject(subject) ?? [])
    const known = new Map((await readSubjects(db, this.#vaultId, subjects)).map((texts) => [nameOf(texts), texts]))
    const marks = await this.#marks(subjects.map(nameOf))
    const batch: { jobs: Job[]; texts: SubjectTexts[] } = { jobs: [], texts: [] }
    const done: Job[] = []
    const later = claimed.filter((job) => !wanted.includes(job))
    let characters = 0
    for (const job of wanted) {
      const texts = known.get(job.subject)
      const length = texts ? ownFields(texts).reduce((sum, { text }) => sum + text.length, 0) : 0
      const isRead = texts !== undefined && marks.get(job.subject) === sourceMark(texts, 'model')
      if (!texts || isRead || length === 0 || length > CHARACTERS_AT_ONCE) done.push(job)
      else if (characters + length > CHARACTERS_AT_ONCE) later.push(job)
      else {
        characters += length
        batch.jobs.push(job)
        batch.texts.push(texts)
      }
    }
    await completeJobs(db, this.#vaultId, done, clock)
    await releaseJobs(db, this.#vaultId, later)
    return batch
  }

  async #marks(subjects: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#parts.db.query<{ subject: string; extractor: string }>(
      `select kind || ':' || capture_id as subject, extractor from concept_sources
       where vault_id = $1 and kind || ':' || capture_id = any($2::text[])`,
      [this.#vaultId, [...subjects]],
    )
    return new Map(rows.map(({ subject, extractor }) => [subject, extractor]))
  }

  async #attempt(model: LanguageModel, jobs: readonly Job[], texts: readonly SubjectTexts[]): Promise<void> {
    if (jobs.length === 0) return
    const { db, clock, log, signal } = this.#parts
    try {
      await this.#store(jobs, await this.#read(model, texts))
    } catch (error) {
      if (!signal.aborted && isLvaError(error, 'provider-not-understood')) {
        log.warn({ error, texts: jobs.length }, 'the language model did not read concepts as it should')
        for (const job of jobs) await failJob(db, this.#vaultId, job, error.code, clock, RETRIES)
        return
      }
      await releaseJobs(db, this.#vaultId, jobs)
      if (signal.aborted) return
      this.#pausedUntil = clock.now() + PAUSE_MS
      log.warn({ code: toLvaError(error).code }, 'the language model does not read concepts for now')
    }
  }

  async #read(model: LanguageModel, texts: readonly SubjectTexts[]): Promise<ReadSubject[]> {
    const { reader, signal } = this.#parts
    const fields = texts.flatMap((subject) => ownFields(subject).map((field) => ({ subject, ...field })))
    const byModel = await readByModel(
      model,
      fields.map(({ text }) => text),
      signal,
    )
    const readings = new Map<SubjectTexts, ReadSubject['readings']>(texts.map((subject) => [subject, []]))
    for (const [index, { subject, field, text }] of fields.entries()) {
      const reading = joined(byModel[index] ?? { terms: [], relations: [] }, await reader.read(text, signal))
      readings.get(subject)?.push({ field, reading })
    }
    return Array.from(readings, ([subject, list]) => ({
      kind: subject.kind,
      id: subject.id,
      texts: subject,
      readings: list,
      by: 'model',
    }))
  }

  async #store(jobs: readonly Job[], read: readonly ReadSubject[]): Promise<void> {
    const { db, clock } = this.#parts
    await db.transaction(async (tx) => {
      const versions = await lockVersions(tx, this.#vaultId, read)
      // A text that has changed since is read by the device again, and queued then.
      const current = read.filter((subject) => versions.get(nameOf(subject)) === subject.texts.version)
      await writeMentions(tx, this.#vaultId, current)
      await enqueueJobs(tx, this.#vaultId, FOLD_JOB, [FOLD_SUBJECT], clock)
      await completeJobs(tx, this.#vaultId, jobs, clock)
    })
  }
}

function isSent(subject: string): boolean {
  const kind = parseSubject(subject)?.kind
  return kind === 'capture' || kind === 'note'
}

function nameOf({ kind, id }: { kind: string; id: string }): string {
  return `${kind}:${id}`
}
