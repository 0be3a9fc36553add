import { useMutation } from '@tanstack/react-query'
import { Download, Pencil, Search, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure } from '../library/history.ts'
import { IconButton } from '../ui/button.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { RenameField } from '../ui/rename-field.tsx'
import { HeardBy } from './heard-by.tsx'
import { LabelMenu } from './label-menu.tsx'
import { useSaveOriginal } from './original.ts'
import { useCollections } from './queries.ts'
import { KeepSound, SoundKept } from './sound-kept.tsx'
import { TranscribeAgain } from './transcribe-again.tsx'
import { useDocumentWords } from './words.ts'

/** What the document is, where it came from, and what can be done with it. */
export function ReaderHeader({
  document,
  onFind,
  onDelete,
}: {
  document: LearnerDocument
  onFind(): void
  onDelete(): void
}) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { title, about } = useDocumentWords()
  const collections = useCollections().data ?? []
  const [renaming, setRenaming] = useState(false)
  const { button: renameButton, giveBack } = useFocusBack()
  const client = useClient()
  const tellFailure = useTellFailure()
  const rename = useMutation({
    mutationFn: (next: string) => client.documents.rename({ id: document.id, title: next }),
    onError: tellFailure,
  })
  const save = useSaveOriginal(document)
  const name = title(document)
  const labels = [
    ...collections.filter(({ id }) => document.collections.includes(id)).map((collection) => collection.name),
    ...document.tags,
  ]
  return (
    <header className="shrink-0 border-line border-b px-6 pt-4 pb-3 md:px-10 md:pt-6">
      <div className="mx-auto max-w-[46rem]">
        {renaming ? (
          <RenameField
            label={t('documents.titleField')}
            name={document.title}
            maxLength={500}
            onSave={(next) => next !== '' && rename.mutate(next)}
            onEnd={() => {
              giveBack()
              setRenaming(false)
            }}
          />
        ) : (
          <h2 className="font-semibold text-words-small [overflow-wrap:anywhere]" dir="auto">
            {name}
          </h2>
        )}
        <p className="figures mt-1 text-ink-quiet text-meta">
          {about(document)} · <time dateTime={document.updatedAt}>{moment(document.updatedAt)}</time>
          {document.missingAt && ` · ${t('documents.missing')}`}
        </p>
        <Origins document={document} />
        {labels.length > 0 && (
          <ul aria-label={t('documents.labels.title')} className="mt-2 flex flex-wrap gap-1">
            {labels.map((label) => (
              <li
                key={label}
                className="max-w-full truncate rounded-full border border-line px-2.5 text-ink-soft text-meta"
              >
                {label}
              </li>
            ))}
          </ul>
        )}
        {(document.format === 'audio' || document.sound) && document.state === 'ready' && (
          <HeardBy document={document} />
        )}
        <SoundKept document={document} />
        <div className="mt-2 -ml-2 flex flex-wrap items-center gap-0.5">
          {document.state === 'ready' && (
            <IconButton size="small" label={t('documents.find.open')} onClick={onFind}>
              <Search />
            </IconButton>
          )}
          <IconButton ref={renameButton} size="small" label={t('documents.rename')} onClick={() => setRenaming(true)}>
            <Pencil />
          </IconButton>
          <IconButton size="small" label={t('documents.save')} disabled={save.isPending} onClick={() => save.mutate()}>
            <Download />
          </IconButton>
          {document.format === 'audio' && document.state === 'ready' && <TranscribeAgain document={document} />}
          <KeepSound document={document} />
          <IconButton size="small" label={t('documents.delete', { name })} onClick={onDelete}>
            <Trash2 />
          </IconButton>
          <span className="ml-2">
            <LabelMenu documents={[document]} />
          </span>
        </div>
      </div>
    </header>
  )
}

/** The address of a web page, to be opened again, or the path of a file, to be found again. */
function Origins({ document }: { document: LearnerDocument }) {
  const known = document.origins.filter(({ address }) => address !== null)
  if (known.length === 0) return null
  return (
    <ul className="text-ink-quiet text-meta [overflow-wrap:anywhere]">
      {known.map(({ kind, address }) => (
        <li key={address}>
          {kind === 'address' && /^https?:/i.test(address ?? '') ? (
            <a href={address ?? ''} target="_blank" rel="noreferrer" className="underline underline-offset-4">
              {address}
            </a>
          ) : (
            address
          )}
        </li>
      ))}
    </ul>
  )
}
