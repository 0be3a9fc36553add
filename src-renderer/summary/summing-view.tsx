import { Link } from '@tanstack/react-router'
import { MessagesSquare, RotateCcw, ScrollText, Square, WifiOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { SummaryOf } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { AnswerText } from '../talk/answer-text.tsx'
import { SourceChips } from '../talk/source-chips.tsx'
import { useTalk } from '../talk/talk.tsx'
import { Button, LINK_BUTTON } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Dots } from '../ui/waiting.tsx'
import { MadeSummary } from './made-summary.tsx'
import { isSameSubject } from './subject.ts'
import { isBeingMade, type Summing } from './summing-up.ts'

/** The summary of one thing, from the offer to make it to the whole. */
export function SummingView({ of, name }: { of: SummaryOf; name: string }) {
  const { t } = useTranslation()
  const { summingUp } = useTalk()
  const present = useStore(summingUp, (store) => store.present)
  const summing = present && isSameSubject(present.of, of) ? present : null
  const box = useFocusKept(summing?.phase)
  return (
    <section ref={box} tabIndex={-1} aria-label={t('summary.title')} className="mt-6 rounded-sm outline-offset-8">
      {summing ? <Summed summing={summing} name={name} /> : <Offer of={of} />}
      <Told summing={summing} />
    </section>
  )
}

/**
 * Buttons come and go with the phases. Where the one that had the focus is gone, the focus stays at this place; not on the button that came
 * instead, because a key that is still down would press it.
 */
function useFocusKept(phase: Summing['phase'] | undefined) {
  const box = useRef<HTMLElement>(null)
  const before = useRef(phase)
  useEffect(() => {
    if (before.current === phase) return
    before.current = phase
    if (document.activeElement === document.body) box.current?.focus()
  }, [phase])
  return box
}

/** Nothing is sent to anybody by an address alone: the learner says when. */
function Offer({ of }: { of: SummaryOf }) {
  const { t } = useTranslation()
  const { summingUp } = useTalk()
  return (
    <>
      <p className="max-w-[52ch] text-answer text-ink-soft">{t('summary.offer')}</p>
      <Button look="primary" className="mt-5" onClick={() => summingUp.make(of)}>
        <ScrollText />
        {t('summary.action')}
      </Button>
    </>
  )
}

function Summed({ summing, name }: { summing: Summing; name: string }) {
  const { t } = useTranslation()
  const { summingUp } = useTalk()
  const { of, phase, summary, failure } = summing
  if (phase === 'done' && summary) return <MadeSummary of={of} name={name} summary={summary} />
  if (failure?.code === 'nothing-to-sum-up') return <Nothing of={of} />
  const again = (
    <Button size="small" onClick={() => summingUp.make(of)}>
      <RotateCcw />
      {t('common.tryAgain')}
    </Button>
  )
  return (
    <>
      {summing.text && <AnswerText text={summing.text} citations={summing.citations} marked={null} />}
      {isBeingMade(summing) && (
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Step summing={summing} />
          <Button size="small" onClick={() => summingUp.stop()}>
            <Square />
            {t('summary.stop')}
          </Button>
        </div>
      )}
      {summing.text && <SourceChips citations={summing.citations} />}
      {phase === 'stopped' && (
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <p className="text-ink-quiet text-meta">{t('summary.stopped')}</p>
          {again}
        </div>
      )}
      {phase === 'failed' && failure && (
        <FailureNote failure={failure} className="mt-4">
          {again}
          {summing.provider !== 'offline' && (
            <Button size="small" look="quiet" onClick={() => summingUp.make(of, 'offline')}>
              <WifiOff />
              {t('summary.offline')}
            </Button>
          )}
        </FailureNote>
      )}
    </>
  )
}

/** What is happening, in words. */
function Step({ summing }: { summing: Summing }) {
  const { t } = useTranslation()
  const { phase, provider, model, citations } = summing
  return (
    <p className="flex min-w-0 items-center gap-3 text-ink-quiet text-ui">
      <Dots />
      {phase === 'gathering'
        ? t('summary.gathering')
        : `${t('summary.writing', { count: citations.length })} · ${provider === 'offline' ? t('provider.offline') : model}`}
    </p>
  )
}

function Nothing({ of }: { of: SummaryOf }) {
  const { t } = useTranslation()
  const isDay = 'day' in of
  return (
    <Empty
      title={t('summary.nothing')}
      className="-mt-10"
      action={
        <Link to="/talk" search={isDay ? {} : of} className={LINK_BUTTON}>
          <MessagesSquare aria-hidden />
          {isDay ? t('talk.startNew') : t('source.openSession')}
        </Link>
      }
    >
      {isDay ? t('summary.nothingDay') : t('summary.nothingSession')}
    </Empty>
  )
}

/** Tells those who cannot see it how far it is, and reads it to them once it is whole. */
function Told({ summing }: { summing: Summing | null }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="sr-only">
      {summing?.phase === 'gathering' && t('summary.gathering')}
      {summing?.phase === 'done' && summing.text}
      {summing?.phase === 'stopped' && t('summary.stopped')}
      {summing?.failure?.code === 'nothing-to-sum-up' && t('summary.nothing')}
    </p>
  )
}
