import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph'
import type { Outcome } from './agent.ts'
import type { CheckpointRows } from './checkpoint-rows.ts'
import { CheckpointSaver } from './checkpoint-saver.ts'
import type { KindOfTurn } from './kinds.ts'
import type { Chain } from './plan.ts'

/** What the nodes of a turn do. All of them may be called again after a crash. */
export interface TurnSteps {
  classify(): Promise<KindOfTurn>
  /** What runs beside one another in that stage, 0 the first; nothing once there is nothing more to do. */
  stage(stage: number, kind: KindOfTurn): Promise<Chain[]>
  /** @param before what the stages before have found */
  run(chain: Chain, kind: KindOfTurn, before: readonly Outcome[]): Promise<Outcome[]>
  reply(kind: KindOfTurn): Promise<void>
}

/** Names that tracing listens to; a learner's environment may hold them for work of their own. */
const TRACING = ['LANGSMITH_TRACING', 'LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING', 'LANGCHAIN_TRACING_V2']

const State = Annotation.Root({
  kind: Annotation<KindOfTurn>(),
  /** Stages that have ended. */
  ended: Annotation<number>({ reducer: (before, more) => before + more, default: () => 0 }),
  outcomes: Annotation<Outcome[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
})

const Errand = Annotation.Root({
  chain: Annotation<Chain>(),
  kind: Annotation<KindOfTurn>(),
  before: Annotation<Outcome[]>(),
})

/**
 * The graph of one turn: classify, then stage by stage the agents of its kind beside one another, then the reply from all that they found.
 * This module brings LangGraph along: import it when it is needed.
 */
export function turnGraph(steps: TurnSteps, rows: CheckpointRows | undefined) {
  // Nothing of a turn leaves the device for a tracing service.
  for (const name of TRACING) delete process.env[name]
  const nextStage = async ({ kind, ended, outcomes }: typeof State.State) => {
    const chains = await steps.stage(ended, kind)
    return chains.length === 0 ? 'reply' : chains.map((chain) => new Send('agents', { chain, kind, before: outcomes }))
  }
  return new StateGraph(State)
    .addNode('classify', async () => ({ kind: await steps.classify() }))
    .addNode(
      'agents',
      async ({ chain, kind, before }: typeof Errand.State) => ({ outcomes: await steps.run(chain, kind, before) }),
      { input: Errand },
    )
    .addNode('gather', async () => ({ ended: 1 }))
    .addNode('reply', async ({ kind }) => {
      await steps.reply(kind)
      return {}
    })
    .addEdge(START, 'classify')
    .addConditionalEdges('classify', nextStage, ['agents', 'reply'])
    .addEdge('agents', 'gather')
    .addConditionalEdges('gather', nextStage, ['agents', 'reply'])
    .addEdge('reply', END)
    .compile(rows ? { checkpointer: new CheckpointSaver(rows) } : {})
}

/** `sync`: what an agent has written counts only below a checkpoint that was handed over before it. */
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
