import { isLvaError } from '../../kernel/index.ts'
import type { LanguageProvider } from '../../models/index.ts'
import type { Capture } from '../../vault/index.ts'
import type { Foresight } from '../foresight.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent } from './agent.ts'
import { type Consents, createConsents } from './consents.ts'
import { heldRows } from './held-rows.ts'
import { createKindReader } from './kinds.ts'
import { openTurn, runPlainly, type TurnParts } from './turn.ts'

/** One stored capture that is to be answered. */
export interface Question {
  capture: Capture
  /** The provider that the learner named; undefined for the active one. */
  provider: LanguageProvider | undefined
  /** The learner asks for it again. */
  isAgain: boolean
  /** What was looked up meanwhile; undefined where the capture had been stored before. */
  foreseen?: Foresight | undefined
}

export interface Orchestrator {
  /** The learner's answer to a `consent` event. False where it is no longer open. */
  consent: Consents['answer']
  /** Begins to load what a turn needs. */
  warm(): void
  /**
   * Answers with the agents of the turn's kind, and stores the answer. A failure of those that could answer is thrown, and nothing is
   * stored.
   */
  answer(question: Question, tell: (event: TurnEvent) => void, signal: AbortSignal): Promise<void>
  /**
   * Ends the turns that a process before this one left unfinished: one whose answer was there is completed, any other waits to be asked
   * again.
   */
  settle(signal: AbortSignal): Promise<void>
  /** Resolves when no agent works in the background. */
  idle(): Promise<void>
}

/** @param agents those that there are; of failures, that of the first in this list is told */
export function createOrchestrator(services: AgentServices, agents: readonly Agent[]): Orchestrator {
  const { vault, clock, newId, checkpoints, log } = services
  const kinds = createKindReader(services)
  const consents = createConsents({ clock, newId, patienceMs: services.consentMs ?? 0 })
  const inBackground = new Set<Promise<void>>()

  function open(turn: Pick<TurnParts, 'question' | 'tell' | 'signal' | 'keep' | 'before'>) {
    const goesOn = (work: Promise<void>) => {
      inBackground.add(work)
      void work.then(() => inBackground.delete(work))
    }
    return openTurn({ services, agents, kinds, consents, goesOn, ...turn })
  }

  return {
    consent: consents.answer,

    warm() {
      // Whoever awaits it meets the error.
      import('./graph.ts').catch(() => undefined)
    },

    async answer(question, tell, signal) {
      const { id } = question.capture
      const rows = checkpoints && heldRows(checkpoints, id, log)
      const { steps, mustBeAnswered } = open({ question, tell, signal, keep: () => rows?.keep() })
      try {
        const { runGraph } = await import('./graph.ts')
        await runGraph(steps, rows, id)
      } catch (error) {
        if (!signal.aborted) log.error({ error, capture: id }, 'the graph of a turn broke; going on without it')
        await runPlainly(steps)
      } finally {
        await rows?.delete(id).catch((error: unknown) => {
          log.warn({ error, capture: id }, 'the checkpoints of a turn stay until the next start')
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
          const before = await outcomesSoFar(checkpoints, captureId)
          const answer = before.find(({ finding }) => finding?.answer)?.finding?.answer
          // The same answer may be stored already, without what others would have added.
          if (answer && (capture.answer === null || capture.answer.createdAt <= answer.createdAt)) {
            const question = { capture, provider: undefined, isAgain: false }
            const { steps } = open({ question, signal, before, tell: () => undefined, keep: () => undefined })
            await resumeGraph(steps, checkpoints, captureId)
          }
        } catch (error) {
          // The capture itself is safe, and can be asked again.
          if (!isLvaError(error, 'not-found')) log.warn({ error, capture: captureId }, 'an unfinished turn was ended')
        }
        if (!signal.aborted) await checkpoints.delete(captureId)
      }
    },

    async idle() {
      await Promise.all(inBackground)
    },
  }
}
