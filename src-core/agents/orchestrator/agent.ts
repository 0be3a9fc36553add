import type { LanguageModel, LanguageProvider } from '../../models/index.ts'
import type { AgentName, AgentRun, Answer, Capture, Source, TurnKind } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'

/** What is to be answered. */
export interface Task {
  capture: Capture
  kind: TurnKind
  /** The provider that the learner named for this turn; undefined for the active one. */
  provider: LanguageProvider | undefined
}

/** What an agent works with; its models are metered, its signal is aborted when the learner stops or its deadline has passed. */
export interface AgentHelp extends AgentServices {
  languageModel(provider?: LanguageProvider): Promise<LanguageModel>
  signal: AbortSignal
  tell(event: TurnEvent): void
}

/** What an agent hands back. Plain data: it is kept in the checkpoint. */
export interface Finding {
  /** An answer to the turn; that of the first agent that has one is given. */
  answer?: Answer
  /** What it found beside the answer, in words for the learner. Marks `[n]` name its own `sources`. */
  addition?: string
  /** Numbered from 1 here; in the answer they go on after the citations. */
  sources?: Source[]
  /** Questions that the learner may ask next. */
  followUps?: string[]
}

/** One agent. The order of a registry is the order in which their answers count. */
export interface Agent {
  name: AgentName
  /** The kinds of turn that it takes part in. */
  kinds: readonly TurnKind[]
  /** What must have come when its time is over: its first words, or all of it. */
  due: 'first-words' | 'whole'
  run(task: Task, help: AgentHelp): Promise<Finding>
}

/** What came of an agent's run. `finding` is null unless it is done, or stopped with something to keep. */
export interface Outcome {
  run: AgentRun & { outcome: NonNullable<AgentRun['outcome']> }
  finding: Finding | null
}
