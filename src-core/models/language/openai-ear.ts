import { type Clock, LvaError } from '../../kernel/index.ts'
import { type Hear, type Heard, type HearOptions, SPEECH_RATE, writeWav } from '../local/index.ts'
import type { Budget } from './budget.ts'
import { callOnce } from './completion.ts'
import { openaiClient } from './openai.ts'
import type { ModelChoice } from './select.ts'
import { estimateTokens } from './token-estimate.ts'

/** Tokens of sound in a second: the price a minute over the price a token, both of November 2026. */
const TOKENS_PER_SECOND = 17
/** Nobody speaks more tokens in a second. */
const MOST_SPOKEN = 8

export interface OpenAIEarServices {
  budget: Budget
  clock: Clock
  /** Longest wait for the words of one window, in milliseconds. */
  waitMs: number
}

/**
 * Hears one window of sound by OpenAI, which is sent it.
 * @param choice OpenAI's key and address @param model such as `gpt-4o-transcribe`
 * @returns throws LvaError provider-…, budget-reached before anything is sent, timeout, cancelled
 */
export function openaiEar(
  choice: Pick<ModelChoice, 'apiKey' | 'baseUrl' | 'problem'>,
  { budget, clock, waitMs }: OpenAIEarServices,
  model: string,
): Hear {
  return async (samples, { signal, language }: HearOptions = {}): Promise<Heard> => {
    if (choice.problem && choice.problem.code !== 'provider-model-unknown') throw choice.problem
    const { apiKey, baseUrl } = choice
    const seconds = samples.length / SPEECH_RATE
    const inputTokens = Math.ceil(seconds * TOKENS_PER_SECOND)
    const most = { inputTokens, outputTokens: Math.ceil(seconds * MOST_SPOKEN) + MOST_SPOKEN }
    const reservation = await budget.reserve({ provider: 'openai', model, isFree: false, most })
    let text: string | undefined
    try {
      const party = { provider: 'openai' as const, model, hasKey: apiKey !== '' }
      const client = await openaiClient({ apiKey, baseUrl })()
      const file = new File([writeWav({ samples, sampleRate: SPEECH_RATE })], 'speech.wav', { type: 'audio/wav' })
      text = await callOnce({ party, clock, secrets: [apiKey], waitMs }, signal, async (innerSignal) => {
        const answer = await client.audio.transcriptions.create(
          { model, file, response_format: 'json', ...(language !== undefined && { language }) },
          { signal: innerSignal },
        )
        if (typeof answer?.text !== 'string') throw notWords()
        return answer.text
      })
      return { text: text.trim(), confidence: 0, lost: false, language: language ?? null }
    } finally {
      const used = text === undefined ? 0 : inputTokens
      await reservation.settle({ inputTokens: used, outputTokens: text === undefined ? 0 : estimateTokens(text) })
    }
  }
}

function notWords(): LvaError {
  return new LvaError('provider-not-understood', 'OpenAI sent something that is no transcript.', {
    advice: 'Choose another recogniser in Settings, or check the address that stands for OpenAI.',
    params: { provider: 'openai' },
  })
}
