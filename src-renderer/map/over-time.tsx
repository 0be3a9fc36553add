import { useTranslation } from 'react-i18next'
import type { ConceptTimeline } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Passages } from './passages.tsx'
import { useTimeline } from './queries.ts'

/** What the learner thought about a concept, from the first mention on. */
export function OverTime({ id }: { id: string }) {
  const { t } = useTranslation()
  const timeline = useTimeline(id)
  const nameOf = usePeriodName()
  if (timeline.error) return <FailureNote failure={toFailure(timeline.error)} />
  if (!timeline.data) return <Waiting />
  const { unit, periods } = timeline.data
  const most = Math.max(1, ...periods.map(({ count }) => count))
  return (
    <ol className="space-y-4">
      {periods.map(({ from, count, passages }) => (
        <li key={from}>
          <div className="mb-1 flex items-center gap-3">
            <h4 className="min-w-24 font-medium text-meta">{nameOf(from, unit)}</h4>
            <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken">
              <span
                className="block h-full origin-left rounded-full bg-accent-line"
                style={{ transform: `scaleX(${count / most})` }}
              />
            </span>
            <span className="figures text-ink-quiet text-meta">{t('map.entries', { count, shown: count })}</span>
          </div>
          <Passages passages={passages} />
          {count > passages.length && (
            <p className="text-ink-quiet text-meta">{t('map.andMore', { count: count - passages.length })}</p>
          )}
        </li>
      ))}
    </ol>
  )
}

function usePeriodName(): (from: string, unit: ConceptTimeline['unit']) => string {
  const { t, i18n } = useTranslation()
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, options)
  return (from, unit) => {
    const date = new Date(from)
    if (unit === 'year') return format({ year: 'numeric' }).format(date)
    if (unit === 'month') return format({ month: 'long', year: 'numeric' }).format(date)
    const day = format({ day: 'numeric', month: 'short', year: 'numeric' }).format(date)
    return unit === 'week' ? t('map.weekOf', { day }) : day
  }
}
