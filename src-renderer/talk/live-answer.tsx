import { RotateCcw, WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Dots } from '../ui/waiting.tsx'
import { Additions } from './additions.tsx'
import { AnswerText } from './answer-text.tsx'
import { AtWork } from './at-work.tsx'
import { Consents } from './consent-card.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { SourceChips } from './source-chips.tsx'
import { useTalk } from './talk.tsx'
import type { Turn } from './turn.ts'

/** An answer on its way, or what kept it from coming. */
export function LiveAnswer({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  const { speaker } = useTalk()
  const speaking = useStore(speaker, (store) => store.speaking)
  const spoken = turn.capture && speaking?.captureId === turn.capture.id ? speaking.stretch : null
  return (
    <>
      {turn.answer && (
        <AnswerText text={turn.answer} citations={turn.citations} sources={turn.sources} marked={spoken} />
      )}
      <Step turn={turn} />
      <Consents turn={turn} />
      {turn.phase === 'stopped' && <p className="mt-3 text-ink-quiet text-meta">{t('talk.ending.stopped')}</p>}
      {turn.phase === 'failed' && turn.failure && <Failed turn={turn} />}
      {(turn.phase === 'answering' || turn.phase === 'adding') && <SourceChips citations={turn.citations} />}
      {turn.capture && (
        <Additions
          captureId={turn.capture.id}
          additions={turn.additions}
          citations={turn.citations}
          sources={turn.sources}
        />
      )}
      <Elsewhere sources={turn.sources} />
      {turn.phase === 'adding' && <AtWork turn={turn} />}
    </>
  )
}

/** What is happening, in words: the learner never waits without knowing for what. */
function Step({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  const step = stepOf(turn)
  if (!step) return null
  return (
    <p className="flex items-center gap-3 text-ink-quiet text-ui">
      <Dots />
      <span>
        {step === 'found' ? t('talk.step.found', { count: turn.citations.length }) : t(`talk.step.${step}`)}
        {step === 'found' || step === 'nothing'
          ? ` · ${turn.provider === 'offline' ? t('provider.offline') : turn.model}`
          : ''}
      </span>
    </p>
  )
}

function stepOf(turn: Turn): 'sent' | 'stored' | 'found' | 'nothing' | null {
  if (turn.phase === 'sent' || turn.phase === 'stored') return turn.phase
  if (turn.phase !== 'thinking') return null
  return turn.citations.length > 0 ? 'found' : 'nothing'
}

function Failed({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  const { conversation, draft } = useTalk()
  const { capture, failure } = turn
  if (!failure) return null
  return (
    <FailureNote failure={failure} className="mt-1">
      {capture ? (
        <>
          <Button size="small" onClick={() => conversation.retry(capture)}>
            <RotateCcw />
            {t('common.tryAgain')}
          </Button>
          {turn.provider !== 'offline' && (
            <Button size="small" look="quiet" onClick={() => conversation.retry(capture, 'offline')}>
              <WifiOff />
              {t('talk.answerOffline')}
            </Button>
          )}
        </>
      ) : (
        // Nothing was stored: the words go back to where they can be sent again.
        <Button size="small" onClick={() => draft.takeBack(turn)}>
          <RotateCcw />
          {t('talk.backToEditor')}
        </Button>
      )}
    </FailureNote>
  )
}
