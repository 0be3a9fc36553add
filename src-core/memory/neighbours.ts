import type { Queries } from '../store/index.ts'
import type { FusedMatch } from './fusion.ts'

/** Captures of the ranking whose neighbours are looked up. */
const LOOKED_UP = 60
/** Part of its neighbours' score that a turn is lent, half by each. */
const LENT = 0.15

/** Tells the turns before and after each capture, in its session; what is missing has none. */
export type Neighbours = (
  captureIds: readonly string[],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<string, readonly (string | null | undefined)[]>>

/**
 * Lends a turn of a conversation some of the score of the turns before and after it: an answer often has none of the words of the question
 * it answers.
 * @param fused best first
 * @param sessionOf session of a match, or null; a turn without another of its session among them has nothing to borrow
 * @returns the same matches, best first
 */
export async function lendByNeighbours(
  neighbours: Neighbours,
  fused: readonly FusedMatch[],
  sessionOf: (match: FusedMatch) => string | null,
  signal?: AbortSignal,
): Promise<FusedMatch[]> {
  const sessions = new Map<string | null, number>()
  for (const match of fused) sessions.set(sessionOf(match), (sessions.get(sessionOf(match)) ?? 0) + 1)
  const together = fused
    .slice(0, LOOKED_UP)
    .filter((match) => sessionOf(match) !== null && (sessions.get(sessionOf(match)) ?? 0) > 1)
  if (together.length === 0) return [...fused]
  const around = await neighbours(
    together.map(({ captureId }) => captureId),
    signal,
  )
  const scores = new Map(fused.map(({ captureId, score }) => [captureId, score]))
  return fused
    .map((match) => {
      const lent = (around.get(match.captureId) ?? []).reduce(
        (sum, neighbour) => sum + (neighbour ? (scores.get(neighbour) ?? 0) : 0),
        0,
      )
      return { ...match, score: Math.min(1, match.score + (LENT / 2) * lent) }
    })
    .sort((a, b) => b.score - a.score)
}

/** Neighbours as the table of captures has them. */
export function storedNeighbours(queries: Queries, vaultId: string): Neighbours {
  return async (captureIds, signal) => {
    const turns = await queries.query<{ id: string; before: string | null; after: string | null }>(
      `select c.id,
         (select b.id from captures b where b.vault_id = c.vault_id and b.session_id = c.session_id
            and (b.created_at, b.id) < (c.created_at, c.id) order by b.created_at desc, b.id desc limit 1) as before,
         (select a.id from captures a where a.vault_id = c.vault_id and a.session_id = c.session_id
            and (a.created_at, a.id) > (c.created_at, c.id) order by a.created_at, a.id limit 1) as after
       from captures c where c.vault_id = $1 and c.id = any($2::text[])`,
      [vaultId, captureIds],
      signal ? { signal } : {},
    )
    return new Map(turns.map(({ id, before, after }) => [id, [before, after]]))
  }
}
