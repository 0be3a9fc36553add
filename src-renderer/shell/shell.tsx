import { Navigate, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNetworkReport } from '../attachments/report-network.ts'
import { useLineState } from '../backend/backend.tsx'
import { useLiveUpdates } from '../backend/live-updates.ts'
import { useSettings } from '../backend/queries.ts'
import { useAppearance } from '../design/appearance.ts'
import { useDeskActions } from '../desk/use-desk-actions.ts'
import { useDeskReport } from '../desk/use-desk-report.ts'
import { useLinkEvents, useLinksFromOutside } from '../desk/use-links.ts'
import { AddingProvider, DropAnywhere } from '../documents/adding.tsx'
import { useLiveDocuments } from '../documents/live-documents.ts'
import { useHistoryKeys } from '../library/history.ts'
import { Palette } from '../palette/palette.tsx'
import { isQuickWindow, useOpenQuick } from '../quick/quick-window.ts'
import { useTalk } from '../talk/talk.tsx'
import { TimelineLight } from '../timeline/timeline-light.tsx'
import { BackupBanner } from './backup-banner.tsx'
import { LineBanner } from './line-banner.tsx'
import { PLACES } from './places.ts'
import { BottomBar, Rail } from './rail.tsx'
import { RecordingBanner } from './recording-banner.tsx'
import { type Binding, SHORTCUTS, useShortcuts } from './shortcuts.ts'
import { SourceDrawer } from './source-drawer.tsx'
import { useTalkKeys } from './talk-keys.ts'
import { Unauthorized } from './unauthorized.tsx'

/** The window: the rail, the place, the drawer; and everything that is the same in every place. */
export function Shell() {
  const { t } = useTranslation()
  const line = useLineState()
  const settings = useSettings().data
  const place = useRouterState({ select: ({ location }) => location.pathname })
  const [paletteOpen, setPaletteOpen] = useState(false)
  const followEvent = useLinkEvents()
  const { conversation } = useTalk()
  useLiveUpdates(() => conversation.untilShown(), isQuickWindow() ? undefined : followEvent)
  useNetworkReport()
  useLiveDocuments()
  useAppearance(settings)
  useTalkKeys()
  useWindowShortcuts(useCallback(() => setPaletteOpen((open) => !open), []))
  useHistoryKeys()
  useDeskReport()
  useDeskActions()
  useLinksFromOutside()

  if (line === 'unauthorized') return <Unauthorized />
  if (place === '/quick') {
    return (
      <AddingProvider>
        <Outlet />
      </AddingProvider>
    )
  }
  if (settings && !settings.welcomed && place !== '/welcome') return <Navigate to="/welcome" />
  // Whoever leaves the welcome is shown the next place before this address has changed.
  if (place === '/welcome') {
    return (
      <AddingProvider>
        <Outlet />
      </AddingProvider>
    )
  }
  return (
    <AddingProvider>
      <DropAnywhere />
      <div className="flex h-full flex-col">
        <button
          type="button"
          onClick={() => document.getElementById('lva-place')?.focus()}
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-lg focus:bg-surface focus:p-3"
        >
          {t('app.skip')}
        </button>
        <TimelineLight />
        <LineBanner />
        <BackupBanner />
        <RecordingBanner />
        <div className="flex min-h-0 flex-1">
          <Rail onPalette={() => setPaletteOpen(true)} />
          <main id="lva-place" tabIndex={-1} className="min-h-0 min-w-0 flex-1 outline-none">
            <Outlet />
          </main>
          <SourceDrawer />
        </div>
        <BottomBar />
        <Palette open={paletteOpen} onOpen={setPaletteOpen} />
      </div>
    </AddingProvider>
  )
}

function useWindowShortcuts(togglePalette: () => void): void {
  const navigate = useNavigate()
  const openQuick = useOpenQuick()
  const bindings = useMemo<Binding[]>(
    () => [
      { shortcut: SHORTCUTS.palette, run: togglePalette },
      { shortcut: SHORTCUTS.newSession, run: () => void navigate({ to: '/talk', search: {} }) },
      { shortcut: SHORTCUTS.quick, run: () => openQuick() },
      { shortcut: SHORTCUTS.shortcuts, run: () => void navigate({ to: '/settings', search: { section: 'keyboard' } }) },
      ...PLACES.map(({ to, shortcut }) => ({ shortcut, run: () => void navigate({ to, search: {} }) })),
    ],
    [navigate, openQuick, togglePalette],
  )
  useShortcuts(bindings)
}
