import type { LanguageEvent, LanguageModel, LanguageRequest } from '../types.ts'

/** Tokens that one attempt used, as the provider counted them or, where it did not say, as estimated. */
export interface UsedTokens {
  inputTokens: number
  outputTokens: number
}

/** Is told once for each attempt what it used, also when the attempt failed or was cancelled. */
export type Meter = (used: UsedTokens) => void

/**
 * A language model together with what the layers around it need. To callers it is a plain `LanguageModel`; between the layers `meter`
 * travels along, because a stream that fails or is cancelled has no `end` event that could carry what it used.
 */
export interface ProviderModel extends LanguageModel {
  stream(request: LanguageRequest, meter?: Meter): AsyncIterable<LanguageEvent>
  check(signal?: AbortSignal, meter?: Meter): Promise<void>
  /** The most that one call can use: what is sent, estimated, and the highest number of tokens that can come back. */
  mostTokens(request: LanguageRequest): UsedTokens
}

/** How long a provider may be silent. */
export interface SilenceLimits {
  /** Milliseconds until the first text. */
  firstTokenMs: number
  /** Milliseconds between two signs of life after it. */
  idleMs: number
}
