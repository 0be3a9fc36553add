import type { LanguageModel } from '../../models/index.ts'
import { kindPrompt } from '../prompts/index.ts'
import type { SpokenKind } from './kind-cues.ts'

/** One word, and room for a model that says it in a sentence. */
const MOST_OUTPUT_TOKENS = 32

/**
 * Which of two kinds a turn is, by the language model. The offline tutor cannot tell and is not asked.
 * @returns undefined where it names neither, or both
 * @throws all errors of `LanguageModel.stream`
 */
export async function askForKind(
  languageModel: () => Promise<LanguageModel>,
  text: string,
  between: readonly [SpokenKind, SpokenKind],
  signal: AbortSignal,
): Promise<SpokenKind | undefined> {
  const model = await languageModel()
  if (model.provider === 'offline') return undefined
  const { system, user } = kindPrompt(text, between)
  const messages = [{ role: 'user' as const, text: user }]
  let answer = ''
  for await (const event of model.stream({
    system,
    messages,
    passages: [],
    maxOutputTokens: MOST_OUTPUT_TOKENS,
    signal,
  }))
    if (event.type === 'delta') answer += event.text
  const named = between.filter((kind) => new RegExp(`\\b${kind}\\b`, 'i').test(answer))
  return named.length === 1 ? named[0] : undefined
}
