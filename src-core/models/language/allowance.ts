import { LvaError } from '../../kernel/index.ts'
import type { Allowance } from '../types.ts'

const MICRO = 1_000_000

/**
 * What several calls together may spend, such as those of one turn. A call sets aside the most that it can cost before anything is sent, and
 * gives back what it did not use; calls under way count as spent. Deciding and setting aside are one step, so that no interleaving of
 * parallel calls passes the limit.
 */
export function createAllowance(limitUsd: number): Allowance {
  const limit = Math.round(limitUsd * MICRO)
  /** Spent, and set aside by calls under way. */
  let taken = 0
  return {
    reserve(mostMicroUsd) {
      // What costs nothing never stops, as when it answers in place of what does.
      if (mostMicroUsd > 0 && taken + mostMicroUsd > limit) throw turnBudgetReached(limitUsd)
      taken += mostMicroUsd
      let isSettled = false
      return (usedMicroUsd) => {
        if (isSettled) return
        isSettled = true
        taken += usedMicroUsd - mostMicroUsd
      }
    },
  }
}

function turnBudgetReached(limitUsd: number): LvaError {
  return new LvaError(
    'turn-budget-reached',
    `One more question to the model could cost more than the $${limitUsd.toFixed(2)} that a turn may spend.`,
    {
      advice: 'Ask for less at once, choose a cheaper model in Settings, or raise agents.turnUsd in the configuration.',
      params: { limitUsd },
    },
  )
}
