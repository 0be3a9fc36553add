import type { LanguageMessage } from '../types.ts'

/**
 * The messages as every provider takes them: no blank ones, the learner first, the two roles taking turns. A history that was cut in the
 * middle may begin with an answer, and a failed turn leaves two questions in a row; both make a provider refuse the request. So does a call
 * without its result, or a result without its call: these are left out.
 */
export function takeTurns(messages: readonly LanguageMessage[]): LanguageMessage[] {
  const turns: LanguageMessage[] = []
  for (const message of messages.map((one, at) => paired(one, messages[at - 1], messages[at + 1]))) {
    const last = turns.at(-1)
    if (isPlain(message) && message.text.trim() === '') continue
    if (!last && message.role === 'assistant') continue
    if (last?.role === message.role && isPlain(last) && isPlain(message)) last.text += `\n\n${message.text}`
    else turns.push(message)
  }
  return turns
}

/** A copy whose calls have their results, and whose results have their calls. */
function paired(
  message: LanguageMessage,
  before: LanguageMessage | undefined,
  after: LanguageMessage | undefined,
): LanguageMessage {
  const answered = new Set(after?.toolResults?.map(({ callId }) => callId))
  const asked = new Set(before?.toolCalls?.map(({ id }) => id))
  const calls = message.toolCalls?.filter(({ id }) => answered.has(id)) ?? []
  const results = message.toolResults?.filter(({ callId }) => asked.has(callId)) ?? []
  const isWhole = calls.length > 0 && calls.length === message.toolCalls?.length
  return {
    role: message.role,
    // Half of a surrogate pair is valid in a string but not in UTF-8, and providers refuse the whole request for it.
    text: message.text.toWellFormed(),
    ...(message.pictures?.length && { pictures: message.pictures }),
    ...(calls.length > 0 && { toolCalls: calls }),
    // What belongs to calls that are left out would not fit the rest.
    ...(isWhole && message.carried !== undefined && { carried: message.carried }),
    ...(results.length > 0 && {
      toolResults: results.map((result) => ({ ...result, text: result.text.toWellFormed() })),
    }),
  }
}

function isPlain({ pictures, toolCalls, toolResults }: LanguageMessage): boolean {
  return !pictures && !toolCalls && !toolResults
}
