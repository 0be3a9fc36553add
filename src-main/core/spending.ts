import type { NewId } from '../../src-core/kernel/index.ts'
import type { SpendingLedger } from '../../src-core/models/index.ts'
import type { Queries } from '../../src-core/store/index.ts'

/** What one model cost and did since some instant. */
export interface ModelSpending {
  model: string
  inputTokens: number
  outputTokens: number
  costUsd: number
  calls: number
}

export interface Spending extends SpendingLedger {
  /** @param sinceMs milliseconds since 1970; dearest model first */
  byModel(sinceMs: number): Promise<ModelSpending[]>
}

const MICRO = 1_000_000

/** The `spending` table of one vault. */
export function createSpending(db: Queries, vaultId: string, newId: NewId): Spending {
  return {
    async spentMicroUsd(sinceMs) {
      const [row] = await db.query<{ spent: number }>(
        'select coalesce(sum(cost_micro_usd), 0)::int8 as spent from spending where vault_id = $1 and at >= $2',
        [vaultId, new Date(sinceMs)],
      )
      return row?.spent ?? 0
    },
    async record(entry) {
      await db.query(
        `insert into spending (vault_id, id, at, provider, model, input_tokens, output_tokens, cost_micro_usd)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          vaultId,
          newId(),
          new Date(entry.at),
          entry.provider,
          entry.model,
          entry.inputTokens,
          entry.outputTokens,
          entry.costMicroUsd,
        ],
      )
    },
    async byModel(sinceMs) {
      const rows = await db.query<{ model: string; input: number; output: number; cost: number; calls: number }>(
        `select model, sum(input_tokens)::int8 as input, sum(output_tokens)::int8 as output,
                sum(cost_micro_usd)::int8 as cost, count(*) as calls
         from spending where vault_id = $1 and at >= $2
         group by model order by cost desc, model`,
        [vaultId, new Date(sinceMs)],
      )
      return rows.map(({ model, input, output, cost, calls }) => ({
        model,
        inputTokens: input,
        outputTokens: output,
        costUsd: cost / MICRO,
        calls,
      }))
    },
  }
}
