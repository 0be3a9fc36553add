import { Link } from '@tanstack/react-router'
import { CalendarDays, Clock, MessageSquarePlus, Search, SearchX, SpellCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchResult } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { useSource } from '../shell/source.tsx'
import { LINK_BUTTON } from '../ui/button.tsx'
import type { SearchAddress } from './request.ts'

type Period = NonNullable<SearchResult['understood']['period']>
type Change = Pick<SearchAddress, 'asWords' | 'asTyped'>

/** What search made of the words, each reading in a chip that takes it back. */
export function Understanding({
  understood: { period, emptyPeriod, corrections, undated, order },
  address: { asWords, asTyped },
  onChange,
}: {
  understood: SearchResult['understood']
  address: SearchAddress
  onChange(change: Change): void
}) {
  const { t } = useTranslation()
  const hasAny =
    period || emptyPeriod || corrections.length > 0 || undated !== null || order === 'newest' || asWords || asTyped
  if (!hasAny) return null
  return (
    <ul aria-label={t('search.understood')} className="flex flex-wrap gap-1.5 px-3 pb-3">
      {period && <PeriodChip period={period} onRemove={() => onChange({ asWords: true })} />}
      {emptyPeriod && <PeriodChip period={emptyPeriod} isEmpty onRemove={() => onChange({ asWords: true })} />}
      {corrections.length > 0 && (
        <Chip
          sign={<SpellCheck />}
          remove={t('search.onlyTyped', { words: corrections.map(({ typed }) => `“${typed}”`).join(', ') })}
          onRemove={() => onChange({ asTyped: true })}
          says
        >
          {t('search.corrected', { words: corrections.flatMap(({ read }) => read).join(', ') })}
        </Chip>
      )}
      {asWords && (
        <Chip sign={<CalendarDays />} remove={t('search.readTimes')} onRemove={() => onChange({ asWords: undefined })}>
          {t('search.asWords')}
        </Chip>
      )}
      {asTyped && (
        <Chip sign={<SpellCheck />} remove={t('search.correct')} onRemove={() => onChange({ asTyped: undefined })}>
          {t('search.asTyped')}
        </Chip>
      )}
      {undated !== null && <Chip sign={<CalendarDays />}>{t('search.undated', { event: undated })}</Chip>}
      {order === 'newest' && <Chip sign={<Clock />}>{t('search.newestFirst')}</Chip>}
    </ul>
  )
}

function PeriodChip({
  period: { text, from, to, event },
  isEmpty = false,
  onRemove,
}: {
  period: Period
  /** Nothing is from then, and all other times were searched. */
  isEmpty?: boolean
  onRemove(): void
}) {
  const { t } = useTranslation()
  const { days, day } = useFormats()
  // The end of a period is the first instant after it.
  const last = to === null ? null : new Date(Date.parse(to) - 1).toISOString()
  const when =
    from !== null && last !== null
      ? days(from, last)
      : from !== null
        ? t('search.sinceDay', { day: day(from) })
        : last !== null
          ? t('search.untilDay', { day: day(last) })
          : ''
  return (
    <Chip sign={<CalendarDays />} remove={t('search.withoutPeriod', { words: text })} onRemove={onRemove}>
      <span dir="auto">{t(isEmpty ? 'search.emptyPeriod' : 'search.period', { words: text, when })}</span>
      {event && <Told event={event} />}
    </Chip>
  )
}

/** What memory tells of the event, and where. */
function Told({ event }: { event: NonNullable<Period['event']> }) {
  const { t } = useTranslation()
  const { day } = useFormats()
  const { open } = useSource()
  return (
    <button
      type="button"
      className="rounded underline decoration-line-strong underline-offset-4 hover:text-ink pointer-coarse:min-h-8"
      onClick={() => open(event)}
    >
      {t('search.eventDay', { event: event.name, day: day(event.day) })}
    </button>
  )
}

function Chip({
  sign,
  remove,
  onRemove,
  says = false,
  children,
}: {
  sign: ReactNode
  /** What taking it back is called. */
  remove?: string
  onRemove?(): void
  /** Shows what taking it back does in words and not as a cross. */
  says?: boolean
  children: ReactNode
}) {
  const takeBack = remove && (
    <button
      type="button"
      onClick={onRemove}
      aria-label={says ? undefined : remove}
      title={says ? undefined : remove}
      className="inline-flex min-h-6 min-w-6 shrink-0 items-center justify-center rounded-full px-1.5 text-ink transition-colors hover:bg-hover pointer-coarse:min-h-9 pointer-coarse:min-w-9 [&_svg]:size-3.5"
    >
      {says ? <span className="underline decoration-line-strong underline-offset-4">{remove}</span> : <X />}
    </button>
  )
  return (
    <li className="flex min-h-8 max-w-full items-center gap-x-2 rounded-2xl border border-line bg-surface py-0.5 pr-1 pl-3 text-ink-soft text-meta [&>svg]:size-3.5 [&>svg]:shrink-0 [&>svg]:text-ink-quiet">
      {sign}
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 py-0.5 pr-2">
        {children}
        {says && takeBack}
      </span>
      {!says && takeBack}
    </li>
  )
}

/** Said above what only comes nearest: the memory does not hold it; and what can be done about that. */
export function NotKnown({ onWiden }: { onWiden: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <section
      aria-label={t('search.notKnown')}
      className="mx-1 mb-3 rounded-xl border border-line bg-sunken px-4 py-3 text-ui"
    >
      <div role="status" className="flex gap-2.5">
        <SearchX aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-quiet" />
        <div className="min-w-0">
          <p className="font-semibold">{t('search.notKnown')}</p>
          <p className="text-ink-soft">{t('search.notKnownMore')}</p>
        </div>
      </div>
      <WhatNext onWiden={onWiden} className="mt-2.5 pl-7" />
    </section>
  )
}

/** The two ways on from a memory that does not hold it: look further, or tell it. */
export function WhatNext({ onWiden, className = '' }: { onWiden: (() => void) | undefined; className?: string }) {
  const { t } = useTranslation()
  return (
    <div className={`flex flex-wrap gap-2 ${className}`}>
      {onWiden && (
        <button type="button" onClick={onWiden} className={LINK_BUTTON}>
          <Search aria-hidden />
          {t('search.widen')}
        </button>
      )}
      <Link to="/talk" className={LINK_BUTTON}>
        <MessageSquarePlus aria-hidden />
        {t('search.tell')}
      </Link>
    </div>
  )
}
