import { useTranslation } from 'react-i18next'
import { SelectField } from '../ui/field.tsx'
import { useCollections, useTags } from './queries.ts'

/** A list of documents is narrowed to one collection or one tag; both stand in one list, because few learners have many of either. */
export function LabelFilter({
  collection,
  tag,
  onChange,
  all,
  className,
}: {
  collection: string | undefined
  tag: string | undefined
  onChange(next: { collection?: string; tag?: string }): void
  /** What the choice of none is called. */
  all: string
  className: string
}) {
  const { t } = useTranslation()
  const collections = useCollections().data ?? []
  const tags = useTags().data ?? []
  return (
    <SelectField
      label={t('documents.filter')}
      hideLabel
      className={className}
      value={collection !== undefined ? `c${collection}` : tag !== undefined ? `t${tag}` : ''}
      onValue={(value) => {
        const name = value.slice(1)
        onChange(value === '' ? {} : value.startsWith('c') ? { collection: name } : { tag: name })
      }}
      options={[
        { value: '', label: all },
        ...collections.map(({ id, name, documents }) => ({ value: `c${id}`, label: `${name} (${documents})` })),
        ...tags.map(({ tag: name, documents }) => ({ value: `t${name}`, label: `# ${name} (${documents})` })),
      ]}
    />
  )
}
