import { isLvaError, LvaError } from '../../kernel/index.ts'
import type { LanguageModel, ToolCall } from '../../models/index.ts'
import type { McpTool } from '../mcp/mcp-servers.ts'
import type { AgentHelp } from '../orchestrator/agent.ts'
import { researchServersMessage, researchServersPrompt } from '../prompts/index.ts'
import { specificationOf } from '../tools/run-with-tools.ts'
import type { ResearchDesk } from './desk.ts'
import type { Given } from './passages.ts'

/** Milliseconds that a model has to choose what to ask, and a server to answer: time to write must be left. */
const CHOOSE_MS = 1_500
const ANSWER_MS = 4_000
const CHOOSE_TOKENS = 300
const MOST_CALLS = 3

/** What came of asking: a text, why there is none, or undefined where the learner did not let it. */
export type Went = Given | { error: unknown } | undefined

/**
 * Asks the servers that the learner added what a model thinks fits: one round of calls, each let by the learner like all that leaves. Nothing
 * comes where there is no server, or the model is late or fails.
 */
export async function askServers(
  said: string,
  model: LanguageModel,
  help: AgentHelp,
  desk: ResearchDesk,
): Promise<Went[]> {
  const tools = (await help.mcpTools?.()) ?? []
  if (tools.length === 0) return []
  const calls = await chosenCalls(said, tools, model, help)
  return Promise.all(
    calls.slice(0, MOST_CALLS).map(async ({ name, input }) => {
      const tool = tools.find((one) => one.name === name)
      const given = tool?.input.safeParse(input)
      return tool && given?.success ? askedOf(tool, given.data as Record<string, unknown>, help, desk) : undefined
    }),
  )
}

async function chosenCalls(
  said: string,
  tools: readonly McpTool[],
  model: LanguageModel,
  { clock, signal, log }: AgentHelp,
): Promise<ToolCall[]> {
  const calls: ToolCall[] = []
  try {
    await withTime(CHOOSE_MS, clock, signal, async (stop) => {
      const request = {
        system: researchServersPrompt(),
        messages: [{ role: 'user' as const, text: researchServersMessage(said) }],
        passages: [],
        tools: tools.map(specificationOf),
        maxOutputTokens: CHOOSE_TOKENS,
        signal: stop,
      }
      for await (const event of model.stream(request)) if (event.type === 'tool-call') calls.push(event.call)
    })
  } catch (error) {
    signal.throwIfAborted()
    log.warn({ error }, 'research asks no server: the model did not choose')
    return []
  }
  return calls
}

async function askedOf(
  tool: McpTool,
  input: Record<string, unknown>,
  help: AgentHelp,
  desk: ResearchDesk,
): Promise<Went> {
  const leaving = { to: tool.server, sends: `${tool.toolName} ${JSON.stringify(input)}` }
  if ((await desk.mode()) !== 'on' && !(await desk.isAllowed(tool))) {
    const decision = await help.consent(leaving)
    if (decision === 'always') await desk.allow(tool)
    if (decision === 'no' || decision === 'late') {
      help.asking(leaving)({ outcome: 'refused' })
      return undefined
    }
  }
  help.signal.throwIfAborted()
  const ended = help.asking(leaving)
  const about = `${tool.server}: ${tool.toolName}`
  const tell = (state: 'running' | 'done' | 'failed') =>
    help.tell({ type: 'tool', agent: 'research', name: tool.name, state, about: state === 'running' ? '' : about })
  tell('running')
  try {
    const { text, isError, at } = await withTime(ANSWER_MS, help.clock, help.signal, (stop) => tool.ask(input, stop))
    ended({ outcome: 'answered' })
    tell(isError ? 'failed' : 'done')
    // What a server says of a failure is nothing that was found.
    if (isError) return undefined
    return { source: { kind: 'mcp' }, found: [{ title: about, url: null, text }], at }
  } catch (error) {
    if (help.signal.aborted) throw error
    ended(
      isLvaError(error, 'timeout')
        ? { outcome: 'late' }
        : { outcome: 'failed', error: isLvaError(error) ? error.code : 'internal' },
    )
    tell('failed')
    return { error }
  }
}

/** @throws LvaError timeout after so many milliseconds, whether `work` heeds its signal or not */
async function withTime<T>(
  ms: number,
  clock: AgentHelp['clock'],
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const late = new AbortController()
  const waiting = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(() => {
    late.abort()
    throw new LvaError('timeout', 'It did not answer in time.', { advice: 'Ask again later.' })
  })
  try {
    return await Promise.race([work(AbortSignal.any([signal, late.signal])), waiting])
  } finally {
    over.abort()
  }
}
