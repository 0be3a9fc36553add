import type { Passage } from '../../types.ts'
import { coverage, findEvidence, pickQuotes, queryOf } from './evidence.ts'
import { detectLanguage, type TutorLanguage } from './language.ts'
import { readUtterance } from './utterance.ts'

export interface FoundAnswer {
  language: TutorLanguage
  /** Sentences word for word, the best first, with the number of the passage that holds each. */
  quotes: { quote: string; number: number }[]
  /** Whether they hold enough of the question's words to be its answer. */
  isAnswered: boolean
}

/** Part of a question's words that quotations must hold to count as its answer. */
const ANSWERED = 0.6
const MOST_QUOTES = 3

/** Finds the sentences of passages that answer a question, without a model. */
export function answerFrom(question: string, passages: readonly Passage[]): FoundAnswer {
  const language = detectLanguage(question)
  const { text, question: kind } = readUtterance(question, language)
  const query = queryOf(text, kind, language)
  const evidence = findEvidence(passages, query, language).filter(({ sentence }) => !sentence.isQuestion)
  const picked = pickQuotes(evidence, query, MOST_QUOTES, language)
  return {
    language,
    quotes: picked.map(({ sentence }) => ({ quote: sentence.quote, number: sentence.passage.number })),
    isAnswered: coverage(query, picked) >= ANSWERED,
  }
}
