import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DocumentsTab } from '../documents/documents-tab.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { CapturesTab } from './captures-tab.tsx'
import { NotesTab } from './notes-tab.tsx'
import { SessionsTab } from './sessions-tab.tsx'

const route = getRouteApi('/library')

export const LIBRARY_TABS = ['captures', 'documents', 'sessions', 'notes'] as const

/** Everything the learner ever said or wrote. */
export function LibraryPlace() {
  const { t } = useTranslation()
  const { tab = 'captures' } = route.useSearch()
  usePageTitle(t('place.library'))
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-6 border-line border-b px-5">
        <h1 className="font-semibold text-ui max-sm:sr-only">{t('place.library')}</h1>
        <nav aria-label={t('library.tabs')} className="flex h-full gap-5 max-sm:w-full max-sm:justify-between">
          {LIBRARY_TABS.map((name) => (
            <Link
              key={name}
              to="/library"
              search={{ tab: name }}
              aria-current={tab === name ? 'page' : undefined}
              className="-mb-px inline-flex items-center border-transparent border-b-2 font-medium text-ink-quiet text-ui transition-colors hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {t(`library.tab.${name}`)}
            </Link>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1">
        {tab === 'captures' && <CapturesTab />}
        {tab === 'documents' && <DocumentsTab />}
        {tab === 'sessions' && <SessionsTab />}
        {tab === 'notes' && <NotesTab />}
      </div>
    </div>
  )
}
