import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph'
import type { AgentName } from '../../vault/index.ts'
import type { Outcome } from './agent.ts'
import type { CheckpointRows } from './checkpoint-rows.ts'
import { CheckpointSaver } from './checkpoint-saver.ts'
import type { KindOfTurn } from './kinds.ts'

/** What the nodes of a turn do. All of them may be called again after a crash. */
export interface TurnSteps {
  classify(): Promise<KindOfTurn>
  /** The agents of that kind. */
  route(kind: KindOfTurn): AgentName[]
  run(agent: AgentName, kind: KindOfTurn): Promise<Outcome>
  reply(kind: KindOfTurn, outcomes: readonly Outcome[]): Promise<void>
}

/** Names that tracing listens to; a learner's environment may hold them for work of their own. */
const TRACING = ['LANGSMITH_TRACING', 'LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING', 'LANGCHAIN_TRACING_V2']

const State = Annotation.Root({
  kind: Annotation<KindOfTurn>(),
  outcomes: Annotation<Outcome[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
})

const Errand = Annotation.Root({ agent: Annotation<AgentName>(), kind: Annotation<KindOfTurn>() })

/**
 * The graph of one turn: classify, then the agents of its kind beside one another, then the reply from all that they found.
 * This module brings LangGraph along: import it when it is needed.
 */
export function turnGraph(steps: TurnSteps, rows: CheckpointRows | undefined) {
  // Nothing of a turn leaves the device for a tracing service.
  for (const name of TRACING) delete process.env[name]
  return new StateGraph(State)
    .addNode('classify', async () => ({ kind: await steps.classify() }))
    .addNode('agent', async ({ agent, kind }: typeof Errand.State) => ({ outcomes: [await steps.run(agent, kind)] }), {
      input: Errand,
    })
    .addNode('reply', async ({ kind, outcomes }) => {
      await steps.reply(kind, outcomes)
      return {}
    })
    .addEdge(START, 'classify')
    .addConditionalEdges(
      'classify',
      ({ kind }) => steps.route(kind).map((agent) => new Send('agent', { agent, kind })),
      ['agent'],
    )
    .addEdge('agent', 'reply')
    .addEdge('reply', END)
    .compile(rows ? { checkpointer: new CheckpointSaver(rows) } : {})
}

/** `sync`: a process may end at any moment, and what an agent has written counts only below a checkpoint that is stored. */
const DURABILITY = 'sync'

/** Runs the turn from its beginning. */
export async function runGraph(steps: TurnSteps, rows: CheckpointRows | undefined, threadId: string): Promise<void> {
  await turnGraph(steps, rows).invoke(
    {},
    { configurable: { thread_id: threadId }, callbacks: [], durability: DURABILITY },
  )
}

/** Goes on with a turn where its checkpoint stands; nodes that had ended are not run again. */
export async function resumeGraph(steps: TurnSteps, rows: CheckpointRows, threadId: string): Promise<void> {
  await turnGraph(steps, rows).invoke(null, {
    configurable: { thread_id: threadId },
    callbacks: [],
    durability: DURABILITY,
  })
}

/** What has ended of a turn whose process ended: the outcomes of its agents, also of a step that is not whole. */
export async function outcomesSoFar(rows: CheckpointRows, threadId: string): Promise<Outcome[]> {
  const tuple = await new CheckpointSaver(rows).getTuple({ configurable: { thread_id: threadId } })
  const kept = (tuple?.checkpoint.channel_values.outcomes ?? []) as Outcome[]
  const pending = (tuple?.pendingWrites ?? []).filter(([, channel]) => channel === 'outcomes')
  return [...kept, ...pending.flatMap(([, , value]) => value as Outcome[])]
}
