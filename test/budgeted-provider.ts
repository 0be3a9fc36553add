import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type Budget, createBudget, type SpendingEntry } from '../src-core/models/index.ts'
import { type ScriptedProvider, startScriptedProvider } from './scripted-provider.ts'

export interface BudgetedProvider {
  readonly server: ScriptedProvider
  /** A dollar for each test, unless `limit` said otherwise. */
  readonly budget: Budget
  /** What the test has spent. */
  readonly entries: readonly SpendingEntry[]
  limit(usd: number): void
}

/** A scripted provider for the block of tests that calls this, with a budget and a ledger of its own for each test. */
export function budgetedProvider(prices: Parameters<typeof createBudget>[0]['prices']): BudgetedProvider {
  let server: ScriptedProvider
  let entries: SpendingEntry[]
  let limitUsd: number
  let budget: Budget
  beforeAll(async () => {
    server = await startScriptedProvider()
  })
  beforeEach(() => {
    entries = []
    limitUsd = 1
    budget = createBudget({
      clock: systemClock,
      limitUsd: () => limitUsd,
      prices,
      ledger: {
        spentMicroUsd: async () => entries.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
        record: async (entry) => void entries.push(entry),
      },
      log: silentLog,
    })
  })
  afterEach(() => server.reset())
  afterAll(() => server.close())
  return {
    get server() {
      return server
    },
    get budget() {
      return budget
    },
    get entries() {
      return entries
    },
    limit(usd) {
      limitUsd = usd
    },
  }
}
