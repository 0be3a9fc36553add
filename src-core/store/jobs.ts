import type { Clock } from '../kernel/index.ts'
import type { Queries } from './types.ts'

/**
 * Derived work that waits, in the table `jobs`: one row for each kind and subject, removed when it is done.
 *
 *     enqueue ──> waiting ──claim──> running ──complete──> (gone)
 *                    ^                  │
 *                    │<───fail, later───┤   fail too often ──> failed ──enqueue──> waiting
 *                    └─enqueued again───┘
 *
 * A subject that changes while it is worked on is marked `again`: when the work ends, well or not, it waits anew. Two never work on the
 * same subject at once. Whether a job is due is decided by the clock that is handed in, not by the database's.
 */
export interface Job {
  /** Order in which jobs were queued first. */
  id: number
  kind: string
  subject: string
  /** How often it was begun, this time included. */
  attempts: number
}

export interface JobCounts {
  waiting: number
  running: number
  failed: number
}

export interface RetryPolicy {
  /** After so many attempts a job has failed for good, until it is queued again. */
  maxAttempts: number
  /** Wait after the first failure, in milliseconds; it doubles with each further one. */
  baseMs: number
  /** Longest wait, in milliseconds. */
  capMs: number
}

export const DEFAULT_RETRIES: RetryPolicy = { maxAttempts: 5, baseMs: 1_000, capMs: 300_000 }

/**
 * Queues work on subjects, of one kind or of several, as part of the caller's transaction. What waits or has failed already starts over
 * with its attempts.
 */
export async function enqueueJobs(
  queries: Queries,
  vaultId: string,
  kinds: string | readonly string[],
  subjects: readonly string[],
  clock: Clock,
): Promise<void> {
  if (subjects.length === 0) return
  await queries.query(
    `insert into jobs (vault_id, kind, subject, state, attempts, again, not_before)
     select $1, kind, subject, 'waiting', 0, false, $4
     from unnest($2::text[]) as kinds (kind), unnest($3::text[]) as subjects (subject)
     on conflict (vault_id, kind, subject) do update set
       state = case when jobs.state = 'running' then 'running' else 'waiting' end,
       again = jobs.state = 'running',
       attempts = 0,
       error_code = null,
       not_before = excluded.not_before`,
    [vaultId, typeof kinds === 'string' ? [kinds] : kinds, [...new Set(subjects)], new Date(clock.now())],
  )
}

/** Takes up to `limit` due jobs of a kind, oldest first. Several workers never get the same one. */
export async function claimJobs(
  queries: Queries,
  vaultId: string,
  kind: string,
  limit: number,
  clock: Clock,
): Promise<Job[]> {
  const rows = await queries.query<Job & Record<string, unknown>>(
    // Materialized: a subquery with a limit could be run anew for each row, and each time find others.
    `with due as materialized (
       select vault_id, kind, subject from jobs
       where vault_id = $1 and kind = $2 and state = 'waiting' and not_before <= $3
       order by id limit $4 for update skip locked
     )
     update jobs set state = 'running', attempts = jobs.attempts + 1, again = false
     from due where jobs.vault_id = due.vault_id and jobs.kind = due.kind and jobs.subject = due.subject
     returning jobs.id, jobs.kind, jobs.subject, jobs.attempts`,
    [vaultId, kind, new Date(clock.now()), limit],
  )
  return rows.sort((a, b) => a.id - b.id)
}

/** The work is done. A subject that was queued again meanwhile waits anew. */
export async function completeJobs(
  queries: Queries,
  vaultId: string,
  jobs: readonly Job[],
  clock: Clock,
): Promise<void> {
  for (const [kind, subjects] of byKind(jobs)) {
    await queries.query(
      `with done as (
         delete from jobs where vault_id = $1 and kind = $2 and subject = any($3::text[]) and state = 'running' and not again
       )
       update jobs set state = 'waiting', attempts = 0, again = false, not_before = $4
       where vault_id = $1 and kind = $2 and subject = any($3::text[]) and state = 'running' and again`,
      [vaultId, kind, subjects, new Date(clock.now())],
    )
  }
}

/**
 * The work failed. It waits `baseMs * 2^(attempts - 1)`, at most `capMs`, or has failed for good after `maxAttempts`; a subject that was
 * queued again meanwhile starts over.
 * @param errorCode an `ErrorCode`, never a message
 */
export async function failJob(
  queries: Queries,
  vaultId: string,
  job: Job,
  errorCode: string,
  clock: Clock,
  retries: RetryPolicy = DEFAULT_RETRIES,
): Promise<void> {
  const now = clock.now()
  const wait = Math.min(retries.capMs, retries.baseMs * 2 ** (job.attempts - 1))
  const state = job.attempts >= retries.maxAttempts ? 'failed' : 'waiting'
  await queries.query(
    `update jobs set
       state = case when again then 'waiting' else $4 end,
       not_before = case when again then $5::timestamptz else $6::timestamptz end,
       attempts = case when again then 0 else attempts end,
       error_code = $7,
       again = false
     where vault_id = $1 and kind = $2 and subject = $3 and state = 'running'`,
    [vaultId, job.kind, job.subject, state, new Date(now), new Date(now + wait), errorCode],
  )
}

/** Gives claimed jobs back untouched, as when the app closes. */
export async function releaseJobs(queries: Queries, vaultId: string, jobs: readonly Job[]): Promise<void> {
  for (const [kind, subjects] of byKind(jobs)) {
    await queries.query(
      `update jobs set state = 'waiting', again = false, attempts = greatest(attempts - 1, 0)
       where vault_id = $1 and kind = $2 and subject = any($3::text[]) and state = 'running'`,
      [vaultId, kind, subjects],
    )
  }
}

/** Makes all jobs of all vaults that a crash left running wait again. Only right when nobody works on any: `openStore` does it. */
export async function requeueRunningJobs(queries: Queries): Promise<void> {
  await queries.query(`update jobs set state = 'waiting', again = false where state = 'running'`)
}

export async function countJobs(queries: Queries, vaultId: string, kind: string): Promise<JobCounts> {
  const counts: JobCounts = { waiting: 0, running: 0, failed: 0 }
  const rows = await queries.query<{ state: keyof JobCounts; count: number }>(
    'select state, count(*) as count from jobs where vault_id = $1 and kind = $2 group by state',
    [vaultId, kind],
  )
  for (const { state, count } of rows) counts[state] = count
  return counts
}

/** When the next waiting job of a kind is due, in milliseconds since 1970; undefined when none waits. */
export async function nextJobDue(queries: Queries, vaultId: string, kind: string): Promise<number | undefined> {
  const [row] = await queries.query<{ due: Date | null }>(
    `select min(not_before) as due from jobs where vault_id = $1 and kind = $2 and state = 'waiting'`,
    [vaultId, kind],
  )
  return row?.due?.getTime()
}

function byKind(jobs: readonly Job[]): Map<string, string[]> {
  const subjects = new Map<string, string[]>()
  for (const { kind, subject } of jobs) {
    const list = subjects.get(kind)
    if (list) list.push(subject)
    else subjects.set(kind, [subject])
  }
  return subjects
}
