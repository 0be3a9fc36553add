import type { Capture, TalkMode } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import { asksForChange } from '../tools/gate.ts'
import type { AgentServices, TurnRequest } from '../types.ts'
import { asksOfThemselves, wantsAnswer } from './cues.ts'
import { touchedGoal } from './goal-words.ts'
import { isNewQuestion } from './guidance.ts'
import { modeOf } from './mode-of.ts'

/** What a capture keeps of how it is answered. `goal` is the memory for which the learner is asked first without having chosen it. */
export interface ModeMetadata {
  mode?: TalkMode
  goal?: string
}

const MOST_GOALS = 200
/** Of what was said, so much is compared with goals. */
const COMPARED_LENGTH = 2_000

/**
 * How a turn is answered: as it asks for; else as its session was, or Settings say. A question that touches a goal of the learner's is
 * asked back first where nobody chose another way. What cannot be read decides nothing: what was said is stored all the same.
 * @param before the latest exchanges of its session, newest first: an attempt, the hints and the answer
 */
export async function chooseMode(
  services: AgentServices,
  request: TurnRequest,
  before: Promise<readonly Capture[]>,
): Promise<ModeMetadata> {
  if (request.mode !== undefined) return { mode: request.mode }
  try {
    return await modeWithoutChoice(services, request, await before)
  } catch (error) {
    services.log.warn({ error }, 'a turn is answered at once: how to answer it could not be read')
    return {}
  }
}

async function modeWithoutChoice(
  services: AgentServices,
  request: TurnRequest,
  before: readonly Capture[],
): Promise<ModeMetadata> {
  const { text: said } = request
  // Where a goal decided, nobody chose.
  const lastChosen = before.find((exchange) => goalOf(exchange) === undefined)
  const isByHand = lastChosen?.metadata.mode !== undefined
  const usual = lastChosen ? modeOf(lastChosen) : ((await services.talkMode?.()) ?? 'answer')
  const kept = isByHand || usual !== 'answer' ? { mode: usual } : {}
  if (isByHand || usual !== 'answer' || !(await services.asksAboutGoals?.())) return kept
  if ((request.pictures?.length ?? 0) > 0 || asksForChange(said)) return kept
  const goal = openGoal(before[0], said) ?? (await goalOfQuestion(services, request))
  return goal === undefined ? kept : { mode: 'ask-first', goal }
}

/** The goal of the question that is still open, where this goes on with it. */
function openGoal(last: Capture | undefined, said: string): string | undefined {
  const { step } = last?.answer ?? {}
  const isOpen = step === 'attempt' || step === 'hint'
  return last && isOpen && !isNewQuestion(said) ? goalOf(last) : undefined
}

async function goalOfQuestion({ vault, clock }: AgentServices, { text, source }: TurnRequest) {
  // A command is one question, and its answer.
  if (source === 'cli' || !isAsking(text) || wantsAnswer(text) || asksOfThemselves(text)) return undefined
  const validAt = new Date(clock.now()).toISOString()
  const goals = await vault.memories.list({ state: 'accepted', kinds: ['goal'], validAt }, { limit: MOST_GOALS })
  return touchedGoal(goals.items, text.slice(0, COMPARED_LENGTH))?.id
}

function goalOf({ metadata }: Pick<Capture, 'metadata'>): string | undefined {
  return typeof metadata.goal === 'string' ? metadata.goal : undefined
}
