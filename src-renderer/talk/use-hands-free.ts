import { useCallback, useEffect, useRef } from 'react'
import { useTellFailure } from '../library/history.ts'
import { standInNews } from '../voice/stand-in-news.ts'
import { useTalk } from './talk.tsx'
import { useTalkMode } from './use-talk-mode.ts'

/**
 * Begins a conversation without hands: each thing said is a turn of the session that is then on the screen. Leaving the place ends it.
 * @param onSent called after each turn was sent
 */
export function useHandsFree(sessionId: string | undefined, onSent: () => void): () => void {
  const { conversation, handsFree, modes, speaker } = useTalk()
  const { byHand } = useTalkMode(sessionId)
  const tellFailure = useTellFailure()
  const here = useRef({ sessionId, byHand, onSent })
  here.current = { sessionId, byHand, onSent }
  useEffect(() => () => void handsFree.stop(), [handsFree])
  return useCallback(() => {
    speaker.stop()
    const isNews = standInNews()
    void handsFree.start(({ text, audioSha256, language, instead }) => {
      if (instead && isNews({ instead })) tellFailure(instead.error)
      const { sessionId: session, byHand: mode, onSent: sent } = here.current
      conversation.send({
        sessionId: session ?? null,
        text,
        source: 'voice',
        audioSha256,
        ...(language !== null && { spokenLanguage: language }),
        ...(mode && { mode }),
      })
      if (session === undefined) modes.forget()
      sent()
    })
  }, [conversation, handsFree, modes, speaker, tellFailure])
}
