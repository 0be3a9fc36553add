import { type ErrorCode, LvaError } from '../kernel/index.ts'

/** What Postgres says about a failed statement. Codes: Postgres manual, appendix A. */
export interface SqlFailure {
  sqlState: string
  message: string
  table?: string
  column?: string
  constraint?: string
}

/**
 * The database's own words, kept as the cause of the `LvaError`. The sentence of Postgres quotes values in the classes 22 (data), 23
 * (constraints) and P0 (raised by functions); a value may be what the learner said, so there only the names are kept.
 */
export class SqlError extends Error {
  readonly sqlState: string
  readonly table: string | undefined
  readonly column: string | undefined
  readonly constraint: string | undefined

  constructor(failure: SqlFailure) {
    super(/^(22|23|P0)/.test(failure.sqlState) ? `SQLSTATE ${failure.sqlState}` : failure.message)
    this.name = 'SqlError'
    this.sqlState = failure.sqlState
    this.table = failure.table
    this.column = failure.column
    this.constraint = failure.constraint
  }
}

/** Turns what Postgres said into the error that the rest of the program knows. */
export function sqlFailureToLvaError(failure: SqlFailure): LvaError {
  const options = { params: { sqlState: failure.sqlState }, cause: new SqlError(failure) }
  const { code, message, advice } = explain(failure)
  return new LvaError(code, message, { ...options, advice })
}

/** The SQLSTATE behind an error of a `Database`, such as `23505` for a row that exists already; undefined for other errors. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof LvaError && error.cause instanceof SqlError ? error.cause.sqlState : undefined
}

export const DISK_FULL = {
  message: 'The disk is full, so nothing more can be stored.',
  advice: 'Free some space on the disk that holds the data folder, then try again; what was stored before is safe.',
}

export const DATABASE_UNREACHABLE = {
  message: 'The database server cannot be reached.',
  advice:
    'Check that the server runs and that LVA_STORE_DATABASE_URL names its address; the next attempt connects anew.',
}

export const DAMAGED = {
  message: 'The database in the data folder is damaged.',
  advice:
    'Close the app, keep a copy of the data folder, and put back a backup or the newest file of its "dumps" folder.',
}

function explain({ sqlState, message }: SqlFailure): { code: ErrorCode; message: string; advice: string } {
  if (sqlState === '53100' || /No space left on device/i.test(message)) return { code: 'disk-full', ...DISK_FULL }
  if (sqlState === '57014') {
    return {
      code: 'statement-timeout',
      message: 'The database took too long and was stopped.',
      advice: 'Try again; if it keeps happening, raise LVA_STORE_STATEMENT_TIMEOUT_MS.',
    }
  }
  if (sqlState.startsWith('28') || sqlState === '3D000') {
    return {
      code: 'database-unreachable',
      message: 'The database server refuses the connection.',
      advice: 'Check the user, the password and the database name in LVA_STORE_DATABASE_URL.',
    }
  }
  if (/^(08|57P0[123]|53300)/.test(sqlState)) return { code: 'database-unreachable', ...DATABASE_UNREACHABLE }
  if (/^(XX00[12]|58P01)/.test(sqlState)) return { code: 'vault-damaged', ...DAMAGED }
  if (sqlState.startsWith('22')) {
    return {
      code: 'bad-input',
      message: 'The database cannot store this value.',
      advice: 'Remove unusual characters or shorten it, then try again.',
    }
  }
  return {
    code: 'internal',
    message: `The database refused a statement (SQLSTATE ${sqlState}).`,
    advice: 'Try again; if it keeps happening, run "lva doctor" and report what it prints.',
  }
}
