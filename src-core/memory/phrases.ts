import { wordsOf } from './language/words.ts'

/** What stands between quotation marks of any language, with at least one word. */
const QUOTED = /"([^"]+)"|“([^”“]+)[”“]|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』/gu

/** A query with more words is prose, in which quotation marks name things and ask for nothing. */
const LONGEST_TYPED = 12

/** The phrases of a query that are to be found word for word: what stands between quotation marks. */
export function phrasesOf(query: string): string[] {
  if ([...wordsOf(query)].length > LONGEST_TYPED) return []
  return Array.from(query.matchAll(QUOTED), (match) =>
    (match.slice(1).find((part) => part !== undefined) ?? '').trim(),
  ).filter((phrase) => !wordsOf(phrase).next().done)
}

/** True where the words of a phrase stand in a text one after the other, whatever their case and what stands between them. */
export function hasPhrase(text: string, phrase: string): boolean {
  return sequence(text).includes(sequence(phrase))
}

/** Each word between two line ends, so that no part of a word matches. */
function sequence(text: string): string {
  return `\n${Array.from(wordsOf(text), (word) => word.text.toLowerCase()).join('\n\n')}\n`
}

/** A pattern for `ilike` that every text with the phrase matches, and few others. */
export function phrasePattern(phrase: string): string {
  const words = Array.from(wordsOf(phrase), (word) => word.text.replace(/[\\%_]/g, '\\$&'))
  return `%${words.join('%')}%`
}
