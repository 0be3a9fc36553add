import { useCallback } from 'react'
import { useCaptureList, useSettings } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { modeOf, type TalkMode } from './mode-choice.ts'
import { useTalk } from './talk.tsx'

/** The mode in which the next words of a session are answered, and how to choose another. */
export function useTalkMode(sessionId: string | undefined): [TalkMode, (mode: TalkMode) => void] {
  const { modes } = useTalk()
  const session = sessionId ?? ''
  const chosen = useStore(modes, (store) => store.chosen)
  const usual = useSettings().data?.talkMode ?? 'answer'
  const last = useCaptureList({ sessionId: session }, sessionId !== undefined).items[0]
  const choose = useCallback((mode: TalkMode) => modes.choose(session, mode), [modes, session])
  if (chosen?.session === session) return [chosen.mode, choose]
  return [last ? modeOf(last) : usual, choose]
}
