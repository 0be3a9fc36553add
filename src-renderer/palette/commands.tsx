import { useNavigate, useRouterState } from '@tanstack/react-router'
import {
  AudioLines,
  FilePlus,
  Mic,
  MonitorUp,
  Moon,
  ScrollText,
  Square,
  SquarePen,
  Sun,
  Undo2,
  Volume2,
  VolumeX,
  Zap,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { useChangeSettings, useSettings } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { useWishes } from '../desk/desk.tsx'
import type { Wish } from '../desk/wishes.ts'
import { localDay } from '../i18n/local-day.ts'
import { useTellFailure, useUndo } from '../library/history.ts'
import { useOpenQuick } from '../quick/quick-window.ts'
import { canShowScreen } from '../screen/take-still.ts'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { useSumUp } from '../summary/use-sum-up.ts'
import { useTalk } from '../talk/talk.tsx'

/** Something in the palette that can be chosen by its name. */
export interface Entry {
  id: string
  name: string
  sign: ReactNode
  keys?: readonly string[]
  aside?: string
  run(): unknown
}

/** What can be done from anywhere. */
export function useCommandEntries(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useClient()
  const tellFailure = useTellFailure()
  const { undo } = useUndo()
  const settings = useSettings().data
  const change = useChangeSettings()
  const sumUp = useSumUp()
  const openQuick = useOpenQuick()
  const { longRecorder, handsFree } = useTalk()
  const isRecording = useStore(longRecorder, (store) => store.state.phase !== 'idle')
  const isHandsFree = useStore(handsFree, (store) => store.isOn)
  const wishes = useWishes()
  const inTalk = async (wish: Wish) => {
    await navigate({ to: '/talk', search: (before) => before })
    wishes.wish(wish)
  }
  const { pathname, search } = useRouterState({ select: ({ location }) => location })
  const session = pathname === '/talk' && 'session' in search ? search.session : undefined
  const dark = isDark()
  const newNote = async () => {
    const { id } = await client.notes.create({ title: '', body: '' })
    await navigate({ to: '/library', search: { tab: 'notes', note: id } })
  }
  return [
    {
      id: 'new-session',
      name: t('talk.startNew'),
      sign: <SquarePen />,
      keys: SHORTCUTS.newSession.keys,
      run: () => navigate({ to: '/talk', search: {} }),
    },
    { id: 'quick', name: t('quick.open'), sign: <Zap />, keys: SHORTCUTS.quick.keys, run: () => openQuick() },
    ...(canShowScreen()
      ? [
          {
            id: 'show-screen',
            name: t('screen.show'),
            sign: <MonitorUp />,
            keys: SHORTCUTS.showScreen.keys,
            run: () => inTalk('show-screen'),
          },
        ]
      : []),
    isHandsFree
      ? { id: 'hands-free', name: t('palette.endHandsFree'), sign: <Square />, run: () => handsFree.stop() }
      : { id: 'hands-free', name: t('handsFree.start'), sign: <AudioLines />, run: () => inTalk('hands-free') },
    isRecording
      ? { id: 'record', name: t('palette.endRecording'), sign: <Square />, run: () => longRecorder.finish() }
      : { id: 'record', name: t('longRecording.start'), sign: <Mic />, run: () => longRecorder.start() },
    { id: 'new-note', name: t('library.newNote'), sign: <FilePlus />, run: () => newNote().catch(tellFailure) },
    ...(session === undefined
      ? []
      : [
          {
            id: 'sum-up-session',
            name: t('summary.session'),
            sign: <ScrollText />,
            run: () => sumUp({ session }),
          },
        ]),
    {
      id: 'sum-up-today',
      name: t('summary.today'),
      sign: <ScrollText />,
      run: () => sumUp({ day: localDay(new Date()) }),
    },
    { id: 'undo', name: t('palette.undo'), sign: <Undo2 />, keys: SHORTCUTS.undo.keys, run: undo },
    {
      id: 'theme',
      name: dark ? t('palette.light') : t('palette.dark'),
      sign: dark ? <Sun /> : <Moon />,
      run: () => change.mutate({ theme: dark ? 'light' : 'dark' }),
    },
    {
      id: 'speak',
      name: settings?.speakAnswers ? t('palette.silent') : t('palette.spoken'),
      sign: settings?.speakAnswers ? <VolumeX /> : <Volume2 />,
      run: () => change.mutate({ speakAnswers: !settings?.speakAnswers }),
    },
  ]
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
}
