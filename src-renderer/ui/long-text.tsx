import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/format.ts'
import type { Stretch } from '../voice/sentences.ts'
import { Button } from './button.tsx'

/** Characters shown at first, and with each press of "show more": a pasted book must not freeze the screen. */
const STEP = 4_000

/** A text of any length, with one place marked. The marked place is always among what is shown. */
export function LongText({ text, mark, className }: { text: string; mark?: Stretch | null; className?: string }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [shown, setShown] = useState(() => Math.max(STEP, mark?.end ?? 0))
  const visible = text.length <= shown * 1.1 ? text : text.slice(0, shown)
  const rest = text.length - visible.length
  return (
    <>
      <p className={className} dir="auto">
        {mark && mark.start < mark.end ? (
          <>
            {visible.slice(0, mark.start)}
            <mark ref={(element) => element?.scrollIntoView({ block: 'center' })}>
              {visible.slice(mark.start, mark.end)}
            </mark>
            {visible.slice(mark.end)}
          </>
        ) : (
          visible
        )}
        {rest > 0 && '…'}
      </p>
      {rest > 0 && (
        <Button size="small" look="quiet" className="-ml-2.5 mt-1" onClick={() => setShown(visible.length + STEP * 5)}>
          {t('common.showMore', { count: rest, shown: number(rest) })}
        </Button>
      )}
    </>
  )
}
