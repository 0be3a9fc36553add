import { getRouteApi } from '@tanstack/react-router'
import { ChevronDown, Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { useIndexProgress, useSearchResults } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { useSource } from '../shell/source.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { directionOf } from '../ui/direction.ts'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { useDebounced } from './debounced.ts'
import { Filters, NOTHING } from './filters.tsx'
import { Judging } from './judging.tsx'
import { isFiltered, type SearchAddress, searchRequest } from './request.ts'
import { ResultRow } from './result-row.tsx'
import { NotKnown, Understanding, WhatNext } from './understanding.tsx'

const route = getRouteApi('/search')
/** A pause in typing after which the search goes out, in milliseconds. */
const PAUSE_MS = 140

/** Finding again what was said, by its words and by its meaning. */
export function SearchPlace() {
  const { t } = useTranslation()
  const address = route.useSearch()
  usePageTitle(t('place.search'))
  const navigate = route.useNavigate()
  const [text, setText] = useState(address.q ?? '')
  const rested = useDebounced(text, PAUSE_MS)
  useEffect(() => {
    void navigate({
      search: ({ q, asWords, asTyped, ...rest }) => ({
        ...rest,
        ...(rested && { q: rested }),
        // Other words are read anew.
        ...(q === rested && asWords && { asWords }),
        ...(q === rested && asTyped && { asTyped }),
      }),
      replace: true,
    })
  }, [rested, navigate])
  // The palette may open this place with other words.
  const [shownFor, setShownFor] = useState(address.q)
  if (address.q !== shownFor) {
    setShownFor(address.q)
    if (address.q !== undefined && address.q !== rested) setText(address.q)
  }

  const { judging } = address
  // The address is another object at each change of place, also where it says the same.
  const said = JSON.stringify({ ...address, q: rested })
  const request = useMemo(() => searchRequest(JSON.parse(said) as SearchAddress, new Date()), [said])
  const results = useSearchResults(request)
  const hits = rested.trim() === '' ? [] : (results.data?.hits ?? [])
  const { open } = useSource()
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLOListElement>(null)

  const change = (next: Partial<SearchAddress>) =>
    void navigate({ search: (present) => ({ ...present, ...next }), replace: true })
  const understood = rested.trim() === '' ? undefined : results.data?.understood
  const isNarrowed = isFiltered(address) || (understood?.period ?? null) !== null
  const widen = isNarrowed ? () => change({ ...NOTHING, asWords: true }) : undefined

  /** Arrows walk through the results and back to the words. */
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-result]') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    const next = at + step
    if (next < -1 || (at === -1 && step === -1)) return
    event.preventDefault()
    const target = next === -1 ? input.current : rows[next]
    target?.focus()
    target?.scrollIntoView({ block: 'nearest' })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go beyond the field, to its results
    <div className="flex h-full min-h-0 flex-col" onKeyDown={onKeyDown}>
      <div className="relative border-line border-b">
        {results.isPlaceholderData && <StillSearching />}
        <div className="mx-auto max-w-[50rem] px-4 pt-3 pb-3 md:px-6 md:pt-6">
          <h1 className="sr-only">{t('place.search')}</h1>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const [first] = hits
              if (first) open(first)
            }}
            className="flex items-center gap-3"
          >
            <Search aria-hidden className="size-6 shrink-0 text-ink-quiet" />
            <input
              ref={input}
              type="text"
              dir={directionOf(text)}
              // biome-ignore lint/a11y/noAutofocus: the place is one field
              autoFocus
              value={text}
              onChange={(event) => setText(event.target.value)}
              aria-label={t('search.field')}
              placeholder={t('search.placeholder')}
              className="words h-12 min-w-0 flex-1 bg-transparent outline-none max-sm:text-words-small!"
            />
            {text && (
              <IconButton
                label={t('search.clear')}
                onClick={() => {
                  setText('')
                  input.current?.focus()
                }}
              >
                <X />
              </IconButton>
            )}
          </form>
          <Filters address={address} onChange={change} />
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div aria-busy={results.isPlaceholderData} className="mx-auto max-w-[50rem] px-2 py-3 md:px-4">
          <Notices wordsOnly={results.data?.semantic === false && hits.length > 0} />
          {understood && <Understanding understood={understood} address={address} onChange={change} />}
          {results.error && !results.isFetching ? (
            <FailureNote failure={toFailure(results.error)} className="m-2" />
          ) : rested.trim() === '' ? (
            <Empty className="px-3" title={t('search.empty')}>
              {t('search.emptyMore')}
            </Empty>
          ) : hits.length > 0 ? (
            <>
              <div className="flex flex-wrap items-center justify-between gap-x-4 px-3 pb-1">
                <Found count={hits.length} ms={results.data?.timings} />
                <Button
                  size="small"
                  look="quiet"
                  aria-expanded={judging === true}
                  onClick={() =>
                    void navigate({
                      search: ({ judging: was, ...rest }) => ({ ...rest, ...(!was && { judging: true }) }),
                      replace: true,
                    })
                  }
                  className="-mr-2.5"
                >
                  {t('judging.title')}
                  <ChevronDown aria-hidden className={cx('transition-transform', judging && 'rotate-180')} />
                </Button>
              </div>
              {results.data?.known === false && <NotKnown onWiden={widen} />}
              {judging && results.data && <Judging query={rested} result={results.data} onOpen={open} />}
              <ol ref={list} aria-label={t('search.results')}>
                {hits.map((hit) => (
                  <ResultRow key={hit.chunkId} hit={hit} onOpen={open} />
                ))}
              </ol>
            </>
          ) : (
            !results.isFetching && (
              <Empty className="px-3" title={t('search.nothing')} action={<WhatNext onWiden={widen} />}>
                {isNarrowed ? t('search.nothingFiltered') : t('search.nothingMore')}
              </Empty>
            )
          )}
        </div>
      </div>
    </div>
  )
}

/** Says that what is shown is of the words before. What is shown stays as easy to read as it was. */
function StillSearching() {
  const { t } = useTranslation()
  return (
    <div className="absolute inset-x-0 bottom-0">
      <ProgressBar label={t('search.searching')} share={null} />
    </div>
  )
}

function Found({ count, ms }: { count: number; ms: { [part: string]: number } | undefined }) {
  const { t } = useTranslation()
  const { milliseconds } = useFormats()
  const total = Object.values(ms ?? {}).reduce((sum, part) => sum + part, 0)
  return (
    <p role="status" className="figures text-ink-quiet text-meta">
      {t('search.found', { count })} · {milliseconds(total)}
    </p>
  )
}

/** What a searcher should know just now: the index is behind, or only words were compared. */
function Notices({ wordsOnly }: { wordsOnly: boolean }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const pending = useIndexProgress().data?.pending ?? 0
  return (
    <>
      {pending > 0 && <Notice>{t('search.indexing', { count: pending, shown: number(pending) })}</Notice>}
      {wordsOnly && <Notice>{t('search.wordsOnly')}</Notice>}
    </>
  )
}
