import type { TopicPassage } from '../../memory/index.ts'
import type { TutorLanguage } from '../../models/index.ts'
import type { NewCard } from '../../vault/index.ts'
import { SYNTHESIS_PHRASES } from './phrases.ts'

const MOST_CARDS = 3
/** What a sentence that says what something is may begin with before its name, and goes on with after it. */
const ARTICLE = /^(?:an?|the|der|die|das|eine?|el|la|los|las|una?)\s+/iu
const MEANS = /^\s+(?:is|are|means|ist|sind|bedeutet|heißt|es|son|significa)(?!\p{L})/iu

/**
 * Candidate cards from topics that the learner has put into words: what is it, and their own sentence, with its place. Text of documents makes
 * none: it is not theirs.
 */
export function cardsFrom(
  topics: readonly { name: string; passages: readonly TopicPassage[] }[],
  language: TutorLanguage,
): NewCard[] {
  return topics
    .flatMap(({ name, passages }) => {
      const passage = passages.find(({ kind, text }) => kind !== 'document' && says(text, name))
      if (!passage) return []
      const { captureId, kind, field, start, end, text, when } = passage
      const source = { captureId, kind, field, start, end, text, when }
      return [{ front: SYNTHESIS_PHRASES[language].whatIs(name), back: text, source }]
    })
    .slice(0, MOST_CARDS)
}

function says(text: string, name: string): boolean {
  return [text, text.replace(ARTICLE, '')].some(
    (one) => one.toLowerCase().startsWith(name.toLowerCase()) && MEANS.test(one.slice(name.length)),
  )
}
