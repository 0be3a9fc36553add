import { isLvaError, LvaError, OVER, rejectedBy, toLvaError } from '../../kernel/index.ts'
import type { Allowance } from '../../models/index.ts'
import type { AgentRun, Asked } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent, AgentHelp, Finding, Outcome, Task } from './agent.ts'
import type { Consents } from './consents.ts'
import { startDeadline } from './deadline.ts'
import { Meter } from './metered-model.ts'
import { toolRecord } from './tool-record.ts'

export interface RunContext {
  services: AgentServices
  tell(event: TurnEvent): void
  consents: Consents
  /** Aborted when the learner stops the turn. */
  signal: AbortSignal
  /** What all agents of the turn together may spend. */
  allowance: Allowance
  /** Instant of the monotonic clock at which the turn began. */
  begun: number
}

/** An agent that was stopped has so many milliseconds to hand over what it has. */
const STOP_MS = 1_000

/**
 * Runs one agent to its end or its deadline, whichever comes first, and tells both. An agent that hangs is left alone: nobody waits for it.
 * @returns what came of it, and the error that it ended with
 */
export async function runAgent(
  agent: Agent,
  task: Task,
  { services, tell, consents, allowance, signal, begun }: RunContext,
): Promise<Outcome & { error: unknown }> {
  const { clock, deadlines, log } = services
  const started = clock.monotonic()
  const late = new AbortController()
  const over = new AbortController()
  const stopping = AbortSignal.any([signal, late.signal])
  const patience = (task.isAgain && agent.standIn && deadlines.again) || deadlines[agent.name]
  const deadline = startDeadline(clock, patience, () =>
    late.abort(new LvaError('timeout', `The ${agent.name} agent took longer than its deadline.`)),
  )
  const meter = new Meter(allowance, () => {
    if (agent.due === 'first-words') deadline.lift()
  })
  const asked: Asked[] = []
  // What arrives after the agent was left out is not part of the answer any more.
  let isListened = true
  const tools = toolRecord()
  const listened = (event: TurnEvent) => {
    if (!isListened) return
    if (event.type === 'tool') tools.hear(event)
    // Words that no model said count as well.
    if (event.type === 'delta' && agent.due === 'first-words') deadline.lift()
    tell(event)
  }
  const help: AgentHelp = {
    ...services,
    languageModel: async (...of: Parameters<AgentServices['languageModel']>) =>
      meter.over(await services.languageModel(...of)),
    signal: stopping,
    tell: listened,
    async consent(leaving) {
      const goOn = deadline.hold()
      try {
        return await consents.ask(agent.name, leaving, listened, stopping)
      } finally {
        goOn()
      }
    },
    asking(leaving) {
      const entry: Asked = { ...leaving, outcome: 'late' }
      asked.push(entry)
      return (ended) => void Object.assign(entry, ended)
    },
  }
  const finish = (outcome: Outcome['run']['outcome'], finding: Finding | null, error: unknown) => {
    isListened = false
    const run = {
      agent: agent.name,
      ms: Math.round(clock.monotonic() - started),
      startedMs: Math.round(started - begun),
      outcome,
      ...meter.usage,
      // As it stands now: what comes later changes nothing that is stored.
      ...(asked.length > 0 && { asked: asked.map((entry) => ({ ...entry })) }),
      ...tools.uses(),
      ...(isLvaError(error) && outcome !== 'stopped' && { error: error.code }),
    }
    tell({ type: 'agent', agent: agent.name, state: outcome, run })
    const endedAt = new Date(clock.now()).toISOString()
    return { run, finding, startedFrom: task.soFar.nextNumber, endedAt, error }
  }

  tell({ type: 'agent', agent: agent.name, state: 'running' })
  const leave = () => {
    clock.sleep(STOP_MS, over.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    )
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { signal: over.signal })
  try {
    const finding = await Promise.race([agent.run(task, help), rejectedBy(late.signal, over.signal)])
    return finish(signal.aborted ? 'stopped' : 'done', finding, undefined)
  } catch (error) {
    if (signal.aborted) return finish('stopped', null, error)
    if (late.signal.aborted) return finish('late', null, late.signal.reason)
    log.warn({ error, agent: agent.name, capture: task.capture.id }, 'an agent failed')
    return finish(outcomeOf(error), null, isLvaError(error) ? error : toLvaError(error))
  } finally {
    deadline.lift()
    over.abort(OVER)
  }
}

function outcomeOf(error: unknown): NonNullable<AgentRun['outcome']> {
  return isLvaError(error, 'budget-reached') || isLvaError(error, 'turn-budget-reached') ? 'refused' : 'failed'
}
