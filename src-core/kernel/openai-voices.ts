/** Those of https://platform.openai.com/docs/guides/text-to-speech that every speech model knows. */
export const OPENAI_VOICES = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer'] as const
export type OpenAIVoice = (typeof OPENAI_VOICES)[number]
