import type { Capture } from '../../src-core/contract/index.ts'
import { isUnderWay, type Turn } from './turn.ts'

/** One exchange on the screen: what was said, and what is answered. At least one of both is there. */
export interface Exchange {
  key: string
  capture: Capture | null
  /** The live turn, as long as it tells more than the stored capture. */
  turn: Turn | null
}

/**
 * The exchanges of a session, oldest first, with the present turn among them.
 * @param captures newest first, as the core lists them; undefined while they are being loaded
 * @param sessionId undefined for a session that has not begun
 * @param keys remembers under which name an exchange was first shown, so that it is not drawn anew once it has a capture; changed here
 */
export function exchangesOf(
  captures: readonly Capture[] | undefined,
  turn: Turn | null,
  sessionId: string | undefined,
  keys: Map<string, string>,
): Exchange[] {
  const present = turn && (turn.sessionId ?? undefined) === sessionId ? turn : null
  if (present?.capture && !keys.has(present.capture.id)) keys.set(present.capture.id, present.key)
  const exchanges: Exchange[] = (captures ?? []).toReversed().map((capture) => ({
    key: keys.get(capture.id) ?? capture.id,
    capture,
    turn: present?.capture?.id === capture.id && tellsMore(present, capture) ? present : null,
  }))
  const isListed = captures?.some(({ id }) => id === present?.capture?.id)
  // What was stored and is not in the list was deleted.
  const isGone = captures !== undefined && present !== null && present.capture !== null && !isUnderWay(present)
  if (present && !isListed && !isGone) {
    const key = (present.capture && keys.get(present.capture.id)) ?? present.key
    exchanges.push({ key, capture: present.capture, turn: tellsMore(present, present.capture) ? present : null })
  }
  return exchanges
}

function tellsMore(turn: Turn, capture: Capture | null): boolean {
  return isUnderWay(turn) || turn.phase === 'failed' || capture?.answer == null
}
