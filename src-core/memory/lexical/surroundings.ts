import { saidBy } from './bm25-formula.ts'
import type { CountedTerms } from './term-ids.ts'

/** Chunks of the same text before and after a chunk that count as what surrounds it. */
export const REACH = 3

/** Whether one place in a text is within reach of another. */
export function isAround(ordinal: number, other: number): boolean {
  return Math.abs(ordinal - other) <= REACH
}

/** Part of a chunk's score that is what its surroundings say. */
const PART = 0.5

/** A chunk that words have found. */
export interface Surrounded {
  /** By BM25, among chunks. */
  score: number
  own: CountedTerms
  /** The chunk itself and those around it, `REACH` to each side. */
  around: readonly CountedTerms[]
}

/**
 * Scores of chunks that also look at what stands around them. Where a text is cut into chunks the words that were asked for may be spread
 * over several of them, and none has them all; so a chunk and its surroundings are taken as one longer text too, and both scores, as shares
 * of the best of their kind, are joined (docs/decisions/0018-words-around-a-chunk.md). Where each text is one chunk nothing changes.
 * @param found best first
 * @param weights of the terms that were asked for, by their numbers
 * @param meanLength of all chunks, in terms
 * @returns in the order of `found`; the best may be less than before, never more
 */
export function scoresAmongSurroundings(
  found: readonly Surrounded[],
  weights: ReadonlyMap<number, number>,
  meanLength: number,
): number[] {
  if (found.every(({ around }) => around.length < 2)) return found.map(({ score }) => score)
  const lengths = found.map(({ around }) => around.reduce((sum, { length }) => sum + length, 0))
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  // Surroundings are as many times longer than chunks as they are among the found.
  const mean = (meanLength * sum(lengths)) / sum(found.map(({ own }) => own.length))
  const countsOf = countsByText([...weights.keys()])
  const asked = [...weights.values()]
  const said = found.map(({ around }, place) => {
    const counts = around.map(countsOf)
    let score = 0
    for (let slot = 0; slot < asked.length; slot += 1) {
      let count = 0
      for (const own of counts) count += own[slot] as number
      if (count > 0) score += (asked[slot] as number) * saidBy(count, (lengths[place] as number) / mean)
    }
    return score
  })
  const best = Math.max(...found.map(({ score }) => score))
  const mostSaid = Math.max(...said)
  if (mostSaid === 0) return found.map(({ score }) => score)
  return found.map(({ score }, place) => (1 - PART) * score + (PART * best * (said[place] as number)) / mostSaid)
}

/** How often each of some terms stands in a text, in their order; each text is looked through once. */
function countsByText(asked: readonly number[]): (text: CountedTerms) => Float64Array {
  // 1 for the first of the asked, and so on.
  const slots = new Uint32Array(asked.reduce((most, term) => Math.max(most, term + 1), 0))
  for (const [place, term] of asked.entries()) slots[term] = place + 1
  const known = new Map<CountedTerms, Float64Array>()
  return (text) => {
    const before = known.get(text)
    if (before) return before
    const counts = new Float64Array(asked.length)
    const { terms } = text
    for (let place = 0; place < terms.length; place += 1) {
      const term = terms[place] as number
      const slot = term < slots.length ? (slots[term] as number) : 0
      if (slot > 0) counts[slot - 1] = text.counts[place] as number
    }
    known.set(text, counts)
    return counts
  }
}
