import { useVirtualizer } from '@tanstack/react-virtual'
import { Eye } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { SelectField } from '../ui/field.tsx'
import { useCorrections } from './corrections.ts'
import { useConcepts } from './queries.ts'

const ORDERS = ['captures', 'name', 'links', 'last'] as const
type Order = (typeof ORDERS)[number]
const ROW_HEIGHT = 56
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }

/** The same concepts as words: for keys, for screen readers, and for finding by name. */
export function ConceptList({
  concepts,
  selected,
  onSelect,
}: {
  concepts: readonly Concept[]
  selected: string | undefined
  onSelect(id: string): void
}) {
  const { t } = useTranslation()
  const [order, setOrder] = useState<Order>('captures')
  const [wantsHidden, setWantsHidden] = useState(false)
  const hidden = useConcepts({ query: '', hidden: true, limit: 2_000 })
  // With the last one shown again there is nothing left to look at, and no way back to press.
  const showsHidden = wantsHidden && (hidden.data?.length ?? 0) > 0
  if (wantsHidden && hidden.data?.length === 0) setWantsHidden(false)
  const shown = showsHidden ? (hidden.data ?? []) : concepts
  const rows = useMemo(() => shown.toSorted(COMPARE[order]), [shown, order])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 px-4 py-3">
        <SelectField
          label={t('map.order')}
          hideLabel
          options={ORDERS.map((value) => ({ value, label: t(`map.orders.${value}`) }))}
          value={order}
          onValue={(value) => setOrder(ORDERS.find((known) => known === value) ?? 'captures')}
          className="w-56"
        />
        {(hidden.data?.length ?? 0) > 0 && (
          <Button look="quiet" aria-pressed={showsHidden} onClick={() => setWantsHidden(!showsHidden)}>
            <Eye />
            {showsHidden ? t('map.showShown') : t('map.showHidden', { count: hidden.data?.length ?? 0 })}
          </Button>
        )}
      </div>
      <Rows rows={rows} selected={selected} onSelect={onSelect} />
    </div>
  )
}

const COMPARE: Record<Order, (a: Concept, b: Concept) => number> = {
  captures: (a, b) => b.captures - a.captures || a.name.localeCompare(b.name),
  name: (a, b) => a.name.localeCompare(b.name),
  links: (a, b) => b.links - a.links || b.captures - a.captures,
  last: (a, b) => (a.lastAt < b.lastAt ? 1 : -1),
}

function Rows({
  rows,
  selected,
  onSelect,
}: {
  rows: readonly Concept[]
  selected: string | undefined
  onSelect(id: string): void
}) {
  const { t } = useTranslation()
  const { dayName } = useFormats()
  const { hide } = useCorrections()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const at = rows.findIndex(({ id }) => id === selected)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    const next =
      step !== undefined
        ? Math.max(0, Math.min(rows.length - 1, at + step))
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? rows.length - 1
            : undefined
    const concept = next === undefined ? undefined : rows[next]
    if (!concept) return
    event.preventDefault()
    onSelect(concept.id)
  }
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={t('map.concepts')}
      aria-activedescendant={at >= 0 ? `concept-${rows[at]?.id}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto px-2 pb-4 outline-offset-[-3px]"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const concept = rows[index]
          if (!concept) return null
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
            <div
              key={concept.id}
              id={`concept-${concept.id}`}
              role="option"
              aria-selected={concept.id === selected}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              tabIndex={-1}
              onClick={() => onSelect(concept.id)}
              className={cx(
                'absolute inset-x-0 top-0 flex cursor-pointer items-center justify-between gap-4 rounded-xl px-3 transition-colors hover:bg-hover',
                concept.id === selected && 'bg-accent-soft',
              )}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
            >
              <span className="min-w-0">
                <span className="block truncate font-medium text-ui" dir="auto">
                  {concept.name}
                </span>
                <span className="figures block truncate text-ink-quiet text-meta">
                  {t('map.entries', { count: concept.captures, shown: concept.captures })} ·{' '}
                  {t('map.links', { count: concept.links })}
                </span>
              </span>
              {concept.hidden ? (
                <Button
                  size="small"
                  onClick={(event) => {
                    event.stopPropagation()
                    hide(concept, false)
                  }}
                >
                  {t('map.unhide')}
                </Button>
              ) : (
                <span className="figures shrink-0 text-ink-quiet text-meta">{dayName(concept.lastAt)}</span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
