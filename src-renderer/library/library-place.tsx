import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { DocumentsTab } from '../documents/documents-tab.tsx'
import { AboutTab } from '../learner/about-tab.tsx'
import { CardsTab } from '../learner/cards-tab.tsx'
import { useMemoryCounts } from '../learner/queries.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { TimelineTab } from '../timeline/timeline-tab.tsx'
import { CapturesTab } from './captures-tab.tsx'
import { DeletedTab } from './deleted-tab.tsx'
import { NotesTab } from './notes-tab.tsx'
import { SessionsTab } from './sessions-tab.tsx'

const route = getRouteApi('/library')

export const LIBRARY_TABS = [
  'captures',
  'documents',
  'timeline',
  'sessions',
  'notes',
  'about',
  'cards',
  'deleted',
] as const

/** Everything the learner ever said or wrote. */
export function LibraryPlace() {
  const { t } = useTranslation()
  const { tab = 'captures' } = route.useSearch()
  const waiting = useMemoryCounts().data?.proposed ?? 0
  usePageTitle(t('place.library'))
  // On a phone the tabs are wider than the screen.
  const tabs = useRef<HTMLElement>(null)
  useEffect(() => {
    tabs.current?.querySelector(`[data-tab="${tab}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [tab])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-6 border-line border-b px-5">
        <h1 className="font-semibold text-ui max-sm:sr-only">{t('place.library')}</h1>
        <nav
          ref={tabs}
          aria-label={t('library.tabs')}
          className="flex h-full gap-5 relative max-sm:-mx-5 max-sm:w-screen max-sm:overflow-x-auto max-sm:px-5"
        >
          {LIBRARY_TABS.map((name) => (
            <Link
              key={name}
              data-tab={name}
              to="/library"
              search={{ tab: name }}
              aria-current={tab === name ? 'page' : undefined}
              className="relative -mb-px inline-flex shrink-0 items-center gap-1.5 border-transparent border-b-2 font-medium text-ink-quiet text-ui transition-colors hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {t(`library.tab.${name}`)}
              {name === 'about' && waiting > 0 && (
                <span className="figures rounded-full bg-accent-soft px-1.5 text-accent-strong text-fine">
                  <span aria-hidden>{waiting}</span>
                  <span className="sr-only">{t('about.waiting', { count: waiting })}</span>
                </span>
              )}
            </Link>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1">
        {tab === 'captures' && <CapturesTab />}
        {tab === 'documents' && <DocumentsTab />}
        {tab === 'timeline' && <TimelineTab />}
        {tab === 'sessions' && <SessionsTab />}
        {tab === 'notes' && <NotesTab />}
        {tab === 'about' && <AboutTab />}
        {tab === 'cards' && <CardsTab />}
        {tab === 'deleted' && <DeletedTab />}
      </div>
    </div>
  )
}
