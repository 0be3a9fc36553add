import { Pause, Play, Square } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { MicrophonePrivacy } from '../desk/microphone-privacy.tsx'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { useTalk } from '../talk/talk.tsx'
import { Button } from '../ui/button.tsx'
import { LevelMeter } from '../voice/level-meter.tsx'

/** A long recording that is under way, in every place: nobody is recorded unseen. */
export function RecordingBanner() {
  const { t } = useTranslation()
  const { longRecorder } = useTalk()
  const words = useFailureWords()
  const { duration } = useFormats()
  const state = useStore(longRecorder, (store) => store.state)
  const seconds = useStore(longRecorder, (store) => store.seconds)
  const missing = useStore(longRecorder, (store) => store.missing)
  const note = useStore(longRecorder, (store) => store.note)
  const microphone = useStore(longRecorder, (store) => store.microphone)
  const waits = useStore(longRecorder, (store) => store.waitsForInput)
  const readLevel = useCallback(() => longRecorder.level, [longRecorder])
  if (state.phase === 'idle') return null
  const failure = state.phase === 'paused' ? state.failure : null
  return (
    <section
      aria-label={t('longRecording.title')}
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b bg-surface px-4 py-2 text-ui"
    >
      <span
        aria-hidden
        className={`size-2.5 rounded-full ${state.phase === 'recording' ? 'bg-danger' : 'border border-line-strong'}`}
      />
      <p role="status" className={failure ? 'text-danger' : ''}>
        {failure
          ? `${words(failure).what} ${t('longRecording.kept')} ${waits ? t('longRecording.waits') : words(failure).next}`
          : t(`longRecording.phase.${state.phase}`)}
      </p>
      <span className="figures text-ink-quiet">{duration(seconds)}</span>
      {missing.slept > 0 && (
        <span className="text-ink-soft">{t('longRecording.slept', { missing: duration(missing.slept) })}</span>
      )}
      {missing.unplugged > 0 && state.phase === 'recording' && (
        <span className="text-ink-soft">
          {t(microphone === '' ? 'longRecording.unpluggedNameless' : 'longRecording.unplugged', {
            missing: duration(Math.ceil(missing.unplugged)),
            name: microphone,
          })}
        </span>
      )}
      {note && (
        <span role="alert" className="text-danger">
          {t(`voice.note.${note}`)}
        </span>
      )}
      {state.phase === 'recording' && <LevelMeter read={readLevel} className="h-6 w-32 text-accent max-sm:w-16" />}
      <span className="ml-auto flex gap-2">
        {failure && <MicrophonePrivacy code={failure.code} />}
        {state.phase === 'recording' && (
          <Button size="small" onClick={() => void longRecorder.pause()}>
            <Pause />
            {t('longRecording.pause')}
          </Button>
        )}
        {state.phase === 'paused' && (
          <Button size="small" onClick={() => void longRecorder.resume()}>
            <Play />
            {t('longRecording.resume')}
          </Button>
        )}
        {(state.phase === 'recording' || state.phase === 'paused') && (
          <Button size="small" look="primary" onClick={() => void longRecorder.finish()}>
            <Square />
            {t('longRecording.finish')}
          </Button>
        )}
      </span>
    </section>
  )
}
