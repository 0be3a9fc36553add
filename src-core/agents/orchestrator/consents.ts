import type { Clock, NewId } from '../../kernel/index.ts'
import type { AgentName } from '../../vault/index.ts'
import type { TurnEvent } from '../types.ts'

/** What the learner says to something that is about to leave the device. */
export type ConsentDecision = 'once' | 'always' | 'no'

/** What would leave, in full, and to whom. */
export interface Leaving {
  /** A host, or the name of a server, as the learner knows it. */
  to: string
  /** Word for word what is sent. */
  sends: string
}

/** Questions to the learner that are open. */
export interface Consents {
  /**
   * Asks through `tell`. Silence is no: after so long, and when `signal` is aborted, it is `late`.
   * @returns what the learner said, or `late`
   */
  ask(
    agent: AgentName,
    leaving: Leaving,
    tell: (event: TurnEvent) => void,
    signal: AbortSignal,
  ): Promise<ConsentDecision | 'late'>
  /** The learner's answer. False where the question is no longer open. */
  answer(id: string, decision: ConsentDecision): boolean
}

/** @param patienceMs how long a question stays open */
export function createConsents(parts: { clock: Clock; newId: NewId; patienceMs: number }): Consents {
  const open = new Map<string, (decision: ConsentDecision) => void>()
  return {
    async ask(agent, { to, sends }, tell, signal) {
      if (signal.aborted) return 'late'
      const id = parts.newId()
      const over = new AbortController()
      const answered = new Promise<ConsentDecision>((resolve) => open.set(id, resolve))
      const waited = parts.clock.sleep(parts.patienceMs, AbortSignal.any([signal, over.signal])).then(
        () => 'late' as const,
        () => 'late' as const,
      )
      tell({ type: 'consent', id, agent, to, sends, state: 'open' })
      try {
        const decision = await Promise.race([answered, waited])
        tell({ type: 'consent', id, agent, to, sends, state: decision })
        return decision
      } finally {
        open.delete(id)
        over.abort()
      }
    },
    answer(id, decision) {
      const take = open.get(id)
      open.delete(id)
      take?.(decision)
      return take !== undefined
    },
  }
}
