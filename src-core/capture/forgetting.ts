import { type Clock, type Closable, type Log, LvaError, Mutex, SCREENS_SESSION } from '../kernel/index.ts'
import { type BlobStore, type Database, enqueueJobs } from '../store/index.ts'
import { type DeletedThing, FORGET_JOB, FORGET_KEPT_JOB, type Vault } from '../vault/index.ts'
import { unnamedBlobs } from './blob-names.ts'

export interface ForgettingParts {
  db: Database
  vault: Pick<Vault, 'id' | 'forgetting' | 'captures' | 'sessions' | 'notes' | 'library'>
  blobs: Pick<BlobStore, 'delete'>
  /** Resolves when chunks, vectors, words, concepts and their graph show what is kept now, or when that cannot be had soon. */
  settle(signal: AbortSignal): Promise<void>
  clock: Clock
  log: Log
}

/** Something that was deleted and can be restored: what was deleted with its session is one thing. */
export interface RestorableThing {
  kind: DeletedThing['kind']
  id: string
  /** When it was deleted, by the clock of the device on which it was. */
  at: string
  words: string
  /** Entries that a session brings along; 1 elsewhere. */
  entries: number
  isFrame: boolean
  /** Hours after which it goes by itself; null while it is a conflict that waits for the learner. */
  hoursLeft: number | null
}

/** Which thing is meant. */
export type ThingName = Pick<RestorableThing, 'kind' | 'id'>

/** How much can still be restored. */
export interface DeletedCounts {
  captures: number
  notes: number
  documents: number
  collections: number
  /** When the first of it was deleted; null where nothing waits. */
  oldest: string | null
  /** Hours for which it can be restored. */
  hours: number
}

/** How many things were forgotten. */
export interface ForgottenCounts {
  captures: number
  notes: number
  documents: number
  collections: number
  memories: number
  cards: number
}

const HOUR = 3_600_000
/** For so long what was deleted can be taken back. Hours. */
const DELETED_HOURS = 24
/** Of time in which the program did not run, or the clock went further than time did, so much counts at once. Hours. */
const UNSEEN_HOURS = 12
/** The database's files are rewritten so long after something was forgotten, so that much of it is rewritten once. Milliseconds. */
const SCRUB_AFTER = 5 * 60_000
/** Of the time goes into it at most, where it takes long. */
const SCRUB_SHARE = 1 / 20
/** Kind and subject of the job that says that they are to be rewritten, also after a restart. */
const SCRUB_JOB = 'scrub'
const SCRUB_SUBJECT = 'database'

/** Jobs that clean up, and whether their subject has come back meanwhile from a device that had edited or restored it: then nothing of it goes. */
const JOBS = `
select kind, subject, case split_part(subject, ':', 1)
  when 'note' then exists (select from notes n where n.vault_id = $1 and n.id = substr(subject, strpos(subject, ':') + 1))
  when 'document' then exists (select from documents d where d.vault_id = $1 and d.id = substr(subject, strpos(subject, ':') + 1))
  when 'blob' then false
  else exists (select from captures c where c.vault_id = $1 and c.id = substr(subject, strpos(subject, ':') + 1)) end as "isBack"
from jobs where vault_id = $1 and kind = any($2::text[])`

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
  /** When deletions were looked at last, by the monotonic clock; null before the first look of this run. */
  #lookedAt: number | null = null

  constructor(parts: ForgettingParts) {
    this.#parts = parts
    this.#stopListening = parts.vault.forgetting.onForgotten(() => {
      this.#owe()
      this.#cleanUpLater()
    })
  }

  /** Looks now and every hour, cleans up and rewrites what an earlier run of the program left. */
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

  /** How much was deleted and can still be restored. */
  async waiting(): Promise<DeletedCounts> {
    const things = await this.#parts.vault.forgetting.deleted()
    return {
      ...countsOf(things),
      hours: DELETED_HOURS,
      oldest: things.reduce<string | null>((first, { at }) => (first === null || at < first ? at : first), null),
    }
  }

  /** What was deleted and can still be restored, what was deleted last first. */
  async list(): Promise<RestorableThing[]> {
    return this.#inTurn(async () => {
      const things = await this.#parts.vault.forgetting.deleted()
      const waited = await this.#wait(things)
      const hoursLeft = (thing: DeletedThing) =>
        thing.isContested ? null : Math.max(0, DELETED_HOURS - (waited.get(thing) ?? 0) / HOUR)
      return [...Map.groupBy(things, (thing) => nameOf(wholeOf(thing))).values()]
        .flatMap((group): RestorableThing[] => {
          const [first] = group
          if (!first) return []
          const entries = group.filter(({ kind }) => kind === 'capture')
          const titled = group.find(({ kind }) => kind === 'session') ?? entries.at(0) ?? first
          const left = group.map(hoursLeft)
          return [
            {
              ...wholeOf(first),
              ...{ at: first.at, words: titled.words, entries: Math.max(1, entries.length) },
              isFrame: first.sessionId?.startsWith(SCREENS_SESSION) ?? false,
              hoursLeft: left.some((hours) => hours === null) ? null : Math.min(...left.map(Number)),
            },
          ]
        })
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    })
  }

  /** Restores what was deleted; each is a step that undo takes back. @throws LvaError not-found for what is not there any more */
  async restore(things: readonly ThingName[]): Promise<void> {
    const { captures, sessions, notes, library } = this.#parts.vault
    const idsOf = (kind: ThingName['kind']) => things.flatMap((thing) => (thing.kind === kind ? [thing.id] : []))
    const [entries, documents] = [idsOf('capture'), idsOf('document')]
    if (entries.length > 0) await captures.restore(entries)
    for (const id of idsOf('session')) await sessions.restore(id)
    for (const id of idsOf('note')) await notes.restore(id)
    // Before what belongs to them.
    for (const id of idsOf('collection')) await library.restoreCollection(id)
    if (documents.length > 0) await library.restore(documents)
  }

  /**
   * Forgets what this device has known to be deleted for a day: of time in which it did not run, twelve hours at once count at most, so that no
   * clock that is set forward ends the day. What was edited after its deletion, or is a conflict, waits for the learner, and with it the session
   * that was deleted as a whole. Statements and cards that the learner kept stay, though their source is gone.
   */
  forgetDue(): Promise<ForgottenCounts> {
    return this.#inTurn(async () => {
      const things = await this.#parts.vault.forgetting.deleted()
      const waited = await this.#wait(things)
      const contested = new Set(things.flatMap((thing) => (thing.isContested ? [nameOf(wholeOf(thing))] : [])))
      const due = new Set(
        [...waited].flatMap(([thing, ms]) =>
          ms >= DELETED_HOURS * HOUR && !contested.has(nameOf(wholeOf(thing))) ? [nameOf(thing, thing.at)] : [],
        ),
      )
      return this.#forget((thing) => due.has(nameOf(thing, thing.at)), 'proposals')
    })
  }

  /**
   * Forgets what was deleted, with all that was made of it, and rewrites the database's files. Resolves when nothing of it is left.
   * @param things all where they are left out
   * @throws LvaError disk-full: it is forgotten, but the files are rewritten later
   */
  async forgetNow(things?: readonly ThingName[]): Promise<ForgottenCounts> {
    const wanted = things && new Set(things.map((thing) => nameOf(thing)))
    const counts = await this.#inTurn(() =>
      this.#forget((thing) => wanted?.has(nameOf(wholeOf(thing))) ?? true, 'everything'),
    )
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

  async #forget(isDue: (thing: DeletedThing) => boolean, along: 'proposals' | 'everything'): Promise<ForgottenCounts> {
    const forgotten = await this.#parts.vault.forgetting.forget(isDue, along)
    return { ...countsOf(forgotten), ...(await this.#cleanUp()) }
  }

  /**
   * Removes what documents that forgot have left elsewhere, here or on another device, and before a crash: quotes, statements, cards, texts of files,
   * blobs. The jobs go last, so that it is done again where it was cut off.
   */
  async #cleanUp(): Promise<{ memories: number; cards: number }> {
    const { db, vault } = this.#parts
    const jobs = await db.query<{ kind: string; subject: string; isBack: boolean }>(JOBS, [
      vault.id,
      [FORGET_JOB, FORGET_KEPT_JOB],
    ])
    const named = (jobKind: string, ...kinds: string[]) =>
      jobs.flatMap(({ kind, subject, isBack }) => {
        const colon = subject.indexOf(':')
        return kind === jobKind && !isBack && kinds.includes(subject.slice(0, colon)) ? [subject.slice(colon + 1)] : []
      })
    const made = { memories: 0, cards: 0 }
    if (jobs.length === 0) return made
    const sources = ['capture', 'note', 'document']
    const gone = new Set(named(FORGET_JOB, ...sources, 'frame'))
    const captures = new Set(named(FORGET_JOB, 'capture'))
    const withKept = new Set(named(FORGET_KEPT_JOB, ...sources))
    if (gone.size > 0) Object.assign(made, await vault.forgetting.forgetMadeOf(gone, withKept, captures))
    for (const table of ['document_texts', 'earlier_transcripts'])
      await db.query(`delete from ${table} where vault_id = $1 and document_id = any($2::text[])`, [
        vault.id,
        named(FORGET_JOB, 'document'),
      ])
    await this.#removeBlobs(named(FORGET_JOB, 'blob'))
    // What was asked of the net was made of the learner's words.
    if (captures.size > 0) await db.query('delete from research_cache where vault_id = $1', [vault.id])
    await db.query(
      `delete from jobs where vault_id = $1 and (kind, subject) in (select * from unnest($2::text[], $3::text[]))`,
      [vault.id, jobs.map(({ kind }) => kind), jobs.map(({ subject }) => subject)],
    )
    return made
  }

  /** Of what nothing names any more, nor what can still be restored. */
  async #removeBlobs(hashes: readonly string[]): Promise<void> {
    const { db, vault, blobs } = this.#parts
    if (hashes.length === 0) return
    const needed = new Set((await vault.forgetting.deleted()).flatMap((thing) => thing.blobs))
    const free = hashes.filter((sha256) => !needed.has(sha256))
    for (const sha256 of await unnamedBlobs(db, vault.id, free)) {
      await blobs.delete(sha256)
      await db.query('delete from picture_blobs where vault_id = $1 and sha256 = $2', [vault.id, sha256])
    }
  }

  #cleanUpLater(): void {
    this.#inTurn(() => this.#cleanUp()).catch((error: unknown) => {
      if (!this.#closing.signal.aborted)
        this.#parts.log.warn({ error }, 'what was forgotten has left something that goes within the hour')
    })
  }

  /** Adds the time that has passed to what waits. @returns milliseconds for which this device has known each thing to be deleted */
  async #wait(things: readonly DeletedThing[]): Promise<Map<DeletedThing, number>> {
    const { db, vault, clock } = this.#parts
    const now = clock.monotonic()
    const run = this.#lookedAt === null ? 0 : now - this.#lookedAt
    const rows = await db.transaction(async (tx) => {
      const columns = [things.map(({ kind }) => kind), things.map(({ id }) => id), things.map(({ at }) => at)]
      await tx.query(
        `delete from forgetting_waits w where vault_id = $1 and not exists (
           select from unnest($2::text[], $3::text[], $4::timestamptz[]) t (kind, id, at)
           where t.kind = w.kind and t.id = w.id and t.at = w.deleted_at)`,
        [vault.id, ...columns],
      )
      return tx.query<{ kind: string; id: string; waited_ms: number }>(
        `insert into forgetting_waits (vault_id, kind, id, deleted_at, waited_ms, seen_at)
         select distinct on (kind, id) $1, kind, id, at, 0, $5::timestamptz
         from unnest($2::text[], $3::text[], $4::timestamptz[]) t (kind, id, at)
         on conflict (vault_id, kind, id) do update set seen_at = excluded.seen_at,
           waited_ms = forgetting_waits.waited_ms + $6::bigint + least($7::bigint, greatest(0,
             (extract(epoch from excluded.seen_at - forgetting_waits.seen_at) * 1000)::bigint - $6::bigint))
         returning kind, id, waited_ms`,
        [vault.id, ...columns, new Date(clock.now()), Math.round(run), UNSEEN_HOURS * HOUR],
      )
    })
    this.#lookedAt = now
    const waited = new Map(rows.map((row) => [nameOf(row), Number(row.waited_ms)]))
    return new Map(things.map((thing) => [thing, waited.get(nameOf(thing)) ?? 0]))
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

function countsOf(things: readonly DeletedThing[]) {
  const count = (kind: DeletedThing['kind']) => things.filter((thing) => thing.kind === kind).length
  return {
    ...{ captures: count('capture'), notes: count('note') },
    ...{ documents: count('document'), collections: count('collection') },
  }
}

/** What is restored with a thing: its session, where it was deleted as a whole. */
function wholeOf({ kind, id, deletedWith }: DeletedThing): ThingName {
  return deletedWith === null ? { kind, id } : { kind: 'session', id: deletedWith }
}

function nameOf({ kind, id }: { kind: string; id: string }, at = ''): string {
  return JSON.stringify([kind, id, at])
}
