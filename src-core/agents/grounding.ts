import { contentWords, type SearchHit } from '../memory/index.ts'
import type { Passage } from '../models/index.ts'
import type { Citation } from '../vault/index.ts'

/** Passages that one answer may be given. */
export const MAX_PASSAGES = 6
/** A passage longer than this is cut around its beginning, in UTF-16 code units; a prompt needs the point, not the page. */
const MAX_PASSAGE_LENGTH = 1_200

/**
 * Cosine of all-MiniLM-L6-v2 above which a passage is about the same thing. On STS-B pairs that people rated 2 of 5 or lower ("not equivalent,
 * share some details") lie mostly below 0.4; short questions score lower against long passages than sentences against sentences.
 */
const MIN_COSINE = 0.32
/** Without that much meaning in common a passage counts only when it has this part of the question's content words. */
const MIN_WORD_SHARE = 0.5

/** A passage and the place it was taken from. */
export interface GroundedPassage {
  passage: Passage
  citation: Citation
}

/**
 * Chooses from search hits what an answer may rest on: near enough in meaning or in words, each capture once, best first.
 * @param query what the learner said
 */
export function chooseGrounding(query: string, hits: readonly SearchHit[]): GroundedPassage[] {
  const asked = new Set(contentWords(query))
  const seen = new Set<string>()
  const chosen: GroundedPassage[] = []
  for (const hit of hits) {
    if (chosen.length === MAX_PASSAGES) break
    if (seen.has(hit.captureId) || !isRelevant(hit, asked)) continue
    seen.add(hit.captureId)
    chosen.push(groundedPassage(chosen.length + 1, hit))
  }
  return chosen
}

function isRelevant(hit: SearchHit, asked: ReadonlySet<string>): boolean {
  if ((hit.why.cosine ?? 0) >= MIN_COSINE) return true
  if (asked.size === 0) return false
  const found = new Set(contentWords(hit.text))
  let shared = 0
  for (const word of asked) if (found.has(word)) shared += 1
  // One shared word of a two-word question is chance as often as not.
  return shared / asked.size >= MIN_WORD_SHARE && (shared >= 2 || asked.size === 1)
}

function groundedPassage(number: number, hit: SearchHit): GroundedPassage {
  const text = hit.text.length > MAX_PASSAGE_LENGTH ? cutAtWord(hit.text) : hit.text
  return {
    passage: { number, captureId: hit.captureId, text, when: hit.when, score: hit.score },
    citation: {
      number,
      captureId: hit.captureId,
      kind: hit.kind,
      field: hit.field,
      start: hit.start,
      end: hit.start + text.length,
      text,
      when: hit.when,
    },
  }
}

/** The beginning of a text up to the last blank before the limit, so that it stays an exact slice. */
function cutAtWord(text: string): string {
  const blank = text.lastIndexOf(' ', MAX_PASSAGE_LENGTH)
  return text.slice(0, blank > MAX_PASSAGE_LENGTH / 2 ? blank : MAX_PASSAGE_LENGTH)
}

/** The numbers that an answer names as `[n]` or `[n, m]`, each once, in the order of their first appearance. */
export function citedNumbers(text: string): number[] {
  const numbers = new Set<number>()
  for (const [, list] of text.matchAll(/\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]/g)) {
    for (const number of (list as string).split(',')) numbers.add(Number(number))
  }
  return [...numbers]
}

/** The citations that an answer really uses. Numbers that were never offered are no citations. */
export function usedCitations(text: string, offered: readonly Citation[]): Citation[] {
  const used = new Set(citedNumbers(text))
  return offered.filter((citation) => used.has(citation.number))
}
