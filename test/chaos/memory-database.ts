import { PGlite } from '@electric-sql/pglite'
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch'
import { vector } from '@electric-sql/pglite-pgvector'
import type { Database, Queries, Row, SqlValue } from '../../src-core/store/index.ts'
import { decodeReply, encodeScript, encodeStatement, type Reply } from '../../src-core/store/pglite/wire.ts'
import { sqlFailureToLvaError } from '../../src-core/store/sql-error.ts'
import { prepare, runTransaction, type Session } from '../../src-core/store/transaction.ts'
import { TransactionScope } from '../../src-core/store/transaction-scope.ts'
import { Turnstile } from '../../src-core/store/turnstile.ts'
import { type EncodedValue, refuseNul } from '../../src-core/store/values.ts'

/** Nothing of it outlives the process, so that nothing is flushed. */
const SETTINGS = [
  ...['synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'max_wal_size=32MB', 'min_wal_size=32MB'],
  ...['TimeZone=UTC', 'DateStyle=ISO', 'track_activities=off', 'track_counts=off'],
  // How a statement is run then depends on its story alone, not on how often it ran in those before: rows without an order come in the same one.
  'plan_cache_mode=force_generic_plan',
]

/**
 * The same Postgres as on a device, in memory and on this thread, with statements that are read and planned once. A story of the simulation
 * asks it thousands of things of some microseconds: between threads each would cost ten times as much.
 */
export async function openMemoryDatabase(): Promise<Database> {
  const postgres = new PGlite('memory://', {
    extensions: { vector, pg_textsearch },
    startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])],
  })
  await postgres.waitReady
  return new MemoryDatabase(postgres)
}

class MemoryDatabase implements Database {
  readonly kind = 'pglite'
  readonly features = { vector: true, bm25: true }
  readonly #postgres: PGlite
  readonly #turn = new Turnstile()
  readonly #scope = new TransactionScope()
  /** Names of the statements that it keeps. */
  readonly #kept = new Map<string, string>()
  #named = 0

  constructor(postgres: PGlite) {
    this.#postgres = postgres
  }

  async query<R extends Row>(text: string, params: readonly SqlValue[] = []): Promise<R[]> {
    this.#scope.refuseInside()
    const values = prepare(text, params)
    return this.#inTurn(async () => (await this.#statement(text, values)).rows as R[])
  }

  async exec(text: string): Promise<void> {
    this.#scope.refuseInside()
    refuseNul(text, 'the statement')
    await this.#inTurn(() => this.#script(text))
  }

  transaction<T>(task: (tx: Queries) => Promise<T>): Promise<T> {
    this.#scope.refuseInside()
    // It begins with its first statement, in one request.
    let before = ''
    const session: Session & { inTransaction: boolean } = {
      alive: true,
      inTransaction: false,
      query: async (text, values) => {
        const begin = before
        before = ''
        const { rows, status } = await this.#statement(text, values, begin)
        session.inTransaction = status === 'T'
        return rows
      },
      exec: async (text) => {
        if (text === 'begin') {
          before = text
          return
        }
        const script = before ? `${before}; ${text}` : text
        before = ''
        session.inTransaction = (await this.#script(script)).status === 'T'
      },
    }
    return this.#inTurn(() => runTransaction(session, this.#scope, task))
  }

  /** Nothing of it is in a file. */
  async scrub(): Promise<void> {}

  close(): Promise<void> {
    return this.#postgres.close()
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.#turn.enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /** @param before a script that is run first, in the same request */
  async #statement(text: string, values: readonly EncodedValue[], before = ''): Promise<Reply> {
    const kept = this.#kept.get(text)
    this.#named += 1
    // One that failed is not known to be kept: it has another name the next time.
    const name = kept ?? `s${this.#named}`
    const statement = encodeStatement(text, values, { name, isKept: kept !== undefined })
    const reply = await this.#ask(before ? Buffer.concat([encodeScript(before), statement]) : statement)
    this.#kept.set(text, name)
    return reply
  }

  #script(text: string): Promise<Reply> {
    return this.#ask(encodeScript(text))
  }

  async #ask(request: Uint8Array): Promise<Reply> {
    const pieces: Uint8Array[] = []
    await this.#postgres.execProtocolRawStream(request, {
      syncToFs: false,
      onRawData: (piece) => pieces.push(piece.slice()),
    })
    const reply = decodeReply(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces))
    if (reply.failure) throw sqlFailureToLvaError(reply.failure)
    return reply
  }
}
