import type { Reading } from '../../memory/index.ts'
import type { Analysis } from '../../vault/index.ts'

/** Fewer words say too little. */
const FEWEST_WORDS = 6
/** A word of so many letters is long (LIX, Björnsson 1968). */
const LONG_LETTERS = 7
/** Signs of formal talk: symbols of mathematics and code, figures with units, and short forms. */
const FORMAL = /[=∑∫∂√≈≤≥∈∀∃→λμσ∇]|\p{L}_\p{L}|\b\p{L}\(\p{L}+\)|[{}]/gu
/** Bounds of the sum, chosen on the part of `test/sets/analysis.jsonl` that is not held out. */
const MEDIUM = 38
const HARD = 56

/**
 * How hard it is to follow: LIX (mean words of a sentence, and a hundred times the share of long words), with what the share of concepts made of
 * several words, of short forms and of formal signs adds. Null where too little was said.
 */
export function difficultyOf(text: string, { terms }: Reading): Analysis['difficulty'] {
  const words = text.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []
  if (words.length < FEWEST_WORDS) return null
  const sentences = Math.max(1, (text.match(/[.!?。？！]+(?=\s|$)/gu) ?? []).length)
  const long = words.filter((word) => word.length >= LONG_LETTERS).length
  const lix = Math.min(40, words.length / sentences) + (100 * long) / words.length
  const technical = terms.filter(({ type, normal }) => type === 'short' || normal.includes(' ')).length
  const formal = (text.match(FORMAL) ?? []).length
  const sum = lix + (60 * technical) / words.length + (80 * formal) / words.length
  if (sum >= HARD) return 'hard'
  return sum >= MEDIUM ? 'medium' : 'easy'
}
