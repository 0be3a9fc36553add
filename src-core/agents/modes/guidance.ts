import type { Guidance } from '../../models/index.ts'
import type { Capture, TalkMode } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import { isAttempt, wantsAnswer, wantsHelp } from './cues.ts'

/** Hints that come before the answer, each helping more than the one before. */
export const HINTS = 3

/** How this turn is to be answered, and the exchanges that its question stands in. */
export interface Guided {
  guidance: Guidance
  /** Ids of the exchanges since the question was asked: the memory is asked for what was known before them. */
  exchanges: string[]
}

/**
 * Where a turn stands, decided on the device from what the learner said and from the steps before: no model can withhold an answer, or give
 * it away. Undefined where the learner wants the answer at once, or nothing is asked.
 * @param before the exchanges of the session before this one, oldest first
 */
export function guide(mode: TalkMode, said: string, before: readonly Capture[]): Guided | undefined {
  if (mode === 'answer') return undefined
  return mode === 'ask-first' ? askFirst(said, before) : socratic(said, before)
}

function askFirst(said: string, before: readonly Capture[]): Guided | undefined {
  const open = openExchanges(before)
  const [first] = open
  if (wantsAnswer(said)) return guided('answer', first?.userText ?? lastQuestion(before) ?? said, open)
  if (!first || isNewQuestion(said)) return isAsking(said) ? guided('attempt', said, []) : undefined
  const given = open.filter(({ answer }) => answer?.step === 'hint').length
  if (given >= HINTS) return guided('answer', first.userText, open)
  const { guidance, exchanges } = guided('hint', first.userText, open)
  return { guidance: { ...guidance, hint: given + 1 }, exchanges }
}

/** Whether the learner asks something else than what is open. */
export const isNewQuestion = (said: string): boolean =>
  isAsking(said) && !isAttempt(said) && !wantsHelp(said) && !wantsAnswer(said)

function guided(step: NonNullable<Guidance['step']>, question: string, exchanges: readonly Capture[]): Guided {
  return { guidance: { mode: 'ask-first', step, question }, exchanges: exchanges.map(({ id }) => id) }
}

function socratic(said: string, before: readonly Capture[]): Guided {
  if (!wantsAnswer(said)) {
    return { guidance: { mode: 'socratic', ...(isAsking(said) && { question: said }) }, exchanges: [] }
  }
  return { guidance: { mode: 'socratic', step: 'answer', question: lastQuestion(before) ?? said }, exchanges: [] }
}

/** The exchanges from the question that is open to the last hint; empty where none is open. */
function openExchanges(before: readonly Capture[]): Capture[] {
  const open: Capture[] = []
  for (const exchange of before.toReversed()) {
    const { step, mode } = exchange.answer ?? {}
    if (mode !== 'ask-first' || (step !== 'attempt' && step !== 'hint')) return []
    open.unshift(exchange)
    if (step === 'attempt') return open
  }
  return []
}

function lastQuestion(before: readonly Capture[]): string | undefined {
  return before.findLast(({ userText }) => isAsking(userText) && !wantsAnswer(userText))?.userText
}
