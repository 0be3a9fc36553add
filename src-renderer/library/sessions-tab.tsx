import { Link } from '@tanstack/react-router'
import { EllipsisVertical, Pencil, ScrollText, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useSessionList } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { localDay } from '../i18n/local-day.ts'
import { SumUpDay } from '../summary/sum-up-day.tsx'
import { useSumUp } from '../summary/use-sum-up.ts'
import { RenameSession } from '../talk/rename-session.tsx'
import { sessionName } from '../talk/session-name.ts'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { DayRows } from './day-rows.tsx'
import { useDeletion } from './history.ts'

const idOf = ({ id }: Session) => id
const instantOf = ({ lastAt }: Session) => lastAt

/** All sessions, the one used last first. */
export function SessionsTab() {
  const { t } = useTranslation()
  const list = useSessionList()
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = list
  if (list.error) return <FailureNote failure={toFailure(list.error)} className="m-4" />
  if (list.isPending) return <Waiting />
  if (items.length === 0) return <Empty title={t('library.noSessions')}>{t('library.noSessionsMore')}</Empty>
  return (
    <DayRows
      className="mx-auto max-w-[50rem]"
      items={items}
      idOf={idOf}
      instantOf={instantOf}
      hasMore={hasNextPage && !isFetchingNextPage}
      fetchMore={fetchNextPage}
      role="list"
      tabIndex={0}
      aria-label={t('library.tab.sessions')}
      dayAction={(instant) => <SumUpDay instant={instant} />}
      renderItem={(session) => <SessionRow session={session} />}
    />
  )
}

function SessionRow({ session }: { session: Session }) {
  const { t } = useTranslation()
  const { number, time } = useFormats()
  const deletion = useDeletion()
  const sumUp = useSumUp()
  const [renaming, setRenaming] = useState(false)
  const { button: menuButton, giveBack } = useFocusBack()
  return (
    // biome-ignore lint/a11y/useSemanticElements: the row stands in a box that is placed by hand, not in a list element
    <div role="listitem" className="mx-2 flex items-center gap-1 rounded-xl pr-1 transition-colors hover:bg-hover">
      {renaming ? (
        <RenameSession
          session={session}
          onEnd={() => {
            giveBack()
            setRenaming(false)
          }}
          className="min-w-0 flex-1 p-2"
        />
      ) : (
        <Link to="/talk" search={{ session: session.id }} className="min-w-0 flex-1 rounded-xl px-3 py-3">
          <span className="block truncate font-medium text-body" dir="auto">
            {sessionName(session, t)}
          </span>
          <span className="figures block truncate text-ink-quiet text-meta">
            {t('library.captureCount', { count: session.captureCount, shown: number(session.captureCount) })} ·{' '}
            {time(session.lastAt)}
            {session.title && session.preview && ` · ${session.preview}`}
          </span>
        </Link>
      )}
      <Menu
        trigger={
          <IconButton
            ref={menuButton}
            label={t('library.sessionMenu', { name: sessionName(session, t) })}
            title={t('common.more')}
          >
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil />} onSelect={() => setRenaming(true)}>
          {t('talk.renameSession')}
        </MenuItem>
        <MenuItem icon={<ScrollText />} onSelect={() => sumUp({ session: session.id })}>
          {t('summary.session')}
        </MenuItem>
        <MenuItem icon={<ScrollText />} onSelect={() => sumUp({ day: localDay(new Date(session.lastAt)) })}>
          {t('summary.theDay')}
        </MenuItem>
        <MenuItem icon={<Trash2 />} danger onSelect={() => deletion.session(session.id)}>
          {t('common.delete')}
        </MenuItem>
      </Menu>
    </div>
  )
}
