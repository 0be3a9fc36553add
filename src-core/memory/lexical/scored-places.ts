/**
 * Places in the ranking (from 1) whose scores are computed; a score between two of them is read off the line between them, and the last
 * place is always computed. The index scan of Postgres gives the order but no scores, and one score costs as much as cutting the chunk into
 * words again, 0.15 to 0.2 ms: a hundred of them were most of a search. The shares of the fusion are fitted to scores of this kind, so that the index
 * in memory, which has them all, gives the same (docs/decisions/0004-fusion.md, 0008-words-in-memory.md).
 */
const SCORED_PLACES = new Set([1, 2, 3, 4, 6, 9, 14, 22, 35, 56, 90])

/** @param index place from 0 of a ranking of so many */
export function isScored(index: number, length: number): boolean {
  return SCORED_PLACES.has(index + 1) || index === length - 1
}

/** Fills each gap on the straight line between the known scores around it. The first and the last are known. */
export function scoresBetween(known: readonly (number | undefined)[]): number[] {
  const scores: number[] = []
  let before = 0
  for (const [place, score] of known.entries()) {
    if (score === undefined) continue
    const from = scores[before] ?? score
    for (let gap = before + 1; gap < place; gap += 1) {
      scores[gap] = from + ((score - from) * (gap - before)) / (place - before)
    }
    scores[place] = score
    before = place
  }
  return scores
}

/** Puts matches in order, equal ones by their ids, and reads the scores between the places that are computed off the line. */
export function rankedByScore<T extends { chunkId: string; score: number }>(matches: readonly T[]): T[] {
  const ranked = matches.toSorted((a, b) => b.score - a.score || (a.chunkId < b.chunkId ? -1 : 1))
  const scores = scoresBetween(ranked.map(({ score }, place) => (isScored(place, ranked.length) ? score : undefined)))
  return ranked.map((match, place) => ({ ...match, score: scores[place] as number }))
}
