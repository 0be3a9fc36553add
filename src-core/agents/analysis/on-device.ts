import type { Reading, ReadTerm } from '../../memory/index.ts'
import { detectLanguage } from '../../models/index.ts'
import type { Analysis } from '../../vault/index.ts'
import { difficultyOf } from './difficulty.ts'
import { entitiesIn } from './entities.ts'
import { intentOf } from './intent.ts'
import { openQuestionsIn } from './open-questions.ts'
import { sentimentOf } from './sentiment.ts'

export const MOST_CONCEPTS = 8
export const MOST_KEYWORDS = 10

/** What the device alone reads in something that the learner said. @param reading its concepts (docs/graph.md) */
export function analysedOnDevice(text: string, reading: Reading): Analysis {
  const language = detectLanguage(text)
  return {
    by: 'device',
    intent: intentOf(text, language),
    sentiment: sentimentOf(text, language),
    difficulty: difficultyOf(text, reading),
    concepts: reading.terms.slice(0, MOST_CONCEPTS).map(({ surface }) => surface),
    entities: entitiesIn(text, reading),
    keywords: keywordsOf(reading.terms),
    openQuestions: openQuestionsIn(text, language),
  }
}

/** Single words of what it is about, those of the weightiest concepts first. */
function keywordsOf(terms: readonly ReadTerm[]): string[] {
  const words = new Map<string, { word: string; weight: number }>()
  for (const { surface, weight, count } of terms) {
    for (const word of surface.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}-]*/gu) ?? []) {
      const key = word.toLowerCase()
      if (word.length < 3) continue
      words.set(key, { word: words.get(key)?.word ?? word, weight: (words.get(key)?.weight ?? 0) + weight * count })
    }
  }
  return [...words.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_KEYWORDS)
    .map(({ word }) => word)
}
