import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSessionList } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { sessionName } from './session-name.ts'

/** Sessions in the quick list; the Library has all of them. */
const RECENT = 12

export function SessionList({ present, onChosen }: { present: string | undefined; onChosen(): void }) {
  const { t } = useTranslation()
  const { dayName } = useFormats()
  const sessions = useSessionList()
  return (
    <nav aria-label={t('talk.sessions')} className="w-80 max-w-full p-1">
      {sessions.items.length === 0 && <p className="p-3 text-ink-quiet text-ui">{t('talk.noSessions')}</p>}
      <ul>
        {sessions.items.slice(0, RECENT).map((session) => (
          <li key={session.id}>
            <Link
              to="/talk"
              search={{ session: session.id }}
              onClick={onChosen}
              aria-current={session.id === present ? 'page' : undefined}
              className={cx(
                'flex items-baseline gap-3 rounded-lg px-3 py-2 text-ui transition-colors hover:bg-hover',
                session.id === present && 'bg-accent-soft',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{sessionName(session, t)}</span>
              <span className="shrink-0 text-ink-quiet text-meta">{dayName(session.lastAt)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {sessions.items.length > RECENT && (
        <Link
          to="/library"
          search={{ tab: 'sessions' }}
          onClick={onChosen}
          className="mt-1 block rounded-lg border-line border-t px-3 py-2 text-ink-soft text-ui hover:bg-hover"
        >
          {t('talk.allSessions')}
        </Link>
      )}
    </nav>
  )
}
