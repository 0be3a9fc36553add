import type { Concept } from './concept-graph.ts'

/**
 * How well questions about concepts were answered when they were reviewed: the share of good answers, from 0 to 1. Concepts that were not
 * reviewed yet are left out. Handed in by who keeps reviews; the graph knows none.
 */
export type SuccessOf = (conceptIds: readonly string[]) => Promise<ReadonlyMap<string, number>>

/** Something that is often spoken of and hardly connected, or not remembered. */
export interface Gap extends Concept {
  /** Share of good answers in reviews; null while there is none. */
  success: number | null
  reasons: ('few-links' | 'low-success')[]
}

const FEW_LINKS = 2
/** Reviews are planned for about nine good answers of ten; clearly fewer are a gap. */
const LOW_SUCCESS = 0.7

/** The gaps among concepts, the widest first: mentioned often, times the larger of what lacks in links and in success. */
export function gapsAmong(concepts: readonly Concept[], success: ReadonlyMap<string, number>, limit: number): Gap[] {
  return concepts
    .map((concept) => {
      const rate = success.get(concept.id) ?? null
      const reasons: Gap['reasons'] = []
      if (concept.links <= FEW_LINKS) reasons.push('few-links')
      if (rate !== null && rate < LOW_SUCCESS) reasons.push('low-success')
      const lacking = Math.max(
        reasons.includes('few-links') ? 1 / (1 + concept.links) : 0,
        reasons.includes('low-success') ? 1 - (rate ?? 1) : 0,
      )
      return { gap: { ...concept, success: rate, reasons }, width: concept.captures * lacking }
    })
    .filter(({ gap }) => gap.reasons.length > 0)
    .sort((a, b) => b.width - a.width || (a.gap.id < b.gap.id ? -1 : 1))
    .slice(0, limit)
    .map(({ gap }) => gap)
}
