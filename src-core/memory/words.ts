import { stem } from './stem.ts'

/** A word of a text and its place, in UTF-16 code units. */
export interface Word {
  text: string
  start: number
  end: number
}

/** Letters, their marks and digits; an apostrophe counts only inside. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}\p{M}]+)*/gu

/** The words of a text in order. */
export function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(WORD)) {
    yield { text: match[0], start: match.index, end: match.index + match[0].length }
  }
}

/** Forms of the words seen last: a search looks at thousands of words, most of them the same few hundred. */
const seenForms = new Map<string, string | undefined>()
const MOST_SEEN = 20_000

/** The form under which the lexical index knows a word: its stem in lower case, or undefined for a word that it leaves out. */
export function indexForm(word: string): string | undefined {
  if (seenForms.has(word)) return seenForms.get(word)
  const lower = word.toLowerCase().replaceAll('’', "'")
  const form = STOP_WORDS.has(lower) ? undefined : stem(lower)
  if (seenForms.size === MOST_SEEN) seenForms.clear()
  seenForms.set(word, form)
  return form
}

/** The English words that Postgres' text search leaves out (its `english.stop`). */
const STOP_WORDS = new Set(
  `i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they
  them their theirs themselves what which who whom this that these those am is are was were be been being have has had having do does did
  doing a an the and but if or because as until while of at by for with about against between into through during before after above
  below to from up down in out on off over under again further then once here there when where why how all any both each few more most
  other some such no nor not only own same so than too very s t can will just don should now`.split(/\s+/),
)

/** The words of a text that carry meaning, in the form of the lexical index, in order. */
export function contentWords(text: string): string[] {
  return Array.from(wordsOf(text), (word) => indexForm(word.text)).filter((form) => form !== undefined)
}
