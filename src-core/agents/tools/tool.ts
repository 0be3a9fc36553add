import type { z } from 'zod'
import type { Capture, Citation, Made, Source } from '../../vault/index.ts'

/** What a tool may do, which decides when it may run (docs/agents.md §5). */
export type ToolEffect =
  /** Looks at what is on this device. */
  | 'reads'
  /** Changes the learner's data; can be undone. */
  | 'changes'
  /** Sends something from this device. */
  | 'leaves'

/** What one call of a tool works with. */
export interface ToolUse {
  /** The turn in which it is called. */
  capture: Capture
  /** Aborted when the learner stops the turn or the agent's deadline has passed. */
  signal: AbortSignal
  /** The number of the next citation or source that it may offer. */
  nextNumber: number
}

/** What a tool gives back. */
export interface ToolOutcome {
  /** For the model; it is fenced and cut by whoever runs the tool. */
  text: string
  /** The text holds words that neither the learner nor this program wrote: no tool that changes runs after it in this turn. */
  isForeign: boolean
  /** Places in memory that the text names by their numbers. */
  citations?: Citation[]
  /** Places elsewhere that the text names by their numbers. */
  sources?: Source[]
  /** Of a tool that changes: what it made, so that it can be shown and taken back. */
  made?: Made
  /** A short line for the learner's timeline: what was looked for, made or changed. Never foreign text. */
  about: string
}

/** Something that a model can ask for. */
export interface Tool<Input = unknown> {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string
  /** For the model: what it does, when to use it. Ours; what another program says of its tool stands in it fenced and cut. */
  description: string
  /** Refuses an input before `run` sees it. */
  input: z.ZodType<Input>
  /** JSON Schema of the input for the model, an object; left out, it is made from `input`. For tools whose schema another program gives. */
  parameters?: Record<string, unknown>
  effect: ToolEffect
  /** @throws LvaError in words that the model can act on */
  run(input: Input, use: ToolUse): Promise<ToolOutcome>
}
