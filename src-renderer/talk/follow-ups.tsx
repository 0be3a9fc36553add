import { CornerDownRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/class-names.ts'

/** Questions that could be asked next; one press asks. */
export function FollowUps({
  questions,
  onAsk,
  label,
  className,
}: {
  questions: readonly string[]
  onAsk(question: string): void
  label?: string
  className?: string
}) {
  const { t } = useTranslation()
  if (questions.length === 0) return null
  return (
    <ul aria-label={label ?? t('talk.followUps')} className={cx('flex flex-wrap gap-2', className)}>
      {questions.map((question) => (
        <li key={question} className="max-w-full">
          <button
            type="button"
            onClick={() => onAsk(question)}
            className="flex max-w-full items-center gap-2 rounded-2xl border border-line px-3 py-1.5 text-left text-ink-soft text-meta transition-colors hover:border-accent-line hover:bg-accent-soft hover:text-ink pointer-coarse:min-h-11"
          >
            <CornerDownRight aria-hidden className="size-3.5 shrink-0 text-ink-quiet" />
            <span className="min-w-0 break-words" dir="auto">
              {question}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
