import { type Clock, LvaError, type OpenAIVoice } from '../../kernel/index.ts'
import type { Budget } from './budget.ts'
import { callOnce } from './completion.ts'
import { openaiClient } from './openai.ts'
import type { ModelChoice } from './select.ts'
import { estimateTokens } from './token-estimate.ts'

/** Tokens of sound in a second: the price a minute over the price a token, both of November 2026. */
const TOKENS_PER_SECOND = 21
/** Slow speech says so many characters a second. */
const SLOWEST = 8
/** WAV of this service: 24,000 samples a second of 16 bits. */
const BYTES_PER_SECOND = 48_000
/** No sentence is longer; a server that sends more is stopped. */
const MOST_BYTES = 32 * 1024 * 1024

export interface OpenAIVoiceServices {
  budget: Budget
  clock: Clock
  /** Longest wait for a whole sentence, in milliseconds. */
  waitMs: number
}

/**
 * Speaks one sentence by OpenAI, which is sent it.
 * @param choice OpenAI's key and address @param model such as `gpt-4o-mini-tts`
 * @returns a WAV file
 * @throws LvaError provider-…, budget-reached before anything is sent, timeout, cancelled
 */
export async function openaiVoice(
  choice: Pick<ModelChoice, 'apiKey' | 'baseUrl' | 'problem'>,
  { budget, clock, waitMs }: OpenAIVoiceServices,
  request: { text: string; voice: OpenAIVoice; model: string },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (choice.problem && choice.problem.code !== 'provider-model-unknown') throw choice.problem
  const { apiKey, baseUrl } = choice
  const { text, voice, model } = request
  const inputTokens = estimateTokens(text)
  const most = { inputTokens, outputTokens: Math.ceil((text.length / SLOWEST + 1) * TOKENS_PER_SECOND) }
  const reservation = await budget.reserve({ provider: 'openai', model, isFree: false, most })
  let outputTokens = 0
  try {
    const party = { provider: 'openai' as const, model, hasKey: apiKey !== '' }
    const client = await openaiClient({ apiKey, baseUrl })()
    const wav = await callOnce({ party, clock, secrets: [apiKey], waitMs }, signal, async (innerSignal) => {
      const response = await client.audio.speech.create(
        { model, voice, input: text.toWellFormed(), response_format: 'wav' },
        { signal: innerSignal },
      )
      return wholeSound(response)
    })
    outputTokens = Math.ceil((wav.byteLength / BYTES_PER_SECOND) * TOKENS_PER_SECOND)
    return wav
  } finally {
    await reservation.settle({ inputTokens: outputTokens === 0 ? 0 : inputTokens, outputTokens })
  }
}

async function wholeSound(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.byteLength
    if (length > MOST_BYTES) throw notSound()
    parts.push(part)
  }
  const wav = Buffer.concat(parts)
  if (wav.toString('latin1', 0, 4) !== 'RIFF') throw notSound()
  return wav
}

function notSound(): LvaError {
  return new LvaError('provider-not-understood', 'OpenAI sent something that is no sound.', {
    advice: 'Choose another voice in Settings, or check the address that stands for OpenAI.',
    params: { provider: 'openai' },
  })
}
