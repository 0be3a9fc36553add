import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client, Settings } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import type { Failure } from '../backend/failure.ts'
import { keys, rememberCapture } from '../backend/queries.ts'
import { onBeginning } from '../backend/store.ts'
import { useOpenMicrophone } from '../first-use/first-use-dialog.tsx'
import { useFailureWords } from '../i18n/failure-words.ts'
import { SummingUp } from '../summary/summing-up.ts'
import { useToast } from '../ui/toasts.tsx'
import { HandsFree } from '../voice/hands-free.ts'
import { listInputs, onInputsChanged } from '../voice/inputs.ts'
import { LongRecorder } from '../voice/long-recorder.ts'
import type { OpenMicrophone } from '../voice/microphone.ts'
import { Recorder } from '../voice/recorder.ts'
import { Speaker } from '../voice/speaker.ts'
import { standInNews } from '../voice/stand-in-news.ts'
import { chooseVoice } from '../voice/voices.ts'
import { Conversation } from './conversation.ts'
import { Draft } from './draft.ts'
import { ModeChoice } from './mode-choice.ts'

/** What goes on between learner and agent, whichever place is on the screen. */
export interface Talk {
  conversation: Conversation
  recorder: Recorder
  handsFree: HandsFree
  longRecorder: LongRecorder
  speaker: Speaker
  draft: Draft
  modes: ModeChoice
  summingUp: SummingUp
}

const TalkContext = createContext<Talk | null>(null)

export function useTalk(): Talk {
  const talk = use(TalkContext)
  if (!talk) throw new Error('useTalk needs a TalkProvider above it')
  return talk
}

export function TalkProvider({ children }: { children: ReactNode }) {
  const client = useClient()
  const cache = useQueryClient()
  const toast = useToast()
  const openMicrophone = useOpenMicrophone()
  const words = useFailureWords()
  const { t, i18n } = useTranslation()
  const outside = useLatest({
    language: i18n.language,
    recorded: (ids: string[]) => toast({ text: t(ids.length > 0 ? 'longRecording.done' : 'longRecording.nothing') }),
    tell: (failure: Failure) => {
      const { what, next } = words(failure)
      toast({ text: what, detail: next })
    },
  })
  const talk = useMemo(
    () =>
      createTalk(client, openMicrophone, {
        settings: () => cache.getQueryData<Settings>(keys.settings),
        language: () => outside.current.language,
        rememberCapture: (capture) => rememberCapture(cache, capture),
        turnEnded: () => void cache.invalidateQueries({ queryKey: keys.usage }),
        summaryEnded: () => {
          void cache.invalidateQueries({ queryKey: keys.usage })
          void cache.invalidateQueries({ queryKey: keys.cards })
        },
        recorded: (ids) => outside.current.recorded(ids),
        tell: (failure) => outside.current.tell(failure),
      }),
    [client, openMicrophone, cache, outside],
  )
  useEffect(
    () => () => {
      talk.conversation.stop()
      talk.summingUp.stop()
      talk.speaker.stop()
      void talk.recorder.cancel()
      void talk.handsFree.stop()
      void talk.longRecorder.finish()
    },
    [talk],
  )
  return <TalkContext value={talk}>{children}</TalkContext>
}

/** A box whose content is always that of the last rendering. */
function useLatest<T>(value: T): { current: T } {
  const box = useRef(value)
  box.current = value
  return box
}

interface Outside {
  settings(): Settings | undefined
  language(): string
  rememberCapture(capture: Parameters<typeof rememberCapture>[1]): void
  turnEnded(): void
  summaryEnded(): void
  /** A long recording has become documents. */
  recorded(documentIds: string[]): void
  tell(failure: Failure): void
}

function createTalk(client: Client, openMicrophone: OpenMicrophone, outside: Outside): Talk {
  const draft = new Draft()
  const speaker = new Speaker({
    chooseVoice: () =>
      chooseVoice(
        outside.settings() ?? { voice: '', voiceRate: 1, voiceLanguage: '' },
        outside.language(),
        client,
        outside.tell,
      ),
    onFault: outside.tell,
  })
  const isNews = standInNews()
  const recorder = new Recorder({
    speech: client.speech,
    openMicrophone,
    now: () => performance.now(),
    onTranscript: (transcript) => {
      if (transcript.instead && isNews(transcript)) outside.tell(transcript.instead.error)
      draft.hear(transcript)
    },
    onCutShort: outside.tell,
  })
  // Nobody talks over the learner.
  recorder.subscribe(() => {
    if (recorder.listening) speaker.stop()
  })
  const handsFree = new HandsFree({ procedures: client.handsFree, openMicrophone, speaker })
  // From the first letter or the first sound on. What it is for says what is wrong, if anything is.
  const prepare = () => void client.turns.prepare().catch(() => undefined)
  onBeginning(draft, () => draft.present.text !== '', prepare)
  onBeginning(recorder, () => recorder.listening, prepare)
  onBeginning(handsFree, () => handsFree.isHearing, prepare)
  const listening = () => recorder.listening || handsFree.isHearing
  const conversation = new Conversation({
    turns: client.turns,
    pictures: client.pictures,
    now: () => new Date().toISOString(),
    after(ms, act) {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
    onEvent(event, turn) {
      if (event.type === 'started' || event.type === 'answered' || event.type === 'done')
        outside.rememberCapture(event.capture)
      if (event.type === 'memory' && turn.capture && outside.settings()?.speakAnswers && !listening())
        speaker.begin(turn.capture.id)
      if (speaker.speaking?.captureId !== turn.capture?.id) return
      if (event.type === 'delta') speaker.feed(event.text)
      // What is added is read aloud only on demand.
      if (event.type === 'answered') speaker.end()
      if (event.type === 'withdrawn') speaker.stop()
    },
    onEnd(turn) {
      if (speaker.speaking?.captureId === turn.capture?.id) {
        if (turn.phase === 'done') speaker.end()
        else speaker.stop()
      }
      outside.turnEnded()
    },
  })
  const summingUp = new SummingUp({ summaries: client.summaries, onEnd: outside.summaryEnded })
  const longRecorder = new LongRecorder({
    recordings: client.longRecordings,
    openMicrophone,
    onFinished: outside.recorded,
    onFault: outside.tell,
    inputs: { areThere: async () => (await listInputs()).length > 0, onChange: onInputsChanged },
    now: () => Date.now(),
    monotonic: () => performance.now(),
  })
  return { conversation, recorder, handsFree, longRecorder, speaker, draft, modes: new ModeChoice(), summingUp }
}
