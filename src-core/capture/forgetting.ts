import { type Clock, type Closable, type Log, LvaError, Mutex } from '../kernel/index.ts'
import { type BlobStore, type Database, enqueueJobs } from '../store/index.ts'
import type { Deleted, Vault } from '../vault/index.ts'
import { unnamedBlobs } from './blob-names.ts'

export interface ForgettingParts {
  db: Database
  vault: Pick<Vault, 'id' | 'forgetting'>
  blobs: Pick<BlobStore, 'delete'>
  /** Resolves when chunks, vectors, words, concepts and their graph show what is kept now, or when that cannot be had soon. */
  settle(signal: AbortSignal): Promise<void>
  clock: Clock
  log: Log
}

/** How many things were forgotten. */
export interface ForgottenCounts {
  captures: number
  notes: number
  documents: number
  memories: number
  cards: number
}

const HOUR = 3_600_000
/** For so long what was deleted can be taken back. Hours. */
const DELETED_HOURS = 24
/** The database's files are rewritten so long after something was forgotten, so that much of it is rewritten once. Milliseconds. */
const SCRUB_AFTER = 5 * 60_000
/** Of the time goes into it at most, where it takes long. */
const SCRUB_SHARE = 1 / 20
/** Kind and subject of the job that says that they are to be rewritten, also after a restart. */
const SCRUB_JOB = 'scrub'
const SCRUB_SUBJECT = 'database'

/** Sees to it that what was deleted is gone from everything on this device (docs/vault.md §7): a day later by itself, or at once. */
export class Forgetting implements Closable {
  readonly #parts: ForgettingParts
  readonly #closing = new AbortController()
  readonly #turn = new Mutex()
  readonly #stopListening: () => void
  #waitingToScrub = new AbortController()
  /** How often something was forgotten of which the files are to be rewritten. */
  #debts = 0
  /** When they may be rewritten by themselves again, by the monotonic clock. */
  #restUntil = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: ForgettingParts) {
    this.#parts = parts
    this.#stopListening = parts.vault.forgetting.onForgotten(() => this.#owe())
  }

  /** Looks now and every hour, and rewrites what an earlier run of the program left. */
  start(): void {
    const run = async () => {
      if (await this.#isOwed().catch(() => false)) this.#scrubLater()
      while (!this.#closing.signal.aborted) {
        await this.forgetDue().catch((error: unknown) => {
          this.#parts.log.warn({ error }, 'what was deleted stays for another hour')
        })
        await this.#parts.clock.sleep(HOUR, this.#closing.signal).catch(() => undefined)
      }
    }
    void run()
  }

  /** What was deleted and can still be taken back. */
  async waiting(): Promise<Deleted & { hours: number }> {
    return { ...(await this.#parts.vault.forgetting.deleted()), hours: DELETED_HOURS }
  }

  /** Forgets what was deleted longer ago than a day. Statements and cards that the learner kept stay, though their source is gone. */
  forgetDue(): Promise<ForgottenCounts> {
    return this.#forget(this.#parts.clock.now() - DELETED_HOURS * HOUR, 'proposals')
  }

  /**
   * Forgets everything that was deleted, with all that was made of it, and rewrites the database's files. Resolves when nothing of it is left.
   * @throws LvaError disk-full: it is forgotten, but the files are rewritten later
   */
  async forgetNow(): Promise<ForgottenCounts> {
    const counts = await this.#forget(this.#parts.clock.now() + 1, 'everything')
    await this.scrub()
    return counts
  }

  /** Rewrites the database's files, once derived work is done. */
  scrub(): Promise<void> {
    return this.#inTurn(async () => {
      const { db, vault, settle, clock } = this.#parts
      const { signal } = this.#closing
      this.#waitingToScrub.abort()
      const debts = this.#debts
      try {
        await settle(signal)
        const begun = clock.monotonic()
        await db.scrub(signal)
        this.#restUntil = clock.monotonic() + (clock.monotonic() - begun) / SCRUB_SHARE
      } catch (error) {
        // The note stays, also for the next start.
        this.#scrubLater(HOUR)
        throw error
      }
      // What was forgotten meanwhile may stand in a table that was written before.
      if (debts === this.#debts)
        await db.query('delete from jobs where vault_id = $1 and kind = $2', [vault.id, SCRUB_JOB])
    })
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#closing.abort(new LvaError('cancelled', 'Forgetting is closed.'))
    await this.#last.catch(() => undefined)
  }

  #forget(before: number, along: 'proposals' | 'everything'): Promise<ForgottenCounts> {
    const { db, vault, blobs } = this.#parts
    return this.#inTurn(async () => {
      const forgotten = await vault.forgetting.forget(new Date(before).toISOString(), along)
      await db.query('delete from document_texts where vault_id = $1 and document_id = any($2::text[])', [
        vault.id,
        forgotten.documents,
      ])
      for (const sha256 of await unnamedBlobs(db, vault.id, forgotten.blobs)) {
        await blobs.delete(sha256)
        await db.query('delete from picture_blobs where vault_id = $1 and sha256 = $2', [vault.id, sha256])
      }
      const { captures, notes, documents, memories, cards } = forgotten
      // What was asked of the net was made of the learner's words.
      if (along === 'everything' || captures.length > 0)
        await db.query('delete from research_cache where vault_id = $1', [vault.id])
      return { captures: captures.length, notes: notes.length, documents: documents.length, memories, cards }
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.run(() => {
      this.#closing.signal.throwIfAborted()
      return work()
    })
    this.#last = done
    return done
  }

  /** Notes that the files are to be rewritten, and does it once nothing has been forgotten for a while. */
  #owe(): void {
    this.#debts += 1
    const { db, vault, clock, log } = this.#parts
    enqueueJobs(db, vault.id, SCRUB_JOB, [SCRUB_SUBJECT], clock).catch((error: unknown) => {
      log.warn({ error }, 'it could not be noted that the files of the database are to be rewritten')
    })
    this.#scrubLater()
  }

  #scrubLater(after = SCRUB_AFTER): void {
    this.#waitingToScrub.abort()
    this.#waitingToScrub = new AbortController()
    const { clock, log } = this.#parts
    const wait = Math.max(after, this.#restUntil - clock.monotonic())
    clock.sleep(wait, AbortSignal.any([this.#waitingToScrub.signal, this.#closing.signal])).then(
      () =>
        this.scrub().catch((error: unknown) => {
          if (!this.#closing.signal.aborted) log.warn({ error }, 'the files of the database are rewritten later')
        }),
      () => undefined, // more was forgotten meanwhile, or it is closed
    )
  }

  async #isOwed(): Promise<boolean> {
    const rows = await this.#parts.db.query('select 1 from jobs where vault_id = $1 and kind = $2', [
      this.#parts.vault.id,
      SCRUB_JOB,
    ])
    return rows.length > 0
  }
}
