import { sentencesIn } from '../kernel/index.ts'
import { detectLanguage } from './language/detect.ts'
import { wordsOf } from './language/words.ts'
import { hasPhrase } from './phrases.ts'
import { agreementOf, asksForSomething } from './relevance.ts'

/** What a passage has to say for a claim. */
export interface Support {
  /** Whether the place really says it, as far as words can tell. */
  holds: boolean
  /** The smallest run of its sentences that has as many of the claim's words as any: UTF-16 code units, end exclusive. */
  start: number
  end: number
}

/** Longest run of sentences that one claim is traced to. */
const MOST_SENTENCES = 3
/** Part of a claim's words that the place must have; fewer do where so many are in common. */
const LEAST_COVERED = 0.4
const LEAST_COVERED_OF_MANY = 0.25
const MANY = 3
/** From this part of a claim's names on that the place lacks, it is about somebody else. */
const LEAST_LACKING = 0.5
/** A quotation of fewer words is a word set apart. */
const LEAST_QUOTED = 3

const QUOTED = /"([^"]+)"|“([^”“]+)[”“]|„([^“”]+)[“”]|«([^»]+)»/gu

/**
 * Traces a claim to its place in a passage, and judges by its words whether the place says it: quotations must stand there word for word, numbers
 * must stand there, and so must enough of the words and names. A claim in another language than the passage is held to its numbers and quotations
 * alone: words cannot tell more.
 */
export function supportOf(claim: string, passage: string): Support {
  const quotes = quotationsIn(claim)
  const place = placeOf(claim, quotes, passage)
  const text = passage.slice(place.start, place.end)
  return { ...place, holds: isSaid(claim, quotes, text) }
}

function isSaid(claim: string, quotes: readonly string[], text: string): boolean {
  if (!quotes.every((quote) => hasPhrase(text, quote))) return false
  // Whoever quotes rightly may put the quotation into words of their own.
  if (quotes.length > 0) return true
  if (!numbersIn(claim).every((number) => numbersIn(text).includes(number))) return false
  // "You said so before" only points.
  if (!asksForSomething(claim)) return true
  const [spoken, written] = [detectLanguage(claim), detectLanguage(text)]
  if (spoken !== null && written !== null && spoken !== written) return true
  const { covered, common, lacking } = agreement(claim, text)
  return lacking < LEAST_LACKING && common > 0 && covered >= (common >= MANY ? LEAST_COVERED_OF_MANY : LEAST_COVERED)
}

function placeOf(claim: string, quotes: readonly string[], passage: string): { start: number; end: number } {
  const sentences = Array.from(sentencesIn(passage), ({ start, text }) => ({
    start,
    end: start + text.trimEnd().length,
  })).filter(({ start, end }) => end > start)
  let best = { start: 0, end: passage.trimEnd().length, said: -1 }
  for (let length = 1; length <= Math.min(MOST_SENTENCES, sentences.length); length += 1) {
    for (let first = 0; first + length <= sentences.length; first += 1) {
      const start = sentences[first]?.start ?? 0
      const end = sentences[first + length - 1]?.end ?? passage.length
      const text = passage.slice(start, end)
      const quoted = quotes.filter((quote) => hasPhrase(text, quote)).length
      // A quotation weighs more than all words together.
      const said =
        quoted * 1_000 +
        agreement(claim, text).common +
        numbersIn(claim).filter((number) => numbersIn(text).includes(number)).length
      if (said > best.said) best = { start, end, said }
    }
  }
  return { start: best.start + leadingBlanks(passage.slice(best.start, best.end)), end: best.end }
}

function leadingBlanks(text: string): number {
  return text.length - text.trimStart().length
}

function agreement(claim: string, text: string) {
  return agreementOf(claim, { text, heading: [], language: detectLanguage(text), cosine: undefined }, undefined)
}

/** What a claim quotes; an ellipsis leaves something out. */
function quotationsIn(claim: string): string[] {
  return Array.from(claim.matchAll(QUOTED), (match) => match.slice(1).find((part) => part !== undefined) ?? '')
    .flatMap((quote) => quote.split(/…|\.{3}/))
    .filter((part) => [...wordsOf(part)].length >= LEAST_QUOTED)
}

/** Numbers in figures, as comparable text. */
function numbersIn(text: string): string[] {
  return Array.from(text.matchAll(/\d+(?:[.,]\d+)*/g), ([number]) =>
    number.replaceAll(',', '.').replace(/\.(?=\d{3}(?!\d))/g, ''),
  )
}
