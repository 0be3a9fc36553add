import { Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useStore } from '../backend/store.ts'
import { useFormats } from '../i18n/format.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { GrowingText } from '../ui/growing-text.tsx'
import { Autosave } from './autosave.ts'
import { ItemPlace } from './item-place.tsx'

/** A note as a sheet of paper: title, text, and nothing to press to save it. */
export function NoteEditor({ note, onDelete }: { note: Note; onDelete(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const { moment } = useFormats()
  const [autosave] = useState(
    () => new Autosave<Pick<Note, 'title' | 'body'>>((patch) => client.notes.edit({ id: note.id, ...patch })),
  )
  const saving = useStore(autosave, (store) => store.state)
  const [text, setText] = useState({ title: note.title, body: note.body })
  const body = useRef<HTMLTextAreaElement>(null)
  const latest = useRef(text)
  latest.current = text

  // What another window wrote shows up, unless something here is still unsaved.
  useEffect(() => {
    if (!autosave.unsaved) setText({ title: note.title, body: note.body })
  }, [autosave, note.title, note.body])

  // Leaving saves; a note that was opened and left blank was not meant.
  const deleted = useRef(false)
  useEffect(
    () => () => {
      const { title, body } = latest.current
      if (deleted.current) return
      if (title.trim() === '' && body.trim() === '') void client.notes.delete({ id: note.id })
      else void autosave.flush()
    },
    [autosave, client, note.id],
  )

  const change = (patch: Partial<typeof text>) => {
    setText((present) => ({ ...present, ...patch }))
    autosave.change(patch)
  }
  return (
    <article className="mx-auto flex min-h-full max-w-[46rem] flex-col px-6 pt-4 pb-16 md:px-10 md:pt-8">
      <div className="flex items-center gap-2.5 text-ink-quiet text-meta">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5">
          <span role="status" className="figures whitespace-nowrap">
            {saving.kind === 'saved' ? moment(note.updatedAt) : t(`library.save.${saving.kind}`)}
          </span>
          <ItemPlace kind="note" id={note.id} />
        </div>
        <IconButton
          size="small"
          className="ml-auto"
          label={t('library.deleteNote')}
          onClick={() => {
            deleted.current = true
            onDelete()
          }}
        >
          <Trash2 />
        </IconButton>
      </div>
      {saving.kind === 'failed' && (
        <FailureNote failure={saving.failure} className="mt-3">
          <Button size="small" onClick={() => void autosave.flush()}>
            {t('common.tryAgain')}
          </Button>
        </FailureNote>
      )}
      <GrowingText
        rows={1}
        aria-label={t('library.noteTitle')}
        placeholder={t('library.noteTitle')}
        value={text.title}
        maxLength={500}
        autoFocus={note.title === '' && note.body === ''}
        onChange={(event) => change({ title: event.target.value.replaceAll('\n', ' ') })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
          event.preventDefault()
          body.current?.focus()
        }}
        className="words mt-3 w-full bg-transparent outline-none"
      />
      <GrowingText
        ref={body}
        aria-label={t('library.noteText')}
        placeholder={t('library.noteText')}
        value={text.body}
        onChange={(event) => change({ body: event.target.value })}
        onBlur={() => void autosave.flush()}
        className="mt-4 w-full flex-1 bg-transparent text-answer leading-relaxed outline-none"
      />
    </article>
  )
}
