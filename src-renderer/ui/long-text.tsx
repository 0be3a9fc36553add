import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/format.ts'
import type { Stretch } from '../voice/sentences.ts'
import { Button } from './button.tsx'
import { earlier, firstWindow, later } from './text-window.ts'

/** A text of any length, with one place marked. The marked place is always among what is shown. */
export function LongText({
  text,
  mark = null,
  className,
}: {
  text: string
  mark?: Stretch | null
  className?: string
}) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [{ from, to }, setShown] = useState(() => firstWindow(text.length, mark))
  // A text that has grown since, by an edit, is not cut where it ended before.
  const end = to >= text.length || from > 0 ? to : firstWindow(text.length, { start: 0, end: to }).to
  const rest = text.length - Math.min(end, text.length)
  const isMarked = mark !== null && mark.start < mark.end
  return (
    <>
      {from > 0 && (
        <More onPress={() => setShown((shown) => earlier(shown, text.length))}>
          {t('common.showEarlier', { count: from, shown: number(from) })}
        </More>
      )}
      <p className={className} dir="auto">
        {from > 0 && '…'}
        {isMarked ? (
          <>
            {text.slice(from, mark.start)}
            <mark ref={scrollIntoSight}>{text.slice(mark.start, mark.end)}</mark>
            {text.slice(mark.end, end)}
          </>
        ) : (
          text.slice(from, end)
        )}
        {rest > 0 && '…'}
      </p>
      {rest > 0 && (
        <More onPress={() => setShown((shown) => later({ ...shown, to: end }, text.length))}>
          {t('common.showMore', { count: rest, shown: number(rest) })}
        </More>
      )}
    </>
  )
}

function More({ onPress, children }: { onPress(): void; children: string }) {
  return (
    <Button size="small" look="quiet" className="my-1 -ml-2.5" onClick={onPress}>
      {children}
    </Button>
  )
}

function scrollIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'center' })
}
