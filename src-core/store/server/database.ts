import type pg from 'pg'
import { type Clock, type Log, LvaError } from '../../kernel/index.ts'
import { DATABASE_UNREACHABLE, sqlFailureToLvaError } from '../sql-error.ts'
import { databaseClosed, leftOpen, prepare, runTransaction, type Session } from '../transaction.ts'
import { TransactionScope } from '../transaction-scope.ts'
import { cancelled } from '../turnstile.ts'
import type { Database, Queries, QueryOptions, Row, SqlValue } from '../types.ts'
import { decoderFor, type EncodedValue, refuseNul } from '../values.ts'

export interface ServerOptions {
  /** `postgres://user:password@host:port/database`; `?sslmode=...` as in libpq. */
  url: string
  clock: Clock
  log: Log
  /** Longest time of one statement, in milliseconds. */
  statementTimeoutMs: number
  /** Connections at the same time; default 10. */
  maxConnections?: number
}

const CONNECT_TIMEOUT_MS = 10_000
/** Giving rows free takes as long as tables are large. */
const LONGEST_SCRUB_MS = 3_600_000
const CANCEL_AGAIN_MS = 100
/** How much later than the server's own limit we stop waiting for a statement: the server or the network is gone then. */
const SILENCE_MS = 5_000

/**
 * Opens a pool of connections to a Postgres server. pgvector and pg_textsearch are switched on where the server has them and the user
 * may; `features` says what there is.
 * @throws LvaError database-unreachable
 */
export async function openServer(options: ServerOptions): Promise<Database> {
  // Loaded here because on a device, with PGlite, it is never needed.
  const { default: driver } = await import('pg')
  const config: pg.PoolConfig = {
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'learning-voice-agent',
    statement_timeout: options.statementTimeoutMs,
    options: '-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c client_min_messages=warning',
    types: { getTypeParser: ((oid: number) => decoderFor(oid)) as pg.CustomTypesConfig['getTypeParser'] },
  }
  const pool = new driver.Pool(config)
  pool.on('error', (error) => options.log.warn({ error }, 'an idle connection to the database server broke off'))
  const cancel = async (processId: number, ended: () => boolean) => {
    const client = new driver.Client(config)
    // A connection that breaks off says so by an event as well.
    client.on('error', (error) => options.log.warn({ error }, 'a cancel request broke off'))
    try {
      await client.connect()
      // A request can come between two steps of the statement and be lost.
      for (; !ended(); await options.clock.sleep(CANCEL_AGAIN_MS)) {
        await client.query('select pg_cancel_backend($1)', [processId])
      }
    } finally {
      await client.end()
    }
  }
  const connect = async () => new Connection((await pool.connect().catch(rethrow)) as ServerClient, options, cancel)
  try {
    return new OpenServer(pool, connect, await findFeatures(await connect(), options.log))
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** What pg keeps of a connection beside its public types. */
type ServerClient = pg.PoolClient & { readonly processID: number | null }

class OpenServer implements Database {
  readonly kind = 'server'
  readonly features: { vector: boolean; bm25: boolean }
  readonly #pool: pg.Pool
  readonly #connect: () => Promise<Connection>
  readonly #scope = new TransactionScope()
  readonly #pending = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(pool: pg.Pool, connect: () => Promise<Connection>, features: { vector: boolean; bm25: boolean }) {
    this.#pool = pool
    this.#connect = connect
    this.features = features
  }

  async query<R extends Row>(text: string, params: readonly SqlValue[] = [], options?: QueryOptions): Promise<R[]> {
    this.#refuseUse()
    const values = prepare(text, params)
    return this.#track(this.#single((connection) => connection.query(text, values, options), options)) as Promise<R[]>
  }

  async exec(text: string, options?: QueryOptions): Promise<void> {
    this.#refuseUse()
    refuseNul(text, 'the statement')
    return this.#track(this.#single((connection) => connection.exec(text, options), options))
  }

  async transaction<T>(task: (tx: Queries) => Promise<T>): Promise<T> {
    this.#refuseUse()
    return this.#track(this.#withConnection({}, (connection) => runTransaction(connection, this.#scope, task)))
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  scrub(signal?: AbortSignal): Promise<void> {
    return this.exec('vacuum (analyze)', { timeoutMs: LONGEST_SCRUB_MS, ...(signal && { signal }) })
  }

  /** What was asked for before is still answered: the pool would forget those who wait for a connection. */
  async #close(): Promise<void> {
    await Promise.allSettled(this.#pending)
    await this.#pool.end()
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work)
    const done = () => this.#pending.delete(work)
    work.then(done, done)
    return work
  }

  #single<T>(work: (connection: Connection) => Promise<T>, options?: QueryOptions): Promise<T> {
    return this.#withConnection(options ?? {}, async (connection) => {
      const result = await work(connection)
      if (connection.inTransaction) throw leftOpen()
      return result
    })
  }

  async #withConnection<T>({ signal }: QueryOptions, work: (connection: Connection) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw cancelled()
    const connecting = this.#connect()
    if (signal && (await abortedBefore(connecting, signal))) {
      this.#track(connecting.then((connection) => connection.release()))
      throw cancelled()
    }
    const connection = await connecting
    try {
      return await work(connection)
    } finally {
      this.#track(connection.release())
    }
  }

  #refuseUse(): void {
    if (this.#closing) throw databaseClosed()
    this.#scope.refuseInside()
  }
}

/** Asks the server to cancel what a process of it does, until that has ended. */
type Cancel = (processId: number, ended: () => boolean) => Promise<void>

/** One connection while somebody has it. */
class Connection implements Session {
  readonly #client: ServerClient
  readonly #options: ServerOptions
  readonly #cancel: Cancel
  /** Settles when the connection is free: after a cancelled statement that is after its promise. */
  #free: Promise<void> = Promise.resolve()
  #broken: Error | undefined
  readonly #onError = (error: Error) => {
    this.#broken ??= error
  }

  constructor(client: ServerClient, options: ServerOptions, cancel: Cancel) {
    this.#client = client
    this.#options = options
    this.#cancel = cancel
    client.on('error', this.#onError)
  }

  get alive(): boolean {
    return this.#broken === undefined
  }

  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() === 'T'
  }

  query(text: string, values: readonly EncodedValue[], options?: QueryOptions): Promise<Row[]> {
    // The extended protocol takes one statement only, with or without values, as PGlite does.
    return this.#run({ text, values: values as unknown[], queryMode: 'extended' }, options)
  }

  async exec(text: string, options?: QueryOptions): Promise<void> {
    await this.#run({ text }, options)
  }

  /** Gives the connection back to the pool, which drops a broken one. A transaction that was begun by hand is undone. */
  async release(): Promise<void> {
    await this.#free
    try {
      if (this.alive && this.#client.getTransactionStatus() !== 'I') await this.#client.query('rollback')
    } catch (error) {
      this.#broken ??= error as Error
    }
    this.#client.removeListener('error', this.#onError)
    this.#client.release(this.#broken)
  }

  async #run(query: ServerQuery, options: QueryOptions = {}): Promise<Row[]> {
    const { signal, timeoutMs } = options
    await this.#free
    if (signal?.aborted) throw cancelled()
    if (timeoutMs === undefined) return this.#send(query, this.#options.statementTimeoutMs, signal)
    await this.#setLimit(String(serverLimit(timeoutMs)))
    try {
      return await this.#send(query, timeoutMs, signal)
    } finally {
      await this.#free
      // A failed transaction takes no statement, and gives the old limit back when it is undone.
      if (this.alive && this.#client.getTransactionStatus() !== 'E') {
        await this.#setLimit(String(this.#options.statementTimeoutMs))
      }
    }
  }

  async #setLimit(ms: string): Promise<void> {
    await this.#send(
      { text: "select set_config('statement_timeout', $1, false)", values: [ms] },
      Number.POSITIVE_INFINITY,
    )
  }

  async #send(query: ServerQuery, limitMs: number, signal?: AbortSignal): Promise<Row[]> {
    const answer = this.#client.query({
      ...query,
      ...(Number.isFinite(limitMs) && { query_timeout: limitMs + SILENCE_MS }),
    })
    try {
      if (signal && (await abortedBefore(answer, signal))) {
        this.#free = this.#stop(answer)
        throw cancelled()
      }
      const result = await answer
      return result.rows ?? []
    } catch (error) {
      if (isServerError(error)) await this.#settled()
      else if (!(error instanceof LvaError)) this.#broken ??= error as Error
      return rethrow(error)
    }
  }

  /**
   * The driver rejects at the error, and learns only from what comes after it whether the transaction is broken: until then its status is
   * that of before. An empty query, which also a broken transaction takes, is sent once that has come.
   */
  async #settled(): Promise<void> {
    if (!this.alive) return
    try {
      await this.#client.query('')
    } catch (error) {
      this.#broken ??= error as Error
    }
  }

  /** Has the server cancel the statement, and waits until it has: the next one of this connection must not be hit. */
  async #stop(answer: Promise<unknown>): Promise<void> {
    let ended = false
    const end = answer
      .catch((error) => {
        if (!isServerError(error)) this.#broken ??= error
      })
      .then(() => {
        ended = true
      })
    try {
      if (this.#client.processID !== null) await this.#cancel(this.#client.processID, () => ended)
    } catch (error) {
      this.#options.log.warn({ error }, 'a statement could not be cancelled; its time limit ends it')
    }
    await end
  }
}

type ServerQuery = { text: string; values?: unknown[]; queryMode?: string }

/** Installs what is available and allowed, and says what there is. */
async function findFeatures(connection: Connection, log: Log): Promise<{ vector: boolean; bm25: boolean }> {
  try {
    const found = new Map<unknown, boolean>()
    const rows = await connection.query(
      "select name, installed_version is not null as installed from pg_available_extensions where name in ('vector', 'pg_textsearch')",
      [],
    )
    for (const { name, installed } of rows) {
      found.set(name, installed === true || (await tryInstall(connection, String(name), log)))
    }
    return { vector: found.get('vector') === true, bm25: found.get('pg_textsearch') === true }
  } finally {
    await connection.release()
  }
}

async function tryInstall(connection: Connection, name: string, log: Log): Promise<boolean> {
  try {
    await connection.exec(`create extension if not exists ${name}`)
    return true
  } catch (error) {
    log.info({ error, extension: name }, 'the server has an extension that this user may not switch on')
    return false
  }
}

/** Waits for `promise` to settle or for the signal. @returns true when the signal came first */
async function abortedBefore(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  const watch = new AbortController()
  const settled = promise.then(
    () => false,
    () => false,
  )
  const aborted = new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(true), { once: true, signal: watch.signal })
  })
  const first = await Promise.race([settled, aborted])
  watch.abort()
  return first
}

/** Milliseconds as Postgres takes them: 0 is no limit. */
function serverLimit(ms: number): number {
  return Number.isFinite(ms) ? Math.min(Math.ceil(ms), 2 ** 31 - 1) : 0
}

function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
}

function rethrow(error: unknown): never {
  if (error instanceof LvaError) throw error
  if (isServerError(error)) {
    const { code, message, table, column, constraint } = error
    throw sqlFailureToLvaError({
      sqlState: code ?? 'XX000',
      message,
      ...(table !== undefined && { table }),
      ...(column !== undefined && { column }),
      ...(constraint !== undefined && { constraint }),
    })
  }
  // Whatever is not from the server is from the way to it.
  throw new LvaError('database-unreachable', DATABASE_UNREACHABLE.message, {
    advice: DATABASE_UNREACHABLE.advice,
    cause: error,
  })
}
