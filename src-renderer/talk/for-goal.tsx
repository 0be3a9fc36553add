import { Link } from '@tanstack/react-router'
import { Target } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { useMemoriesOf } from '../learner/queries.ts'
import { goalOf } from './mode-choice.ts'

/** Says for which goal the learner is asked first, and where that is switched off. A goal that was forgotten since is not named. */
export function ForGoal({ capture, isLast }: { capture: Capture; isLast: boolean }) {
  const { t } = useTranslation()
  const goal = goalOf(capture)
  const step = capture.answer?.step
  const isShown = goal !== undefined && (step === 'attempt' || (isLast && step === 'hint'))
  const [memory] = useMemoriesOf(goal === undefined ? [] : [goal], isShown).data ?? []
  if (!isShown || !memory) return null
  return (
    <p className="mt-4 flex items-start gap-2 text-ink-quiet text-meta">
      <Target aria-hidden className="mt-[0.2em] size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        {t('talk.mode.forGoal', { goal: memory.text })}{' '}
        <Link
          to="/settings"
          search={{ section: 'models' }}
          className="whitespace-nowrap underline underline-offset-4 hover:text-ink"
        >
          {t('talk.mode.change')}
        </Link>
      </span>
    </p>
  )
}
