import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo } from 'react'
import type { Client, TimelineState } from '../../src-core/contract/index.ts'
import { useClient, useLineState } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys } from '../backend/queries.ts'
import { useDeskLine, useScreens } from '../desk/desk.tsx'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useScaledWords } from '../screen/scaled-words.ts'
import { useToast } from '../ui/toasts.tsx'
import { openSeenScreen, ticking } from './seen-screen.ts'
import { StudyRecorder } from './study-recorder.ts'

const StudyContext = createContext<StudyRecorder | null>(null)

export function useStudy(): StudyRecorder {
  const study = use(StudyContext)
  if (!study) throw new Error('useStudy needs a StudyProvider above it')
  return study
}

/** Keeps the study timeline going, whichever place is on the screen, and its state as the core tells it. */
export function StudyProvider({ children }: { children: ReactNode }) {
  const client = useClient()
  const toast = useToast()
  const words = useFailureWords()
  const line = useDeskLine()
  const screens = useScreens()
  const scaledWords = useScaledWords()
  const study = useMemo(
    () =>
      new StudyRecorder({
        timeline: client.timeline,
        openScreen: () => openSeenScreen(screens, line ? line.windows : async () => []),
        every: ticking,
        onFault: (failure) => {
          const { what, next } = words(failure)
          toast({ text: what, detail: next })
        },
        onScaled: (kept, seen) => toast({ text: scaledWords(kept, seen) }),
      }),
    [client, toast, words, line, screens, scaledWords],
  )
  useEffect(() => () => study.stop(), [study])
  useLiveState(client)
  return <StudyContext value={study}>{children}</StudyContext>
}

/** What the timeline does now, in whichever window; undefined until the core has said so. */
export function useTimelineState(): TimelineState | undefined {
  const client = useClient()
  return useQuery({
    queryKey: keys.timeline,
    queryFn: ({ signal }) => client.timeline.state(undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data
}

function useLiveState(client: Client): void {
  const cache = useQueryClient()
  const line = useLineState()
  useEffect(() => {
    if (line !== 'open') return
    const stop = new AbortController()
    const follow = async () => {
      for await (const state of await client.timeline.watch(undefined, { signal: stop.signal })) {
        cache.setQueryData(keys.timeline, state)
      }
    }
    follow().catch((error) => {
      // A lost line ends the stream; the next opening of the line starts it again.
      const { code } = toFailure(error)
      if (!stop.signal.aborted && code !== 'disconnected' && code !== 'cancelled')
        console.error('timeline ended:', code)
    })
    return () => stop.abort()
  }, [client, cache, line])
}
