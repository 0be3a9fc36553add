import type { NewId } from '../kernel/index.ts'
import type { Queries } from './types.ts'

/** What one call to a paid model used and cost. */
export interface SpendingEntry {
  /** Milliseconds since 1970. */
  at: number
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  /** Millionths of a US dollar, a whole number. */
  costMicroUsd: number
}

/** What all calls to one model used and cost. */
export interface ModelTotal {
  model: string
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
  calls: number
}

/** Writes one call into the ledger `spending`. */
export async function recordSpending(
  queries: Queries,
  vaultId: string,
  entry: SpendingEntry,
  newId: NewId,
): Promise<void> {
  await queries.query(
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
}

/** Millionths of a US dollar spent at `since` (milliseconds since 1970) or later. */
export async function spentMicroUsd(queries: Queries, vaultId: string, since: number): Promise<number> {
  const [row] = await queries.query<{ spent: number }>(
    'select coalesce(sum(cost_micro_usd), 0)::int8 as spent from spending where vault_id = $1 and at >= $2',
    [vaultId, new Date(since)],
  )
  return row?.spent ?? 0
}

/** The same by model, dearest first. */
export async function spendingByModel(queries: Queries, vaultId: string, since: number): Promise<ModelTotal[]> {
  return queries.query<ModelTotal & Record<string, unknown>>(
    `select model, sum(input_tokens)::int8 as "inputTokens", sum(output_tokens)::int8 as "outputTokens",
            sum(cost_micro_usd)::int8 as "costMicroUsd", count(*) as calls
     from spending where vault_id = $1 and at >= $2
     group by model order by "costMicroUsd" desc, model`,
    [vaultId, new Date(since)],
  )
}

/** What the runs of one agent used and cost, in the answers that are kept. */
export interface AgentTotal extends Omit<ModelTotal, 'model' | 'calls'> {
  agent: string
  runs: number
}

/**
 * What the answers since then tell of their agents, the dearest first. It is less than the ledger: an answer that was asked for again or
 * deleted tells nothing any more, and what no answer needed (concepts, a test of the settings) never did.
 */
export async function spendingByAgent(queries: Queries, vaultId: string, since: number): Promise<AgentTotal[]> {
  return queries.query<AgentTotal & Record<string, unknown>>(
    `select run->>'agent' as agent, coalesce(sum((run->>'inputTokens')::int8), 0)::int8 as "inputTokens",
            coalesce(sum((run->>'outputTokens')::int8), 0)::int8 as "outputTokens",
            coalesce(round(sum((run->>'costUsd')::float8) * 1e6), 0)::int8 as "costMicroUsd", count(*)::int as runs
     from captures, jsonb_array_elements(answer->'agentsUsed') run
     where vault_id = $1 and created_at >= $2 and run->>'model' is not null
       and ((run->>'inputTokens')::int8 > 0 or (run->>'costUsd')::float8 > 0)
     group by 1 order by 4 desc, 1`,
    [vaultId, new Date(since)],
  )
}
