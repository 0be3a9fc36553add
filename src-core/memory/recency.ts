import type { Queries } from '../store/index.ts'
import { chunkCondition, Parameters } from './filters.ts'
import type { FusedMatch } from './fusion.ts'
import { RELEVANT } from './relevance.ts'
import { words } from './time/time-words.ts'
import type { SearchFilters, SearchHit } from './types.ts'

/** Words that ask for the newest of what fits. */
const LATEST = words(
  'latest|newest|most recent|most recently|recently|lately|last time|did i last|have i last|zuletzt|kürzlich|neulich|letztens|neueste[nrsm]?|jüngste[nrsm]?|in letzter zeit|últimamente|recientemente|hace poco|lo último|la última vez|por última vez|más recientes?',
)

/** Where in a query the words stand that ask for the newest. */
export function latestIn(query: string): string | undefined {
  return LATEST.exec(query)?.[0]
}

/** Hits that are relevant by time, the newest first, and then the others as they are. */
export function newestFirst(hits: readonly SearchHit[]): SearchHit[] {
  const { true: relevant = [], false: others = [] } = Object.groupBy(hits, ({ relevance }) =>
    relevance >= RELEVANT ? 'true' : 'false',
  )
  return [...relevant.sort((a, b) => b.when.localeCompare(a.when)), ...others]
}

/**
 * The newest captures, notes and documents that the filters leave, for a query that asks for nothing but a time: "what did I say last week?"
 * @returns newest first, as if found with certainty
 */
export async function newestMatches(
  queries: Queries,
  vaultId: string,
  filters: SearchFilters | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<FusedMatch[]> {
  const parameters = new Parameters()
  const condition = chunkCondition(vaultId, filters, parameters)
  const rows = await queries.query<{ capture_id: string; chunk_id: string }>(
    `select capture_id, (array_agg(id order by field desc, ordinal))[1] as chunk_id from chunks where ${condition}
     group by capture_id order by max(created_at) desc, capture_id desc limit ${parameters.bind(limit)}`,
    parameters.values,
    signal ? { signal } : {},
  )
  return rows.map(({ capture_id, chunk_id }) => ({
    captureId: capture_id,
    chunkId: chunk_id,
    score: 1,
    parts: { words: 0, meaning: 0, likeness: 0, echo: 0 },
  }))
}
