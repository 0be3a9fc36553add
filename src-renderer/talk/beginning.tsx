import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSessionList } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { COMPOSER_ID } from './composer.tsx'
import { sessionName } from './session-name.ts'
import { useTalk } from './talk.tsx'

/** Where a session has not begun: an invitation, a few ways to begin, and the way back to what was talked about last. */
export function Beginning() {
  const { t } = useTranslation()
  const { draft } = useTalk()
  const { dayName } = useFormats()
  const sessions = useSessionList()
  const recent = sessions.items.slice(0, 3)
  const openings = [t('talk.opening.learning'), t('talk.opening.question'), t('talk.opening.recall')]
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="mx-auto mt-auto w-full max-w-[50rem] px-6 pb-10 md:pl-[6.75rem]">
        <h2 className="font-semibold text-display tracking-[-0.025em] max-sm:text-title">{t('talk.invitation')}</h2>
        <p className="mt-4 max-w-[46ch] text-answer text-ink-soft">{t('talk.invitationMore')}</p>
        <ul className="mt-8 flex flex-col items-start gap-1">
          {openings.map((opening) => (
            <li key={opening}>
              <button
                type="button"
                onClick={() => {
                  draft.write(`${opening} `)
                  document.getElementById(COMPOSER_ID)?.focus()
                }}
                className="-ml-3 rounded-lg px-3 py-1.5 text-left text-ink-soft text-ui transition-colors hover:bg-hover hover:text-ink pointer-coarse:py-2.5"
              >
                {opening}…
              </button>
            </li>
          ))}
        </ul>
        {recent.length > 0 && (
          <section className="mt-10 border-line border-t pt-4">
            <h3 className="text-ink-quiet text-meta">{t('talk.continue')}</h3>
            <ul className="mt-1">
              {recent.map((session) => (
                <li key={session.id}>
                  <Link
                    to="/talk"
                    search={{ session: session.id }}
                    className="-mx-3 flex items-baseline gap-3 rounded-lg px-3 py-2 transition-colors hover:bg-hover"
                  >
                    <span className="min-w-0 flex-1 truncate font-medium">{sessionName(session, t)}</span>
                    <span className="shrink-0 text-ink-quiet text-meta">{dayName(session.lastAt)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  )
}
