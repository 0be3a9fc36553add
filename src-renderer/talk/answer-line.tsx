import { Check, Copy, RotateCcw, Square, Volume2, WifiOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { useCopy } from '../ui/copy.ts'
import { hasReckoned, totalCost } from './runs.ts'

/** Who answered, what it took, and what can be done with it. */
export function AnswerLine({
  answer,
  isSpeaking,
  onSpeak,
  onSilence,
  onAskAgain,
}: {
  answer: Answer
  isSpeaking: boolean
  onSpeak(): void
  onSilence(): void
  onAskAgain(): void
}) {
  const { t } = useTranslation()
  const copy = useCopy()
  const [copied, setCopied] = useState(false)
  return (
    <footer className="mt-3 flex items-center gap-x-3 text-ink-quiet text-meta">
      <AnswerFacts answer={answer} />
      <div className="-mr-2 ml-auto flex shrink-0">
        <IconButton
          size="small"
          label={isSpeaking ? t('talk.silence') : t('talk.speak')}
          onClick={isSpeaking ? onSilence : onSpeak}
        >
          {isSpeaking ? <Square /> : <Volume2 />}
        </IconButton>
        <IconButton
          size="small"
          label={copied ? t('common.copied') : t('talk.copyAnswer')}
          onClick={async () => setCopied(await copy(answer.text))}
          onBlur={() => setCopied(false)}
        >
          {copied ? <Check /> : <Copy />}
        </IconButton>
        <IconButton size="small" label={t('talk.askAgain')} onClick={onAskAgain}>
          <RotateCcw />
        </IconButton>
      </div>
    </footer>
  )
}

/** The quiet line: the model, its tokens. The offline tutor says what it is instead. */
export function AnswerFacts({
  answer,
}: {
  answer: Pick<Answer, 'provider' | 'model' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'agentsUsed' | 'ending'>
}) {
  const { t } = useTranslation()
  const { number, dollars } = useFormats()
  const tokens = answer.inputTokens + answer.outputTokens
  const ending = answer.ending === 'complete' ? null : t(`talk.ending.${answer.ending}`)
  if (answer.provider === 'offline') {
    return (
      <p className="flex items-center gap-2">
        <WifiOff aria-hidden className="size-3.5 shrink-0" />
        <span>
          {[t(hasReckoned(answer) ? 'talk.offlineReckoned' : 'talk.offlineTutor'), ending].filter(Boolean).join(' · ')}
        </span>
      </p>
    )
  }
  return (
    <p className="figures">
      {[
        answer.model,
        tokens > 0 && t('talk.tokens', { count: tokens, shown: number(tokens) }),
        // Where the timeline does not tell it.
        totalCost(answer.agentsUsed) === null &&
          answer.costUsd !== null &&
          answer.costUsd > 0 &&
          dollars(answer.costUsd),
        ending,
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  )
}
