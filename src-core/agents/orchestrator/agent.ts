import type { LanguageModel, LanguageProvider } from '../../models/index.ts'
import type { AgentName, AgentRun, Answer, Asked, Capture, Source, TurnKind } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { ConsentDecision, Leaving } from './consents.ts'

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
  /** Asks the learner before something leaves the device. The agent's time stands still until they have answered. */
  consent(leaving: Leaving): Promise<ConsentDecision | 'late'>
  /**
   * Notes in the run that words go to somebody beyond this device, before they do. The function that it gives says how it ended; until
   * it is called, nothing has come.
   */
  asking(leaving: Leaving): (ended: Pick<Asked, 'outcome' | 'error'>) => void
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
  /** Whether it takes part in this turn of one of its kinds; left out, always. */
  isWanted?(capture: Capture, services: AgentServices): Promise<boolean>
  run(task: Task, help: AgentHelp): Promise<Finding>
}

/** What came of an agent's run. `finding` is null unless it is done, or stopped with something to keep. */
export interface Outcome {
  run: AgentRun & { outcome: NonNullable<AgentRun['outcome']> }
  finding: Finding | null
}
