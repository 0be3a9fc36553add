import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, Pencil, ScrollText, SquarePen, Volume2, VolumeX } from 'lucide-react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeSettings, useSession, useSettings } from '../backend/queries.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { mood, useStatus } from '../shell/status.ts'
import { StatusMenu } from '../shell/status-menu.tsx'
import { useSumUp } from '../summary/use-sum-up.ts'
import { IconButton } from '../ui/button.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { Popover } from '../ui/popover.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { RenameSession } from './rename-session.tsx'
import { SessionList } from './session-list.tsx'
import { sessionName } from './session-name.ts'
import { useTalk } from './talk.tsx'

/** Which session this is, another one, a new one; and whether answers are spoken. */
export const TalkHeader = memo(function TalkHeader({ sessionId }: { sessionId: string | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession(sessionId).data
  const [renaming, setRenaming] = useState(false)
  const { button: renameButton, giveBack } = useFocusBack()
  const [switching, setSwitching] = useState(false)
  const sumUp = useSumUp()
  const isWell = mood(useStatus()) === 'good'
  const name = session ? sessionName(session, t) : t('talk.newSession')
  usePageTitle(name)
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-3 md:px-4">
      {renaming && session ? (
        <RenameSession
          session={session}
          onEnd={() => {
            giveBack()
            setRenaming(false)
          }}
          className="min-w-0 flex-1 sm:max-w-96"
        />
      ) : (
        <>
          <h1 className="min-w-0">
            <Popover
              label={t('talk.sessions')}
              open={switching}
              onOpen={setSwitching}
              trigger={
                <button
                  type="button"
                  className="flex h-10 max-w-full items-center gap-1.5 rounded-lg px-2.5 font-medium text-ui transition-colors hover:bg-hover"
                >
                  <span className="min-w-0 truncate">{name}</span>
                  <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-quiet" />
                  <span className="sr-only">{t('talk.switchSession')}</span>
                </button>
              }
            >
              <SessionList present={sessionId} onChosen={() => setSwitching(false)} />
            </Popover>
          </h1>
          {session && (
            <IconButton
              ref={renameButton}
              size="small"
              label={t('talk.renameSession')}
              onClick={() => setRenaming(true)}
            >
              <Pencil />
            </IconButton>
          )}
          {session && (
            <IconButton size="small" label={t('summary.session')} onClick={() => sumUp({ session: session.id })}>
              <ScrollText />
            </IconButton>
          )}
        </>
      )}
      <div className="ml-auto flex shrink-0">
        {/* On a phone there is no rail to show it. */}
        {!isWell && (
          <span className="sm:hidden">
            <StatusMenu side="bottom" />
          </span>
        )}
        <SpeakSwitch />
        <Tooltip text={t('talk.startNew')} shortcut={SHORTCUTS.newSession.keys} side="bottom">
          <IconButton label={t('talk.startNew')} title="" onClick={() => void navigate({ to: '/talk', search: {} })}>
            <SquarePen />
          </IconButton>
        </Tooltip>
      </div>
    </header>
  )
})

/** One press between spoken and silent answers. */
function SpeakSwitch() {
  const { t } = useTranslation()
  const { speaker } = useTalk()
  const settings = useSettings().data
  const change = useChangeSettings()
  if (!settings) return null
  const on = settings.speakAnswers
  return (
    <IconButton
      label={on ? t('talk.answersSpoken') : t('talk.answersSilent')}
      onClick={() => {
        if (on) speaker.stop()
        change.mutate({ speakAnswers: !on })
      }}
    >
      {on ? <Volume2 /> : <VolumeX />}
    </IconButton>
  )
}
