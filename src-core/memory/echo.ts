import { rarityOf, saidBy } from './lexical/bm25-formula.ts'
import type { CountedTerms } from './lexical/term-ids.ts'

/** Chunks of the first order that are listened to, and words that are taken from them. */
export const SPEAKERS = 10
const WORDS = 30
/** A word that more than this part of the candidates has tells nobody from nobody. */
const COMMON = 0.5

export interface Speaking extends CountedTerms {
  chunkId: string
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
  let terms = 0
  for (const text of texts) for (const term of text.terms) terms = Math.max(terms, term + 1)
  const documents = new Uint32Array(terms)
  for (const text of texts) for (const term of text.terms) documents[term] = (documents[term] as number) + 1
  const rarity = (term: number) => rarityOf(documents[term] as number, texts.length)
  const weights = new Map<number, number>()
  for (const { terms: own, counts, length, score } of texts.slice(0, SPEAKERS)) {
    for (const [place, term] of own.entries()) {
      if ((documents[term] as number) > COMMON * texts.length) continue
      weights.set(term, (weights.get(term) ?? 0) + (score * (counts[place] as number) * rarity(term)) / length)
    }
  }
  const sought = new Float64Array(terms)
  const loudest = [...weights].sort((a, b) => b[1] - a[1]).slice(0, WORDS)
  for (const [term, weight] of loudest) sought[term] = weight * rarity(term)
  const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length
  const scores = texts.map(({ chunkId, terms: own, counts, length }) => {
    let score = 0
    for (let place = 0; place < own.length; place += 1) {
      const weight = sought[own[place] as number] as number
      if (weight !== 0) score += weight * saidBy(counts[place] as number, length / average)
    }
    return [chunkId, score] as const
  })
  const best = Math.max(0, ...scores.map(([, score]) => score))
  return new Map(scores.map(([chunkId, score]) => [chunkId, best > 0 ? score / best : 0]))
}
