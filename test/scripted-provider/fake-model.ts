import type { LanguageEvent, ProviderModel } from '../../src-core/models/index.ts'

/** What one call of a fake model does: the texts it says, then how it ends. */
export interface FakeCall {
  texts?: string[]
  fails?: Error
  /** Waits for this before it says anything. */
  until?: Promise<void>
  inputTokens?: number
  outputTokens?: number
}

export interface FakeModel extends ProviderModel {
  /** Calls of `stream` so far. */
  calls: number
  checks: number
}

/** A model without a network, for tests of the layers around one: each call follows the next entry, the last one for ever. */
export function fakeModel(script: FakeCall[], mostOutput = 100): FakeModel {
  const model: FakeModel = {
    provider: 'anthropic',
    model: 'fake-model',
    calls: 0,
    checks: 0,
    mostTokens: () => ({ inputTokens: 10, outputTokens: mostOutput }),
    async *stream(request, meter): AsyncGenerator<LanguageEvent> {
      const call = script[Math.min(model.calls, script.length - 1)] ?? {}
      model.calls += 1
      const used = { inputTokens: call.inputTokens ?? 0, outputTokens: call.outputTokens ?? 0 }
      try {
        await call.until
        for (const text of call.texts ?? []) {
          if (request.signal?.aborted) throw request.signal.reason
          yield { type: 'delta', text }
        }
        if (call.fails) throw call.fails
      } finally {
        meter?.(used)
      }
      yield { type: 'end', usage: { ...used, costUsd: null }, model: 'fake-model', stopReason: 'end' }
    },
    async check(_signal, meter) {
      const call = script[Math.min(model.checks, script.length - 1)] ?? {}
      model.checks += 1
      meter?.({ inputTokens: call.inputTokens ?? 0, outputTokens: call.outputTokens ?? 0 })
      if (call.fails) throw call.fails
    },
  }
  return model
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<LanguageEvent>) {
  const events: LanguageEvent[] = []
  for await (const event of stream) events.push(event)
  const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('')
  const end = events.at(-1)
  return { events, text, end: end?.type === 'end' ? end : undefined }
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}
