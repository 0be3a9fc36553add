import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchHit } from '../../src-core/contract/index.ts'
import { useSessionList } from '../backend/queries.ts'
import { LabelFilter } from '../documents/label-filter.tsx'
import { useDocument, useDocumentList } from '../documents/queries.ts'
import { useDocumentWords } from '../documents/words.ts'
import { useConcepts } from '../map/queries.ts'
import { sessionName } from '../talk/session-name.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import { isFiltered, RANGES, type Range, type SearchAddress } from './request.ts'

const SOURCES = ['text', 'voice', 'note', 'document', 'screen', 'import', 'cli'] as const
/** Longest session name in the list, in characters. */
const NAME_LENGTH = 48

/** As wide as what is chosen, which else would be cut at "Any docume…". */
const WIDE = 'sm:w-auto sm:max-w-52 sm:[&_select]:field-sizing-content'
/** Looks of the filters that a phone shows at once, and on demand. */
const USUAL = `${WIDE} max-sm:min-w-[40%] max-sm:flex-1`
const RARE = `${WIDE} max-sm:hidden max-sm:w-full max-sm:group-[.is-unfolded]:block`

const ALL_DOCUMENTS = {}
/** The concepts that are offered. */
const MOST_MENTIONED = { query: '', hidden: false, limit: 200 }

type Change = Omit<SearchAddress, 'q' | 'judging' | 'asWords' | 'asTyped'>
/** Sets no filter. */
export const NOTHING = {
  range: undefined,
  from: undefined,
  to: undefined,
  source: undefined,
  session: undefined,
  document: undefined,
  collection: undefined,
  tag: undefined,
  concept: undefined,
  language: undefined,
} satisfies Change

/** ISO 639-1 codes of the languages whose texts are told apart. */
const LANGUAGES = 'ar bg da de el en es fi fr hi hu id it ja ko nl no pt ro ru sv th tr uk zh'.split(' ')

/** When, how, in which session, in which document, about what and in which language it was said. On a phone the rarer ones are folded. */
export function Filters({ address, onChange }: { address: SearchAddress; onChange(change: Partial<Change>): void }) {
  const { t, i18n } = useTranslation()
  const sessions = useSessionList()
  const isRare = [address.session, address.document, address.collection, address.tag, address.concept, address.language]
  const [unfolded, setUnfolded] = useState(isRare.some((value) => value !== undefined))
  return (
    <div className={cx('group mt-2 flex flex-wrap items-end gap-2', unfolded && 'is-unfolded')}>
      <SelectField
        label={t('search.when')}
        hideLabel
        className={USUAL}
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
        className={USUAL}
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
        className={RARE}
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
      <ConceptFilter concept={address.concept} onChange={onChange} />
      <SelectField
        label={t('search.language')}
        hideLabel
        className={RARE}
        value={address.language ?? ''}
        onValue={(language) => onChange({ language: language || undefined })}
        options={[{ value: '', label: t('search.anyLanguage') }, ...languageOptions(i18n.language)]}
      />
      <Button look="quiet" className="sm:hidden" aria-expanded={unfolded} onClick={() => setUnfolded((was) => !was)}>
        <SlidersHorizontal aria-hidden />
        {unfolded ? t('search.fewerFilters') : t('search.moreFilters')}
      </Button>
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
  const chosen = useDocument(address.document ?? null).data
  const { title } = useDocumentWords()
  // The newest are listed; one that was chosen elsewhere, as in its reader, may be older.
  const listed = documents.items.some(({ id }) => id === chosen?.id) || !chosen ? [] : [chosen]
  if (documents.items.length === 0) return null
  return (
    <>
      <SelectField
        label={t('search.document')}
        hideLabel
        className={RARE}
        value={address.document ?? ''}
        onValue={(document) => onChange({ document: document || undefined })}
        options={[
          { value: '', label: t('search.anyDocument') },
          ...[...listed, ...documents.items].map((document) => ({
            value: document.id,
            label: title(document).slice(0, NAME_LENGTH),
          })),
        ]}
      />
      <LabelFilter
        className={RARE}
        all={t('search.anyLabel')}
        collection={address.collection}
        tag={address.tag}
        onChange={({ collection, tag }) => onChange({ collection, tag })}
      />
    </>
  )
}

/** What it mentions, of the concepts that are mentioned most. Whoever has none yet is not asked. */
function ConceptFilter({
  concept,
  onChange,
}: {
  concept: string | undefined
  onChange(change: Partial<Change>): void
}) {
  const { t } = useTranslation()
  const known = useConcepts(MOST_MENTIONED).data ?? []
  if (known.length === 0 && concept === undefined) return null
  // One that was named in the address may be rarer than those that are listed.
  const isListed = concept === undefined || known.some(({ id }) => id === concept)
  return (
    <SelectField
      label={t('search.concept')}
      hideLabel
      className={RARE}
      value={concept ?? ''}
      onValue={(id) => onChange({ concept: id || undefined })}
      options={[
        { value: '', label: t('search.anyConcept') },
        ...(isListed ? [] : [{ value: concept ?? '', label: (concept ?? '').slice(0, NAME_LENGTH) }]),
        ...known
          .map(({ id, name }) => ({ value: id, label: name.slice(0, NAME_LENGTH) }))
          .sort((a, b) => a.label.localeCompare(b.label)),
      ]}
    />
  )
}

function languageOptions(shownIn: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(shownIn, { type: 'language' })
  return LANGUAGES.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) =>
    a.label.localeCompare(b.label, shownIn),
  )
}
