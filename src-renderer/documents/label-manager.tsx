import { useMutation } from '@tanstack/react-query'
import { Pencil, Tags, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure, useUndo } from '../library/history.ts'
import { IconButton } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { Popover } from '../ui/popover.tsx'
import { RenameField } from '../ui/rename-field.tsx'
import { useToast } from '../ui/toasts.tsx'
import { useCollections, useTags } from './queries.ts'
import { useTagChanges } from './tag-changes.ts'

/** Collections and tags as a whole: made, renamed, taken away. */
export function LabelManager() {
  const { t } = useTranslation()
  return (
    <Popover
      label={t('documents.labels.manage')}
      trigger={
        <IconButton label={t('documents.labels.manage')}>
          <Tags />
        </IconButton>
      }
    >
      <div className="w-80 space-y-6 p-4">
        <Collections />
        <AllTags />
      </div>
    </Popover>
  )
}

function Collections() {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const taken = useTaken()
  const collections = useCollections().data ?? []
  const create = useMutation({
    mutationFn: (name: string) => client.collections.create({ name }),
    onError: tellFailure,
  })
  const rename = useMutation({
    mutationFn: (change: { id: string; name: string }) => client.collections.rename(change),
    onError: tellFailure,
  })
  const remove = useMutation({
    mutationFn: (id: string) => client.collections.delete({ id }),
    onSuccess: () => taken(t('documents.labels.collectionDeleted')),
    onError: tellFailure,
  })
  const [name, setName] = useState('')
  return (
    <section aria-label={t('documents.labels.collections')}>
      <h2 className="mb-1 font-semibold text-ui">{t('documents.labels.collections')}</h2>
      <List empty={t('documents.labels.noCollections')}>
        {collections.map(({ id, name: known, documents }) => (
          <Label
            key={id}
            name={known}
            documents={documents}
            onRename={(next) => rename.mutate({ id, name: next })}
            onDelete={() => remove.mutate(id)}
          />
        ))}
      </List>
      <form
        className="mt-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() === '') return
          create.mutate(name.trim())
          setName('')
        }}
      >
        <TextField
          label={t('documents.labels.newCollection')}
          hideLabel
          placeholder={t('documents.labels.newCollection')}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </section>
  )
}

/** The longest name, in UTF-16 code units. */
const LONGEST_NAME = 100

function AllTags() {
  const { t } = useTranslation()
  const tellFailure = useTellFailure()
  const taken = useTaken()
  const tags = useTags().data ?? []
  const { replace } = useTagChanges()
  const rename = useMutation({
    mutationFn: ({ tag, next }: { tag: string; next: string }) => replace(tag, next),
    onError: tellFailure,
  })
  const remove = useMutation({
    mutationFn: (tag: string) => replace(tag, null),
    onSuccess: () => taken(t('documents.labels.tagDeleted')),
    onError: tellFailure,
  })
  return (
    <section aria-label={t('documents.labels.tags')}>
      <h2 className="mb-1 font-semibold text-ui">{t('documents.labels.tags')}</h2>
      <List empty={t('documents.labels.noTags')}>
        {tags.map(({ tag, documents }) => (
          <Label
            key={tag}
            name={tag}
            documents={documents}
            onRename={(next) => rename.mutate({ tag, next })}
            onDelete={() => remove.mutate(tag)}
          />
        ))}
      </List>
    </section>
  )
}

/** Says that something is gone, with the way back. */
function useTaken(): (text: string) => void {
  const { t } = useTranslation()
  const toast = useToast()
  const { undo } = useUndo()
  return (text) => toast({ text, action: { label: t('history.undo.action'), run: undo } })
}

function List({ empty, children }: { empty: string; children: ReactNode[] }) {
  if (children.length === 0) return <p className="text-ink-quiet text-meta">{empty}</p>
  return <ul className="-mx-2 max-h-60 overflow-y-auto">{children}</ul>
}

function Label({
  name,
  documents,
  onRename,
  onDelete,
}: {
  name: string
  documents: number
  onRename(name: string): void
  onDelete(): void
}) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [renaming, setRenaming] = useState(false)
  const { button, giveBack } = useFocusBack()
  if (renaming) {
    return (
      <li>
        <RenameField
          label={t('documents.labels.name')}
          name={name}
          maxLength={LONGEST_NAME}
          onSave={(next) => next !== '' && onRename(next)}
          onEnd={() => {
            giveBack()
            setRenaming(false)
          }}
        />
      </li>
    )
  }
  return (
    <li className="flex items-center gap-1 rounded-lg pl-2 text-ui hover:bg-hover">
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {name}
      </span>
      <span className="figures text-ink-quiet text-meta">
        {t('documents.count', { count: documents, shown: number(documents) })}
      </span>
      <IconButton
        ref={button}
        size="small"
        label={t('documents.labels.rename', { name })}
        onClick={() => setRenaming(true)}
      >
        <Pencil />
      </IconButton>
      <IconButton size="small" label={t('documents.labels.delete', { name })} onClick={onDelete}>
        <Trash2 />
      </IconButton>
    </li>
  )
}
