import type { Queries } from '../store/index.ts'
import type { FusedMatch } from './fusion.ts'

/** Of the best so many say whether turns were found. */
const JUDGED = 10
/** Captures of the ranking whose neighbours are looked up. */
const LOOKED_UP = 60
/**
 * Part of its score that a turn lends to those around it: the nearest, and the one beyond. An answer follows its question, so that what comes
 * after is lent more than what came before.
 */
const LENT_ONWARD = [0.3, 0.15] as const
const LENT_BACK = [0.2, 0.1] as const
const LENT_AT_MOST = [...LENT_ONWARD, ...LENT_BACK].reduce((sum, part) => sum + part, 0)

/** Tells the turns before and after each capture, in its session; what is missing has none. */
export type Neighbours = (
  captureIds: readonly string[],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<string, readonly (string | null | undefined)[]>>

/**
 * Lends a turn of a conversation some of the score of the two turns before and after it: an answer often has none of the words of the
 * question it answers. What is not related itself stays only where a turn next to it is. Among notes and documents, which have no neighbours,
 * turns would win by having some: so much is lent as the best are turns.
 * @param fused best first
 * @param sessionOf session of a match, or null; a turn without another of its session among them has nothing to borrow
 * @returns the related of them, best first; scores from 0 to 1, comparable as before
 */
export async function lendByNeighbours(
  neighbours: Neighbours,
  fused: readonly FusedMatch[],
  { sessionOf, isRelated }: { sessionOf(match: FusedMatch): string | null; isRelated(match: FusedMatch): boolean },
  signal?: AbortSignal,
): Promise<FusedMatch[]> {
  const sessions = new Map<string | null, number>()
  for (const match of fused) sessions.set(sessionOf(match), (sessions.get(sessionOf(match)) ?? 0) + 1)
  const together = fused
    .slice(0, LOOKED_UP)
    .filter((match) => sessionOf(match) !== null && (sessions.get(sessionOf(match)) ?? 0) > 1)
  if (together.length === 0) return fused.filter(isRelated)
  const ids = together.map(({ captureId }) => captureId)
  const next = await neighbours(ids, signal)
  const beside = [...new Set([...next.values()].flat().filter((id) => typeof id === 'string'))]
  const beyond = await neighbours(beside, signal)
  const scores = new Map(fused.map(({ captureId, score }) => [captureId, score]))
  const related = new Set(fused.filter(isRelated).map(({ captureId }) => captureId))
  const scoreOf = (id: string | null | undefined) => (id ? (scores.get(id) ?? 0) : 0)
  const best = fused.slice(0, JUDGED)
  const part = best.filter((match) => sessionOf(match) !== null).length / best.length
  return fused
    .flatMap((match) => {
      const [before, after] = next.get(match.captureId) ?? []
      if (![match.captureId, before, after].some((id) => id && related.has(id))) return []
      const [twoBefore] = (before && beyond.get(before)) || []
      const [, twoAfter] = (after && beyond.get(after)) || []
      const lent =
        LENT_ONWARD[0] * scoreOf(before) +
        LENT_ONWARD[1] * scoreOf(twoBefore) +
        LENT_BACK[0] * scoreOf(after) +
        LENT_BACK[1] * scoreOf(twoAfter)
      return [{ ...match, score: (match.score + part * lent) / (1 + part * LENT_AT_MOST) }]
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
