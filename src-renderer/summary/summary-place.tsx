import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react'
import { type Ref, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { SummaryOf } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useSession } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { localDay } from '../i18n/local-day.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { sessionName } from '../talk/session-name.ts'
import { IconButton } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'
import { daysAfter, nameOf, noonOf, readDay, subjectOf } from './subject.ts'
import { SummingView } from './summing-view.tsx'

const route = getRouteApi('/summary')

/** What was learned in one session or on one day. */
export function SummaryPlace() {
  const { t } = useTranslation()
  const { day, dayName } = useFormats()
  const of = subjectOf(route.useSearch(), new Date())
  const isDay = 'day' in of
  const session = useSession(isDay ? undefined : of.session)
  const noon = isDay ? noonOf(of.day).toISOString() : ''
  const name = isDay ? day(noon) : session.data ? sessionName(session.data, t) : ''
  usePageTitle(name === '' ? t('summary.title') : t('summary.titleOf', { name }))

  // What led here is often gone with its place or menu: the keyboard goes on from the title, unless it is choosing a day.
  const subject = nameOf(of)
  const title = useRef<HTMLHeadingElement>(null)
  const choice = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is of something else
  useEffect(() => {
    if (!choice.current?.contains(document.activeElement)) title.current?.focus()
  }, [subject])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center px-3 md:px-4">
        <WayBack of={of} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <article className="mx-auto max-w-[46rem] px-6 pt-2 pb-16 md:px-10 md:pt-6">
          <p className="figures text-ink-quiet text-meta">
            {isDay ? t('summary.ofDay') : t('summary.ofSession')}
            {session.data && ` · ${dayName(session.data.lastAt)}`}
          </p>
          <h1 ref={title} tabIndex={-1} className="words mt-2 w-fit max-w-full rounded-sm" dir="auto">
            {name || '\u00a0'}
          </h1>
          {isDay && <DayChoice day={of.day} ref={choice} />}
          {session.error ? (
            <FailureNote failure={toFailure(session.error)} className="mt-6" />
          ) : (
            <SummingView key={subject} of={of} name={name} />
          )}
        </article>
      </div>
    </div>
  )
}

const BACK =
  'inline-flex h-10 items-center gap-2 rounded-lg px-2.5 font-medium text-ink-soft text-ui transition-colors hover:bg-hover hover:text-ink pointer-coarse:h-11 [&_svg]:size-4'

function WayBack({ of }: { of: SummaryOf }) {
  const { t } = useTranslation()
  if ('session' in of) {
    return (
      <Link to="/talk" search={of} className={BACK}>
        <ArrowLeft aria-hidden />
        {t('summary.toSession')}
      </Link>
    )
  }
  return (
    <Link to="/library" search={{}} className={BACK}>
      <ArrowLeft aria-hidden />
      {t('summary.toLibrary')}
    </Link>
  )
}

/** Another day: the one before or after, or any up to today. */
function DayChoice({ day, ref }: { day: string; ref: Ref<HTMLDivElement> }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const today = localDay(new Date())
  const go = (to: string) => void navigate({ search: { day: to }, replace: true })
  return (
    <div ref={ref} className="-ml-2.5 mt-3 flex items-center gap-1">
      <IconButton label={t('summary.dayBefore')} onClick={() => go(daysAfter(day, -1))}>
        <ChevronLeft />
      </IconButton>
      <TextField
        type="date"
        hideLabel
        label={t('summary.day')}
        value={day}
        max={today}
        onChange={({ target }) => {
          const chosen = readDay(target.value)
          if (chosen) go(chosen)
        }}
      />
      <IconButton label={t('summary.dayAfter')} disabled={day >= today} onClick={() => go(daysAfter(day, 1))}>
        <ChevronRight />
      </IconButton>
    </div>
  )
}
