import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pause, Play, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TimelineState } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { ForgetMenu } from './forget-menu.tsx'
import { useTimelineState } from './study.tsx'

/** Nobody can overlook it: the screen is being kept. In every place, for as long as it is so. */
export function TimelineLight() {
  const { t } = useTranslation()
  const timeline = useTimelineState()
  const { pause, resume, stop } = useTimelineActions()
  if (!timeline || timeline.state === 'off') return null
  const isOn = timeline.state === 'on'
  return (
    <section
      aria-label={t('timelinePlace.title')}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-danger-line border-b bg-danger-soft px-4 py-1.5"
    >
      <span
        aria-hidden
        data-light={timeline.state}
        className={cx('size-3 shrink-0 rounded-full', isOn ? 'bg-danger' : 'border-2 border-danger')}
      />
      <p role="status" className="min-w-56 flex-1 text-ink text-meta">
        <strong className="font-semibold">{isOn ? t('timelinePlace.isOn') : t('timelinePlace.isPaused')}</strong>{' '}
        {isOn && timeline.excludedBy !== null ? (
          <span className="text-ink">{t('timelinePlace.leftOut', { name: timeline.excludedBy })}</span>
        ) : (
          <span className="text-ink-soft max-sm:sr-only">{t('timelinePlace.kept', { count: timeline.kept })}</span>
        )}
      </p>
      <div className="ml-auto flex items-center gap-1">
        <Button size="small" look="quiet" onClick={() => (isOn ? pause.mutate() : resume.mutate())}>
          {isOn ? <Pause aria-hidden /> : <Play aria-hidden />}
          {isOn ? t('timelinePlace.pause') : t('timelinePlace.resume')}
        </Button>
        <ForgetMenu />
        <Button size="small" look="quiet" onClick={() => stop.mutate()}>
          <Square aria-hidden />
          {t('timelinePlace.stop')}
        </Button>
      </div>
    </section>
  )
}

function useTimelineActions() {
  const client = useClient()
  const cache = useQueryClient()
  const shared = {
    onSuccess: (state: TimelineState) => cache.setQueryData(keys.timeline, state),
    onError: useTellFailure(),
  }
  return {
    pause: useMutation({ mutationFn: () => client.timeline.pause(), ...shared }),
    resume: useMutation({ mutationFn: () => client.timeline.resume(), ...shared }),
    stop: useMutation({ mutationFn: () => client.timeline.stop(), ...shared }),
  }
}
