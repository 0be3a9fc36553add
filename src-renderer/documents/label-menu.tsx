import { useMutation } from '@tanstack/react-query'
import { Tags } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Popover } from '../ui/popover.tsx'
import { useCollections, useTags } from './queries.ts'

type Documents = readonly Pick<LearnerDocument, 'id' | 'collections' | 'tags'>[]

/** Puts documents into collections and gives them tags, or takes them away again. */
export function LabelMenu({ documents }: { documents: Documents }) {
  const { t } = useTranslation()
  return (
    <Popover
      label={t('documents.labels.title')}
      align="end"
      trigger={
        <Button size="small">
          <Tags />
          {t('documents.labels.title')}
        </Button>
      }
    >
      <div className="w-72 space-y-5 p-4">
        <CollectionPart documents={documents} />
        <TagPart documents={documents} />
      </div>
    </Popover>
  )
}

function CollectionPart({ documents }: { documents: Documents }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const collections = useCollections().data ?? []
  const ids = documents.map(({ id }) => id)
  const set = useMutation({
    mutationFn: (change: { add?: string[]; remove?: string[] }) => client.documents.setCollections({ ids, ...change }),
    onError: tellFailure,
  })
  const create = useMutation({
    mutationFn: async (name: string) => {
      const { id } = await client.collections.create({ name })
      await client.documents.setCollections({ ids, add: [id] })
    },
    onError: tellFailure,
  })
  return (
    <Part
      title={t('documents.labels.collections')}
      newLabel={t('documents.labels.newCollection')}
      onNew={(name) => create.mutate(name)}
    >
      {collections.map(({ id, name }) => (
        <Tick
          key={id}
          name={name}
          state={shareOf(documents, (document) => document.collections.includes(id))}
          onTick={(isOn) => set.mutate(isOn ? { add: [id] } : { remove: [id] })}
        />
      ))}
    </Part>
  )
}

function TagPart({ documents }: { documents: Documents }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const known = useTags().data ?? []
  const ids = documents.map(({ id }) => id)
  const set = useMutation({
    mutationFn: (change: { add?: string[]; remove?: string[] }) => client.documents.setTags({ ids, ...change }),
    onError: tellFailure,
  })
  return (
    <Part
      title={t('documents.labels.tags')}
      newLabel={t('documents.labels.newTag')}
      onNew={(tag) => set.mutate({ add: [tag] })}
    >
      {known.map(({ tag }) => (
        <Tick
          key={tag}
          name={tag}
          state={shareOf(documents, (document) => document.tags.includes(tag))}
          onTick={(isOn) => set.mutate(isOn ? { add: [tag] } : { remove: [tag] })}
        />
      ))}
    </Part>
  )
}

type Ticked = 'all' | 'some' | 'none'

function shareOf<T>(items: readonly T[], has: (item: T) => boolean): Ticked {
  const count = items.filter(has).length
  return count === 0 ? 'none' : count === items.length ? 'all' : 'some'
}

function Part({
  title,
  newLabel,
  onNew,
  children,
}: {
  title: string
  newLabel: string
  onNew(name: string): void
  children: React.ReactNode[]
}) {
  const [name, setName] = useState('')
  return (
    <fieldset>
      <legend className="mb-1 font-semibold text-ui">{title}</legend>
      {children.length > 0 && <div className="-mx-2 mb-2 max-h-48 overflow-y-auto">{children}</div>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() === '') return
          onNew(name.trim())
          setName('')
        }}
      >
        <TextField
          label={newLabel}
          hideLabel
          placeholder={newLabel}
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </fieldset>
  )
}

/** `some`: only some of the chosen documents have it; ticking then gives it to all. */
function Tick({ name, state, onTick }: { name: string; state: Ticked; onTick(isOn: boolean): void }) {
  return (
    <label className="flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-lg px-2 text-ui transition-colors hover:bg-hover pointer-coarse:min-h-11">
      <input
        type="checkbox"
        checked={state === 'all'}
        ref={(box) => {
          if (box) box.indeterminate = state === 'some'
        }}
        onChange={() => onTick(state !== 'all')}
        className="size-4.5 shrink-0"
      />
      <span className="min-w-0 truncate" dir="auto">
        {name}
      </span>
    </label>
  )
}
