import { formsOfWord } from './terms.ts'
import { wordsOf } from './words.ts'

/** The words of a text in order, side by side. */
export interface AnalysedText {
  /** As they are written. */
  words: readonly string[]
  /** By which the index knows each of them; none for one that says nothing. */
  forms: readonly (readonly string[])[]
  /** Where each begins, in UTF-16 code units. */
  starts: Uint32Array
  /** All forms, and the words as they are written in lower case; of an ordinal, its number. */
  told: ReadonlySet<string>
}

/** Texts that are kept, some 15 kB for each 1,000 characters: who types on, and who asks on, gets the same passages again. */
const KEPT = 2_000
/** In the order of their last use, oldest first. A text that is read in another language than before is read anew. */
const kept = new Map<string, { language: string | null; analysed: AnalysedText }>()

/** @param language of the text, ISO 639-1, as far as it is known */
export function analysedText(text: string, language: string | null): AnalysedText {
  const known = kept.get(text)
  const own = known?.language === language ? known : { language, analysed: analyseWords(text, language) }
  kept.delete(text)
  kept.set(text, own)
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string)
  return own.analysed
}

/** "12th" is 12. */
export function plainNumber(word: string): string {
  return word.replace(/^(\p{N}+)(?:st|nd|rd|th)$/u, '$1')
}

function analyseWords(text: string, language: string | null): AnalysedText {
  const words: string[] = []
  const starts: number[] = []
  for (const word of wordsOf(text)) {
    words.push(word.text)
    starts.push(word.start)
  }
  const forms = words.map((word) => formsOfWord(word, language))
  const told = new Set(forms.flat())
  for (const word of words) told.add(plainNumber(word.toLowerCase()))
  return { words, forms, starts: Uint32Array.from(starts), told }
}
