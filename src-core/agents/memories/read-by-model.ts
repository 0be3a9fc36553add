import { z } from 'zod'
import type { LanguageModel } from '../../models/index.ts'
import { STATEMENTS_SYSTEM, statementsMessage } from '../prompts/statements.v1.ts'
import { type DrawnStatement, isOwnClause, LONGEST_STATEMENT_TEXT } from './rules.ts'

const MOST_OUTPUT_TOKENS = 400
const MOST_QUOTES = 5
const MOST_TEXT = 4_000

const replySchema = z.object({
  quotes: z.array(z.object({ quote: z.string(), kind: z.enum(['fact', 'preference', 'goal']) })),
})

/** Whether the text tells something of its speaker, beside asking; a model is not asked about any other. */
export function tellsOfSelf(text: string): boolean {
  return (text.match(/[^.!?\n]+[.!?]?/g) ?? []).some((sentence) => !sentence.endsWith('?') && speaksOfSelf(sentence))
}

function speaksOfSelf(text: string): boolean {
  return /(?<![\p{L}'])(?:i|i'm|i've|my|me|ich|mein|meine|meinen|mir|mich|yo|mi|mis|me|soy|tengo|quiero)(?![\p{L}])/iu.test(
    text.replaceAll('’', "'"),
  )
}

/**
 * Has a language model point at statements. It can only point: a quote that the text does not hold word for word, that is no clause of the
 * learner's own or that is too long is dropped, and the statement is the quote.
 * @throws all errors of `LanguageModel.stream`
 */
export async function readStatementsByModel(
  model: LanguageModel,
  said: string,
  signal: AbortSignal,
): Promise<DrawnStatement[]> {
  const text = said.slice(0, MOST_TEXT)
  let answer = ''
  const request = {
    system: STATEMENTS_SYSTEM,
    messages: [{ role: 'user' as const, text: statementsMessage(text) }],
    passages: [],
    maxOutputTokens: MOST_OUTPUT_TOKENS,
    signal,
  }
  for await (const event of model.stream(request)) if (event.type === 'delta') answer += event.text
  return quotesOf(answer).flatMap(({ quote, kind }) => {
    const words = quote.trim().replace(/[\s.,!;]+$/, '')
    const start = words === '' ? -1 : text.indexOf(words)
    const end = start + words.length
    if (start < 0 || words.length > LONGEST_STATEMENT_TEXT || !speaksOfSelf(words)) return []
    return isOwnClause(text, start, end) ? [{ text: words, kind, about: null, start, end }] : []
  })
}

/** None where the answer has another form: there is nothing to be lost. */
function quotesOf(answer: string): z.output<typeof replySchema>['quotes'] {
  try {
    const json = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)
    return replySchema.parse(JSON.parse(json)).quotes.slice(0, MOST_QUOTES)
  } catch {
    return []
  }
}
