import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { DeskAction } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { useTalk } from '../talk/talk.tsx'
import { useTimelineState } from '../timeline/study.tsx'
import { SilenceWatch } from '../voice/silence-watch.ts'
import { useDeskLine, useWishes } from './desk.tsx'

/**
 * Does what the desktop asks of a page: of the main window's by the tray and by keys that work everywhere, of each by sleep and waking,
 * and of the small one when it was hidden.
 */
export function useDeskActions(): void {
  const line = useDeskLine()
  const wishes = useWishes()
  const navigate = useNavigate()
  const client = useClient()
  const tellFailure = useTellFailure()
  const { recorder, handsFree, longRecorder } = useTalk()
  const timeline = useTimelineState()?.state ?? 'off'
  useEffect(() => {
    if (!line) return
    const inTalk = () => navigate({ to: '/talk', search: (before) => before })
    const deeds: Record<DeskAction, () => unknown> = {
      async talk() {
        // Nobody tells that the key came up: it is pressed again, or there is silence.
        if (recorder.listening) return recorder.finish()
        await inTalk()
        if (!handsFree.isOn) await recorder.start(new SilenceWatch())
      },
      async 'show-screen'() {
        await inTalk()
        wishes.wish('show-screen')
      },
      record: () => (longRecorder.state.phase === 'idle' ? longRecorder.start() : longRecorder.finish()),
      async timeline() {
        if (timeline === 'on') await client.timeline.pause()
        else if (timeline === 'paused') await client.timeline.resume()
      },
      async 'hands-free'() {
        if (handsFree.isOn) return handsFree.stop()
        await inTalk()
        wishes.wish('hands-free')
      },
      async sleep() {
        await Promise.all([longRecorder.sleep(), recorder.finish(), handsFree.finish()])
      },
      wake: () => longRecorder.wake(),
      // What was said to it stands in it when it is shown again.
      hidden: () => recorder.finish(),
    }
    return line.on('do', (action) => {
      Promise.resolve(deeds[action]()).catch(tellFailure)
    })
  }, [line, wishes, navigate, client, tellFailure, recorder, handsFree, longRecorder, timeline])
}
