import type { Queries } from '../store/index.ts'
import { largestFirst } from './best.ts'
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
 * @param most matches that are wanted
 * @returns the related of them, best first; scores from 0 to 1, comparable as before
 */
export async function lendByNeighbours(
  neighbours: Neighbours,
  fused: readonly FusedMatch[],
  {
    sessionOf,
    isRelated,
    most,
  }: { sessionOf(match: FusedMatch): string | null; isRelated(match: FusedMatch): boolean; most: number },
  signal?: AbortSignal,
): Promise<FusedMatch[]> {
  const sessions = fused.map(sessionOf)
  const turns = new Map<string | null, number>()
  for (const session of sessions) turns.set(session, (turns.get(session) ?? 0) + 1)
  const isTurn = (_: FusedMatch, place: number) => sessions[place] !== null
  const together = fused
    .slice(0, LOOKED_UP)
    .filter((match, place) => isTurn(match, place) && (turns.get(sessions[place] as string) ?? 0) > 1)
  if (together.length === 0) return fused.filter(isRelated).slice(0, most)
  const ids = together.map(({ captureId }) => captureId)
  const next = await neighbours(ids, signal)
  const beside = [...new Set([...next.values()].flat().filter((id) => typeof id === 'string'))]
  const beyond = await neighbours(beside, signal)
  const matches = new Map<string, FusedMatch>()
  for (const match of fused) matches.set(match.captureId, match)
  const matchOf = (id: string | null | undefined) => (id ? matches.get(id) : undefined)
  const scoreOf = (id: string | null | undefined) => matchOf(id)?.score ?? 0
  const isThere = (id: string | null | undefined) => {
    const match = matchOf(id)
    return match !== undefined && isRelated(match)
  }
  const best = fused.slice(0, JUDGED)
  const part = best.filter(isTurn).length / best.length
  const scores = fused.map(({ captureId, score }) => {
    const around = next.get(captureId)
    const [before, after] = [around?.[0], around?.[1]]
    const lent =
      LENT_ONWARD[0] * scoreOf(before) +
      LENT_ONWARD[1] * scoreOf(before && beyond.get(before)?.[0]) +
      LENT_BACK[0] * scoreOf(after) +
      LENT_BACK[1] * scoreOf(after && beyond.get(after)?.[1])
    return (score + part * lent) / (1 + part * LENT_AT_MOST)
  })
  const found: FusedMatch[] = []
  for (const place of largestFirst(scores)) {
    if (found.length === most) break
    const match = fused[place] as FusedMatch
    const around = next.get(match.captureId)
    if (isRelated(match) || isThere(around?.[0]) || isThere(around?.[1]))
      found.push({ ...match, score: scores[place] as number })
  }
  return found
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
