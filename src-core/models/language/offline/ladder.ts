import type { Query } from './evidence.ts'
import type { TutorLanguage } from './language.ts'
import { stemsMatch, wordsOf } from './words.ts'

/** Part of what a sentence adds to the question that an attempt must hold to be right. */
const RIGHT = 0.5

/** A sentence in which the words that answer the question are replaced; those of the question stay. */
export function withGaps(
  quote: string,
  query: Query,
  language: TutorLanguage,
  replace: (word: string) => string,
): string {
  let shown = ''
  let done = 0
  for (const { text, start, end } of answering(quote, query, language)) {
    shown += quote.slice(done, start) + replace(text)
    done = end
  }
  return shown + quote.slice(done)
}

export function firstLetter(word: string): string {
  return `${[...word][0]}…`
}

/** Whether an attempt says what the sentence adds to the question. */
export function holdsAnswer(attempt: string, quote: string, query: Query, language: TutorLanguage): boolean {
  const said = wordsOf(attempt, language).map(({ stem }) => stem)
  const wanted = [...new Set(answering(quote, query, language).map(({ stem }) => stem))]
  const held = wanted.filter((stem) => said.some((word) => stemsMatch(word, stem)))
  return wanted.length > 0 && held.length / wanted.length >= RIGHT
}

function answering(quote: string, query: Query, language: TutorLanguage) {
  const asked = [...query.content, ...query.weak]
  return wordsOf(quote, language).filter(
    ({ kind, stem }) => kind === 'content' && !asked.some((word) => stemsMatch(word, stem)),
  )
}
