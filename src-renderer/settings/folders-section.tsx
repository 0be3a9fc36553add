import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FolderPlus, FolderX, RefreshCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PICTURE_LANGUAGES, type WatchedFolder } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useChangeSettings, useSettings } from '../backend/queries.ts'
import { failureOf } from '../documents/document-failure.ts'
import { documentKeys, useCollections, useFolders } from '../documents/queries.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Part, Section } from './section.tsx'

/** Folders of this machine whose files become documents by themselves. */
export function FoldersSection() {
  const { t } = useTranslation()
  const folders = useFolders()
  return (
    <Section title={t('settings.folders.title')} about={t('settings.folders.about')}>
      <Part title={t('settings.folders.watched')}>
        {folders.error ? (
          <FailureNote failure={toFailure(folders.error)} />
        ) : !folders.data ? (
          <Waiting />
        ) : folders.data.length === 0 ? (
          <p className="text-ink-soft text-ui">{t('settings.folders.none')}</p>
        ) : (
          <ul className="divide-y divide-line">
            {folders.data.map((folder) => (
              <Folder key={folder.id} folder={folder} />
            ))}
          </ul>
        )}
      </Part>
      <Part title={t('settings.folders.addTitle')}>
        <AddFolder />
      </Part>
      <Part title={t('settings.folders.pictures')}>
        <PictureLanguages />
      </Part>
    </Section>
  )
}

/** The language of the writing in pictures, of those for which there is data in the program. */
function PictureLanguages() {
  const { t, i18n } = useTranslation()
  const settings = useSettings().data
  const change = useChangeSettings()
  if (!settings) return <Waiting />
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' })
  const languages = PICTURE_LANGUAGES.map((language) => ({ value: language, label: names.of(language) ?? language }))
  return (
    <SelectField
      label={t('settings.folders.pictureLanguage')}
      help={t('settings.folders.pictureLanguageHelp')}
      value={settings.pictureLanguage}
      onValue={(value) => {
        const pictureLanguage = PICTURE_LANGUAGES.find((language) => language === value) ?? 'configured'
        change.mutate({ pictureLanguage })
      }}
      options={[
        { value: 'configured', label: t('settings.folders.pictureLanguageConfigured') },
        ...languages.sort((a, b) => a.label.localeCompare(b.label, i18n.language)),
      ]}
    />
  )
}

function Folder({ folder }: { folder: WatchedFolder }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const client = useClient()
  const cache = useQueryClient()
  const tellFailure = useTellFailure()
  const collection = useCollections().data?.find(({ id }) => id === folder.collectionId)
  const remove = useMutation({
    mutationFn: () => client.folders.remove({ id: folder.id }),
    onSuccess: () => cache.invalidateQueries({ queryKey: documentKeys.folders }),
    onError: tellFailure,
  })
  const scan = useMutation({
    mutationFn: () => client.folders.scan({ id: folder.id }),
    onSuccess: () => cache.invalidateQueries({ queryKey: documentKeys.folders }),
    onError: tellFailure,
  })
  const counts = [
    t('settings.folders.files', { count: folder.files, shown: number(folder.files) }),
    folder.refused > 0 ? t('settings.folders.refused', { count: folder.refused, shown: number(folder.refused) }) : null,
    folder.missing > 0 ? t('settings.folders.missing', { count: folder.missing, shown: number(folder.missing) }) : null,
    collection ? t('settings.folders.into', { name: collection.name }) : null,
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-mono text-meta [overflow-wrap:anywhere]">{folder.path}</p>
        <p className="figures text-ink-quiet text-meta">{counts.filter(Boolean).join(' · ')}</p>
        <p
          className={folder.state === 'unreachable' ? 'text-danger text-meta' : 'text-ink-soft text-meta'}
          role="status"
        >
          {t(`settings.folders.state.${folder.state}`)}
        </p>
      </div>
      <Button
        size="small"
        disabled={scan.isPending}
        aria-label={t('settings.folders.scanNamed', { path: folder.path })}
        onClick={() => scan.mutate()}
      >
        <RefreshCcw />
        {t('settings.folders.scan')}
      </Button>
      <Button
        size="small"
        disabled={remove.isPending}
        aria-label={t('settings.folders.removeNamed', { path: folder.path })}
        onClick={() => remove.mutate()}
      >
        <FolderX />
        {t('settings.folders.remove')}
      </Button>
      {folder.refused > 0 && <Refused folder={folder} />}
    </li>
  )
}

/** The files that could not be taken, with what each of them needs. */
function Refused({ folder }: { folder: WatchedFolder }) {
  const { t } = useTranslation()
  const client = useClient()
  const wordsOf = useFailureWords()
  const [isOpen, setOpen] = useState(false)
  const refused = useQuery({
    queryKey: [...documentKeys.folders, folder.id, 'refused', folder.refused],
    queryFn: ({ signal }) => client.folders.refused({ id: folder.id }, { signal }),
    enabled: isOpen,
  })
  return (
    <details className="basis-full text-ui" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-ink-soft">{t('settings.folders.refusedTitle')}</summary>
      {refused.error && <FailureNote failure={toFailure(refused.error)} className="mt-2" />}
      {refused.data && (
        <ul
          className="mt-2 max-h-80 space-y-3 overflow-y-auto border-line border-s ps-4"
          aria-label={t('settings.folders.refusedTitle')}
        >
          {refused.data.files.map((file) => {
            const { what, next } = wordsOf(failureOf(file))
            return (
              <li key={file.path}>
                <p className="font-mono text-meta [overflow-wrap:anywhere]">{file.path}</p>
                <p>{what}</p>
                <p className="text-ink-soft">{next}</p>
              </li>
            )
          })}
          {folder.refused > refused.data.files.length && (
            <li className="text-ink-soft">{t('settings.folders.refusedMore')}</li>
          )}
        </ul>
      )}
    </details>
  )
}

function AddFolder() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const collections = useCollections().data ?? []
  const [path, setPath] = useState('')
  const [collection, setCollection] = useState('')
  const add = useMutation({
    mutationFn: () => client.folders.add({ path: path.trim(), ...(collection !== '' && { collectionId: collection }) }),
    onSuccess: () => {
      setPath('')
      return cache.invalidateQueries({ queryKey: documentKeys.folders })
    },
  })
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (path.trim() !== '' && !add.isPending) add.mutate()
      }}
    >
      <TextField
        label={t('settings.folders.path')}
        help={t('settings.folders.pathHelp')}
        autoComplete="off"
        spellCheck={false}
        maxLength={4_000}
        value={path}
        onChange={(event) => {
          setPath(event.target.value)
          add.reset()
        }}
      />
      {collections.length > 0 && (
        <SelectField
          label={t('settings.folders.collection')}
          value={collection}
          onValue={setCollection}
          options={[
            { value: '', label: t('settings.folders.noCollection') },
            ...collections.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      {add.error && <FailureNote failure={toFailure(add.error)} />}
      <Button type="submit" disabled={path.trim() === '' || add.isPending}>
        <FolderPlus />
        {t('settings.folders.add')}
      </Button>
    </form>
  )
}
