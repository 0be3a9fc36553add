import { getRouteApi } from '@tanstack/react-router'
import { FileText, Link2, Mic, Plus, Trash2, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { DayRows, type DayRowsHandle } from '../library/day-rows.tsx'
import { useDeletion } from '../library/history.ts'
import { useListChoice } from '../library/list-choice.ts'
import { TwoPanes } from '../library/two-panes.tsx'
import { isTyping } from '../shell/shortcuts.ts'
import { useTalk } from '../talk/talk.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { useAdding } from './adding.tsx'
import { DocumentRow } from './document-row.tsx'
import { LabelFilter } from './label-filter.tsx'
import { LabelManager } from './label-manager.tsx'
import { LabelMenu } from './label-menu.tsx'
import { useDocumentList } from './queries.ts'
import { QueueLine, QueuePanel } from './queue-panel.tsx'
import { Reader } from './reader.tsx'

const route = getRouteApi('/library')
const idOf = ({ id }: LearnerDocument) => id
const instantOf = ({ createdAt }: LearnerDocument) => createdAt

/** All documents by the day they came, what is still on its way, and the one that is being read. */
export function DocumentsTab() {
  const { t } = useTranslation()
  const { document: openId = null, from, to, collection, tag } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo(
    () => ({ ...(collection && { collectionId: collection }), ...(tag && { tag }) }),
    [collection, tag],
  )
  const isFiltered = collection !== undefined || tag !== undefined
  const list = useDocumentList(filter)
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = list
  const deletion = useDeletion()
  const ids = useMemo(() => items.map(idOf), [items])
  const rows = useRef<DayRowsHandle>(null)
  usePasting()

  const open = useCallback(
    (id: string | null) =>
      void navigate({
        search: {
          tab: 'documents',
          ...(collection && { collection }),
          ...(tag && { tag }),
          ...(id && { document: id }),
        },
        replace: id !== null && openId !== null,
      }),
    [navigate, openId, collection, tag],
  )
  const choice = useListChoice({ ids, openId, rows, open, onRemove: deletion.documents })

  return (
    <TwoPanes
      onBack={() => open(null)}
      placeholder={items.length > 0 && <p className="p-10 text-ink-quiet text-ui">{t('documents.choose')}</p>}
      detail={
        openId && (
          <div className="flex h-full min-h-0 flex-col">
            <QueueLine />
            <div className="min-h-0 flex-1">
              <Reader
                key={openId}
                id={openId}
                place={from !== undefined && to !== undefined ? { start: from, end: to } : null}
                onDelete={() => choice.remove([openId])}
              />
            </div>
          </div>
        )
      }
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
                <span className="ml-auto flex gap-2">
                  <LabelMenu documents={items.filter(({ id }) => choice.chosen.has(id))} />
                  <Button look="danger" size="small" onClick={() => choice.remove([...choice.chosen])}>
                    <Trash2 />
                    {t('common.delete')}
                  </Button>
                </span>
              </>
            ) : (
              <>
                <LabelFilter
                  className="min-w-0 flex-1"
                  all={t('documents.all')}
                  collection={collection}
                  tag={tag}
                  onChange={(next) => void navigate({ search: { tab: 'documents', ...next } })}
                />
                <LabelManager />
                <AddMenu />
              </>
            )}
          </div>
          <QueuePanel />
          {list.error ? (
            <FailureNote failure={toFailure(list.error)} className="m-4" />
          ) : list.isPending ? (
            <Waiting />
          ) : items.length === 0 ? (
            isFiltered ? (
              <Empty title={t('documents.emptyFilter')}>{t('documents.emptyFilterMore')}</Empty>
            ) : (
              <FirstDocuments />
            )
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
              aria-label={t('library.tab.documents')}
              active={openId ? { item: openId, element: `document-${openId}` } : undefined}
              tabIndex={0}
              onKeyDown={choice.onKeyDown}
              renderItem={(document, index) => (
                <DocumentRow
                  document={document}
                  index={index}
                  total={hasNextPage ? -1 : items.length}
                  isOpen={document.id === openId}
                  isChosen={choice.chosen.has(document.id)}
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

function AddMenu() {
  const { t } = useTranslation()
  const { longRecorder } = useTalk()
  const { pickFiles, askForText } = useAdding()
  return (
    <Menu
      trigger={
        <Button className="ml-auto">
          <Plus />
          {t('documents.add')}
        </Button>
      }
    >
      <MenuItem icon={<FileText />} onSelect={pickFiles}>
        {t('documents.addFiles')}
      </MenuItem>
      <MenuItem icon={<Link2 />} onSelect={() => askForText()}>
        {t('documents.addPage')}
      </MenuItem>
      <MenuItem icon={<Mic />} onSelect={() => void longRecorder.start()}>
        {t('longRecording.start')}
      </MenuItem>
    </Menu>
  )
}

/** Before the first document: what can be put here, and how. */
function FirstDocuments() {
  const { t } = useTranslation()
  const { pickFiles, askForText } = useAdding()
  return (
    <Empty
      title={t('documents.empty')}
      action={
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={pickFiles}>
            <FileText />
            {t('documents.addFiles')}
          </Button>
          <Button onClick={() => askForText()}>
            <Link2 />
            {t('documents.addPage')}
          </Button>
        </div>
      }
    >
      <p>{t('documents.emptyMore')}</p>
      <p className="mt-3">{t('documents.emptyKinds')}</p>
    </Empty>
  )
}

/** Files that are pasted are added; an address or a text is asked about first. */
function usePasting(): void {
  const { uploads, askForText } = useAdding()
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || !event.clipboardData) return
      const files = [...event.clipboardData.files]
      const text = event.clipboardData.getData('text/plain')
      if (files.length > 0) uploads.add(files)
      else if (text.trim() !== '') askForText(text)
      else return
      event.preventDefault()
    }
    addEventListener('paste', onPaste)
    return () => removeEventListener('paste', onPaste)
  }, [uploads, askForText])
}
