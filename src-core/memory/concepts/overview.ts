import type { Queries } from '../../store/index.ts'
import type { GraphRelation } from '../graph/types.ts'

/** A relation as a map draws it. */
export interface MapRelation {
  fromId: string
  toId: string
  kind: GraphRelation['kind']
  weight: number
  evidence: number
  byLearner: boolean
}

/** The strongest relations among some concepts. */
export async function readRelationsAmong(
  queries: Queries,
  vaultId: string,
  ids: readonly string[],
): Promise<MapRelation[]> {
  return queries.query<MapRelation & Record<string, unknown>>(
    `select from_id as "fromId", to_id as "toId", kind, weight, evidence, by_learner as "byLearner" from concept_relations
     where vault_id = $1 and from_id = any($2::text[]) and to_id = any($2::text[])
     order by by_learner desc, weight desc, from_id, to_id, kind`,
    [vaultId, [...ids]],
  )
}

/**
 * A map of all relations of a rich memory is a ball of wool. Kept is what is among the strongest of either end, and what the learner said.
 * @param relations the strongest first
 */
export function thinned(relations: readonly MapRelation[], perConcept: number): MapRelation[] {
  const counts = new Map<string, number>()
  return relations.filter(({ fromId, toId, byLearner }) => {
    const [from, to] = [counts.get(fromId) ?? 0, counts.get(toId) ?? 0]
    if (!byLearner && from >= perConcept && to >= perConcept) return false
    counts.set(fromId, from + 1)
    counts.set(toId, to + 1)
    return true
  })
}
