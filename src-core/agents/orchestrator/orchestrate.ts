import { isLvaError, LvaError } from '../../kernel/index.ts'
import type { LanguageProvider } from '../../models/index.ts'
import type { AgentName, Answer, Capture } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent, Outcome } from './agent.ts'
import { type ConsentDecision, createConsents } from './consents.ts'
import type { TurnSteps } from './graph.ts'
import { createKindReader, type KindOfTurn } from './kinds.ts'
import { runAgent } from './run-agent.ts'

export interface Orchestrator {
  /** What the learner said to a `consent` event. False where the question was no longer open. */
  consent(id: string, decision: ConsentDecision): boolean
  /** Begins to load what a turn needs. */
  warm(): void
  /**
   * Answers one stored capture with the agents of its kind, and stores the answer. A failure of those that could answer is thrown, and
   * nothing is stored.
   */
  answer(
    capture: Capture,
    provider: LanguageProvider | undefined,
    tell: (event: TurnEvent) => void,
    signal: AbortSignal,
  ): Promise<void>
  /**
   * Ends the turns that a process before this one left unfinished: one whose answer was there is completed, any other waits to be asked
   * again.
   */
  settle(signal: AbortSignal): Promise<void>
}

/** @param agents those that there are; where several answer a turn, the answer of the first counts */
export function createOrchestrator(services: AgentServices, agents: readonly Agent[]): Orchestrator {
  const { vault, clock, newId, checkpoints, log } = services
  const kinds = createKindReader(services)
  const consents = createConsents({ clock, newId, patienceMs: services.consentMs ?? 0 })

  function turnOf(
    capture: Capture,
    provider: LanguageProvider | undefined,
    tell: (event: TurnEvent) => void,
    signal: AbortSignal,
  ) {
    const context = { services, tell, consents, signal, begun: clock.monotonic() }
    const failures = new Map<string, unknown>()
    // Each step is taken once, so that a turn whose graph breaks can go on without it.
    const steps: TurnSteps = {
      classify: once(async () => {
        const kind: KindOfTurn = capture.pictures?.length
          ? { kind: 'visual', by: 'device' }
          : await kinds.read(capture.userText, signal)
        tell({ type: 'kind', ...kind })
        const of = agents.filter((agent) => agent.kinds.includes(kind.kind))
        const wanted = await Promise.all(of.map(async (agent) => (await agent.isWanted?.(capture, services)) ?? true))
        taking = of.filter((_, at) => wanted[at])
        return kind
      }),
      route: () => taking.map(({ name }) => name),
      run: onceEach(async (name, { kind }) => {
        const agent = agents.find((one) => one.name === name)
        if (!agent) throw new LvaError('internal', `There is no ${name} agent any more.`)
        const { error, ...outcome } = await runAgent(agent, { capture, kind, provider }, context)
        if (error !== undefined) failures.set(name, error)
        return outcome
      }),
      reply: once(async (kind, outcomes) => {
        const answer = answerFrom(kind, inOrder(outcomes))
        if (!answer) return
        const answered = await vault.captures.answer(capture.id, answer)
        log.info({ capture: capture.id, agents: outcomes.length }, 'answered a turn')
        tell({ type: 'done', capture: answered })
        isAnswered = true
      }),
    }
    let isAnswered = false
    let taking: Agent[] = []
    return {
      steps,
      /** Throws why there is no answer: the failure of the agent whose answer would have counted first. */
      mustBeAnswered() {
        if (isAnswered) return
        signal.throwIfAborted()
        const [failure] = agents.filter(({ name }) => failures.has(name)).map(({ name }) => failures.get(name))
        throw failure ?? new LvaError('internal', 'No agent answered.')
      },
    }
  }

  function inOrder(outcomes: readonly Outcome[]): Outcome[] {
    const place = ({ run }: Outcome) => agents.findIndex(({ name }) => name === run.agent)
    return [...outcomes].sort((a, b) => place(a) - place(b))
  }

  return {
    consent: consents.answer,

    warm() {
      // Whoever awaits it meets the error.
      import('./graph.ts').catch(() => undefined)
    },

    async answer(capture, provider, tell, signal) {
      const { steps, mustBeAnswered } = turnOf(capture, provider, tell, signal)
      try {
        // What another try has left would be taken for a part of this one.
        await checkpoints?.delete(capture.id)
        const { runGraph } = await import('./graph.ts')
        await runGraph(steps, checkpoints, capture.id)
      } catch (error) {
        if (!signal.aborted) log.error({ error, capture: capture.id }, 'the graph of a turn broke; going on without it')
        await runPlainly(steps)
      } finally {
        await checkpoints?.delete(capture.id).catch((error: unknown) => {
          log.warn({ error, capture: capture.id }, 'the checkpoints of a turn stay until the next start')
        })
      }
      mustBeAnswered()
    },

    async settle(signal) {
      for (const captureId of (await checkpoints?.threads()) ?? []) {
        if (signal.aborted || !checkpoints) return
        try {
          const capture = await vault.captures.get(captureId)
          const { outcomesSoFar, resumeGraph } = await import('./graph.ts')
          const answer = (await outcomesSoFar(checkpoints, captureId)).find(({ finding }) => finding?.answer)?.finding
            ?.answer
          if (answer && !isStored(answer, capture)) {
            const { steps } = turnOf(capture, undefined, () => undefined, signal)
            await resumeGraph(steps, checkpoints, captureId)
          }
        } catch (error) {
          // The capture itself is safe, and can be asked again.
          if (!isLvaError(error, 'not-found')) log.warn({ error, capture: captureId }, 'an unfinished turn was ended')
        }
        if (!signal.aborted) await checkpoints.delete(captureId)
      }
    },
  }
}

/** The turn without LangGraph: the same steps, nothing kept between them. */
async function runPlainly(steps: TurnSteps): Promise<void> {
  const kind = await steps.classify()
  await steps.reply(kind, await Promise.all(steps.route(kind).map((name) => steps.run(name, kind))))
}

/** One answer from all that was found. Its tokens and costs are those of every agent that ran. */
function answerFrom({ kind }: KindOfTurn, outcomes: readonly Outcome[]): Answer | undefined {
  const answer = outcomes.find(({ finding }) => finding?.answer)?.finding?.answer
  if (!answer) return undefined
  const runs = outcomes.map(({ run }) => run)
  const sum = (of: 'inputTokens' | 'outputTokens') => runs.reduce((total, run) => total + (run[of] ?? 0), 0)
  return {
    ...answer,
    kind,
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costUsd: runs.some(({ costUsd }) => costUsd === null)
      ? null
      : runs.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0),
    agentsUsed: runs,
  }
}

function isStored(answer: Answer, capture: Capture): boolean {
  return capture.answer !== null && capture.answer.createdAt >= answer.createdAt
}

function once<Given extends unknown[], Made>(make: (...given: Given) => Promise<Made>) {
  let made: Promise<Made> | undefined
  return (...given: Given): Promise<Made> => {
    made ??= make(...given)
    return made
  }
}

function onceEach(run: TurnSteps['run']): TurnSteps['run'] {
  const made = new Map<AgentName, Promise<Outcome>>()
  return (name, kind) => {
    const outcome = made.get(name) ?? run(name, kind)
    made.set(name, outcome)
    return outcome
  }
}
