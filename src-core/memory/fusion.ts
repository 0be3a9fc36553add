import { SPEAKERS } from './echo.ts'

/** How much each part says in the fused score; together 1. */
export interface Shares {
  words: number
  meaning: number
  likeness: number
  echo: number
}

/**
 * Chosen on Cranfield and CISI (docs/decisions/0004-fusion.md says how far that can be trusted). The first order only chooses whom the second
 * listens to.
 */
export const FIRST_SHARES: Shares = { words: 0.25, meaning: 0.75, likeness: 0, echo: 0 }
export const SHARES: Shares = { words: 0.2, meaning: 0.34, likeness: 0.19, echo: 0.27 }
/** For texts in a language that the embedder has not learned: its vectors say little there, its cosines are all alike, and its best are not listened to. */
export const SHARES_OF_WORDS: Shares = { words: 0.9, meaning: 0.1, likeness: 0, echo: 0 }

/**
 * How much of a language in Latin letters an embedder knows that has learned English only, 0 to 1: names, numbers and the words that both have.
 * English took half of its words from Latin and French, so that it knows more of their kin than of German. Among few texts what it knows is enough
 * to find the right one; among many, others have it too.
 * @param isRomance whether the language comes from Latin
 * @param near chunks that meaning offered
 * @param most chunks that it offers where there are more
 */
export function knownOfKin(isRomance: boolean, near: number, most: number): number {
  if (near < most) return 0.75
  return isRomance ? 0.5 : 0.2
}

/** Shares between those of a language that the embedder knows (1) and those of one that it does not (0). */
export function sharesBetween(unknown: Shares, known: Shares, part: number): Shares {
  const mix = (key: keyof Shares) => unknown[key] + (known[key] - unknown[key]) * part
  return { words: mix('words'), meaning: mix('meaning'), likeness: mix('likeness'), echo: mix('echo') }
}

/** Part of the query's words from which on the best find of the words counts in full. */
const HALF = 0.5
/** Part from which on it counts for more, up to this many times more where it has them all. */
const NEARLY_ALL = 0.8
const MORE = 2

/**
 * Shares for what the words really found. BM25 is taken as a share of the best of the query, so that the best says 1 even where it has one
 * common word of five; how many it has is said here. A text with every word of the query is what was asked for more often than what only
 * means the like.
 * @param covered part of the query's words of content that the best find of the words has, 0 to 1; undefined where words found nothing
 * @returns together 1
 */
export function sharesFor(shares: Shares, covered: number | undefined): Shares {
  if (covered === undefined) return shares
  const weight = Math.min(1, HALF + covered) + (MORE * Math.max(0, covered - NEARLY_ALL)) / (1 - NEARLY_ALL)
  const words = shares.words * weight
  const all = words + shares.meaning + shares.likeness + shares.echo
  return {
    words: words / all,
    meaning: shares.meaning / all,
    likeness: shares.likeness / all,
    echo: shares.echo / all,
  }
}

/** Mean terms of the best of the first order from which on they say enough to be listened to. */
const ENOUGH_SAID = 20

/**
 * How far the best of the first order may be listened to: as far as they say enough to tell what they are about. Of a turn of six words nothing
 * can be learned but those words.
 * @param lengths of the texts of the first order, best first, in terms
 * @returns 0, the first order stays as it is, to 1
 */
export function trustInBest(lengths: readonly number[]): number {
  const heard = lengths.slice(0, SPEAKERS)
  const said = heard.reduce((sum, length) => sum + length, 0)
  return Math.min(1, said / (ENOUGH_SAID * Math.max(1, heard.length)))
}

/** A chunk that one of the two sides found, or both, and what speaks for it; each part from 0 to 1. */
export interface Candidate {
  chunkId: string
  captureId: string
  /** BM25 as a share of the best of this query; undefined where no word was found. */
  words?: number
  /** Cosine to the query; undefined where meaning was not asked or did not find it. */
  meaning?: number
  /** Whether meaning found it, and not only its cosine was looked up. */
  near?: boolean
  /** Cosine to the middle of the best of the first order. */
  likeness?: number
  /** What it has of the words that tell the best of the first order from the rest. */
  echo?: number
}

/** A capture, note or document among the candidates. */
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
  /** What each part put into the score. */
  parts: Shares
}

/**
 * Joins what speaks for each chunk, by score:
 *
 *     score = Σ share · part        part: words, meaning, likeness, echo
 *
 * A capture counts by its best chunk in each part. BM25 has no scale of its own, so it is taken as a share of the best; no word in common
 * is 0. The cosine has one and keeps it: where nothing is near in meaning (a list of names), all cosines are small or alike and the words
 * decide. Stretching them to the full range, as min-max does, would blow up that noise.
 * @returns best first; equal scores in the order of the candidates
 */
export function fuse(candidates: readonly Candidate[], shares: Shares): FusedMatch[] {
  const lexicalRanks = ranksOf(
    candidates.filter(({ words }) => words !== undefined),
    ({ words }) => words ?? 0,
  )
  const semanticRanks = ranksOf(
    candidates.filter(({ near }) => near),
    ({ meaning }) => meaning ?? 0,
  )
  const captures = new Map<string, { match: FusedMatch; spoken: number }>()
  for (const chunk of candidates) {
    const { captureId, chunkId } = chunk
    const spoken = spokenBy(chunk, shares)
    let own = captures.get(captureId)
    if (!own) {
      const parts = { words: 0, meaning: 0, likeness: 0, echo: 0 }
      own = { match: { captureId, chunkId, score: 0, parts }, spoken }
      captures.set(captureId, own)
    } else if (spoken > own.spoken) {
      own.match.chunkId = chunkId
      own.spoken = spoken
    }
    take(own.match, chunk, shares)
  }
  const fused: FusedMatch[] = []
  for (const { match } of captures.values()) {
    const { parts, captureId } = match
    const lexicalRank = lexicalRanks.get(captureId)
    const semanticRank = semanticRanks.get(captureId)
    if (lexicalRank !== undefined) match.lexicalRank = lexicalRank
    if (semanticRank !== undefined) match.semanticRank = semanticRank
    match.score = parts.words + parts.meaning + parts.likeness + parts.echo
    fused.push(match)
  }
  return fused.sort((a, b) => b.score - a.score)
}

/** Lets a capture have what one of its chunks says for it, where none has said more. */
function take(match: FusedMatch, { words, meaning, likeness, echo }: Candidate, shares: Shares): void {
  const { parts } = match
  parts.words = Math.max(parts.words, shares.words * within(words))
  parts.meaning = Math.max(parts.meaning, shares.meaning * within(meaning))
  parts.likeness = Math.max(parts.likeness, shares.likeness * within(likeness))
  parts.echo = Math.max(parts.echo, shares.echo * within(echo))
  if (meaning !== undefined) match.cosine = match.cosine === undefined ? meaning : Math.max(match.cosine, meaning)
}

function within(value: number | undefined): number {
  return Math.min(1, Math.max(0, value ?? 0))
}

export function scoreOf({ words, meaning, likeness, echo }: Candidate, shares: Shares): number {
  return (
    shares.words * within(words) +
    shares.meaning * within(meaning) +
    shares.likeness * within(likeness) +
    shares.echo * within(echo)
  )
}

/** What is shown is what was asked for, not what only resembles the other finds: an answer that repeats the learner's words would win by its echo. */
function spokenBy({ words, meaning }: Candidate, shares: Shares): number {
  return shares.words * within(words) + shares.meaning * within(meaning)
}

/** Rank of each capture among the chunks that one side found. */
function ranksOf(found: readonly Candidate[], partOf: (chunk: Candidate) => number): Map<string, number> {
  const ranks = new Map<string, number>()
  for (const { captureId } of found.toSorted((a, b) => partOf(b) - partOf(a))) {
    if (!ranks.has(captureId)) ranks.set(captureId, ranks.size + 1)
  }
  return ranks
}
