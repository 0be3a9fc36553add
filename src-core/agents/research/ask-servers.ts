import { withinTime } from '../../kernel/index.ts'
import type { LanguageModel, ToolCall } from '../../models/index.ts'
import type { McpTool } from '../mcp/mcp-servers.ts'
import type { AgentHelp } from '../orchestrator/agent.ts'
import { researchServersMessage, researchServersPrompt } from '../prompts/index.ts'
import { specificationOf } from '../tools/run-with-tools.ts'
import { askBeyond, type Beyond } from './ask-beyond.ts'
import type { ResearchDesk } from './desk.ts'
import type { Given } from './passages.ts'

/** Milliseconds that a model has to choose what to ask, and a server to answer: time to write must be left. */
const CHOOSE_MS = 1_500
const ANSWER_MS = 4_000
const CHOOSE_TOKENS = 300
const MOST_CALLS = 3

export type Went = Beyond<Given>

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
    await withinTime(clock, CHOOSE_MS, signal, async (stop) => {
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
  const about = `${tool.server}: ${tool.toolName}`
  const tell = (state: 'running' | 'done' | 'failed') =>
    help.tell({ type: 'tool', agent: 'research', name: tool.name, state, about })
  const went = await askBeyond(tool, leaving, help, desk, () => {
    tell('running')
    return withinTime(help.clock, ANSWER_MS, help.signal, (stop) => tool.ask(input, stop))
  })
  if (went === undefined) return undefined
  const isGiven = !('error' in went) && !went.isError
  tell(isGiven ? 'done' : 'failed')
  if ('error' in went) return went
  // What a server says of a failure is nothing that was found.
  return isGiven
    ? { source: { kind: 'mcp' }, found: [{ title: about, url: null, text: went.text }], at: went.at }
    : undefined
}
