import { Image, Mic, SquareTerminal } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { ChooseMark } from './choose-mark.tsx'

/** Characters of a text that a row can show. */
const GLIMPSE = 220

/** One capture in the list: the learner's words first, a glimpse of the answer below. */
export const CaptureRow = memo(function CaptureRow({
  capture,
  index,
  total,
  isOpen,
  isChosen,
  onClick,
  onMark,
}: {
  capture: Capture
  index: number
  total: number
  isOpen: boolean
  isChosen: boolean
  onClick(event: MouseEvent, id: string): void
  onMark(id: string): void
}) {
  const { t } = useTranslation()
  const { time, dayName } = useFormats()
  const Sign = capture.source === 'voice' ? Mic : capture.source === 'cli' ? SquareTerminal : null
  const words = capture.userText.slice(0, GLIMPSE) || t('pictures.count', { count: capture.pictures?.length ?? 0 })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box holds the focus and hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box holds the focus
    <div
      id={`capture-${capture.id}`}
      role="option"
      aria-selected={isChosen}
      aria-current={isOpen ? 'true' : undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      onClick={(event) => onClick(event, capture.id)}
      className={cx(
        'group relative mx-2 flex cursor-pointer gap-3 rounded-xl py-2.5 pr-3 pl-3 transition-colors',
        isChosen ? 'bg-accent-soft' : isOpen ? 'bg-hover' : 'hover:bg-hover',
        isOpen && 'outline-accent group-focus-visible/list:outline-2',
      )}
    >
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-medium text-body leading-snug [overflow-wrap:anywhere]" dir="auto">
          {words}
        </p>
        {capture.answer && (
          <p className="mt-0.5 truncate text-ink-quiet text-meta" dir="auto">
            {capture.answer.text.slice(0, GLIMPSE)}
          </p>
        )}
      </div>
      <div className="flex min-w-12 shrink-0 flex-col items-end gap-1.5 pt-0.5">
        <span className="sr-only">{`${t(`source.${capture.source}`)}, ${dayName(capture.createdAt)}`}</span>
        <span className="figures whitespace-nowrap text-ink-quiet text-meta">{time(capture.createdAt)}</span>
        <span className="flex items-center gap-1.5">
          {capture.pictures && (
            <Image
              role="img"
              aria-label={t('pictures.count', { count: capture.pictures.length })}
              className="size-3.5 text-ink-quiet"
            />
          )}
          {Sign && <Sign aria-hidden className="size-3.5 text-ink-quiet" />}
          <span className="sr-only">{t(`source.${capture.source}`)}</span>
          <ChooseMark isChosen={isChosen} onMark={() => onMark(capture.id)} />
        </span>
      </div>
    </div>
  )
})
