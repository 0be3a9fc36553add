import type { LexicalMatch } from './lexical/types.ts'
import type { VectorMatch } from './vectors/types.ts'

/**
 * Part of the words in the fused score; the rest is the meaning's. Measured on Cranfield, CISI and LIMIT, where anything from 0.15 to 0.35
 * is as good to a point of nDCG (docs/decisions/0004-fusion.md).
 */
export const LEXICAL_SHARE = 0.25

/** A capture or note that one of the two sides found, or both. */
export interface FusedMatch {
  captureId: string
  /** The chunk of it that speaks most for it. */
  chunkId: string
  /** 0 to 1. */
  score: number
  /** Ranks among captures, from 1. */
  lexicalRank?: number
  semanticRank?: number
  cosine?: number
}

/**
 * Joins what words found with what meaning found, by score:
 *
 *     score = 0.25 · BM25 / best BM25 of this query  +  0.75 · max(0, cosine)
 *
 * A capture counts by its best chunk on each side. BM25 has no scale of its own, so it is taken as a share of the best; no word in common
 * is 0. The cosine has one and keeps it: where nothing is near in meaning (a list of names, a language the embedder does not know), all
 * cosines are small or alike and the words decide. Stretching them to the full range, as min-max does, would blow up that noise.
 * @param lexical best first; empty when that side did not answer
 * @param semantic nearest first; empty when that side did not answer
 * @returns best first; equal scores in the order of the lexical side, then of the semantic
 */
export function fuse(lexical: readonly LexicalMatch[], semantic: readonly VectorMatch[]): FusedMatch[] {
  const best = lexical[0]?.score ?? 1
  const words = bestOfCapture(lexical)
  const meanings = bestOfCapture(semantic)
  const wordScore = (match: LexicalMatch) => LEXICAL_SHARE * Math.min(1, match.score / best)
  const meaningScore = (match: VectorMatch) => (1 - LEXICAL_SHARE) * Math.min(1, Math.max(0, match.cosine))
  const fused: FusedMatch[] = []
  for (const captureId of new Set([...words.keys(), ...meanings.keys()])) {
    const word = words.get(captureId)
    const meaning = meanings.get(captureId)
    const fromWords = word ? wordScore(word.match) : 0
    const fromMeaning = meaning ? meaningScore(meaning.match) : 0
    const speaker = fromWords >= fromMeaning ? (word ?? meaning) : (meaning ?? word)
    fused.push({
      captureId,
      chunkId: speaker?.match.chunkId ?? '',
      score: fromWords + fromMeaning,
      ...(word ? { lexicalRank: word.rank } : {}),
      ...(meaning ? { semanticRank: meaning.rank, cosine: meaning.match.cosine } : {}),
    })
  }
  return fused.sort((a, b) => b.score - a.score)
}

/** The first, which is the best, match of each capture, with its rank among captures. */
function bestOfCapture<M extends { captureId: string }>(
  matches: readonly M[],
): Map<string, { match: M; rank: number }> {
  const best = new Map<string, { match: M; rank: number }>()
  for (const match of matches) {
    if (!best.has(match.captureId)) best.set(match.captureId, { match, rank: best.size + 1 })
  }
  return best
}
