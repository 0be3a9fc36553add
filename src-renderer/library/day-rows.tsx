import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type ComponentProps,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react'
import { useFormats } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { groupByDay } from './days.ts'

/** Height of a heading, and of a row before it is measured, in pixels. */
const HEADING_HEIGHT = 40
const LIKELY_ROW_HEIGHT = 84
/** Rows before the end at which the next page is fetched. */
const FETCH_AHEAD = 60

export interface DayRowsHandle {
  /** Brings an item into sight. */
  show(index: number): void
  focus(): void
}

/**
 * A list of any length, grouped by day; only the rows in sight are drawn. Headings are for the eye: rows name their own day to screen
 * readers, because a list box holds nothing but options.
 */
export function DayRows<T>({
  items,
  idOf,
  instantOf,
  renderItem,
  hasMore,
  fetchMore,
  dayAction,
  active,
  handle,
  className,
  ...box
}: {
  items: readonly T[]
  idOf(item: T): string
  instantOf(item: T): string
  renderItem(item: T, index: number): ReactNode
  hasMore: boolean
  fetchMore(): void
  /** Beside the heading of a day, for the pointer: what it does stands with the items too. */
  dayAction?(instant: string): ReactNode
  /** The item that the keyboard stands on, and the id of its element. It is told while its row is drawn: an id of nothing tells nothing. */
  active?: { item: string; element: string } | undefined
  handle?: Ref<DayRowsHandle>
} & Omit<ComponentProps<'div'>, 'children' | 'aria-activedescendant'>) {
  const { dayName } = useFormats()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => groupByDay(items, idOf, instantOf), [items, idOf, instantOf])
  const places = useMemo(() => {
    const itemPlaces: number[] = []
    for (const [place, row] of rows.entries()) if (row.kind === 'item') itemPlaces.push(place)
    return itemPlaces
  }, [rows])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (place) => (rows[place]?.kind === 'day' ? HEADING_HEIGHT : LIKELY_ROW_HEIGHT),
    getItemKey: useCallback((place: number) => rows[place]?.key ?? place, [rows]),
    overscan: 8,
    scrollPaddingStart: HEADING_HEIGHT,
    paddingEnd: 24,
  })
  useImperativeHandle(
    handle,
    () => ({
      show: (index) => virtualizer.scrollToIndex(places[index] ?? 0, { align: 'auto' }),
      focus: () => scroller.current?.focus(),
    }),
    [virtualizer, places],
  )

  const drawn = virtualizer.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && lastDrawn >= rows.length - FETCH_AHEAD) fetchMore()
  }, [hasMore, fetchMore, lastDrawn, rows.length])

  const isActiveDrawn = drawn.some(({ index }) => {
    const row = rows[index]
    return row?.kind === 'item' && idOf(row.item) === active?.item
  })
  const offset = virtualizer.scrollOffset ?? 0
  const top = drawn.find(({ end }) => end > offset)?.index ?? 0
  const day = rows.slice(0, top + 1).findLast((row) => row.kind === 'day')
  return (
    <div className={cx('relative h-full', className)}>
      {day?.kind === 'day' && offset > 0 && (
        <DayHeading className="absolute inset-x-0 top-0 z-10 mr-2 bg-paper" action={dayAction?.(day.instant)}>
          {dayName(day.instant)}
        </DayHeading>
      )}
      <div
        {...box}
        {...(isActiveDrawn && { 'aria-activedescendant': active?.element })}
        ref={scroller}
        className={cx(
          'group/list h-full overflow-y-auto outline-offset-[-2px]',
          // The row that the keyboard stands on shows the focus instead.
          isActiveDrawn && 'outline-none',
        )}
      >
        <div role="presentation" className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map(({ index: place, key, start }) => {
            const row = rows[place]
            if (!row) return null
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={place}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.kind === 'day' ? (
                  <DayHeading action={dayAction?.(row.instant)}>{dayName(row.instant)}</DayHeading>
                ) : (
                  renderItem(row.item, indexAt(places, place))
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function DayHeading({ action, children, className }: { action?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <div
      aria-hidden
      className={cx('flex h-10 items-end justify-between px-5 pb-1.5 font-medium text-ink-quiet text-meta', className)}
    >
      {children}
      {action}
    </div>
  )
}

/** Which item stands at a row: `places` is sorted, so a binary search answers for long lists too. */
function indexAt(places: readonly number[], place: number): number {
  let low = 0
  let high = places.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}
