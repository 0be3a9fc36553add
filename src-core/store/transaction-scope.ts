import { AsyncLocalStorage } from 'node:async_hooks'
import { LvaError } from '../kernel/index.ts'

/**
 * Knows whether the present call was made inside a transaction of the same database. There, asking the database instead of `tx` would wait
 * for the transaction, which waits for the call: it is refused at once, on every driver, so that nobody finds out on a learner's machine.
 */
export class TransactionScope {
  readonly #scopes = new AsyncLocalStorage<{ open: boolean }>()

  /** Runs `task` as the inside of a transaction. Work that outlives the task is outside again. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const scope = { open: true }
    try {
      return await this.#scopes.run(scope, task)
    } finally {
      scope.open = false
    }
  }

  /** @throws LvaError internal inside a transaction that is still open */
  refuseInside(): void {
    if (this.#scopes.getStore()?.open) {
      throw new LvaError('internal', 'The database was asked from inside one of its own transactions.', {
        advice: 'Use the queries that the transaction hands to its task.',
      })
    }
  }
}
