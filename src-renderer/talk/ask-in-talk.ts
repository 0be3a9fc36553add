import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useToast } from '../ui/toasts.tsx'
import { useTalk } from './talk.tsx'
import { isUnderWay } from './turn.ts'

/** Asks from another place. Talk comes up with the question: in the session named, or in a new one as soon as there is one. */
export function useAskInTalk(): (text: string, sessionId: string | null) => void {
  const { conversation, speaker, draft } = useTalk()
  const navigate = useNavigate()
  const toast = useToast()
  const words = useFailureWords()
  return useCallback(
    (text, sessionId) => {
      speaker.stop()
      conversation.send({ sessionId, text, source: 'text', audioSha256: null })
      if (sessionId !== null) return void navigate({ to: '/talk', search: { session: sessionId } })
      const key = conversation.turn?.key
      const unsubscribe = conversation.subscribe(() => {
        const { turn } = conversation
        if (turn?.key === key && turn?.capture === null && isUnderWay(turn)) return
        unsubscribe()
        if (!turn || turn.key !== key) return
        if (turn.capture) return void navigate({ to: '/talk', search: { session: turn.capture.sessionId } })
        // Nothing was stored: the words go to where they can be sent again.
        draft.takeBack(turn)
        void navigate({ to: '/talk', search: {} })
        if (!turn.failure) return
        const { what, next } = words(turn.failure)
        toast({ text: what, detail: next })
      })
    },
    [conversation, speaker, draft, navigate, toast, words],
  )
}
