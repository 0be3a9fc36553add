import { largestFirst } from './best.ts'
import { rarityOf, saidBy } from './lexical/bm25-formula.ts'
import type { CountedTerms } from './lexical/term-ids.ts'

/** Chunks of the first order that are listened to, and words that are taken from them. */
export const SPEAKERS = 10
const WORDS = 30
/** A word that more than this part of the candidates has tells nobody from nobody. */
const COMMON = 0.5

export interface Speaking {
  counted: CountedTerms
  /** Score in the first order, from 0 on. */
  score: number
}

/**
 * Pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al., UMass at TREC 2004), within the candidates alone: the words that are
 * frequent in the best and rare in the rest are looked for in all of them, by BM25 with the candidates as its collection. No index is asked
 * again.
 */
export class Echo {
  /** Candidates that have each term. */
  #having = new Uint32Array(0)
  /** What each term weighs, of a search under way; else all 0. */
  #weights = new Float64Array(0)

  /**
   * @param texts the candidates, best first
   * @param terms numbers that terms of them may have, from 0
   * @returns 0 to 1 for each of the candidates; the best has 1
   */
  of(texts: readonly Speaking[], terms: number): Float64Array {
    if (this.#having.length < terms) {
      this.#having = new Uint32Array(2 * terms)
      this.#weights = new Float64Array(2 * terms)
    }
    this.#having.fill(0, 0, terms)
    this.#count(texts)
    const told = this.#listen(texts)
    const scores = this.#answer(texts)
    for (const term of told) this.#weights[term] = 0
    return asPartOfLargest(scores)
  }

  #count(texts: readonly Speaking[]): void {
    const having = this.#having
    for (const { counted } of texts) {
      const { terms } = counted
      for (let place = 0; place < terms.length; place += 1) {
        const term = terms[place] as number
        having[term] = (having[term] as number) + 1
      }
    }
  }

  /** Gives the loudest words of the best their weights. @returns all that were weighed */
  #listen(texts: readonly Speaking[]): number[] {
    const weights = this.#weights
    const told: number[] = []
    const rarity = (term: number) => rarityOf(this.#having[term] as number, texts.length)
    for (const { counted, score } of texts.slice(0, SPEAKERS)) {
      const { terms, counts, length } = counted
      for (let place = 0; place < terms.length; place += 1) {
        const term = terms[place] as number
        if ((this.#having[term] as number) > COMMON * texts.length) continue
        const weight = weights[term] as number
        if (weight === 0) told.push(term)
        weights[term] = weight + (score * (counts[place] as number) * rarity(term)) / length
      }
    }
    const loudness = Float64Array.from(told, (term) => weights[term] as number)
    const loudest = largestFirst(loudness).slice(0, WORDS)
    for (const term of told) weights[term] = 0
    for (const place of loudest) {
      const term = told[place] as number
      weights[term] = (loudness[place] as number) * rarity(term)
    }
    return told
  }

  #answer(texts: readonly Speaking[]): Float64Array {
    const weights = this.#weights
    const scores = new Float64Array(texts.length)
    let lengths = 0
    for (const { counted } of texts) lengths += counted.length
    const average = lengths / texts.length
    for (let at = 0; at < texts.length; at += 1) {
      const { terms, counts, length } = (texts[at] as Speaking).counted
      let score = 0
      for (let place = 0; place < terms.length; place += 1) {
        const weight = weights[terms[place] as number] as number
        if (weight !== 0) score += weight * saidBy(counts[place] as number, length / average)
      }
      scores[at] = score
    }
    return scores
  }
}

function asPartOfLargest(scores: Float64Array): Float64Array {
  let largest = 0
  for (let at = 0; at < scores.length; at += 1) largest = Math.max(largest, scores[at] as number)
  if (largest > 0) for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] as number) / largest
  return scores
}
