import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FilePlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useNote, useNoteList } from '../backend/queries.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { DayRows } from './day-rows.tsx'
import { useDeletion, useTellFailure } from './history.ts'
import { NoteEditor } from './note-editor.tsx'
import { TwoPanes } from './two-panes.tsx'

const route = getRouteApi('/library')
const idOf = ({ id }: Note) => id
const instantOf = ({ updatedAt }: Note) => updatedAt

/** Notes: what the learner wants to keep in their own words. */
export function NotesTab() {
  const { t } = useTranslation()
  const { note: openId = null } = route.useSearch()
  const navigate = route.useNavigate()
  const client = useClient()
  const tellFailure = useTellFailure()
  const deletion = useDeletion()
  const list = useNoteList()
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = list
  const open = (id: string | null) => void navigate({ search: { tab: 'notes', ...(id && { note: id }) } })
  const create = useMutation({
    mutationFn: () => client.notes.create({ title: '', body: '' }),
    onSuccess: ({ id }) => open(id),
    onError: tellFailure,
  })
  const newNote = (
    <Button disabled={create.isPending} onClick={() => create.mutate()}>
      <FilePlus />
      {t('library.newNote')}
    </Button>
  )
  return (
    <TwoPanes
      onBack={() => open(null)}
      placeholder={items.length > 0 && <p className="p-10 text-ink-quiet text-ui">{t('library.chooseNote')}</p>}
      detail={
        openId && (
          <OpenNote
            key={openId}
            id={openId}
            onDelete={() => {
              open(null)
              deletion.note(openId)
            }}
          />
        )
      }
      list={
        list.error ? (
          <FailureNote failure={toFailure(list.error)} className="m-4" />
        ) : list.isPending ? (
          <Waiting />
        ) : items.length === 0 ? (
          <Empty title={t('library.noNotes')} action={newNote}>
            {t('library.noNotesMore')}
          </Empty>
        ) : (
          <>
            <div className="flex h-14 shrink-0 items-center px-4">{newNote}</div>
            <DayRows
              className="min-h-0 flex-1"
              items={items}
              idOf={idOf}
              instantOf={instantOf}
              hasMore={hasNextPage && !isFetchingNextPage}
              fetchMore={fetchNextPage}
              role="list"
              tabIndex={0}
              aria-label={t('library.tab.notes')}
              renderItem={(note) => <NoteRow note={note} isOpen={note.id === openId} onOpen={open} />}
            />
          </>
        )
      }
    />
  )
}

function NoteRow({ note, isOpen, onOpen }: { note: Note; isOpen: boolean; onOpen(id: string): void }) {
  const { t } = useTranslation()
  const [firstLine = '', ...more] = note.body
    .slice(0, 400)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return (
    // biome-ignore lint/a11y/useSemanticElements: the row stands in a box that is placed by hand, not in a list element
    <div role="listitem" className="px-2">
      <button
        type="button"
        aria-current={isOpen ? 'true' : undefined}
        onClick={() => onOpen(note.id)}
        className={cx(
          'block w-full rounded-xl px-3 py-2.5 text-left transition-colors',
          isOpen ? 'bg-hover' : 'hover:bg-hover',
        )}
      >
        <span className="block truncate font-medium text-body" dir="auto">
          {note.title.trim() || firstLine || t('library.untitledNote')}
        </span>
        <span className="block truncate text-ink-quiet text-meta" dir="auto">
          {(note.title.trim() ? firstLine : more[0]) || ' '}
        </span>
      </button>
    </div>
  )
}

function OpenNote({ id, onDelete }: { id: string; onDelete(): void }) {
  const note = useNote(id)
  if (note.error) return <FailureNote failure={toFailure(note.error)} className="m-6" />
  if (!note.data) return <Waiting />
  return <NoteEditor note={note.data} onDelete={onDelete} />
}
