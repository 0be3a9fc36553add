import { usualForm } from './language/terms.ts'
import { wordsOf } from './language/words.ts'

/** Words that a beginning may stand for at most. */
const MOST_WORDS = 10
/** A query with more words than this was not typed into a search box letter by letter. */
const LONGEST_TYPED = 8

/** The last word of a query while it is being typed, in lower case; undefined when it is complete, or says nothing yet. */
export function unfinishedWord(query: string): string | undefined {
  const words = [...wordsOf(query)]
  const last = words.at(-1)
  if (!last || last.end !== query.length || words.length > LONGEST_TYPED) return undefined
  const typed = last.text.toLowerCase()
  return typed.length >= 2 && /^[\p{L}\p{N}]+$/u.test(typed) && usualForm(typed) !== undefined ? typed : undefined
}

/**
 * What a beginning stands for: the words of some texts that begin so, the most frequent first. Empty when one of them is the word itself
 * in the index's eyes, because then the index finds it without help.
 * @param typed in lower case
 */
export function completionsOf(typed: string, texts: readonly string[]): string[] {
  const form = usualForm(typed)
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const word of wordsOf(text)) {
      const written = word.text.toLowerCase()
      if (!written.startsWith(typed)) continue
      if (usualForm(written) === form) return []
      counts.set(written, (counts.get(written) ?? 0) + 1)
    }
  }
  const byFrequency = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
  return byFrequency.slice(0, MOST_WORDS).map(([word]) => word)
}
