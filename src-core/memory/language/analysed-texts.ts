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
}

/** Texts that are kept, some 10 kB for each 1,000 characters: who types on, and who asks on, gets the same passages again. */
const KEPT = 2_000
/** In the order of their last use, oldest first. */
const kept = new Map<string, AnalysedText>()

/** @param language of the text, ISO 639-1, as far as it is known */
export function analysedText(text: string, language: string | null): AnalysedText {
  const key = `${language}\n${text}`
  const analysed = kept.get(key) ?? analyseWords(text, language)
  kept.delete(key)
  kept.set(key, analysed)
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string)
  return analysed
}

function analyseWords(text: string, language: string | null): AnalysedText {
  const words: string[] = []
  const starts: number[] = []
  for (const word of wordsOf(text)) {
    words.push(word.text)
    starts.push(word.start)
  }
  return { words, forms: words.map((word) => formsOfWord(word, language)), starts: Uint32Array.from(starts) }
}
