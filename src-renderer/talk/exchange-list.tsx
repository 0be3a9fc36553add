import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/format.ts'
import { dayDistance } from '../library/days.ts'
import { ExchangeView } from './exchange-view.tsx'
import type { Exchange } from './exchanges.ts'

/** Height of an exchange before it is measured, in pixels. */
const LIKELY_HEIGHT = 280
/** Nearer to the beginning than this, in pixels, and older exchanges are fetched. */
const FETCH_WITHIN = 1_200
/** Within this many pixels of the end the list follows an answer as it grows. */
const AT_END = 96

/** The exchanges of a session; only those in sight are drawn. Stays at the end while an answer arrives, unless the reader has scrolled up. */
export function ExchangeList({
  exchanges,
  hasOlder,
  fetchOlder,
}: {
  exchanges: readonly Exchange[]
  hasOlder: boolean
  fetchOlder(): void
}) {
  const { t } = useTranslation()
  const { dayName } = useFormats()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: exchanges.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LIKELY_HEIGHT,
    getItemKey: useCallback((index: number) => exchanges[index]?.key ?? index, [exchanges]),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END,
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 40,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only at the beginning; afterwards the list follows by itself
  useLayoutEffect(() => virtualizer.scrollToEnd({ behavior: 'auto' }), [])

  // What the learner just sent is always in sight.
  const last = exchanges.at(-1)
  const lastSent = last?.turn?.phase === 'sent' ? last.key : null
  useEffect(() => {
    if (lastSent) virtualizer.scrollToEnd({ behavior: 'auto' })
  }, [lastSent, virtualizer])

  const offset = virtualizer.scrollOffset ?? 0
  useEffect(() => {
    if (hasOlder && offset < FETCH_WITHIN) fetchOlder()
  }, [hasOlder, offset, fetchOlder])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scroller} className="h-full overflow-y-auto">
        <ol
          aria-label={t('talk.exchanges')}
          className="relative mx-auto w-full max-w-[50rem]"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const exchange = exchanges[index]
            if (!exchange) return null
            const day = dayAbove(exchanges, index)
            return (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0 px-4 pb-14"
                style={{ transform: `translateY(${start}px)` }}
              >
                {day && (
                  <p className="mb-6 border-line border-b pb-2 font-medium text-ink-quiet text-meta md:ml-[5.75rem]">
                    {dayName(day)}
                  </p>
                )}
                <ExchangeView capture={exchange.capture} turn={exchange.turn} isLast={index === exchanges.length - 1} />
              </li>
            )
          })}
        </ol>
      </div>
      {!virtualizer.isAtEnd(AT_END * 3) && exchanges.length > 0 && (
        <button
          type="button"
          aria-label={t('talk.toEnd')}
          title={t('talk.toEnd')}
          onClick={() => virtualizer.scrollToEnd({ behavior: 'auto' })}
          className="-translate-x-1/2 absolute bottom-3 left-1/2 inline-flex size-10 animate-appear items-center justify-center rounded-full border border-line bg-surface text-ink-soft shadow-float hover:text-ink"
        >
          <ArrowDown className="size-5" />
        </button>
      )}
    </div>
  )
}

/** The day of an exchange, where it differs from the one before; the first says its day unless that is today. */
function dayAbove(exchanges: readonly Exchange[], index: number): string | null {
  const at = momentOf(exchanges[index])
  const before = momentOf(exchanges[index - 1])
  if (!at) return null
  const isSame = dayDistance(new Date(at), before ? new Date(before) : new Date()) === 0
  return isSame ? null : at
}

function momentOf(exchange: Exchange | undefined): string | undefined {
  return exchange?.capture?.createdAt ?? exchange?.turn?.askedAt
}
