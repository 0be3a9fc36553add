import { statfsSync } from 'node:fs'
import { type Clock, type Log, LvaError, OVER } from '../../kernel/index.ts'
import { DAMAGED, DISK_FULL, sqlFailureToLvaError } from '../sql-error.ts'
import { databaseClosed, leftOpen, prepare, runTransaction, type Session } from '../transaction.ts'
import { TransactionScope } from '../transaction-scope.ts'
import { cancelled, Turnstile } from '../turnstile.ts'
import type { Database, Queries, QueryOptions, Row, SqlValue } from '../types.ts'
import { type EncodedValue, refuseNul } from '../values.ts'
import { Engine, EngineDied } from './engine.ts'
import { Maintenance } from './maintenance.ts'
import type { EngineStart } from './messages.ts'
import { decodeReply, encodeScript, encodeStatement, type Reply } from './wire.ts'

export interface PgliteOptions {
  /** Data folder of Postgres, and nothing else in it. Nobody else may have it open: `openStore` sees to that with its lock file. */
  folder: string
  clock: Clock
  log: Log
  /** Longest time of one statement, in milliseconds. */
  statementTimeoutMs: number
  /** How long a cancelled statement may go on before its thread is ended, in milliseconds; default 1,000. */
  cancelGraceMs?: number
  /** False only for folders that are thrown away when something fails; default true. */
  fsync?: boolean
}

export interface PgliteDatabase extends Database {
  readonly kind: 'pglite'
  /** Runs `task` while nothing else runs and all that was stored is in the data folder, so that the folder can be copied. */
  whileStill<T>(task: () => Promise<T>): Promise<T>
}

/** Timers of JavaScript end here; a longer limit means none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
const CANCEL_GRACE_MS = 1_000
/** Bytes that a disk must have free before a checkpoint is begun by ourselves. */
const CHECKPOINT_SPACE = 4_000_000
/** Tables that are twice as large as when they were measured last, with the columns of their b-tree indexes. */
const GROWN_TABLES = `
select c.oid::regclass::text as name, string_agg(distinct quote_ident(a.attname), ', ') as columns
from pg_class c
join pg_index i on i.indrelid = c.oid
join pg_class ic on ic.oid = i.indexrelid and ic.relam = (select oid from pg_am where amname = 'btree')
join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
  and pg_relation_size(c.oid) > 2 * current_setting('block_size')::int * greatest(c.relpages, 16)
group by c.oid order by 1`
/** Two segments of the log. */
const LOG_SEGMENTS = 32 * 2 ** 20

/**
 * Opens PGlite with pgvector and pg_textsearch on a folder, in a worker thread.
 *
 * One statement runs at a time, in the order in which they were asked for. PGlite cannot be interrupted: it runs on its thread without
 * looking up, and `statement_timeout` and cancel requests never reach it. A statement over its limit, or one that was cancelled and does
 * not end within the grace, is therefore stopped by ending the thread; a new one opens the folder again (0.3 to 0.5 s), and Postgres
 * recovers from its log as after any crash: what was acknowledged is there, the stopped statement never happened. Session state (`set`,
 * temporary tables) does not outlive that and must not be relied on outside a transaction.
 *
 * @throws LvaError vault-damaged, disk-full, folder-not-writable
 */
export async function openPglite(options: PgliteOptions): Promise<PgliteDatabase> {
  const start: EngineStart = { folder: options.folder, fsync: options.fsync ?? true }
  return new OpenPglite(options, start, await startEngine(start))
}

class OpenPglite implements PgliteDatabase {
  readonly kind = 'pglite'
  readonly features = { vector: true, bm25: true }
  readonly #options: PgliteOptions
  readonly #start: EngineStart
  readonly #turn = new Turnstile()
  readonly #scope = new TransactionScope()
  readonly #maintenance: Maintenance
  /** The present engine; after one has ended, the next, which may still be starting; undefined after that failed. */
  #engine: Promise<Engine> | undefined
  /** Engines that have a successor, and when their folder was free for it. */
  readonly #replaced = new WeakMap<Engine, Promise<void>>()
  /** Settles when the engine is free for the next request: after a cancelled statement that is after its promise. */
  #free: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(options: PgliteOptions, start: EngineStart, engine: Engine) {
    this.#options = options
    this.#start = start
    this.#engine = Promise.resolve(engine)
    this.#maintenance = new Maintenance({
      clock: options.clock,
      log: options.log,
      checkpoint: () => this.#inTurn(undefined, () => this.#checkpoint()),
      vacuum: () => this.#vacuum(),
      measure: () => this.#measure(),
    })
  }

  async query<R extends Row>(text: string, params: readonly SqlValue[] = [], options?: QueryOptions): Promise<R[]> {
    this.#refuseUse()
    const values = prepare(text, params)
    return this.#inTurn(
      options?.signal,
      async () => (await this.#single(encodeStatement(text, values), options)).rows as R[],
    )
  }

  async exec(text: string, options?: QueryOptions): Promise<void> {
    this.#refuseUse()
    refuseNul(text, 'the statement')
    await this.#inTurn(options?.signal, () => this.#single(encodeScript(text), options))
  }

  async transaction<T>(task: (tx: Queries) => Promise<T>): Promise<T> {
    this.#refuseUse()
    return this.#inTurn(undefined, async () => {
      const engine = await this.#ready()
      return runTransaction(
        new PgliteSession(engine, (request, options) => this.#ask(request, options, engine)),
        this.#scope,
        task,
      )
    })
  }

  async whileStill<T>(task: () => Promise<T>): Promise<T> {
    this.#refuseUse()
    return this.#inTurn(undefined, async () => {
      await this.#checkpoint()
      return task()
    })
  }

  async scrub(signal?: AbortSignal): Promise<void> {
    this.#refuseUse()
    // What the planner knows of a column are values of it. A table that is empty by then would keep them.
    await this.#inTurn(signal, () => this.#untimed('delete from pg_statistic'))
    const tables = await this.query<{ name: string; bytes: number }>(
      `select c.oid::regclass::text as name, pg_total_relation_size(c.oid)::float8 as bytes from pg_class c
       where c.relkind = 'r' and (c.relnamespace = current_schema()::regnamespace or c.relname = 'pg_statistic') order by 1`,
    )
    for (const { name, bytes } of tables) {
      await this.#inTurn(signal, async () => {
        this.#refuseWithoutSpace(bytes)
        await this.#untimed(`vacuum (full) ${name}`)
      })
    }
    await this.#inTurn(signal, async () => {
      this.#refuseWithoutSpace(LOG_SEGMENTS)
      await this.#untimed('analyze')
      // Segments that are used again keep their bytes until they are written over.
      await this.#untimed('set wal_recycle = off')
      for (let time = 0; time < 2; time += 1) {
        await this.#untimed('select pg_switch_wal()')
        await this.#checkpoint()
      }
      await this.#untimed('reset wal_recycle')
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** What was asked for before is still answered. */
  async #close(): Promise<void> {
    await this.#maintenance.close()
    await this.#turn.enter()
    await this.#free
    const engine = await this.#engine?.catch(() => undefined)
    await engine?.close()
  }

  async #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const leave = await this.#turn.enter(signal)
    try {
      if (this.#maintenance.checkpointDue) await this.#tryCheckpoint()
      return await work()
    } finally {
      leave()
    }
  }

  /** Ahead of somebody's statement, who is not to suffer when it fails. */
  async #tryCheckpoint(): Promise<void> {
    try {
      await this.#checkpoint()
    } catch (error) {
      this.#options.log.warn({ error }, 'a checkpoint failed; the next write tries again')
    }
  }

  async #checkpoint(): Promise<void> {
    this.#refuseWithoutSpace()
    this.#maintenance.checkpointed()
    await this.#untimed('checkpoint')
  }

  /** Only what indexes are over, which decides between them: columns with texts and vectors take ten times as long. */
  async #measure(): Promise<void> {
    const grown = await this.query<{ name: string; columns: string }>(GROWN_TABLES)
    for (const { name, columns } of grown)
      await this.#inTurn(undefined, () => this.#untimed(`analyze ${name} (${columns})`))
  }

  /** Cleans the tables that were written since they last were, one after the other, so that nobody waits for more than one. */
  async #vacuum(): Promise<void> {
    // Without a postmaster Postgres never counts by itself what was written.
    await this.#inTurn(undefined, () => this.#untimed('select pg_stat_force_next_flush()'))
    const written = await this.query<{ name: string }>(
      `select relid::regclass::text as name from pg_stat_all_tables
       where n_dead_tup > 0 or n_mod_since_analyze > 0 or n_ins_since_vacuum > 0 order by 1`,
    )
    for (const { name } of written) await this.#inTurn(undefined, () => this.#untimed(`vacuum (analyze) ${name}`))
  }

  async #untimed(statement: string): Promise<void> {
    await this.#single(encodeScript(statement), { timeoutMs: Number.POSITIVE_INFINITY })
  }

  /** A checkpoint that finds no space is the end of Postgres, which then cannot start again either before there is some. */
  #refuseWithoutSpace(more = 0): void {
    const { bavail, bsize } = statfsSync(this.#options.folder)
    if (bavail * bsize < CHECKPOINT_SPACE + more)
      throw new LvaError('disk-full', DISK_FULL.message, { advice: DISK_FULL.advice })
  }

  /** Runs a request outside of transactions. A `begin` in it would take everybody else's statements along, so that it is undone. */
  async #single(request: Uint8Array<ArrayBuffer>, options?: QueryOptions): Promise<Reply> {
    const engine = await unlessAborted(this.#ready(), options?.signal)
    const reply = await this.#ask(request, options, engine)
    if (reply.status !== 'I') await this.#ask(encodeScript('rollback'), {}, engine)
    if (reply.failure) throw sqlFailureToLvaError(reply.failure)
    if (reply.status !== 'I') throw leftOpen()
    return reply
  }

  /** Sends one request and waits for its reply, its signal or its limit, whichever comes first. */
  async #ask(request: Uint8Array<ArrayBuffer>, options: QueryOptions = {}, engine: Engine): Promise<Reply> {
    const { signal, timeoutMs = this.#options.statementTimeoutMs } = options
    await unlessAborted(this.#free, signal)
    if (signal?.aborted) throw cancelled()
    const size = request.byteLength
    const answer = engine.ask(request)
    const watch = new AbortController()
    try {
      const first = await Promise.race([
        answer,
        ...(signal ? [aborted(signal, watch.signal)] : []),
        ...(timeoutMs < LONGEST_TIMER_MS ? [this.#expired(timeoutMs, watch.signal)] : []),
      ])
      if (first === 'aborted') {
        this.#free = this.#letEnd(engine, answer)
        throw cancelled()
      }
      if (first === 'expired') {
        this.#free = this.#replace(engine)
        throw sqlFailureToLvaError({ sqlState: '57014', message: '' })
      }
      const reply = decodeReply(first)
      this.#maintenance.used(reply.command, size)
      return reply
    } catch (error) {
      if (!(error instanceof EngineDied)) throw error
      this.#free = this.#replace(engine)
      throw explainDeath(error)
    } finally {
      watch.abort(OVER)
    }
  }

  /** Resolves when the time is up, and never once it is not needed any more. */
  #expired(ms: number, until: AbortSignal): Promise<'expired'> {
    return new Promise((resolve) => {
      this.#options.clock.sleep(ms, until).then(
        () => resolve('expired'),
        () => undefined,
      )
    })
  }

  /** Gives a cancelled statement a moment to end by itself, as nearly all do, before its thread is ended. */
  async #letEnd(engine: Engine, answer: Promise<unknown>): Promise<void> {
    const watch = new AbortController()
    const ended = answer.then(
      () => true,
      () => false,
    )
    const grace = this.#expired(this.#options.cancelGraceMs ?? CANCEL_GRACE_MS, watch.signal)
    const inTime = await Promise.race([ended, grace])
    watch.abort(OVER)
    if (inTime !== true) await this.#replace(engine)
  }

  /**
   * Ends the engine and starts the next one. Resolves when the folder is free; the next request waits for the new engine. Once for each
   * engine: a transaction may still ask one that has a successor, and a second successor would open the folder beside the first.
   */
  #replace(engine: Engine): Promise<void> {
    const replaced = this.#replaced.get(engine) ?? this.#endAndRestart(engine)
    this.#replaced.set(engine, replaced)
    return replaced
  }

  async #endAndRestart(engine: Engine): Promise<void> {
    this.#options.log.warn({}, 'the thread of the database is started anew')
    await engine.kill()
    this.#restart()
  }

  #restart(): Promise<Engine> {
    const engine = startEngine(this.#start)
    // Whoever asks next hears why it failed.
    engine.catch((error) => this.#options.log.error({ error }, 'the database did not start again'))
    this.#engine = engine
    return engine
  }

  /** The engine, once it is there and free. When its start fails, for want of space perhaps, the next request tries again. */
  async #ready(): Promise<Engine> {
    await this.#free
    try {
      const engine = await (this.#engine ?? this.#restart())
      if (engine.alive) return engine
      await this.#replace(engine)
      return await (this.#engine ?? this.#restart())
    } catch (error) {
      this.#engine = undefined
      throw error
    }
  }

  #refuseUse(): void {
    if (this.#closing) throw databaseClosed()
    this.#scope.refuseInside()
  }
}

/** The engine as one transaction sees it: when it ends, so does the transaction, even if a new engine is there. */
class PgliteSession implements Session {
  readonly #engine: Engine
  readonly #ask: (request: Uint8Array<ArrayBuffer>, options?: QueryOptions) => Promise<Reply>
  inTransaction = false

  constructor(engine: Engine, ask: (request: Uint8Array<ArrayBuffer>, options?: QueryOptions) => Promise<Reply>) {
    this.#engine = engine
    this.#ask = ask
  }

  get alive(): boolean {
    return this.#engine.alive
  }

  async query(text: string, values: readonly EncodedValue[], options?: QueryOptions): Promise<Row[]> {
    return (await this.#run(encodeStatement(text, values), options)).rows
  }

  async exec(text: string, options?: QueryOptions): Promise<void> {
    await this.#run(encodeScript(text), options)
  }

  async #run(request: Uint8Array<ArrayBuffer>, options?: QueryOptions): Promise<Reply> {
    const reply = await this.#ask(request, options)
    this.inTransaction = reply.status === 'T'
    if (reply.failure) throw sqlFailureToLvaError(reply.failure)
    return reply
  }
}

async function startEngine(start: EngineStart): Promise<Engine> {
  try {
    return await Engine.start(start)
  } catch (error) {
    throw error instanceof EngineDied ? explainDeath(error, DAMAGED) : error
  }
}

/** @param otherwise what to say when Postgres' last words do not tell more */
function explainDeath(death: EngineDied, otherwise?: { message: string; advice: string }): LvaError {
  const words = `${death.message}\n${death.lastWords}`
  if (/No space left on device|ENOSPC/i.test(words)) {
    return new LvaError('disk-full', DISK_FULL.message, { advice: DISK_FULL.advice, cause: death })
  }
  if (/Permission denied|Read-only file system|EACCES|EPERM|EROFS/i.test(words)) {
    return new LvaError('folder-not-writable', 'The database in the data folder cannot be written to.', {
      advice: 'Give your user the right to write in the data folder, or name another one with LVA_DATA_DIR.',
      cause: death,
    })
  }
  if (otherwise) return new LvaError('vault-damaged', otherwise.message, { advice: otherwise.advice, cause: death })
  return new LvaError('internal', 'The database stopped in the middle of a statement and is being started again.', {
    advice: 'Try again; what was stored before is safe.',
    cause: death,
  })
}

function aborted(signal: AbortSignal, until: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: until })
  })
}

/** Stops waiting for `promise` when the signal is aborted. @throws LvaError cancelled */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  const watch = new AbortController()
  try {
    const first = await Promise.race([promise.then((value) => ({ value })), aborted(signal, watch.signal)])
    if (first === 'aborted') throw cancelled()
    return first.value
  } finally {
    watch.abort(OVER)
  }
}
