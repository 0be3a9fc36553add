import { Check, Copy, NotebookPen, RotateCcw, Square, Volume2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Summary, SummaryOf } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { AnswerFacts } from '../talk/answer-line.tsx'
import { AnswerText } from '../talk/answer-text.tsx'
import { useAskInTalk } from '../talk/ask-in-talk.ts'
import { FollowUps } from '../talk/follow-ups.tsx'
import { SourceChips } from '../talk/source-chips.tsx'
import { useTalk } from '../talk/talk.tsx'
import { Button } from '../ui/button.tsx'
import { useCopy } from '../ui/copy.ts'
import { nameOf } from './subject.ts'
import { SummaryCards } from './summary-cards.tsx'
import { useSaveAsNote } from './use-save-as-note.ts'

/** A whole summary, and what can be done with it. */
export function MadeSummary({ of, name, summary }: { of: SummaryOf; name: string; summary: Summary }) {
  const { t } = useTranslation()
  const { speaker, summingUp } = useTalk()
  const speaking = useStore(speaker, (store) => store.speaking)
  const ask = useAskInTalk()
  const copy = useCopy()
  const [copied, setCopied] = useState(false)
  const save = useSaveAsNote(of, name)
  const voice = `summary of ${nameOf(of)}`
  const isSpeaking = speaking?.captureId === voice
  return (
    <>
      <AnswerText text={summary.text} citations={summary.citations} marked={isSpeaking ? speaking.stretch : null} />
      <SourceChips citations={summary.citations} />
      <div className="mt-4 text-ink-quiet text-meta">
        <AnswerFacts answer={{ ...summary, agentsUsed: [] }} />
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button size="small" disabled={save.isPending} onClick={() => save.mutate(summary)}>
          <NotebookPen />
          {t('summary.saveAsNote')}
        </Button>
        <Button
          size="small"
          look="quiet"
          onClick={async () => setCopied(await copy(summary.text))}
          onBlur={() => setCopied(false)}
        >
          {copied ? <Check /> : <Copy />}
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
        <Button
          size="small"
          look="quiet"
          onClick={() => (isSpeaking ? speaker.stop() : speaker.speak(voice, summary.text))}
        >
          {isSpeaking ? <Square /> : <Volume2 />}
          {isSpeaking ? t('talk.silence') : t('summary.speak')}
        </Button>
        <Button size="small" look="quiet" onClick={() => summingUp.make(of)}>
          <RotateCcw />
          {t('summary.again')}
        </Button>
      </div>
      {summary.followUps.length > 0 && (
        <section aria-labelledby="summary-questions" className="mt-10">
          <h2 id="summary-questions" className="font-semibold text-ui">
            {t('summary.questions')}
          </h2>
          <FollowUps
            questions={summary.followUps}
            className="mt-3"
            onAsk={(question) => ask(question, 'session' in of ? of.session : null)}
          />
        </section>
      )}
      <SummaryCards ids={summary.cards} />
    </>
  )
}
