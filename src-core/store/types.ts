import type { Closable } from '../kernel/index.ts'

/** A value that a statement can carry. `Date` becomes timestamptz, `Uint8Array` bytea; arrays and objects are passed as JSON text by the caller. */
export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null | readonly string[]

export type Row = Record<string, unknown>

/**
 * Runs one statement. Placeholders are `$1`, `$2` ...; column names come back as the statement spells them. bytea comes back as Uint8Array,
 * timestamptz as Date, bigint (int8) as number (as bigint beyond 2^53), jsonb as parsed JSON, float arrays as number[], numeric and all
 * other types as text.
 * @throws LvaError bad-input (a value that Postgres cannot hold), cancelled, statement-timeout, disk-full, database-unreachable,
 *   vault-damaged; anything else is `internal` with `params.sqlState`
 */
export interface Queries {
  query<R extends Row = Row>(text: string, params?: readonly SqlValue[], options?: QueryOptions): Promise<R[]>
  /** Runs several statements without parameters, for schemas. */
  exec(text: string, options?: QueryOptions): Promise<void>
}

export interface QueryOptions {
  /**
   * Aborting cancels the statement; the promise rejects with LvaError `cancelled` at once. A statement that waits for its turn never
   * runs; one that runs is ended, and a transaction that it belongs to can then only be rolled back.
   */
  signal?: AbortSignal
  /** Milliseconds after which the statement is ended with LvaError `statement-timeout`, instead of the database's own limit. */
  timeoutMs?: number
}

/**
 * A Postgres that one process owns: PGlite in a worker thread over a folder, or a pool on a server. One acceptance suite
 * (`test/suites/database-suite.ts`) says what every driver must do.
 */
export interface Database extends Queries, Closable {
  readonly kind: 'pglite' | 'server'
  /** Optional server features that were found when it was opened. */
  readonly features: { readonly vector: boolean; readonly bm25: boolean }
  /**
   * Runs `task` in one transaction: all of it, or, when it throws, none. Transactions of one database run one after the other on PGlite,
   * and a query outside waits for them. Inside `task` only `tx` may be used: the database itself refuses, as it would wait forever.
   */
  transaction<T>(task: (tx: Queries) => Promise<T>): Promise<T>
  /**
   * Takes what was deleted out of the database's own files: deleted rows stay there otherwise until others are written over them. On PGlite
   * every table is written anew, one after the other, and the log begins anew; statements wait for one table at a time. On a server rows are
   * only given free: its log and its backups are its owner's.
   * @param signal ends it between two tables
   * @throws LvaError disk-full where there is no room for a second copy of the largest table, cancelled
   */
  scrub(signal?: AbortSignal): Promise<void>
}
