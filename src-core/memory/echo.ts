/** Chunks of the first order that are listened to, and words that are taken from them. */
const SPEAKERS = 10
const WORDS = 30
/** A word that more than this part of the candidates has tells nobody from nobody. */
const COMMON = 0.5
/** Of BM25, as in the index. */
const K1 = 1.6
const B = 0.75

export interface Speaking {
  chunkId: string
  /** How often each term stands in it, and how many there are in all. */
  counts: ReadonlyMap<string, number>
  length: number
  /** Score in the first order. */
  score: number
}

/**
 * Pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al., UMass at TREC 2004), within the candidates alone: the words that are
 * frequent in the best and rare in the rest are looked for in all of them, by BM25 with the candidates as its collection. No index is asked
 * again.
 * @param texts the candidates, best first
 * @returns 0 to 1 for each chunk; the best has 1
 */
export function echoes(texts: readonly Speaking[]): Map<string, number> {
  const documents = new Map<string, number>()
  for (const { counts } of texts) for (const term of counts.keys()) documents.set(term, (documents.get(term) ?? 0) + 1)
  const rarity = (term: string) => {
    const having = documents.get(term) ?? 0
    return Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))
  }
  const weights = new Map<string, number>()
  for (const { counts, length, score } of texts.slice(0, SPEAKERS)) {
    for (const [term, count] of counts) {
      if ((documents.get(term) ?? 0) > COMMON * texts.length) continue
      weights.set(term, (weights.get(term) ?? 0) + (score * count * rarity(term)) / length)
    }
  }
  const sought = [...weights].sort((a, b) => b[1] - a[1]).slice(0, WORDS)
  const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length
  const scores = texts.map(({ chunkId, counts, length }) => {
    let score = 0
    for (const [term, weight] of sought) {
      const count = counts.get(term)
      if (count) score += (weight * rarity(term) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average))
    }
    return [chunkId, score] as const
  })
  const best = Math.max(0, ...scores.map(([, score]) => score))
  return new Map(scores.map(([chunkId, score]) => [chunkId, best > 0 ? score / best : 0]))
}
