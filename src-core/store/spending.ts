import type { Clock, NewId } from '../kernel/index.ts'
import type { Queries } from './types.ts'

/** What one call to a paid model used. */
export interface ModelUsage {
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  /** Millionths of a US dollar, a whole number. */
  costMicroUsd: number
}

/** Writes one call into the ledger `spending`. */
export async function recordSpending(
  queries: Queries,
  vaultId: string,
  usage: ModelUsage,
  clock: Clock,
  newId: NewId,
): Promise<void> {
  await queries.query(
    `insert into spending (vault_id, id, at, provider, model, input_tokens, output_tokens, cost_micro_usd)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      vaultId,
      newId(),
      new Date(clock.now()),
      usage.provider,
      usage.model,
      usage.inputTokens,
      usage.outputTokens,
      usage.costMicroUsd,
    ],
  )
}

/** Millionths of a US dollar spent at `from` (milliseconds since 1970) or later. */
export async function spentMicroUsd(queries: Queries, vaultId: string, from: number): Promise<number> {
  const [row] = await queries.query<{ spent: number }>(
    'select coalesce(sum(cost_micro_usd), 0)::int8 as spent from spending where vault_id = $1 and at >= $2',
    [vaultId, new Date(from)],
  )
  return row?.spent ?? 0
}
