import { X } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { MicrophonePrivacy } from '../desk/microphone-privacy.tsx'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { LevelMeter } from '../voice/level-meter.tsx'
import { MicButton } from '../voice/mic-button.tsx'
import type { RecordingState } from '../voice/recorder.ts'
import { useTalk } from './talk.tsx'

/** What is heard while the learner speaks; takes the editor's place until the transcript is there. */
export function RecordingPanel({
  state,
}: {
  state: Extract<RecordingState, { phase: 'opening' | 'recording' | 'finishing' }>
}) {
  const { t } = useTranslation()
  const { recorder } = useTalk()
  const readLevel = useCallback(() => recorder.level, [recorder])
  const note = useStore(recorder, (store) => store.note)
  const partial = 'partial' in state ? state.partial : ''
  return (
    <div>
      <p className="words max-h-[38dvh] min-h-[2.64em] overflow-y-auto px-5 pt-4 text-ink" aria-live="off">
        {partial || <span className="text-ink-quiet">{t(`voice.phase.${state.phase}`)}</span>}
      </p>
      <div className="flex items-center gap-3 px-3 pb-3 pl-5">
        {state.phase === 'recording' ? <Elapsed since={state.startedAt} /> : <span className="text-meta">&nbsp;</span>}
        <LevelMeter read={readLevel} className="h-8 min-w-0 flex-1 text-accent" />
        <Button look="quiet" onClick={() => void recorder.cancel()}>
          <X />
          <span className="max-sm:sr-only">{t('common.cancel')}</span>
        </Button>
        <MicButton />
      </div>
      {note && (
        <p role="alert" className="px-5 pb-3 text-danger text-meta">
          {t(`voice.note.${note}`)}
        </p>
      )}
      <p role="status" className="sr-only">
        {t(`voice.phase.${state.phase}`)}
      </p>
    </div>
  )
}

function Elapsed({ since }: { since: number }) {
  const { duration } = useFormats()
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return <span className="figures w-10 text-ink-quiet text-meta">{duration(Math.max(0, now - since) / 1_000)}</span>
}

/** Why nothing was heard, kindly, and what can be done. */
export function RecordingFailure({ state }: { state: Extract<RecordingState, { phase: 'failed' }> }) {
  const { t } = useTranslation()
  const { recorder } = useTalk()
  return (
    <FailureNote failure={state.failure} className="mb-3">
      {state.kept ? (
        <Button size="small" onClick={() => void recorder.retry()}>
          {t('voice.listenAgain')}
        </Button>
      ) : (
        <Button size="small" onClick={() => void recorder.start()}>
          {t('voice.speakAgain')}
        </Button>
      )}
      <MicrophonePrivacy code={state.failure.code} />
      <Button size="small" look="quiet" onClick={() => void recorder.cancel()}>
        {t('common.dismiss')}
      </Button>
    </FailureNote>
  )
}
