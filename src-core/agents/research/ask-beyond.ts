import { isLvaError } from '../../kernel/index.ts'
import type { AgentHelp } from '../orchestrator/agent.ts'
import type { Leaving } from '../orchestrator/consents.ts'
import type { ResearchDesk } from './desk.ts'
import type { ResearchSource } from './types.ts'

/** What came of asking: what was given, why there is nothing, or undefined where the learner did not let it. */
export type Beyond<Given> = Given | { error: unknown } | undefined

/**
 * Asks somebody beyond this device, if the learner lets it, and notes in the run what went to whom and how that ended.
 * @param whom what an "always" is kept for
 * @throws only when the agent is stopped or late
 */
export async function askBeyond<Given>(
  whom: Pick<ResearchSource, 'allowedAs'>,
  leaving: Leaving,
  help: AgentHelp,
  desk: ResearchDesk,
  ask: () => Promise<Given>,
): Promise<Beyond<Given>> {
  if ((await desk.mode()) !== 'on' && !(await desk.isAllowed(whom))) {
    const decision = await help.consent(leaving)
    if (decision === 'always') await desk.allow(whom)
    if (decision === 'no' || decision === 'late') {
      help.asking(leaving)({ outcome: 'refused' })
      return undefined
    }
  }
  help.signal.throwIfAborted()
  const ended = help.asking(leaving)
  try {
    const given = await ask()
    ended({ outcome: 'answered' })
    return given
  } catch (error) {
    if (help.signal.aborted) throw error
    ended(
      isLvaError(error, 'timeout')
        ? { outcome: 'late' }
        : { outcome: 'failed', error: isLvaError(error) ? error.code : 'internal' },
    )
    return { error }
  }
}
