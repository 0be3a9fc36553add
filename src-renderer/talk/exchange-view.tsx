import { Mic, SquareTerminal } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { useFormats } from '../i18n/format.ts'
import { CapturePictures, SentPictures } from '../pictures/capture-pictures.tsx'
import { Button } from '../ui/button.tsx'
import { LongText } from '../ui/long-text.tsx'
import { RecordingPlayer } from '../voice/recording-player.tsx'
import { Additions } from './additions.tsx'
import { AnswerLine } from './answer-line.tsx'
import { AnswerText } from './answer-text.tsx'
import { Elsewhere } from './elsewhere.tsx'
import type { Exchange } from './exchanges.ts'
import { FollowUps } from './follow-ups.tsx'
import { ForGoal } from './for-goal.tsx'
import { HintStep } from './hint-step.tsx'
import { LiveAnswer } from './live-answer.tsx'
import { MadeThings } from './made-things.tsx'
import { MissingAgents } from './missing-agents.tsx'
import { RestsOnNothing } from './rests-on-nothing.tsx'
import { ShowAnswer } from './show-answer.tsx'
import { SourceChips } from './source-chips.tsx'
import { useTalk } from './talk.tsx'
import { Timeline } from './timeline.tsx'

/** Beyond this many characters what was said is set smaller, so that a long thought stays readable. */
const LARGE_UP_TO = 260

/** What the learner said, large; and what was answered below it. */
export const ExchangeView = memo(function ExchangeView({
  capture,
  turn,
  isLast,
}: Pick<Exchange, 'capture' | 'turn'> & { isLast: boolean }) {
  const text = capture?.userText ?? turn?.text ?? ''
  return (
    <article className="grid gap-x-6 md:grid-cols-[4.25rem_minmax(0,1fr)]">
      <WhenAndHow source={capture?.source ?? turn?.source ?? 'text'} at={capture?.createdAt ?? turn?.askedAt ?? ''} />
      <div className="min-w-0">
        <LongText text={text} className={text.length <= LARGE_UP_TO ? 'words' : 'words-small'} />
        {capture ? (
          <CapturePictures capture={capture} className="mt-3" />
        ) : (
          turn && <SentPictures pictures={turn.pictures} />
        )}
        {capture?.audioSha256 && <RecordingPlayer sha256={capture.audioSha256} className="mt-2" />}
        <div className="mt-4">
          {turn ? <LiveAnswer turn={turn} /> : capture && <StoredAnswer capture={capture} isLast={isLast} />}
        </div>
      </div>
    </article>
  )
})

function WhenAndHow({ source, at }: { source: Capture['source']; at: string }) {
  const { t } = useTranslation()
  const { time, moment } = useFormats()
  const Sign = source === 'voice' ? Mic : source === 'cli' ? SquareTerminal : null
  return (
    <p className="figures mb-1 flex items-center gap-2 whitespace-nowrap text-ink-quiet text-meta md:mb-0 md:flex-col md:items-end md:gap-1.5 md:self-start md:pt-[0.5rem]">
      <time dateTime={at} title={at && moment(at)}>
        {at && time(at)}
      </time>
      {Sign && <Sign role="img" aria-label={t(`source.${source}`)} className="size-3.5 shrink-0" />}
    </p>
  )
}

function StoredAnswer({ capture, isLast }: { capture: Capture; isLast: boolean }) {
  const { t } = useTranslation()
  const { conversation, speaker } = useTalk()
  const speaking = useStore(speaker, (store) => store.speaking)
  const isSpeaking = speaking?.captureId === capture.id
  const { answer } = capture
  if (!answer) {
    return (
      <div className="flex flex-wrap items-center gap-3 text-ink-quiet text-ui">
        <span>{t('talk.noAnswer')}</span>
        <Button size="small" onClick={() => conversation.retry(capture)}>
          {t('talk.getAnswer')}
        </Button>
      </div>
    )
  }
  return (
    <>
      <HintStep answer={answer} />
      <AnswerText
        text={answer.text}
        citations={answer.citations}
        sources={answer.sources}
        marked={isSpeaking ? speaking.stretch : null}
      />
      <SourceChips citations={answer.citations} />
      <Additions
        captureId={capture.id}
        additions={answer.additions ?? []}
        citations={answer.citations}
        sources={answer.sources ?? []}
      />
      <Elsewhere sources={answer.sources ?? []} />
      <MadeThings made={answer.made ?? []} at={answer.createdAt} />
      <RestsOnNothing capture={capture} />
      <ForGoal capture={capture} isLast={isLast} />
      {isLast && <ShowAnswer capture={capture} />}
      <MissingAgents answer={answer} />
      <AnswerLine
        answer={answer}
        isSpeaking={isSpeaking}
        onSpeak={() => speaker.speak(capture.id, answer.text)}
        onSilence={() => speaker.stop()}
        onAskAgain={() => conversation.retry(capture)}
      />
      <Timeline answer={answer} />
      {isLast && (
        <FollowUps
          questions={answer.followUps ?? []}
          className="mt-5"
          onAsk={(text) => conversation.send({ sessionId: capture.sessionId, text, source: 'text', audioSha256: null })}
        />
      )}
    </>
  )
}
