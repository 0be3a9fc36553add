import type { Clock, Log, NewId } from '../kernel/index.ts'
import type { SearchRequest, SearchResult } from '../memory/index.ts'
import type { LanguageModel, LanguageProvider } from '../models/index.ts'
import type { Capture, CaptureSource, Citation, Vault } from '../vault/index.ts'

export interface TurnRequest {
  /** Null begins a new session. */
  sessionId: string | null
  text: string
  source: CaptureSource
  audioSha256?: string | null | undefined
}

/** In this order: `started` once what the learner said is durable, `memory`, any number of `delta`, `done`. A failure ends the stream. */
export type TurnEvent =
  | { type: 'started'; capture: Capture }
  | { type: 'memory'; citations: Citation[]; provider: LanguageProvider; model: string }
  | { type: 'delta'; text: string }
  | { type: 'done'; capture: Capture }

/** What an agent works with. */
export interface AgentServices {
  vault: Vault
  search(request: SearchRequest): Promise<SearchResult>
  /** The model that answers now: the one named, or the active one. Asked for each turn, because Settings may change. */
  languageModel(provider?: LanguageProvider): Promise<LanguageModel>
  maxOutputTokens: number
  clock: Clock
  newId: NewId
  log: Log
}
