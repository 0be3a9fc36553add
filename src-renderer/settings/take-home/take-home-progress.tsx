import { Pause, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import type { CoreWork } from '../core-work.ts'

/** How far an export or import is. Units differ: entries, bytes, batches. */
export interface TakeHomeProgress {
  type: 'progress'
  phase: 'writing' | 'fetching' | 'sending' | 'reading' | 'importing' | 'removing'
  done: number
  total: number | null
}

type PlainProgress = Omit<TakeHomeProgress, 'phase'>

/** The events of some work, its progress marked with the phase. */
export async function* inPhase<D extends { type: 'done' }>(
  phase: TakeHomeProgress['phase'],
  events: AsyncIterable<PlainProgress | D>,
): AsyncGenerator<TakeHomeProgress | D> {
  for await (const event of events) yield isProgress(event) ? { ...event, phase } : event
}

function isProgress<D extends { type: 'done' }>(event: PlainProgress | D): event is PlainProgress {
  return event.type === 'progress'
}

/** What runs, how far it is, and the button that stops it. */
export function Running({ work }: { work: CoreWork<TakeHomeProgress> }) {
  const { t } = useTranslation()
  const { percent } = useFormats()
  const { progress } = work
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null
  const words = progress ? t(`settings.takeHome.phase.${progress.phase}`) : t('common.loading')
  const canGoOn = progress?.phase === 'importing'
  return (
    <div className="space-y-3">
      <ProgressBar label={words} share={share} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="figures text-ink-quiet text-meta">
          {share === null ? words : t('settings.takeHome.phaseShare', { phase: words, share: percent(share) })}
        </p>
        <Button size="small" onClick={work.stop}>
          {canGoOn ? <Pause /> : <X />}
          {canGoOn ? t('settings.takeHome.pause') : t('common.cancel')}
        </Button>
      </div>
    </div>
  )
}
