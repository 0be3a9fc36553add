import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isBeingMade } from '../summary/summing-up.ts'
import { COMPOSER_ID } from '../talk/composer.tsx'
import { useTalk } from '../talk/talk.tsx'
import { isUnderWay } from '../talk/turn.ts'
import { useTalkKey } from '../voice/use-talk-key.ts'
import { isPressable, isTyping, TALK_KEY } from './shortcuts.ts'
import { useSource } from './source.tsx'

/**
 * The keys of talking, from anywhere: the space bar held where nothing is typed (an empty editor counts), or F9; Escape ends what is going on,
 * one thing at a press; and in Talk any letter goes into the editor.
 */
export function useTalkKeys(): void {
  const { conversation, recorder, handsFree, speaker, draft, summingUp } = useTalk()
  const source = useSource()
  const navigate = useNavigate()
  const place = useRouterState({ select: ({ location }) => location.pathname })
  const space = useTalkKey('ignore')
  const talkKey = useTalkKey('toggle')

  useEffect(() => {
    const inTalk = place === '/talk' || place === '/quick'
    const goToTalk = () => {
      if (!inTalk) void navigate({ to: '/talk', search: {} })
    }
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.key === TALK_KEY) {
        event.preventDefault()
        if (event.repeat) return
        goToTalk()
        talkKey.down()
      } else if (event.key === ' ' && isForTalking(event)) {
        event.preventDefault()
        if (!event.repeat) space.down()
      } else if (event.key === 'Escape') {
        if (endOne()) event.preventDefault()
      } else if (inTalk && isLetter(event) && !isTyping(event.target) && !isDialogOpen()) {
        document.getElementById(COMPOSER_ID)?.focus()
      }
    }
    const onUp = (event: KeyboardEvent) => {
      if (event.key === TALK_KEY) talkKey.up()
      if (event.key === ' ') space.up()
    }
    const isForTalking = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (!inTalk || ctrlKey || metaKey || altKey || isDialogOpen()) return false
      const inEmptyEditor = target instanceof HTMLElement && target.id === COMPOSER_ID && draft.present.text === ''
      return inEmptyEditor || !(isTyping(target) || isPressable(target)) || recorder.listening
    }
    /** @returns whether there was something to end */
    const endOne = (): boolean => {
      if (recorder.state.phase !== 'idle') void recorder.cancel()
      else if (isUnderWay(conversation.turn)) conversation.stop()
      else if (isBeingMade(summingUp.present)) summingUp.stop()
      else if (speaker.speaking) speaker.stop()
      else if (handsFree.isOn) void handsFree.stop()
      else if (source.source) source.close()
      else return false
      return true
    }
    // A window that loses the keyboard never hears the key come up.
    const onBlur = () => {
      talkKey.up()
      space.up()
    }
    addEventListener('keydown', onDown)
    addEventListener('keyup', onUp)
    addEventListener('blur', onBlur)
    return () => {
      removeEventListener('keydown', onDown)
      removeEventListener('keyup', onUp)
      removeEventListener('blur', onBlur)
    }
  }, [conversation, recorder, handsFree, speaker, draft, summingUp, source, navigate, place, space, talkKey])
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null
}
