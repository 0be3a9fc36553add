import type { LanguageMessage } from '../types.ts'

/**
 * The messages as every provider takes them: no blank ones, the learner first, the two roles taking turns. A history that was cut in the
 * middle may begin with an answer, and a failed turn leaves two questions in a row; both make a provider refuse the request.
 */
export function takeTurns(messages: readonly LanguageMessage[]): LanguageMessage[] {
  const turns: LanguageMessage[] = []
  for (const { role, text } of messages) {
    if (text.trim() === '') continue
    const last = turns.at(-1)
    if (!last && role === 'assistant') continue
    // Half of a surrogate pair is valid in a string but not in UTF-8, and providers refuse the whole request for it.
    const wellFormed = text.toWellFormed()
    if (last?.role === role) last.text += `\n\n${wellFormed}`
    else turns.push({ role, text: wellFormed })
  }
  return turns
}
