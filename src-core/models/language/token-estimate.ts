import type { LanguageRequest } from '../types.ts'

/** Tokens that a provider adds around each message for its role and boundaries. */
const TOKENS_PER_MESSAGE = 4

/**
 * Estimates how many tokens a text has, for budgets and for servers that do not count. Providers' own rule of thumb is four characters of
 * English a token, and Anthropic says of its newer tokenizer that it makes a third more; other scripts need more, since byte-pair
 * vocabularies hold fewer of their words. The weights below were set so that the estimate is above the count of the Llama tokenizer for
 * English, German, Spanish and Russian prose, and within half of it for Chinese, Japanese, Arabic, code and numbers.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (let index = 0; index < text.length; index += 1) tokens += weightOf(text.charCodeAt(index))
  return Math.ceil(tokens)
}

/**
 * The most that one picture counts for. Anthropic counts width x height / 750 ("Vision" in its documentation), OpenAI patches of 32 x 32
 * pixels, 1,536 at most, times up to 2.46 for its smallest models ("Images and vision"); pictures go out with edges of at most 1,568 pixels.
 */
export const MOST_PICTURE_TOKENS = 3_800

/**
 * Estimated tokens of everything that a request sends: system text, tools, messages with what they carry, and the marks between them.
 */
export function estimateRequestTokens(request: Pick<LanguageRequest, 'system' | 'messages' | 'tools'>): number {
  const texts = [request.system, ...request.messages.map((message) => message.text)]
  const beside = [
    ...(request.tools ?? []).map((tool) => JSON.stringify(tool)),
    ...request.messages.flatMap(({ toolCalls = [], toolResults = [], carried }) => [
      ...toolCalls.map(({ name, input }) => `${name}${JSON.stringify(input) ?? ''}`),
      ...toolResults.map(({ text }) => text),
      ...(carried === undefined ? [] : [JSON.stringify(carried)]),
    ]),
  ]
  const pictures = request.messages.reduce((sum, message) => sum + (message.pictures?.length ?? 0), 0)
  return [...texts, ...beside].reduce(
    (sum, text) => sum + estimateTokens(text) + TOKENS_PER_MESSAGE,
    pictures * MOST_PICTURE_TOKENS,
  )
}

/** Tokens of one UTF-16 code unit; a character beyond the basic plane is two units and so two tokens. */
function weightOf(unit: number): number {
  const isAsciiLetter = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)
  if (isAsciiLetter || unit === 0x20 || unit === 0x0a) return 0.3
  // Digits, punctuation, and the alphabets up to Cyrillic.
  if (unit < 0x530) return 0.5
  return 1
}
