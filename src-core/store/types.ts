import type { Closable } from '../kernel/index.ts'

/** A value that a statement can carry. `Date` becomes timestamptz, `Uint8Array` bytea; arrays and objects are passed as JSON text by the caller. */
export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null | readonly string[]

export type Row = Record<string, unknown>

/** Runs one statement. Placeholders are `$1`, `$2` ...; column names come back as the statement spells them. bytea comes back as Uint8Array,
 * timestamptz as Date, bigint (int8) as number, jsonb as parsed JSON, float arrays as number[]. */
export interface Queries {
  query<R extends Row = Row>(text: string, params?: readonly SqlValue[], options?: QueryOptions): Promise<R[]>
  /** Runs several statements without parameters, for schemas. */
  exec(text: string): Promise<void>
}

export interface QueryOptions {
  /** Aborting cancels the statement; the promise rejects with LvaError `cancelled`. */
  signal?: AbortSignal
}

/**
 * A Postgres that one process owns: PGlite in a worker thread over a folder, or a pool on a server. One acceptance suite
 * (`test/suites/database-suite.ts`) says what every driver must do.
 */
export interface Database extends Queries, Closable {
  readonly kind: 'pglite' | 'server'
  /** Optional server features that were found when it was opened. */
  readonly features: { readonly vector: boolean; readonly bm25: boolean }
  /** Runs `task` in one transaction: all of it, or, when it throws, none. Transactions of one database run one after the other on PGlite. */
  transaction<T>(task: (tx: Queries) => Promise<T>): Promise<T>
}
