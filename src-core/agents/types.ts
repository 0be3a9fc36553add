import type { Pictures } from '../capture/index.ts'
import type { Clock, Log, NewId, ToolLimits } from '../kernel/index.ts'
import type { ConceptGraph, SearchRequest, SearchResult } from '../memory/index.ts'
import type { Embedder, LanguageModel, LanguageProvider } from '../models/index.ts'
import type {
  AgentName,
  AgentRun,
  Capture,
  CaptureSource,
  Citation,
  Source,
  TalkMode,
  TurnKind,
  Vault,
} from '../vault/index.ts'
import type { FirstWords } from './first-words.ts'
import type { McpTool } from './mcp/mcp-servers.ts'
import type { CheckpointRows } from './orchestrator/checkpoint-rows.ts'
import type { ConsentDecision, Leaving } from './orchestrator/consents.ts'
import type { ResearchDesk } from './research/desk.ts'

export interface TurnRequest {
  /** ISO 639-1 of what was spoken, as its transcript says. */
  spokenLanguage?: string | undefined
  /** Null begins a new session. */
  sessionId: string | null
  text: string
  source: CaptureSource
  audioSha256?: string | null | undefined
  /** SHA-256 of pictures that were kept for it. */
  pictures?: readonly string[] | undefined
  /** How to answer, chosen by hand; left out, as the session before it, else as Settings say, or first asked back where it touches a goal. */
  mode?: TalkMode | undefined
}

/**
 * In this order: `started` once what the learner said is durable, `kind`, `memory`, any number of `delta`, `answered` where others are
 * still at work, any number of `addition`, `done`; `agent` whenever one begins or ends; `tool` when one of its tools does; `consent` when something may leave the device only
 * if the learner says so, and again when that is settled. A failure ends the stream.
 */
export type TurnEvent =
  | { type: 'started'; capture: Capture }
  | { type: 'kind'; kind: TurnKind; by: 'device' | 'model' }
  | { type: 'agent'; agent: AgentName; state: 'running' | NonNullable<AgentRun['outcome']>; run?: AgentRun }
  | { type: 'memory'; citations: Citation[]; provider: LanguageProvider; model: string }
  | ({
      type: 'consent'
      id: string
      agent: AgentName
      /** `open` until the learner has decided, or it is too late. */
      state: 'open' | 'late' | ConsentDecision
    } & Leaving)
  | ToolEvent
  | { type: 'delta'; text: string }
  /** The words so far do not count: another agent answers in place of the one that spoke. */
  | { type: 'withdrawn' }
  /** The answer is whole and stored; what others add may follow. */
  | { type: 'answered'; capture: Capture }
  /** What one agent adds, whole and checked; with all places that answer and additions name so far. */
  | { type: 'addition'; agent: AgentName; text: string; citations: Citation[]; sources: Source[] }
  | { type: 'done'; capture: Capture }

/** A tool runs, or has run. One that never ran, because it was not allowed or was asked for wrongly, only fails. */
export interface ToolEvent {
  type: 'tool'
  agent: AgentName
  name: string
  state: 'running' | 'done' | 'failed'
  /** A short line for the learner, as the tool gave it; '' where there is none. */
  about: string
}

/** What an agent works with. */
export interface AgentServices {
  vault: Vault
  search(request: SearchRequest): Promise<SearchResult>
  /** The learner's concepts; left out, nothing is known of them. */
  concepts?: Pick<ConceptGraph, 'topics' | 'gaps' | 'list' | 'read'>
  /** The model that answers now: the one named, or the active one. Asked for each turn, because Settings may change. */
  languageModel(provider?: LanguageProvider): Promise<LanguageModel>
  maxOutputTokens: number
  /** How a turn is answered that does not say it; left out, with the answer. */
  talkMode?(): Promise<TalkMode>
  /** Whether questions that touch a goal of the learner's are asked back first; left out, none is. */
  asksAboutGoals?(): Promise<boolean>
  /** Whether a language model reads what the learner says, beside answering it; left out, none does. */
  mayReadByModel?(): Promise<boolean>
  /** Milliseconds that each agent has, to its first words or to its end; `again` that of one that could be stood in for, when asked again. */
  deadlines: Record<AgentName, number> & { again?: number }
  /** Milliseconds for which the learner is waited for before something leaves the device; left out, nobody is asked, and nothing leaves. */
  consentMs?: number
  /** US dollars that one turn may spend over all its agents; left out, only the month's budget holds. */
  turnUsd?: number
  /** Left out, those that the configuration begins with. */
  toolLimits?: ToolLimits
  /** Compares turns with labelled ones; left out, their words alone tell the kind. */
  embedder?: Embedder
  /** Where the state of turns under way is kept; left out, an unfinished turn is not gone on with. */
  checkpoints?: CheckpointRows
  /** Is told of turns that wait for their first word, so that background work gives way; left out, none does. */
  firstWords?: FirstWords
  /** Left out, no picture can come with a turn. */
  pictures?: Pick<Pictures, 'take' | 'readNew' | 'shown'>
  /** What research may ask of servers that the learner added; left out, nothing. */
  mcpTools?(): Promise<McpTool[]>
  /** Left out, nothing is looked up beyond this device. */
  research?: ResearchDesk
  clock: Clock
  newId: NewId
  log: Log
}
