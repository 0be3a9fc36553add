/**
 * Tokens that a model which thinks before it answers gets on top of the answer's limit: both APIs count thoughts and answer against one
 * limit, and a limit that is used up by thoughts leaves no answer at all.
 */
export const THINKING_ALLOWANCE = 1_024

/**
 * Whether a Claude model thinks unless told otherwise: the fifth generation does, some of it always. Older ones only think when asked, and
 * refuse the setting of the effort.
 */
export function claudeThinks(model: string): boolean {
  return /^claude-(?:fable|mythos|[a-z]+-(?:[5-9]|\d\d))/.test(model)
}

/** Whether an OpenAI model thinks: the o-series and everything from GPT-5 on, except the variants made for chat. Older ones refuse the setting. */
export function gptThinks(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(model) && !model.includes('chat')
}
