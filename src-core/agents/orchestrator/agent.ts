import type { LanguageModel, LanguageProvider } from '../../models/index.ts'
import type {
  AgentName,
  AgentRun,
  Analysis,
  Answer,
  Asked,
  Capture,
  Citation,
  NewCard,
  Source,
  TurnKind,
} from '../../vault/index.ts'
import type { Foresight } from '../foresight.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { ConsentDecision, Leaving } from './consents.ts'
import type { Found } from './findings.ts'

/** What is to be answered. */
export interface Task {
  capture: Capture
  kind: TurnKind
  /** The provider that the learner named for this turn; undefined for the active one. */
  provider: LanguageProvider | undefined
  /** The learner asks again, and is ready to wait longer. */
  isAgain: boolean
  /** What was looked up while the capture was stored; undefined where it had been stored before. */
  foreseen?: Foresight | undefined
  /** What the agents before this one have found; nothing for those that run at once. */
  soFar: Found
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
  /** An answer to the turn; the first that is whole is given. Its own citations and sources are numbered from 1. */
  answer?: Answer
  /**
   * What it found beside the answer, in words for the learner. Marks `[n]` name its own `sources` and `citations`, which are numbered from
   * `task.soFar.nextNumber`, or what was found before, by its number. In the answer the numbers go on after those that there are.
   */
  addition?: string
  sources?: Source[]
  /** Places in memory that the addition names. */
  citations?: Citation[]
  /** Questions that the learner may ask next. */
  followUps?: string[]
  /** Candidate cards, each with the place that it comes from; kept as such once the answer is there. */
  cards?: NewCard[]
  /** What it read in what the learner said; kept with the answer. */
  analysis?: Analysis
}

/** One agent. */
export interface Agent {
  name: AgentName
  /** The kinds of turn that it takes part in. */
  kinds: readonly TurnKind[]
  /** Of these kinds, those in which it begins when all others have ended, with what they found. */
  afterOthers?: readonly TurnKind[]
  /** Of these kinds, those in which it runs only where the agent named has no answer. */
  insteadOf?: Partial<Record<TurnKind, AgentName>>
  /**
   * Of these kinds, those in which nobody waits for it, and it takes no time from the first words: it begins when they are there. Its run is
   * recorded, and its analysis kept; it adds nothing else.
   */
  inBackground?: readonly TurnKind[]
  /** It never answers: once nobody is left who could, it is stopped. */
  onlyAdds?: true
  /** It keeps to the steps of the learner who wants to find out for themselves (agents/modes); what others say would give the answer away. */
  helpsToFindOut?: true
  /** Whether it takes part in this turn of one of its kinds; left out, always. What did not run is not named anywhere. */
  isWanted?(turn: Pick<Task, 'capture' | 'kind'>, services: AgentServices): Promise<boolean>
  /** What must have come when its time is over: its first words, or all of it. */
  due: 'first-words' | 'whole'
  run(task: Task, help: AgentHelp): Promise<Finding>
  /** Answers in its place when it is late. Its run is recorded beside that of the late one. */
  standIn?(task: Task, help: AgentHelp): Promise<Finding>
}

/** What came of an agent's run. `finding` is null unless it is done, or stopped with something to keep. */
export interface Outcome {
  run: AgentRun & { outcome: NonNullable<AgentRun['outcome']> }
  finding: Finding | null
  /** From this number on the finding counts its own places. */
  startedFrom: number
  /** ISO 8601 instant. */
  endedAt: string
}
