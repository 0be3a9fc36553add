import { type Clock, type Log, LvaError, Mutex } from '../../kernel/index.ts'
import { costMicroUsd, FREE, type Price, type PriceTable, priceOf } from './prices.ts'
import type { UsedTokens } from './provider-model.ts'

/** What one call cost, as the `spending` table keeps it. */
export interface SpendingEntry {
  /** Milliseconds since 1970. */
  at: number
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  /** Millionths of a US dollar; 0 where the price is not known. */
  costMicroUsd: number
}

/** Where spending is remembered; the store floor has the table. */
export interface SpendingLedger {
  /** Sum of `costMicroUsd` of everything recorded at or after `sinceMs` (milliseconds since 1970). */
  spentMicroUsd(sinceMs: number): Promise<number>
  record(entry: SpendingEntry): Promise<void>
}

export interface BudgetOptions {
  clock: Clock
  /** US dollars that a calendar month (UTC) may cost; asked at every call, since it can be changed while the program runs. */
  limitUsd: () => number
  prices: PriceTable
  ledger: SpendingLedger
  log: Log
}

export interface BudgetStatus {
  limitUsd: number
  /** Spent since the month began. */
  spentUsd: number
  /** The most that calls under way can still cost. */
  reservedUsd: number
  /** ISO 8601 instant at which the next month begins. */
  resetsAt: string
}

/** Money set aside for one call. */
export interface Reservation {
  /** Null where the model's price is not known; such a call is not held back, and its cost is reported as null. */
  readonly price: Price | null
  /** Millionths of a US dollar that are set aside; 0 where the price is not known. */
  readonly mostMicroUsd: number
  /** Gives back what was not used and records the rest. Only the first call counts. @returns US dollars, or null without a price */
  settle(used: UsedTokens): Promise<number | null>
}

/** What is about to be called. */
export interface Expense {
  provider: string
  model: string
  /** True where answers are free unless the price table names the model. */
  isFree: boolean
  most: UsedTokens
}

export interface Budget {
  /** @throws LvaError budget-reached before any money is spent, when the call could take the month beyond its limit */
  reserve(expense: Expense): Promise<Reservation>
  /** Records a call for which nothing was set aside, such as a test of the settings. */
  record(expense: Expense, used: UsedTokens): Promise<void>
  status(): Promise<BudgetStatus>
}

const MICRO = 1_000_000

/**
 * A monthly budget. A call reserves the most it can cost, in estimated input and the highest possible output, and gives the rest back
 * afterwards; calls under way count as spent. So the limit holds also when several calls run at once.
 */
export function createBudget({ clock, limitUsd, prices, ledger, log }: BudgetOptions): Budget {
  const turns = new Mutex()
  const warned = new Set<string>()
  let reservedMicroUsd = 0
  /** What the ledger would not take; it counts as spent and is offered again. */
  let unrecorded: SpendingEntry[] = []

  function price({ provider, model, isFree }: Expense): Price | null {
    const found = priceOf(prices, model)
    if (found) return found
    if (isFree) return FREE
    if (!warned.has(model)) {
      warned.add(model)
      log.warn({ provider, model }, 'no price is known for this model: its calls do not count against the budget')
    }
    return null
  }

  async function flush(): Promise<void> {
    const waiting = unrecorded
    unrecorded = []
    for (const [index, entry] of waiting.entries()) {
      try {
        await ledger.record(entry)
      } catch (error) {
        unrecorded = waiting.slice(index)
        log.error({ error, entries: unrecorded.length }, 'spending could not be recorded; it is kept for the next call')
        return
      }
    }
  }

  async function spentMicroUsd(): Promise<number> {
    await flush()
    const since = monthStart(clock.now(), 0)
    const waiting = unrecorded.filter((entry) => entry.at >= since)
    const recorded = await ledger.spentMicroUsd(since)
    return waiting.reduce((sum, entry) => sum + entry.costMicroUsd, recorded)
  }

  async function write(expense: Expense, used: UsedTokens, cost: number): Promise<void> {
    if (used.inputTokens + used.outputTokens === 0) return
    const { provider, model } = expense
    unrecorded.push({ at: clock.now(), provider, model, ...used, costMicroUsd: cost })
    await flush()
  }

  return {
    reserve: (expense) =>
      turns.run(async () => {
        const known = price(expense)
        const most = known ? costMicroUsd(known, expense.most) : 0
        if (most > 0) {
          const spent = await spentMicroUsd()
          const limit = Math.round(limitUsd() * MICRO)
          if (spent + reservedMicroUsd + most > limit) throw budgetReached(limit, spent, clock.now())
        }
        reservedMicroUsd += most
        let isSettled = false
        return {
          price: known,
          mostMicroUsd: most,
          settle: (used) =>
            turns.run(async () => {
              const cost = known ? costMicroUsd(known, used) : 0
              if (!isSettled) {
                isSettled = true
                await write(expense, used, cost)
                reservedMicroUsd -= most
              }
              return known ? cost / MICRO : null
            }),
        }
      }),
    record: (expense, used) =>
      turns.run(() => {
        const known = price(expense)
        return write(expense, used, known ? costMicroUsd(known, used) : 0)
      }),
    status: () =>
      turns.run(async () => ({
        limitUsd: limitUsd(),
        spentUsd: (await spentMicroUsd()) / MICRO,
        reservedUsd: reservedMicroUsd / MICRO,
        resetsAt: new Date(monthStart(clock.now(), 1)).toISOString(),
      })),
  }
}

/** Milliseconds since 1970 of the first instant (UTC) of the month that holds `nowMs`, or of one that many months later. */
function monthStart(nowMs: number, monthsLater: number): number {
  const now = new Date(nowMs)
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsLater, 1)
}

function budgetReached(limitMicro: number, spentMicro: number, nowMs: number): LvaError {
  const limitUsd = limitMicro / MICRO
  const spentUsd = spentMicro / MICRO
  const resets = new Date(monthStart(nowMs, 1)).toISOString().slice(0, 10)
  return new LvaError(
    'budget-reached',
    `The budget for this month is used up: $${spentUsd.toFixed(2)} of $${limitUsd.toFixed(2)} are spent, and one more answer could pass it.`,
    {
      advice: `Raise the monthly budget, use a model on your own machine or the offline tutor, or wait until ${resets}.`,
      params: { limitUsd, spentUsd, resets },
    },
  )
}
