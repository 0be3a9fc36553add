import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { bestLanguage } from '../i18n/i18n.ts'
import { useSyncStatus } from '../settings/sync/sync-queries.ts'
import { mood, useStatus } from '../shell/status.ts'
import { useTalk } from '../talk/talk.tsx'
import { useTimelineState } from '../timeline/study.tsx'
import { useDeskLine } from './desk.tsx'

/** Tells the desktop what this page does, for the tray. */
export function useDeskReport(): void {
  const line = useDeskLine()
  const { i18n } = useTranslation()
  const { recorder, handsFree, longRecorder } = useTalk()
  const isListening = useStore(recorder, (store) => store.listening)
  const isHandsFree = useStore(handsFree, (store) => store.isOn)
  const phase = useStore(longRecorder, (store) => store.state.phase)
  const timeline = useTimelineState()?.state ?? 'off'
  const sync = useSyncStatus().data?.state?.phase
  const status = useStatus()
  const hasProblem = mood(status) === 'problem' || sync === 'problem'
  useEffect(() => {
    line?.report({
      language: bestLanguage('system', [i18n.language]),
      listening: isListening,
      handsFree: isHandsFree,
      recording: phase === 'recording' ? 'on' : phase === 'idle' ? 'off' : 'paused',
      timeline,
      syncing: sync === 'catching-up' || sync === 'connecting',
      problem: hasProblem,
    })
  }, [line, i18n.language, isListening, isHandsFree, phase, timeline, sync, hasProblem])
}
