import { isAsking, isTelling } from '../asking.ts'
import { cuesIn } from './kind-cues.ts'
import { meaningsIn } from './kind-words.ts'

/** Of a long turn, so much tells its kind, in UTF-16 code units. */
export const READ_LENGTH = 600

/** Words fall into so many features; the embedder has learned little German and Spanish, whose small words tell much here. */
const WORD_FEATURES = 2_048
/** Parts of words tell the person and the tense, in which these two say who learned what and when. */
const PART_FEATURES = 4_096
/** Letters of a part, with the marks at the ends of its word. */
const PART_LENGTHS = [2, 3, 4, 5]
/** How much each counts; chosen by cross-validation on the turns that are for training. */
const EMBEDDING_SHARE = 2
const WORD_SHARE = 1.5
const PART_SHARE = 2
const MEANING_SHARE = 0.5
/** Words that stand before what is wanted. */
const PREAMBLE =
  /^(?:so|um|ok|okay|please|and|also|bitte|por|favor|hey|well|then|now|can|could|you|kannst|du|puedes|me)$/u
/** Of what is wanted, so many words tell the most. */
const FIRST_WORDS = 3

/**
 * What the linear model sees of a turn: its embedding, its words and their parts, its cues, what its words mean (all of them, of one who speaks of themselves, of
 * one who asks, of one who tells, of one who does neither, and the first of them), its shape, and 1.
 */
export function kindFeatures(text: string, vector: Float32Array): number[] {
  const read = text.slice(0, READ_LENGTH)
  const words = wordsIn(read)
  const cues = cuesIn(read)
  const asks = isAsking(text) ? 1 : 0
  const tells = isTelling(text) ? 1 : 0
  const commands = asks || tells ? 0 : 1
  const [speaksOfSelf = 0, ...others] = meaningsOf(words)
  const meanings = [speaksOfSelf, ...others]
  const wanted = words.filter((word) => !PREAMBLE.test(word))
  const ofSelf = Math.min(1, speaksOfSelf / MEANING_SHARE) * MEANING_SHARE
  return [
    ...Array.from(vector, (value) => value * EMBEDDING_SHARE),
    ...hashed(wordsAndPairs(words), WORD_FEATURES, WORD_SHARE),
    ...hashed(words.flatMap(partsOf), PART_FEATURES, PART_SHARE),
    cues.includes('insight') ? 1 : 0,
    cues.includes('complex') ? 1 : 0,
    ...meanings,
    ...meanings.map((value) => value * ofSelf),
    ...meanings.map((value) => value * asks * MEANING_SHARE),
    ...meaningsOf(wanted.slice(0, 1)),
    ...meaningsOf(wanted.slice(0, FIRST_WORDS)),
    ...shapeOf(read, words, asks),
    asks,
    tells,
    tells * (cues.length > 0 ? 1 : 0),
    ...meanings.map((value) => value * tells),
    ...meanings.map((value) => value * commands),
    Math.log1p(text.length) / 10,
    1,
  ]
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? []
}

function meaningsOf(words: readonly string[]): number[] {
  return meaningsIn(words).map((value) => value * MEANING_SHARE)
}

/** Who asks why and how asks for more than one thing. */
const QUESTION_WORD =
  /^(?:what|why|how|which|who|when|where|was|warum|wieso|wie|welche[rsnm]?|wer|wann|wo|worauf|wozu|qué|cómo|cuál|cuáles|quién|cuándo|dónde|cuánto|cuánta)$/u
/** "Loop by loop", "Zeile für Zeile", "pieza a pieza". */
const ONE_BY_ONE = /(?<!\p{L})(\p{L}{3,}) (?:by|für|um|por|a) \1(?!\p{L})/iu

/** Clauses, sentences and words, up to where more tell nothing more; transcripts often ask without a question mark. */
function shapeOf(text: string, words: readonly string[], asks: number): number[] {
  const upToThree = (pattern: RegExp) => Math.min(3, text.match(pattern)?.length ?? 0) / 3
  const endsAsking = /\?\s*$/u.test(text) ? 1 : 0
  return [
    upToThree(/[,;:]/g),
    upToThree(/[.?!]/g),
    endsAsking,
    asks === 1 && endsAsking === 0 ? 1 : 0,
    Math.log1p(words.length) / 3,
    words.length <= 3 ? 1 : 0,
    Math.min(3, words.filter((word) => QUESTION_WORD.test(word)).length) / 3,
    ONE_BY_ONE.test(text) ? 1 : 0,
  ]
}

/** Each word, the first as such too, and pairs of neighbours. */
function wordsAndPairs(words: readonly string[]): string[] {
  return words.flatMap((word, at) => [word, at === 0 ? `^${word}` : `${words[at - 1]} ${word}`])
}

/** All that is between two and five letters long in a word, its ends marked. */
function partsOf(word: string): string[] {
  const marked = `<${word}>`
  return PART_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(0, marked.length - length + 1) }, (_, at) => marked.slice(at, at + length)),
  )
}

/** Which terms there are, as a vector of that length. */
function hashed(terms: readonly string[], width: number, length: number): number[] {
  const features = new Array<number>(width).fill(0)
  for (const term of terms) features[hash(term) % width] = 1
  const own = Math.sqrt(features.reduce((sum, value) => sum + value, 0)) || 1
  return features.map((value) => (value * length) / own)
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
