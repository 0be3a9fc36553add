import { useCallback } from 'react'
import { useCaptureList, useSettings } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { goalOf, modeOf, type TalkMode } from './mode-choice.ts'
import { useTalk } from './talk.tsx'

/** The mode in which the next words of a session are answered, whether it was just chosen by hand, and how to choose another. */
export function useTalkMode(sessionId: string | undefined): {
  mode: TalkMode
  byHand: TalkMode | undefined
  choose(mode: TalkMode): void
} {
  const { modes } = useTalk()
  const session = sessionId ?? ''
  const chosen = useStore(modes, (store) => store.chosen)
  const usual = useSettings().data?.talkMode ?? 'answer'
  const captures = useCaptureList({ sessionId: session }, sessionId !== undefined).items
  const choose = useCallback((mode: TalkMode) => modes.choose(session, mode), [modes, session])
  if (chosen?.session === session) return { mode: chosen.mode, byHand: chosen.mode, choose }
  const last = captures.find((capture) => goalOf(capture) === undefined)
  return { mode: last ? modeOf(last) : usual, byHand: undefined, choose }
}
