import { z } from 'zod'
import { type Clock, isLvaError, type Log, LvaError, withinTime } from '../../kernel/index.ts'
import type { ToolCall } from '../../models/index.ts'
import type { Capture } from '../../vault/index.ts'
import type { Tool, ToolOutcome } from './tool.ts'

/** Of what is wrong with an input, the model is told so much, in UTF-16 code units. */
const COMPLAINT_LENGTH = 1_000

/**
 * Whether the learner's own words of this turn ask for what a tool would change. Decided on the device, never by the model.
 * @param learnerWords what the learner said in this turn
 */
export type Gate = (tool: Tool, input: unknown, learnerWords: string) => boolean | Promise<boolean>

/** What came of one call. `text` is not yet cut or fenced. */
export type CallEnd =
  | { isError: false; outcome: ToolOutcome }
  /** Words that the model can act on. */
  | { isError: true; text: string }

export interface CallContext {
  capture: Capture
  clock: Clock
  log: Log
  gate: Gate
  /** Longest time of the call, in milliseconds. */
  callMs: number
  /** Foreign text has been read in this turn. */
  hasReadForeign: boolean
  nextNumber: number
  /** Aborted when nobody waits for the turn any more. */
  signal: AbortSignal
  /** Called when the tool really begins. */
  onRunning(): void
}

/**
 * Runs one call of a tool, if it may. Whatever the tool does, this ends within `callMs`.
 * @throws only when `signal` is aborted
 */
export async function runCall(
  { input: given }: ToolCall,
  tool: Tool,
  { capture, clock, log, gate, callMs, hasReadForeign, nextNumber, signal, onRunning }: CallContext,
): Promise<CallEnd> {
  const changes = tool.effect === 'changes'
  if (changes && hasReadForeign) {
    return failed(
      'This tool is closed for the rest of the turn, because text was read that the learner did not write. Tell the learner that they can ask for it in their next words.',
    )
  }
  const late = new LvaError('timeout', 'The tool took too long.')
  try {
    if (given === undefined) return failed('The input was not JSON. Call the tool again with a JSON object.')
    const read = await tool.input.safeParseAsync(given)
    if (!read.success)
      return failed(`The input does not fit: ${z.prettifyError(read.error).slice(0, COMPLAINT_LENGTH)}`)
    if (changes && !(await gate(tool, read.data, capture.userText))) {
      return failed(
        'Not done: the learner did not ask for it in their own words of this turn. Do not call it again; offer it, and let them say so.',
      )
    }
    onRunning()
    const use = { capture, nextNumber }
    const outcome = await withinTime(
      clock,
      callMs,
      signal,
      (stop) => tool.run(read.data, { ...use, signal: stop }),
      late,
    )
    return { isError: false, outcome }
  } catch (error) {
    signal.throwIfAborted()
    if (error === late) {
      const doubt = changes ? ' It may or may not have been done.' : ''
      return failed(`The tool did not end within ${Math.ceil(callMs / 1_000)} s.${doubt} Go on without it.`)
    }
    if (isLvaError(error)) return failed(error.advice ? `${error.message} ${error.advice}` : error.message)
    log.warn({ error, tool: tool.name, capture: capture.id }, 'a tool failed')
    return failed('The tool failed. Go on without it.')
  }
}

function failed(text: string): CallEnd {
  return { isError: true, text }
}
