import { z } from 'zod'
import { Channel, type Clock, type Log, TOOL_LIMITS, type ToolLimits } from '../../kernel/index.ts'
import type {
  LanguageEvent,
  LanguageMessage,
  LanguageModel,
  LanguageRequest,
  TokenUsage,
  ToolCall,
  ToolResult,
  ToolSpecification,
} from '../../models/index.ts'
import type { AgentName, Capture, Citation, Made, Source } from '../../vault/index.ts'
import type { ToolEvent } from '../types.ts'
import { resultText } from './result-text.ts'
import { type CallEnd, type Gate, runCall } from './run-call.ts'
import type { Tool } from './tool.ts'

/** Calls of one round that are run; a model that asks for more is told to ask again. */
const MOST_CALLS = 8
/** Numbers of citations and sources that each of several tools beside one another may use. */
const NUMBERS_EACH = 20
/** Of a tool's line for the learner, in UTF-16 code units. */
const ABOUT_LENGTH = 200

export interface ToolTurn {
  /** For the events. */
  agent: AgentName
  /** The turn; its `userText` is what the gate reads. */
  capture: Capture
  model: LanguageModel
  /** Without `tools`: they are made from the next. Its signal ends everything. */
  request: Omit<LanguageRequest, 'tools' | 'toolChoice'>
  tools: readonly Tool[]
  gate: Gate
  /** The prompt already holds words that neither the learner nor this program wrote: nothing that changes may run. */
  hasReadForeign: boolean
  /** The number of the first citation or source that a tool may offer. */
  nextNumber: number
  clock: Clock
  log: Log
  /** Left out, those that the configuration begins with. */
  limits?: ToolLimits | undefined
}

export type ToolTurnEvent =
  | Extract<LanguageEvent, { type: 'delta' }>
  | ToolEvent
  /** Places that the words after it may name by their numbers. */
  | { type: 'found'; citations: readonly Citation[]; sources: readonly Source[] }
  /** Something of the learner's that a tool made; it stays made whatever becomes of the turn. */
  | { type: 'made'; made: Made }
  /** The last one. Its usage is that of all rounds together. */
  | Omit<Extract<LanguageEvent, { type: 'end' }>, 'carried'>

/**
 * Lets a model answer with the help of tools.
 *
 *     model --words, calls--> tools --results--> model ... at most `limits.rounds` times, then once more without tools
 *
 * Calls of one round run in the order in which the model asked; neighbours that change nothing run beside one another. Whatever a tool
 * does (hangs, throws, answers with 50 MB or bytes), the model gets an answer to each call and the turn goes on. Once foreign text has
 * been read, nothing that changes runs any more.
 * @throws what the model's stream throws
 */
export async function* runWithTools(turn: ToolTurn): AsyncGenerator<ToolTurnEvent> {
  const { model, request, tools, limits = TOOL_LIMITS } = turn
  const state: State = { hasReadForeign: turn.hasReadForeign, nextNumber: turn.nextNumber }
  const messages: LanguageMessage[] = [...request.messages]
  const specifications = tools.map(specificationOf)
  let usage: TokenUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  let hasSpoken = false
  for (let round = 0; ; round++) {
    const isLast = round === limits.rounds
    const calls: ToolCall[] = []
    let text = ''
    let end: Extract<LanguageEvent, { type: 'end' }> | undefined
    const offered = specifications.length > 0 && {
      tools: specifications,
      ...(isLast && { toolChoice: 'none' as const }),
    }
    for await (const event of model.stream({ ...request, messages: [...messages], ...offered })) {
      if (event.type === 'end') end = event
      else if (event.type === 'tool-call') calls.push(event.call)
      else {
        // What was said before the tools ran is a paragraph of its own.
        if (text === '' && hasSpoken) yield { type: 'delta', text: '\n\n' }
        text += event.text
        yield event
      }
    }
    hasSpoken ||= text !== ''
    if (!end) return
    usage = sum(usage, end.usage)
    if (calls.length === 0 || isLast) {
      const { carried: _, ...last } = end
      yield { ...last, usage, stopReason: end.stopReason === 'tools' ? 'end' : end.stopReason }
      return
    }
    const toolResults = yield* runRound(calls, turn, state, limits)
    messages.push(
      {
        role: 'assistant',
        text,
        toolCalls: calls,
        ...(end.carried !== undefined && { carried: end.carried }),
      },
      { role: 'user', text: '', toolResults },
    )
  }
}

/** What the calls of a turn have led to. */
interface State {
  hasReadForeign: boolean
  nextNumber: number
}

/** @returns an answer to each call, in their order */
async function* runRound(
  calls: readonly ToolCall[],
  turn: ToolTurn,
  state: State,
  limits: ToolLimits,
): AsyncGenerator<ToolTurnEvent, ToolResult[]> {
  const results: ToolResult[] = []
  const fits = calls.slice(0, MOST_CALLS)
  for (const group of groupsOf(fits, turn.tools)) results.push(...(yield* runGroup(group, turn, state, limits)))
  const surplus = `Not run: at most ${MOST_CALLS} calls at once. Ask again if it is still needed.`
  return [...results, ...calls.slice(MOST_CALLS).map(({ id }) => ({ callId: id, text: surplus, isError: true }))]
}

/** Calls that may run beside one another, in order. One that changes something runs alone. */
function groupsOf(calls: readonly ToolCall[], tools: readonly Tool[]): ToolCall[][] {
  const groups: ToolCall[][] = []
  let isOpen = false
  for (const call of calls) {
    const changes = toolOf(call, tools)?.effect === 'changes'
    if (isOpen && !changes) groups.at(-1)?.push(call)
    else groups.push([call])
    isOpen = !changes
  }
  return groups
}

async function* runGroup(
  calls: readonly ToolCall[],
  turn: ToolTurn,
  state: State,
  limits: ToolLimits,
): AsyncGenerator<ToolTurnEvent, ToolResult[]> {
  const { hasReadForeign, nextNumber } = state
  const left = new AbortController()
  const signal = turn.request.signal ? AbortSignal.any([turn.request.signal, left.signal]) : left.signal
  const events = new Channel<ToolTurnEvent>()

  async function run(call: ToolCall, place: number): Promise<ToolResult> {
    const tool = toolOf(call, turn.tools)
    if (!tool) return { callId: call.id, text: unknownTool(turn.tools), isError: true }
    const tell = (event: Pick<ToolEvent, 'state' | 'about'>) =>
      events.push({ type: 'tool', agent: turn.agent, name: tool.name, ...event })
    const ended: CallEnd = await runCall(call, tool, {
      ...turn,
      signal,
      callMs: limits.callMs,
      hasReadForeign,
      nextNumber: nextNumber + place * NUMBERS_EACH,
      onRunning: () => tell({ state: 'running', about: '' }),
    })
    if (ended.isError) {
      tell({ state: 'failed', about: '' })
      return { callId: call.id, text: resultText(tool.name, ended.text, limits.resultLength), isError: true }
    }
    const { text, isForeign, about, made, citations = [], sources = [] } = ended.outcome
    state.hasReadForeign ||= isForeign
    state.nextNumber = Math.max(state.nextNumber, ...[...citations, ...sources].map(({ number }) => number + 1))
    if (citations.length + sources.length > 0) events.push({ type: 'found', citations, sources })
    if (made) events.push({ type: 'made', made })
    tell({ state: 'done', about: about.replace(/\s+/g, ' ').trim().slice(0, ABOUT_LENGTH).toWellFormed() })
    return { callId: call.id, text: resultText(tool.name, text, limits.resultLength), isError: false }
  }

  try {
    const running = Promise.all(calls.map(run))
    running.then(
      () => events.end(),
      (error: unknown) => events.fail(error),
    )
    yield* events
    return await running
  } finally {
    // Also when whoever reads these events leaves.
    left.abort()
  }
}

function toolOf({ name }: ToolCall, tools: readonly Tool[]): Tool | undefined {
  return tools.find((tool) => tool.name === name)
}

function unknownTool(tools: readonly Tool[]): string {
  return `There is no such tool. These are there: ${tools.map(({ name }) => name).join(', ')}.`
}

/** A tool as the model is told of it. */
export function specificationOf({ name, description, parameters, input }: Tool): ToolSpecification {
  return { name, description, parameters: parameters ?? schemaOf(input) }
}

/** Written once for each: every turn tells the model of every tool. */
const schemas = new WeakMap<Tool['input'], Record<string, unknown>>()

function schemaOf(input: Tool['input']): Record<string, unknown> {
  const known = schemas.get(input) ?? z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  schemas.set(input, known)
  return known
}

function sum(before: TokenUsage, now: TokenUsage): TokenUsage {
  return {
    inputTokens: before.inputTokens + now.inputTokens,
    outputTokens: before.outputTokens + now.outputTokens,
    costUsd: before.costUsd === null || now.costUsd === null ? null : before.costUsd + now.costUsd,
  }
}
