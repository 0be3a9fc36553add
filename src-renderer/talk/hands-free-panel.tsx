import { X } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { MicrophonePrivacy } from '../desk/microphone-privacy.tsx'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import type { HandsFreeState } from '../voice/hands-free.ts'
import { LevelMeter } from '../voice/level-meter.tsx'
import { useTalk } from './talk.tsx'
import { isUnderWay } from './turn.ts'

type Shown = Exclude<HandsFreeState, { phase: 'off' | 'failed' }>

/** A conversation without hands: what is heard, in words, and what goes on. Takes the editor's place until it is ended. */
export function HandsFreePanel({ state }: { state: Shown }) {
  const { t } = useTranslation()
  const { conversation, handsFree, speaker } = useTalk()
  const readLevel = useCallback(() => handsFree.level, [handsFree])
  const isSpeaking = useStore(speaker, (store) => store.speaking !== null)
  const isAnswering = useStore(conversation, (store) => isUnderWay(store.turn))
  const partial = 'partial' in state ? state.partial : ''
  const says = t(`handsFree.says.${saysOf(state, isSpeaking, isAnswering)}`)
  return (
    <section aria-label={t('handsFree.title')}>
      <p className="words max-h-[38dvh] min-h-[2.64em] overflow-y-auto px-5 pt-4 text-ink" aria-live="off">
        {partial || <span className="text-ink-quiet">{says}</span>}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pt-1 pb-3 pl-5">
        <span role="status" className={partial ? 'text-ink-quiet text-meta max-sm:w-full' : 'sr-only'}>
          {says}
        </span>
        <LevelMeter read={readLevel} className="h-8 min-w-0 flex-1 text-accent" />
        <Button onClick={() => void handsFree.stop()}>
          <X />
          {t('handsFree.stop')}
        </Button>
      </div>
    </section>
  )
}

function saysOf(state: Shown, isSpeaking: boolean, isAnswering: boolean) {
  if (state.phase === 'pausing') return state.unfinished ? 'unfinished' : 'pausing'
  if (state.phase !== 'quiet') return state.phase
  if (isSpeaking) return 'speaking'
  if (isAnswering) return 'answering'
  return state.note ?? 'quiet'
}

/** Why it cannot listen, and what can be done. */
export function HandsFreeFailure({
  state,
  onStart,
}: {
  state: Extract<HandsFreeState, { phase: 'failed' }>
  onStart(): void
}) {
  const { t } = useTranslation()
  const { handsFree } = useTalk()
  return (
    <FailureNote failure={state.failure} className="mb-3">
      {state.canHearAgain && (
        <Button size="small" onClick={() => void handsFree.again()}>
          {t('voice.listenAgain')}
        </Button>
      )}
      {!state.canHearAgain && (
        <Button size="small" onClick={onStart}>
          {t('handsFree.again')}
        </Button>
      )}
      <MicrophonePrivacy code={state.failure.code} />
      <Button size="small" look="quiet" onClick={() => void handsFree.stop()}>
        {t('common.dismiss')}
      </Button>
    </FailureNote>
  )
}
