import { LoaderCircle, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import type { Inspection } from './inspection.ts'

/** What was found that nobody should see, or that it is still being looked for. */
export function InspectionLine({
  inspection,
  found,
  onSkip,
}: {
  inspection: Inspection
  /** Boxes over what was found. */
  found: number
  onSkip(): void
}) {
  const { t } = useTranslation()
  if (inspection === 'looking') {
    return (
      <div className="mr-auto flex min-w-0 max-md:w-full items-center gap-2.5 text-ink-soft text-meta">
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-ink-quiet motion-reduce:animate-none" />
        <span role="status">{t('screen.looking')}</span>
        <Button size="small" look="quiet" onClick={onSkip}>
          {t('screen.skip')}
        </Button>
      </div>
    )
  }
  const isUnseen = inspection !== 'looked'
  const Sign = isUnseen ? ShieldAlert : ShieldCheck
  return (
    <p role="status" className="mr-auto flex min-w-0 max-md:w-full items-center gap-2.5 text-ink-soft text-meta">
      <Sign aria-hidden className={isUnseen ? 'size-4 shrink-0 text-danger' : 'size-4 shrink-0 text-accent'} />
      {isUnseen ? t('screen.unseen') : found > 0 ? t('screen.covered', { count: found }) : t('screen.nothingFound')}
    </p>
  )
}
