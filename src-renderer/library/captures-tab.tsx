import { getRouteApi } from '@tanstack/react-router'
import { Trash2, X } from 'lucide-react'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useCaptureList } from '../backend/queries.ts'
import { SumUpDay } from '../summary/sum-up-day.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { SelectField } from '../ui/field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { CaptureDetail } from './capture-detail.tsx'
import { CaptureRow } from './capture-row.tsx'
import { DayRows, type DayRowsHandle } from './day-rows.tsx'
import { useDeletion } from './history.ts'
import { useListChoice } from './list-choice.ts'
import { TwoPanes } from './two-panes.tsx'

const route = getRouteApi('/library')
const SOURCES = ['text', 'voice', 'screen', 'import', 'cli'] as const
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
  const ids = useMemo(() => items.map(idOf), [items])
  const rows = useRef<DayRowsHandle>(null)

  const open = useCallback(
    (id: string | null) =>
      void navigate({
        search: ({ source }) => ({ ...(source && { source }), ...(id && { capture: id }) }),
        replace: id !== null && openId !== null,
      }),
    [navigate, openId],
  )
  const choice = useListChoice({ ids, openId, rows, open, onRemove: deletion.captures })

  return (
    <TwoPanes
      onBack={() => open(null)}
      placeholder={<p className="p-10 text-ink-quiet text-ui">{t('library.chooseCapture')}</p>}
      detail={openId && <CaptureDetail key={openId} id={openId} onDelete={() => choice.remove([openId])} />}
      list={
        <>
          <div className="flex h-14 shrink-0 items-center gap-2 px-3">
            {choice.chosen.size > 0 ? (
              <>
                <IconButton label={t('library.chooseNone')} onClick={choice.chooseNone}>
                  <X />
                </IconButton>
                <span role="status" className="figures text-ui">
                  {t('library.chosen', { count: choice.chosen.size })}
                </span>
                <Button
                  look="danger"
                  size="small"
                  className="ml-auto"
                  onClick={() => choice.remove([...choice.chosen])}
                >
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
              active={openId ? { item: openId, element: `capture-${openId}` } : undefined}
              tabIndex={0}
              onKeyDown={choice.onKeyDown}
              dayAction={(instant) => <SumUpDay instant={instant} />}
              renderItem={(capture, index) => (
                <CaptureRow
                  capture={capture}
                  index={index}
                  total={hasNextPage ? -1 : items.length}
                  isOpen={capture.id === openId}
                  isChosen={choice.chosen.has(capture.id)}
                  onClick={choice.onRowClick}
                  onMark={choice.mark}
                />
              )}
            />
          )}
        </>
      }
    />
  )
}
