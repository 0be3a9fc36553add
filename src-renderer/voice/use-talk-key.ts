import { useMemo } from 'react'
import { useTalk } from '../talk/talk.tsx'
import { TapOrHold } from './tap-or-hold.ts'

/** A key or button that records: hold to talk, and, unless taps are ignored, tap to begin and tap to end. */
export function useTalkKey(tap: 'toggle' | 'ignore'): TapOrHold {
  const { recorder, handsFree } = useTalk()
  return useMemo(
    () =>
      new TapOrHold({
        tap,
        now: () => performance.now(),
        talk: {
          isOn: () => recorder.listening,
          // In a conversation without hands the microphone is open already.
          on: () => void (handsFree.isOn || recorder.start()),
          off: () => void recorder.finish(),
          discard: () => void recorder.cancel(),
        },
      }),
    [recorder, handsFree, tap],
  )
}
