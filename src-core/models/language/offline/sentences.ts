import { sentencesIn } from '../../../kernel/index.ts'
import type { Passage } from '../../types.ts'
import type { TutorLanguage } from './language.ts'
import { type Word, wordsOf } from './words.ts'

/** A stretch of a passage that can be quoted. */
export interface Sentence {
  passage: Passage
  /** As it can be quoted: exactly as said, but blanks joined, without the final mark, and `…` where it was cut. */
  quote: string
  words: Word[]
  /** Place in the passage, counting sentences. */
  ordinal: number
  isQuestion: boolean
}

/** Longest quotation, in UTF-16 code units; about two lines on a screen and ten seconds of speech. */
const LONGEST_QUOTE = 220

/** How much of a passage is looked at, in UTF-16 code units. */
const LONGEST_PASSAGE = 4_000

export function sentencesOf(passage: Passage, language: TutorLanguage): Sentence[] {
  return Array.from(sentencesIn(passage.text.slice(0, LONGEST_PASSAGE)))
    .flatMap(({ text }) => shorten(text.replace(/\s+/g, ' ').trim()))
    .map(({ text, isCut }) => ({ text, quote: quotable(text, isCut) }))
    .filter(({ quote }) => /[\p{L}\p{N}]/u.test(quote))
    .map(({ text, quote }, ordinal) => ({
      passage,
      quote,
      words: wordsOf(quote, language),
      ordinal,
      isQuestion: /[?？؟]$/.test(text),
    }))
}

/**
 * The piece as it may stand between quotation marks. A number in brackets becomes one in parentheses, since `[2]` in an answer means the
 * second passage.
 */
function quotable(piece: string, isCut: boolean): string {
  const text = piece
    .replace(/^(?:[-*•–>#]+\s+|\d{1,2}[.)]\s+)/, '')
    .replace(/\[(\d+)\]/g, '($1)')
    .replace(/[\s.!?;:,…]+$/, '')
    .trim()
  return isCut ? `${text}…` : text
}

/** Cuts what is too long to be quoted, at the last comma or blank that fits. Speech that was written down may have no full stop at all. */
function shorten(piece: string): { text: string; isCut: boolean }[] {
  const parts: { text: string; isCut: boolean }[] = []
  let rest = piece
  while (rest.length > LONGEST_QUOTE) {
    const head = rest.slice(0, LONGEST_QUOTE)
    const comma = Math.max(...[', ', '; ', ': ', ' – ', ' - '].map((mark) => head.lastIndexOf(mark)))
    const blank = head.lastIndexOf(' ')
    const place = comma > LONGEST_QUOTE / 2 ? comma + 1 : blank > 0 ? blank : lastWholeCharacter(rest)
    parts.push({ text: rest.slice(0, place).trim(), isCut: true })
    rest = rest.slice(place).trim()
  }
  return [...parts, { text: rest, isCut: false }]
}

/** The longest cut that does not fall inside a surrogate pair. */
function lastWholeCharacter(text: string): number {
  const unit = text.charCodeAt(LONGEST_QUOTE)
  return unit >= 0xdc00 && unit <= 0xdfff ? LONGEST_QUOTE - 1 : LONGEST_QUOTE
}
