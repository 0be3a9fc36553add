import type { Clock } from '../../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest } from '../../types.ts'
import { cancelled } from '../completion.ts'
import type { Meter, ProviderModel } from '../provider-model.ts'
import { estimateTokens } from '../token-estimate.ts'
import { reckoningIn } from './reckoning.ts'
import { replyTo } from './reply.ts'

/** What an answer of the tutor names as its model. */
export const OFFLINE_MODEL = 'offline-tutor'

/** It never asks for more than one thing at once. */
const CALL_ID = 'device-1'

export interface OfflineTutorOptions {
  clock: Clock
  /** IANA name of the time zone in which dates are told; left out, the machine's. */
  timeZone?: string
  /** Milliseconds between two words; 0 gives them as fast as they are read. */
  paceMs?: number
}

/**
 * Answers without a network, a key or a model: it finds sentences in `request.passages`, quotes and cites them, and asks one question; where
 * the words ask for a calculation, a day or a time, it asks the tools of this device that it is offered. It costs nothing and reports no tokens, since nothing is sent anywhere.
 */
export function offlineTutor({ clock, timeZone, paceMs = 0 }: OfflineTutorOptions): ProviderModel {
  const nothing = { inputTokens: 0, outputTokens: 0 }

  async function* stream(request: LanguageRequest, meter?: Meter): AsyncGenerator<LanguageEvent> {
    const { messages, passages, guidance, emptyTime, maxOutputTokens, signal } = request
    const nowMs = clock.now()
    const reckoning = request.toolChoice === 'none' ? undefined : reckoningIn(request, { nowMs, timeZone })
    const [result] = messages.at(-1)?.toolResults ?? []
    if (reckoning && !result) {
      if (signal?.aborted) throw cancelled(signal)
      yield { type: 'tool-call', call: { id: CALL_ID, ...reckoning.call } }
      meter?.(nothing)
      yield { type: 'end', usage: { ...nothing, costUsd: 0 }, model: OFFLINE_MODEL, stopReason: 'tools' }
      return
    }
    const said = messages.filter(({ toolCalls, toolResults }) => !toolCalls && !toolResults)
    const reckoned = result && reckoning?.tell(result)
    const text = reckoned ?? replyTo({ messages: said, passages, guidance, emptyTime, nowMs, timeZone })
    let shown = ''
    let stopReason: 'end' | 'length' = 'end'
    for (const piece of text.match(/\s*\S+/g) ?? []) {
      if (signal?.aborted) throw cancelled(signal)
      if (estimateTokens(shown + piece) > maxOutputTokens) {
        stopReason = 'length'
        break
      }
      shown += piece
      yield { type: 'delta', text: piece }
      if (paceMs > 0) await pause(paceMs, signal)
    }
    if (signal?.aborted) throw cancelled(signal)
    meter?.(nothing)
    yield { type: 'end', usage: { ...nothing, costUsd: 0 }, model: OFFLINE_MODEL, stopReason }
  }

  async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    await clock.sleep(ms, signal).catch((reason: unknown) => {
      throw signal?.aborted ? cancelled(signal) : reason
    })
  }

  return {
    provider: 'offline',
    model: OFFLINE_MODEL,
    mostTokens: () => nothing,
    stream,
    async check(signal) {
      if (signal?.aborted) throw cancelled(signal)
    },
  }
}
