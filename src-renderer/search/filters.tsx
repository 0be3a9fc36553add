import { useTranslation } from 'react-i18next'
import type { SearchHit } from '../../src-core/contract/index.ts'
import { useSessionList } from '../backend/queries.ts'
import { LabelFilter } from '../documents/label-filter.tsx'
import { useDocumentList } from '../documents/queries.ts'
import { useDocumentWords } from '../documents/words.ts'
import { sessionName } from '../talk/session-name.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { isFiltered, RANGES, type Range, type SearchAddress } from './request.ts'

const SOURCES = ['text', 'voice', 'note', 'document', 'import', 'cli'] as const
/** Longest session name in the list, in characters. */
const NAME_LENGTH = 48

const ALL_DOCUMENTS = {}

type Change = Omit<SearchAddress, 'q' | 'judging'>
const NOTHING = {
  range: undefined,
  from: undefined,
  to: undefined,
  source: undefined,
  session: undefined,
  document: undefined,
  collection: undefined,
  tag: undefined,
} satisfies Change

/** When, how and in which session it was said. */
export function Filters({ address, onChange }: { address: SearchAddress; onChange(change: Partial<Change>): void }) {
  const { t } = useTranslation()
  const sessions = useSessionList()
  return (
    <div className="mt-2 flex flex-wrap items-end gap-2">
      <SelectField
        label={t('search.when')}
        hideLabel
        className="w-40 max-sm:flex-1"
        value={address.range ?? 'any'}
        onValue={(range) => onChange({ range: range === 'any' ? undefined : (range as Range) })}
        options={RANGES.map((value) => ({ value, label: t(`search.range.${value}`) }))}
      />
      {address.range === 'custom' && (
        <>
          <TextField
            type="date"
            hideLabel
            label={t('search.from')}
            value={address.from ?? ''}
            max={address.to}
            onChange={(event) => onChange({ from: event.target.value || undefined })}
          />
          <TextField
            type="date"
            hideLabel
            label={t('search.to')}
            value={address.to ?? ''}
            min={address.from}
            onChange={(event) => onChange({ to: event.target.value || undefined })}
          />
        </>
      )}
      <SelectField
        label={t('search.source')}
        hideLabel
        className="w-40 max-sm:flex-1"
        value={address.source ?? ''}
        onValue={(source) => onChange({ source: (source || undefined) as SearchHit['source'] | undefined })}
        options={[
          { value: '', label: t('library.allSources') },
          ...SOURCES.map((value) => ({ value, label: t(`source.${value}`) })),
        ]}
      />
      <SelectField
        label={t('search.session')}
        hideLabel
        className="w-52 max-sm:w-full"
        value={address.session ?? ''}
        onValue={(session) => onChange({ session: session || undefined })}
        options={[
          { value: '', label: t('search.allSessions') },
          ...sessions.items.map((session) => ({
            value: session.id,
            label: sessionName(session, t).slice(0, NAME_LENGTH),
          })),
        ]}
      />
      <DocumentFilters address={address} onChange={onChange} />
      {isFiltered(address) && (
        <Button look="quiet" onClick={() => onChange(NOTHING)}>
          {t('search.clearFilters')}
        </Button>
      )}
    </div>
  )
}

/** Which documents: one, those of a collection, or those with a tag. Whoever has none is not asked. */
function DocumentFilters({ address, onChange }: { address: SearchAddress; onChange(change: Partial<Change>): void }) {
  const { t } = useTranslation()
  const documents = useDocumentList(ALL_DOCUMENTS)
  const { title } = useDocumentWords()
  if (documents.items.length === 0) return null
  return (
    <>
      <SelectField
        label={t('search.document')}
        hideLabel
        className="w-52 max-sm:w-full"
        value={address.document ?? ''}
        onValue={(document) => onChange({ document: document || undefined })}
        options={[
          { value: '', label: t('search.anyDocument') },
          ...documents.items.map((document) => ({ value: document.id, label: title(document).slice(0, NAME_LENGTH) })),
        ]}
      />
      <LabelFilter
        className="w-52 max-sm:w-full"
        all={t('search.anyLabel')}
        collection={address.collection}
        tag={address.tag}
        onChange={({ collection, tag }) => onChange({ collection, tag })}
      />
    </>
  )
}
