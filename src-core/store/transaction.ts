import { LvaError } from '../kernel/index.ts'
import type { TransactionScope } from './transaction-scope.ts'
import { Turnstile } from './turnstile.ts'
import type { Queries, QueryOptions, Row, SqlValue } from './types.ts'
import { type EncodedValue, encodeValues, refuseNul } from './values.ts'

/** One conversation with Postgres, as both drivers give it to a transaction. */
export interface Session {
  /** False once the conversation broke off; Postgres has then undone the transaction by itself. */
  readonly alive: boolean
  /** True while Postgres has a transaction open that it has not given up. */
  readonly inTransaction: boolean
  query(text: string, values: readonly EncodedValue[], options?: QueryOptions): Promise<Row[]>
  exec(text: string, options?: QueryOptions): Promise<void>
}

/** Runs `task` between `begin` and `commit`, or `rollback` when it throws. */
export async function runTransaction<T>(
  session: Session,
  scope: TransactionScope,
  task: (tx: Queries) => Promise<T>,
): Promise<T> {
  await session.exec('begin')
  const tx = new Transaction(session)
  let result: T
  try {
    result = await scope.run(() => task(tx))
  } catch (error) {
    await tx.rollback()
    throw error
  }
  await tx.commit()
  return result
}

/** The inside of one transaction. Its statements run in the order in which they were asked for. */
class Transaction implements Queries {
  readonly #session: Session
  readonly #turn = new Turnstile()
  #over = false
  /** Why it can only be rolled back. */
  #failure: unknown

  constructor(session: Session) {
    this.#session = session
  }

  async query<R extends Row>(text: string, params: readonly SqlValue[] = [], options?: QueryOptions): Promise<R[]> {
    const values = prepare(text, params)
    return (await this.#run(() => this.#session.query(text, values, options), options)) as R[]
  }

  async exec(text: string, options?: QueryOptions): Promise<void> {
    refuseNul(text, 'the statement')
    await this.#run(() => this.#session.exec(text, options), options)
  }

  async commit(): Promise<void> {
    await this.#end()
    if (this.#failure === undefined) return this.#session.exec('commit')
    await this.#undo()
    throw this.#failure
  }

  async rollback(): Promise<void> {
    await this.#end()
    await this.#undo()
  }

  /** Takes no more statements and waits for those that the task did not wait for. */
  async #end(): Promise<void> {
    this.#over = true
    await this.#turn.enter()
  }

  async #undo(): Promise<void> {
    try {
      if (this.#session.alive) await this.#session.exec('rollback')
    } catch (error) {
      if (this.#session.alive) throw error
    }
  }

  async #run<T>(statement: () => Promise<T>, options: QueryOptions | undefined): Promise<T> {
    if (this.#over) throw new LvaError('internal', 'A transaction was used after its end.')
    const leave = await this.#turn.enter(options?.signal)
    try {
      // Postgres refuses everything after a failed statement; a task that goes on must not believe that something was stored.
      if (this.#failure !== undefined) throw this.#failure
      const result = await statement()
      if (!this.#session.inTransaction)
        throw new LvaError('internal', 'A statement ended the transaction it was part of.')
      return result
    } catch (error) {
      this.#failure ??= error
      throw error
    } finally {
      leave()
    }
  }
}

/** Checks and encodes a statement before it takes its turn. @throws LvaError bad-input */
export function prepare(text: string, params: readonly SqlValue[]): EncodedValue[] {
  refuseNul(text, 'the statement')
  return encodeValues(params)
}

/** The error for a `begin` that was sent outside of `transaction`: it would take everybody else's statements into it. */
export function leftOpen(): LvaError {
  return new LvaError('internal', 'A statement began a transaction and left it open; it was undone.', {
    advice: 'Use transaction() instead.',
  })
}

/** The error of every use after `close`. */
export function databaseClosed(): LvaError {
  return new LvaError('cancelled', 'The database is closed.')
}
