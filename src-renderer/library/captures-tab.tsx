import { getRouteApi } from '@tanstack/react-router'
import { Trash2, X } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useCaptureList } from '../backend/queries.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { SelectField } from '../ui/field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { CaptureDetail } from './capture-detail.tsx'
import { CaptureRow } from './capture-row.tsx'
import { DayRows, type DayRowsHandle } from './day-rows.tsx'
import { useDeletion } from './history.ts'
import { extendTo, keepOnly, NOTHING_CHOSEN, type Selection, toggle } from './selection.ts'
import { TwoPanes } from './two-panes.tsx'

const route = getRouteApi('/library')
const SOURCES = ['text', 'voice', 'import', 'cli'] as const
const idOf = ({ id }: Capture) => id
const instantOf = ({ createdAt }: Capture) => createdAt

/** All captures by day, and the one that is open. */
export function CapturesTab() {
  const { t } = useTranslation()
  const { capture: openId = null, source } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useCaptureList(source ? { source } : {})
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = list
  const deletion = useDeletion()
  const [selection, setSelection] = useState<Selection>(NOTHING_CHOSEN)
  const ids = useMemo(() => items.map(idOf), [items])
  const rows = useRef<DayRowsHandle>(null)
  useEffect(() => setSelection((present) => keepOnly(present, ids)), [ids])

  const open = useCallback(
    (id: string | null) =>
      void navigate({
        search: ({ source }) => ({ ...(source && { source }), ...(id && { capture: id }) }),
        replace: id !== null && openId !== null,
      }),
    [navigate, openId],
  )
  const remove = useCallback(
    (gone: readonly string[]) => {
      if (gone.length === 0) return
      if (openId && gone.includes(openId)) open(neighbour(ids, gone))
      setSelection(NOTHING_CHOSEN)
      deletion.captures(gone)
      rows.current?.focus()
    },
    [deletion, ids, open, openId],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const at = openId === null ? -1 : ids.indexOf(openId)
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -ids.length, End: ids.length }[event.key]
    if (step !== undefined && ids.length > 0) {
      const next = Math.max(0, Math.min(ids.length - 1, at + step))
      const id = ids[next] as string
      if (event.shiftKey) setSelection((present) => extendTo(present, ids, id, openId))
      open(id)
      rows.current?.show(next)
    } else if (event.key === ' ' && openId) setSelection((present) => toggle(present, openId))
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(chosenOr(selection, openId))
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) setSelection({ chosen: new Set(ids), anchor: null })
    else if (event.key === 'Escape' && selection.chosen.size > 0) setSelection(NOTHING_CHOSEN)
    else return
    event.preventDefault()
  }
  const onRowClick = (event: MouseEvent, id: string) => {
    if (event.shiftKey) setSelection((present) => extendTo(present, ids, id, openId))
    else if (event.ctrlKey || event.metaKey) setSelection((present) => toggle(present, id))
    else open(id)
  }

  return (
    <TwoPanes
      onBack={() => open(null)}
      placeholder={<p className="p-10 text-ink-quiet text-ui">{t('library.chooseCapture')}</p>}
      detail={openId && <CaptureDetail key={openId} id={openId} onDelete={() => remove([openId])} />}
      list={
        <>
          <div className="flex h-14 shrink-0 items-center gap-2 px-3">
            {selection.chosen.size > 0 ? (
              <>
                <IconButton label={t('library.chooseNone')} onClick={() => setSelection(NOTHING_CHOSEN)}>
                  <X />
                </IconButton>
                <span role="status" className="figures text-ui">
                  {t('library.chosen', { count: selection.chosen.size })}
                </span>
                <Button look="danger" size="small" className="ml-auto" onClick={() => remove([...selection.chosen])}>
                  <Trash2 />
                  {t('common.delete')}
                </Button>
              </>
            ) : (
              <SelectField
                label={t('library.filterSource')}
                hideLabel
                className="w-full"
                value={source ?? ''}
                onValue={(value) => void navigate({ search: value ? { source: value as Capture['source'] } : {} })}
                options={[
                  { value: '', label: t('library.allSources') },
                  ...SOURCES.map((value) => ({ value, label: t(`source.${value}`) })),
                ]}
              />
            )}
          </div>
          {list.error ? (
            <FailureNote failure={toFailure(list.error)} className="m-4" />
          ) : list.isPending ? (
            <Waiting />
          ) : items.length === 0 ? (
            <Empty title={source ? t('library.emptySource') : t('library.empty')}>
              {source ? t('library.emptySourceMore') : t('library.emptyMore')}
            </Empty>
          ) : (
            <DayRows
              handle={rows}
              className="min-h-0 flex-1"
              items={items}
              idOf={idOf}
              instantOf={instantOf}
              hasMore={hasNextPage && !isFetchingNextPage}
              fetchMore={fetchNextPage}
              role="listbox"
              aria-multiselectable
              aria-label={t('library.tab.captures')}
              aria-activedescendant={openId ? `capture-${openId}` : undefined}
              tabIndex={0}
              onKeyDown={onKeyDown}
              renderItem={(capture, index) => (
                <CaptureRow
                  capture={capture}
                  index={index}
                  total={hasNextPage ? -1 : items.length}
                  isOpen={capture.id === openId}
                  isChosen={selection.chosen.has(capture.id)}
                  onClick={onRowClick}
                  onMark={(id) => setSelection((present) => toggle(present, id))}
                />
              )}
            />
          )}
        </>
      }
    />
  )
}

/** What a command is about: the chosen rows, or else the open one. */
function chosenOr({ chosen }: Selection, openId: string | null): string[] {
  return chosen.size > 0 ? [...chosen] : openId ? [openId] : []
}

/** The row that stands next once some are gone. */
function neighbour(ids: readonly string[], gone: readonly string[]): string | null {
  const missing = new Set(gone)
  const first = ids.findIndex((id) => missing.has(id))
  return (
    ids.slice(first).find((id) => !missing.has(id)) ?? ids.slice(0, first).findLast((id) => !missing.has(id)) ?? null
  )
}
