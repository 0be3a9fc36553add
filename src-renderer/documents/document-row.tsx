import { CircleAlert, FileX } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { ChooseMark } from '../library/choose-mark.tsx'
import { cx } from '../ui/class-names.ts'
import { ProgressBar } from '../ui/progress.tsx'
import { failureOf } from './document-failure.ts'
import { FormatSign } from './format-sign.tsx'
import { useDocumentWords } from './words.ts'

/** One document in the list: its title first, what it is below, and how far the reading is. */
export const DocumentRow = memo(function DocumentRow({
  document,
  index,
  total,
  isOpen,
  isChosen,
  onClick,
  onMark,
}: {
  document: LearnerDocument
  index: number
  total: number
  isOpen: boolean
  isChosen: boolean
  onClick(event: MouseEvent, id: string): void
  onMark(id: string): void
}) {
  const { t } = useTranslation()
  const { time, dayName } = useFormats()
  const { title, about, share } = useDocumentWords()
  const failureWords = useFailureWords()
  const isOnItsWay = document.state === 'reading' || document.state === 'waiting'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box holds the focus and hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box holds the focus
    <div
      id={`document-${document.id}`}
      role="option"
      aria-selected={isChosen}
      aria-current={isOpen ? 'true' : undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      onClick={(event) => onClick(event, document.id)}
      className={cx(
        'group relative mx-2 flex cursor-pointer gap-3 rounded-xl px-3 py-2.5 transition-colors',
        isChosen ? 'bg-accent-soft' : isOpen ? 'bg-hover' : 'hover:bg-hover',
        isOpen && 'outline-accent group-focus-visible/list:outline-2',
      )}
    >
      <FormatSign format={document.format} className="mt-0.5 size-5 shrink-0 text-ink-quiet" />
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-medium text-body leading-snug [overflow-wrap:anywhere]" dir="auto">
          {title(document)}
        </p>
        <p className="figures mt-0.5 truncate text-ink-quiet text-meta">{about(document)}</p>
        {document.state === 'failed' && (
          <p className="mt-0.5 flex items-start gap-1.5 text-danger text-meta">
            <CircleAlert aria-hidden className="mt-[0.2em] size-3.5 shrink-0" />
            <span className="line-clamp-2">{failureWords(failureOf(document)).what}</span>
          </p>
        )}
        {document.missingAt && (
          <p className="mt-0.5 flex items-center gap-1.5 text-ink-soft text-meta">
            <FileX aria-hidden className="size-3.5 shrink-0" />
            {t('documents.missing')}
          </p>
        )}
        {isOnItsWay && (
          <div className="mt-2">
            <ProgressBar
              label={t(`documents.state.${document.state}`)}
              share={document.state === 'waiting' ? 0 : share(document)}
            />
          </div>
        )}
        {document.tags.length > 0 && (
          <p className="mt-1 flex flex-wrap gap-1">
            {document.tags.map((tag) => (
              <span
                key={tag}
                className="max-w-full truncate rounded-full border border-line px-2 text-fine text-ink-soft"
              >
                {tag}
              </span>
            ))}
          </p>
        )}
      </div>
      <div className="flex min-w-12 shrink-0 flex-col items-end gap-1.5 pt-0.5">
        <span className="sr-only">{dayName(document.createdAt)}</span>
        <span className="figures whitespace-nowrap text-ink-quiet text-meta">{time(document.createdAt)}</span>
        <ChooseMark isChosen={isChosen} onMark={() => onMark(document.id)} />
      </div>
    </div>
  )
})
